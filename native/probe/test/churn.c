/* churn N MS: N processes a second come and go, each of which lives so many milliseconds, until stdin is closed. */
#define _GNU_SOURCE
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

static long long now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1000000000LL + t.tv_nsec;
}

int main(int argc, char **argv) {
  if (argc < 3) return 2;
  long long apart = 1000000000LL / atoi(argv[1]);
  struct timespec life = {atoi(argv[2]) / 1000, atoi(argv[2]) % 1000 * 1000000L};
  (void)signal(SIGCHLD, SIG_IGN);
  long made = 0;
  long long started = now();
  struct pollfd input = {.fd = STDIN_FILENO, .events = POLLIN};
  puts("ready");
  fflush(stdout);
  while (poll(&input, 1, 1) == 0) {
    for (long due = (now() - started) / apart; made < due; made++) {
      pid_t child = fork();
      if (child < 0) return 1;
      if (child == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        nanosleep(&life, NULL);
        _exit(0);
      }
    }
  }
  printf("%ld in %.1f s\n", made, (double)(now() - started) / 1e9);
  return 0;
}
