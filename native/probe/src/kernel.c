#include "kernel.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

bool kernel_has(const char *module, const char *symbol) {
  char path[96];
  (void)snprintf(path, sizeof path, "/sys/module/%s", module);
  if (access(path, F_OK) == 0) return true;
  /* A kernel without modules loads nothing. */
  if (access("/proc/modules", F_OK) != 0) return true;
  FILE *symbols = fopen("/proc/kallsyms", "re");
  if (symbols == NULL) return false;
  char line[512];
  char wanted[96];
  size_t n = (size_t)snprintf(wanted, sizeof wanted, " %s", symbol);
  bool found = false;
  while (!found && fgets(line, sizeof line, symbols) != NULL) {
    const char *at = strstr(line, wanted);
    /* Compilers may add to a name: `name.llvm.12`. */
    found = at != NULL && (at[n] == '\n' || at[n] == '.');
  }
  (void)fclose(symbols);
  return found;
}
