/* Targets for the tests of `enter`: each says a line when it is what it is
 * to be, and waits. */
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static void fail(const char *what) {
  perror(what);
  exit(1);
}

static void forbid(int number, int error) {
  struct sock_filter code[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)number, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (uint32_t)error),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  struct sock_fprog program = {sizeof code / sizeof *code, code};
  if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) != 0) fail("seccomp");
}

/* Three filters, one over the other: no new directories and links. */
static void filtered(void) {
  forbid(SYS_mkdir, 71);
  forbid(SYS_mkdirat, 71);
  forbid(SYS_linkat, 72);
}

/* As an older kernel answers, or the list of calls of an older engine. */
static void without_newer_calls(int error) {
  forbid(SYS_pidfd_open, error);
  forbid(SYS_pidfd_getfd, error);
  forbid(SYS_openat2, error);
}

int main(int argc, char **argv) {
  if (argc < 2) return 2;
  if (strcmp(argv[1], "capabilities") == 0) {
    /* As a set-user-id file: what it would have. */
    char line[256];
    FILE *status = fopen("/proc/self/status", "r");
    while (status != NULL && fgets(line, sizeof line, status) != NULL) {
      if (strncmp(line, "CapEff", 6) == 0 || strncmp(line, "Uid", 3) == 0) fputs(line, stdout);
    }
    return 0;
  }
  if (strcmp(argv[1], "filtered") == 0) filtered();
  if (strcmp(argv[1], "run") == 0 && argc > 2) {
    filtered();
    execv(argv[2], argv + 2);
    fail(argv[2]);
  }
  if (strcmp(argv[1], "older") == 0 && argc > 3) {
    without_newer_calls(atoi(argv[2]));
    execv(argv[3], argv + 3);
    fail(argv[3]);
  }
  puts("ready");
  fflush(stdout);
  for (;;) pause();
}
