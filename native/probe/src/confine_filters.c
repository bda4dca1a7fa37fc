#include "confine_filters.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "target.h"

/* How long a target may take to stop for its filters to be read. One that is
 * stuck in the kernel never does. */
#define STOP_MS 1000

static bool put_all(int fd, const void *bytes, size_t n) {
  const char *from = bytes;
  while (n > 0) {
    ssize_t sent = RETRY(write(fd, from, n));
    if (sent <= 0) return false;
    from += sent;
    n -= (size_t)sent;
  }
  return true;
}

/* Waits until the target has stopped. Returns the signal to pass on when it
 * is let go, 0 for none, or -1 where it did not stop. */
static int wait_for_stop(pid_t pid) {
  for (int waited = 0; waited < STOP_MS; waited += 5) {
    int status = 0;
    pid_t found = RETRY(waitpid(pid, &status, WNOHANG | __WALL));
    if (found < 0 || (found > 0 && !WIFSTOPPED(status))) return -1;
    if (found > 0) return (status >> 16) == PTRACE_EVENT_STOP ? 0 : WSTOPSIG(status);
    (void)poll(NULL, 0, 5);
  }
  return -1;
}

/* A process of its own: however it ends, its end detaches the target, which
 * then goes on. The exit code is an errno, or 0. */
static int send_filters(pid_t pid, int dir, int out) {
  if (ptrace(PTRACE_SEIZE, pid, NULL, NULL) != 0) return errno;
  /* Readable through the old descriptor: it is still that process. */
  AUTO_BUF struct buf b = {0};
  if (read_at(dir, "stat", &b, 8192, false) <= 0) return ESRCH;
  if (ptrace(PTRACE_INTERRUPT, pid, NULL, NULL) != 0) return errno;
  int go_on_with = wait_for_stop(pid);
  if (go_on_with < 0) return ETIMEDOUT;
  int result = 0;
  for (unsigned long i = 0; result == 0; i++) {
    long count = ptrace(PTRACE_SECCOMP_GET_FILTER, pid, (void *)i, NULL);
    if (count < 0 && errno == ENOENT) break;
    if (count <= 0 || count > BPF_MAXINSNS) {
      result = count < 0 ? errno : EPROTO;
      break;
    }
    struct sock_filter code[BPF_MAXINSNS];
    uint32_t length = (uint32_t)count;
    if (ptrace(PTRACE_SECCOMP_GET_FILTER, pid, (void *)i, code) != count) {
      result = EPROTO;
    } else if (!put_all(out, &length, sizeof length) || !put_all(out, code, length * sizeof *code)) {
      result = EPIPE;
    }
  }
  (void)ptrace(PTRACE_DETACH, pid, NULL, (void *)(long)go_on_with);
  return result;
}

void read_filters(struct confinement *c, int dir, uint32_t pid) {
  int ends[2];
  int result = EAGAIN;
  pid_t child = -1;
  if (pipe2(ends, O_CLOEXEC) == 0) {
    child = fork();
    if (child == 0) _exit(send_filters((pid_t)pid, dir, ends[1]));
    close(ends[1]);
    for (;;) {
      ssize_t n = RETRY(read(ends[0], buf_room(&c->filters, 65536), 65536));
      if (n <= 0) break;
      c->filters.len += (size_t)n;
    }
    close(ends[0]);
  }
  int status = 0;
  if (child > 0 && RETRY(waitpid(child, &status, 0)) == child && WIFEXITED(status)) result = WEXITSTATUS(status);
  if (result == 0 && c->filters.len == 0) result = ENOENT;
  if (result == 0) return;
  c->filters.len = 0;
  add_notice(
      &c->notices,
      "The target's seccomp filter is not taken over (%s): the program may use system calls that the target may not.",
      strerror(result));
}

bool install_filters(const struct buf *filters) {
  size_t at = 0;
  while (at < filters->len) {
    uint32_t length = 0;
    memcpy(&length, filters->data + at, sizeof length);
    at += sizeof length;
    struct sock_filter code[BPF_MAXINSNS];
    memcpy(code, filters->data + at, length * sizeof *code);
    at += length * sizeof *code;
    struct sock_fprog program = {.len = (unsigned short)length, .filter = code};
    if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) != 0) return false;
  }
  return true;
}
