#include "descendants.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>

#include "dir.h"

/* Field 6 of stat; 0 where it cannot be read. */
static pid_t session_of(uint32_t pid, struct buf *b) {
  char name[32];
  (void)snprintf(name, sizeof name, "/proc/%u/stat", pid);
  ssize_t n = read_at(AT_FDCWD, name, b, 4096, false);
  if (n <= 0) return 0;
  buf_put(b, "", 1);
  const char *after = strrchr(b->data, ')');
  int session = 0;
  if (after == NULL || sscanf(after, ") %*c %*d %*d %d", &session) != 1) return 0;
  return session;
}

/* A background process in another pid namespace is handed to that namespace's
 * init when its parent ends, and is then no descendant of ours. Its session id
 * still shows whose it was. */
static void end_session(pid_t leader) {
  AUTO_CLOSE int proc = open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  AUTO_BUF struct buf pids = {0};
  AUTO_BUF struct buf b = {0};
  if (proc < 0) return;
  size_t count = list_numbers(&pids, proc);
  for (size_t i = 0; i < count; i++) {
    uint32_t pid = number_at(&pids, i);
    if (session_of(pid, &b) == leader) (void)kill((pid_t)pid, SIGKILL);
  }
}

void end_all(pid_t leader) {
  if (leader > 0) end_session(leader);
  AUTO_BUF struct buf b = {0};
  for (int round = 0; round < 200; round++) {
    while (waitpid(-1, NULL, WNOHANG) > 0) {
    }
    char name[64];
    (void)snprintf(name, sizeof name, "/proc/self/task/%d/children", getpid());
    ssize_t n = read_at(AT_FDCWD, name, &b, 65536, true);
    if (n <= 0) return;
    buf_put(&b, "", 1);
    char *at = b.data;
    for (char *next = at;; at = next) {
      long pid = strtol(at, &next, 10);
      if (next == at) break;
      if (pid > 0) (void)kill((pid_t)pid, SIGKILL);
    }
    (void)poll(NULL, 0, 10);
  }
}
