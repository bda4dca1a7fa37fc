/* Holds namespaces in the ways that only a C program can, prints its pid and what it holds, and waits.
 * holder thread | fd | children | time | comm TEXT | zombie | empty-argv | move */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

static void check(int failed, const char *what) {
  if (!failed) return;
  fprintf(stderr, "holder: %s: %s\n", what, strerror(errno));
  exit(1);
}

static void tell(const char *link) {
  char target[64] = {0};
  check(readlink(link, target, sizeof target - 1) < 0, link);
  printf("%d %s\n", (int)syscall(SYS_gettid), target);
  fflush(stdout);
}

static void *in_thread(void *unused) {
  (void)unused;
  check(unshare(CLONE_NEWNET) != 0, "unshare");
  tell("/proc/thread-self/ns/net");
  pause();
  return NULL;
}

int main(int argc, char **argv) {
  const char *how = argc > 1 ? argv[1] : "";
  if (strcmp(how, "thread") == 0) {
    pthread_t thread;
    check(pthread_create(&thread, NULL, in_thread, NULL) != 0, "pthread_create");
  } else if (strcmp(how, "fd") == 0) {
    int home = open("/proc/self/ns/net", O_RDONLY);
    check(unshare(CLONE_NEWNET) != 0, "unshare");
    int held = open("/proc/self/ns/net", O_RDONLY);
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", held);
    check(setns(home, CLONE_NEWNET) != 0, "setns");
    tell(link);
  } else if (strcmp(how, "children") == 0) {
    check(unshare(CLONE_NEWPID) != 0, "unshare");
    /* Without a first child the link leads nowhere (pid_namespaces(7)). */
    pid_t child = fork();
    check(child < 0, "fork");
    if (child == 0) {
      prctl(PR_SET_PDEATHSIG, SIGKILL);
      for (;;) pause();
    }
    tell("/proc/self/ns/pid_for_children");
  } else if (strcmp(how, "time") == 0) {
    check(unshare(0x00000080) != 0, "unshare");
    tell("/proc/self/ns/time_for_children");
  } else if (strcmp(how, "comm") == 0) {
    check(prctl(PR_SET_NAME, argv[2]) != 0, "prctl");
    puts("named");
    fflush(stdout);
  } else if (strcmp(how, "zombie") == 0) {
    pid_t child = fork();
    if (child == 0) _exit(0);
    printf("%d\n", child);
    fflush(stdout);
  } else if (strcmp(how, "empty-argv") == 0) {
    /* The kernel gives a program without arguments an empty one (Linux 5.18): its memory is cleared instead. */
    memset(argv[0], 0, strlen(argv[0]));
    memset(argv[1], 0, strlen(argv[1]));
    puts("cleared");
    fflush(stdout);
  } else if (strcmp(how, "move") == 0) {
    puts("ready");
    fflush(stdout);
    check(getchar() == EOF, "stdin");
    check(unshare(CLONE_NEWUTS) != 0, "unshare");
    tell("/proc/self/ns/uts");
  }
  for (;;) pause();
}
