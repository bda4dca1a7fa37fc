#include <signal.h>
#include <stdio.h>

#include "enter.h"
#include "frames.h"
#include "parse.h"
#include "sandbox.h"
#include "scan.h"
#include "serve.h"
#include "watch.h"

#define DEFAULT_INTERVAL_MS 1000U

static int usage(void) {
  warn(
      "usage: bulkhead-probe scan | watch [--interval MS] [--silence MS] | serve [--silence MS] | enter ... | signal "
      "PID START NUMBER");
  return 2;
}

int main(int argc, char **argv) {
  if (argc < 2) return usage();
  /* A reader that went away shows as an error of write. */
  (void)signal(SIGPIPE, SIG_IGN);
  if (strcmp(argv[1], "enter") == 0) return enter_main(argc - 2, argv + 2);
  if (strcmp(argv[1], "signal") == 0) return signal_main(argc - 2, argv + 2);
  bool watching = strcmp(argv[1], "watch") == 0;
  bool serving = strcmp(argv[1], "serve") == 0;
  uint32_t interval = DEFAULT_INTERVAL_MS;
  uint32_t silence = 0;
  if (!watching && !serving && strcmp(argv[1], "scan") != 0) return usage();
  for (int at = 2; at < argc; at += 2) {
    uint32_t *value = NULL;
    if (watching && strcmp(argv[at], "--interval") == 0) value = &interval;
    if ((watching || serving) && strcmp(argv[at], "--silence") == 0) value = &silence;
    if (value == NULL || at + 1 == argc) return usage();
    struct span text = {argv[at + 1], strlen(argv[at + 1])};
    if (!parse_u32(text, value) || *value < MIN_INTERVAL_MS || *value > MAX_INTERVAL_MS) {
      warn("%s is a number of milliseconds from %u to %u", argv[at], MIN_INTERVAL_MS, MAX_INTERVAL_MS);
      return 2;
    }
  }
  if (serving) {
    static struct buf answers;
    put_hello(&answers, "serve");
    serve(&answers, silence);
    return 0;
  }
  /* They last as long as the process, so they are never freed. */
  static struct buf out;
  static struct scanner scanner;
  scanner.once = !watching;
  (void)allow_only_reading();
  put_hello(&out, argv[1]);
  scanner_open(&scanner, &out);
  if (watching) {
    watch(&scanner, interval, silence);
  } else {
    scanner_batch(&scanner);
  }
  return 0;
}
