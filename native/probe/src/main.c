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
  warn("usage: bulkhead-probe scan | watch [--interval MS] | serve | enter ... | signal PID START NUMBER");
  return 2;
}

int main(int argc, char **argv) {
  if (argc < 2) return usage();
  /* A reader that went away shows as an error of write. */
  (void)signal(SIGPIPE, SIG_IGN);
  if (strcmp(argv[1], "enter") == 0) return enter_main(argc - 2, argv + 2);
  if (strcmp(argv[1], "signal") == 0) return signal_main(argc - 2, argv + 2);
  if (strcmp(argv[1], "serve") == 0 && argc == 2) {
    static struct buf answers;
    put_hello(&answers, "serve");
    serve(&answers);
    return 0;
  }
  bool watching = strcmp(argv[1], "watch") == 0;
  uint32_t interval = DEFAULT_INTERVAL_MS;
  if (watching && argc == 4 && strcmp(argv[2], "--interval") == 0) {
    struct span text = {argv[3], strlen(argv[3])};
    if (!parse_u32(text, &interval) || interval < MIN_INTERVAL_MS || interval > MAX_INTERVAL_MS) {
      warn("the interval is a number of milliseconds from %u to %u", MIN_INTERVAL_MS, MAX_INTERVAL_MS);
      return 2;
    }
  } else if (argc != 2 || (!watching && strcmp(argv[1], "scan") != 0)) {
    return usage();
  }
  /* For as long as the process: never freed, and no leak. */
  static struct buf out;
  static struct scanner scanner;
  (void)allow_only_reading();
  put_hello(&out, argv[1]);
  scanner_open(&scanner, &out);
  if (watching) {
    watch(&scanner, interval);
  } else {
    scanner_batch(&scanner);
  }
  return 0;
}
