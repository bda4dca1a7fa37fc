/* What parse_cgroup makes of a text on stdin: the path, then the others, a line each. */
#include "../src/parse.h"

#include <stdio.h>

static void print(struct span path) { printf("%.*s\n", (int)path.n, path.p); }

int main(void) {
  char text[1U << 16];
  size_t n = fread(text, 1, sizeof text, stdin);
  struct cgroup_facts facts;
  if (!parse_cgroup((struct span){text, n}, &facts)) return 1;
  print(facts.path);
  for (size_t i = 0; i < facts.other_count; i++) print(facts.others[i]);
  return 0;
}
