#include "confine.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <sys/wait.h>

#include "safe_open.h"
#include "target.h"

/* linux/magic.h */
#define CGROUP_MAGIC 0x27e0eb
#define CGROUP2_MAGIC 0x63677270

/* How long a target may take to stop for its filters to be read. One that is
 * stuck in the kernel never does. */
#define STOP_MS 1000

#define CAP_COUNT 64U

/* --- seccomp --- */

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

/* Waits until the target has stopped. The signal that it is to be let go on
 * with, or -1. */
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

/* A process of its own, because its end lets the target go on in any case. The
 * exit code is an errno, or 0. */
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

static void read_filters(struct confinement *c, int dir, uint32_t pid) {
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

static bool install_filters(const struct buf *filters) {
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

/* --- the security module's label --- */

static bool read_label_file(struct confinement *c, int dir, const char *name) {
  AUTO_BUF struct buf b = {0};
  ssize_t n = read_at(dir, name, &b, 4096, false);
  if (n <= 0) return false;
  size_t length = (size_t)n;
  while (length > 0 && (b.data[length - 1] == '\n' || b.data[length - 1] == '\0')) length--;
  if (length == 0 || length >= sizeof c->label) return false;
  memcpy(c->label, b.data, length);
  c->label[length] = '\0';
  return true;
}

/* AppArmor says `docker-default (enforce)` or `unconfined`; SELinux and Smack
 * say what attr/exec takes as it is. Source: apparmor(7), selinux(8). */
static void read_label(struct confinement *c, int proc, int dir) {
  c->apparmor = read_label_file(c, dir, "attr/apparmor/current");
  if (!c->apparmor && !read_label_file(c, dir, "attr/current")) {
    c->label[0] = '\0';
    return;
  }
  char *mode = strrchr(c->label, '(');
  if (mode != NULL && mode > c->label && mode[-1] == ' ') {
    mode[-1] = '\0';
    c->apparmor = true;
  }
  if (strcmp(c->label, "unconfined") == 0) {
    c->label[0] = '\0';
    return;
  }
  struct confinement own = {.apparmor = false};
  if (!c->apparmor && read_label_file(&own, proc, "self/attr/current") && strcmp(own.label, c->label) == 0) {
    c->label[0] = '\0';
  }
}

static bool write_attribute(int proc, const char *name, const char *text) {
  AUTO_CLOSE int fd = openat(proc, name, O_WRONLY | O_CLOEXEC);
  if (fd < 0) return false;
  ssize_t n = RETRY(write(fd, text, strlen(text)));
  return n == (ssize_t)strlen(text);
}

static void take_label(struct confinement *c, int proc) {
  if (c->label[0] == '\0') return;
  bool taken = false;
  if (c->apparmor) {
    char text[sizeof c->label + 8];
    (void)snprintf(text, sizeof text, "exec %s", c->label);
    taken = write_attribute(proc, "self/attr/apparmor/exec", text) || write_attribute(proc, "self/attr/exec", text);
  } else {
    taken = write_attribute(proc, "self/attr/exec", c->label);
  }
  if (taken) return;
  add_notice(&c->notices, "The target's %s %s is not taken over (%s): the program is not confined by it.",
             c->apparmor ? "AppArmor profile" : "SELinux label", c->label, strerror(errno));
}

/* --- the cgroup --- */

static bool in_cgroup_fs(int fd) {
  struct statfs fs;
  return fstatfs(fd, &fs) == 0 && (fs.f_type == CGROUP_MAGIC || fs.f_type == CGROUP2_MAGIC);
}

/* The hierarchy as a mount that is nowhere in the tree: in a container only its
 * own cgroups are mounted, or read-only. -1 without CAP_SYS_ADMIN, or before
 * Linux 5.2. */
static int mount_hierarchy(struct span controllers, bool named) {
  AUTO_CLOSE int fs = (int)syscall(SYS_fsopen, controllers.n == 0 ? "cgroup2" : "cgroup", FSOPEN_CLOEXEC);
  if (fs < 0) return -1;
  if (named && syscall(SYS_fsconfig, fs, FSCONFIG_SET_FLAG, "none", NULL, 0) != 0) return -1;
  while (controllers.n > 0) {
    struct span word = take_until(&controllers, ',');
    char name[64];
    (void)snprintf(name, sizeof name, "%.*s", (int)word.n, word.p);
    long set = named ? syscall(SYS_fsconfig, fs, FSCONFIG_SET_STRING, "name", name, 0)
                     : syscall(SYS_fsconfig, fs, FSCONFIG_SET_FLAG, name, NULL, 0);
    if (set != 0) return -1;
  }
  if (syscall(SYS_fsconfig, fs, FSCONFIG_CMD_CREATE, NULL, NULL, 0) != 0) return -1;
  return (int)syscall(SYS_fsmount, fs, FSMOUNT_CLOEXEC, 0);
}

static bool is_frozen(int cgroup) {
  AUTO_BUF struct buf b = {0};
  ssize_t n = read_at(cgroup, "cgroup.events", &b, 4096, false);
  if (n > 0 && memmem(b.data, (size_t)n, "frozen 1", 8) != NULL) return true;
  n = read_at(cgroup, "freezer.state", &b, 4096, false);
  return n > 0 && memmem(b.data, (size_t)n, "THAWED", 6) == NULL;
}

/* Opens what a process is moved into a cgroup by; -1 where that is not there or
 * cannot be written. */
static int open_procs(int root, struct span path, bool *frozen) {
  char name[4096];
  int n = snprintf(name, sizeof name, ".%.*s", (int)path.n, path.p);
  if (root < 0 || n < 0 || (size_t)n >= sizeof name || path.n == 0 || path.p[0] != '/') return -1;
  if (strstr(name, "/..") != NULL) return -1;
  AUTO_CLOSE int cgroup = openat(root, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (cgroup < 0 || !in_cgroup_fs(cgroup)) return -1;
  *frozen = is_frozen(cgroup);
  return openat(cgroup, "cgroup.procs", O_WRONLY | O_CLOEXEC);
}

/* One line of /proc/PID/cgroup: `4:cpu,cpuacct:/path`, `1:name=systemd:/path`
 * or `0::/path`. False where the cgroup is frozen. */
static bool read_hierarchy(struct confinement *c, struct span line) {
  struct span path = line;
  (void)take_until(&path, ':');
  struct span controllers = take_until(&path, ':');
  bool named = controllers.n > 5 && memcmp(controllers.p, "name=", 5) == 0;
  if (named) {
    controllers.p += 5;
    controllers.n -= 5;
  }
  char name[256];
  (void)snprintf(name, sizeof name, "/sys/fs/cgroup/%.*s", (int)controllers.n, controllers.p);
  AUTO_CLOSE int mounted = open(name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  bool frozen = false;
  int procs = open_procs(mounted, path, &frozen);
  if (procs < 0) {
    AUTO_CLOSE int own = mount_hierarchy(controllers, named);
    procs = open_procs(own, path, &frozen);
  }
  if (procs >= 0 && c->cgroup_count < MAX_HIERARCHIES) {
    c->cgroups[c->cgroup_count++] = procs;
  } else {
    close_fd(&procs);
    c->outside_cgroup = true;
  }
  return !frozen;
}

static bool read_cgroups(struct confinement *c, int proc, int dir) {
  AUTO_BUF struct buf theirs = {0};
  AUTO_BUF struct buf own = {0};
  ssize_t n = read_at(dir, "cgroup", &theirs, 65536, true);
  ssize_t m = read_at(proc, "self/cgroup", &own, 65536, true);
  if (n <= 0) return true;
  struct span rest = {theirs.data, (size_t)n};
  while (rest.n > 0) {
    struct span line = take_until(&rest, '\n');
    /* With its end, so that the start of a longer path is not the same. */
    bool whole = line.p + line.n < theirs.data + n;
    bool same = m > 0 && whole && memmem(own.data, (size_t)m, line.p, line.n + 1) != NULL;
    if (!same && !read_hierarchy(c, line)) return false;
  }
  return true;
}

static void join_cgroups(struct confinement *c) {
  for (size_t i = 0; i < c->cgroup_count; i++) {
    if (RETRY(write(c->cgroups[i], "0", 1)) != 1) c->outside_cgroup = true;
  }
  if (!c->outside_cgroup) return;
  c->caps[CAP_BND] &= ~(1ULL << CAP_MKNOD);
  add_notice(&c->notices,
             "The program is not in the target's cgroup, whose limits and list of devices do not hold for it. It may "
             "not make device files.");
}

/* --- all of it --- */

bool confinement_read(struct confinement *c, int proc, int dir, uint32_t pid, const struct status_facts *status,
                      struct buf *error) {
  memcpy(c->caps, status->caps, sizeof c->caps);
  c->seccomp = status->has_seccomp ? status->seccomp : SECCOMP_MODE_DISABLED;
  if (!read_cgroups(c, proc, dir)) {
    error_text(error, "Process %u is frozen: its container is paused. Unpause it first.", pid);
    return false;
  }
  read_label(c, proc, dir);
  if (c->seccomp == SECCOMP_MODE_FILTER) read_filters(c, dir, pid);
  if (c->seccomp == SECCOMP_MODE_STRICT) {
    add_notice(
        &c->notices,
        "The target runs in strict seccomp mode, in which no program can be started: the program is not confined "
        "by it.");
  }
  return true;
}

void confine_outside(struct confinement *c, int proc) {
  join_cgroups(c);
  take_label(c, proc);
}

static bool get_capabilities(uint64_t *permitted, uint64_t *inheritable) {
  struct __user_cap_header_struct head = {.version = _LINUX_CAPABILITY_VERSION_3};
  struct __user_cap_data_struct data[2] = {{0}};
  if (syscall(SYS_capget, &head, data) != 0) return false;
  *permitted = (uint64_t)data[1].permitted << 32 | data[0].permitted;
  *inheritable = (uint64_t)data[1].inheritable << 32 | data[0].inheritable;
  return true;
}

static bool set_capabilities(uint64_t effective, uint64_t permitted, uint64_t inheritable) {
  struct __user_cap_header_struct head = {.version = _LINUX_CAPABILITY_VERSION_3};
  struct __user_cap_data_struct data[2] = {
      {(uint32_t)effective, (uint32_t)permitted, (uint32_t)inheritable},
      {(uint32_t)(effective >> 32), (uint32_t)(permitted >> 32), (uint32_t)(inheritable >> 32)},
  };
  return syscall(SYS_capset, &head, data) == 0;
}

void raise_capabilities(void) {
  uint64_t permitted = 0;
  uint64_t inheritable = 0;
  if (get_capabilities(&permitted, &inheritable)) (void)set_capabilities(permitted, permitted, inheritable);
}

/* The bounding set first: that takes CAP_SETPCAP. */
static bool drop_capabilities(struct confinement *c, bool foreign) {
  uint64_t want[CAP_SETS];
  uint64_t have = 0;
  uint64_t inherited = 0;
  for (size_t i = 0; i < CAP_SETS; i++) want[i] = foreign ? 0 : c->caps[i] & c->caps[CAP_BND];
  for (unsigned long cap = 0; cap < CAP_COUNT; cap++) {
    if ((want[CAP_BND] >> cap & 1) == 0 && prctl(PR_CAPBSET_READ, cap, 0, 0, 0) == 1 &&
        prctl(PR_CAPBSET_DROP, cap, 0, 0, 0) != 0) {
      return false;
    }
  }
  if (!get_capabilities(&have, &inherited)) return false;
  if ((want[CAP_PRM] & ~have) != 0)
    add_notice(&c->notices, "Not all of the target's capabilities can be given to it here.");
  uint64_t permitted = want[CAP_PRM] & have;
  uint64_t inheritable = want[CAP_INH] & (have | inherited);
  if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) != 0) return false;
  if (!set_capabilities(want[CAP_EFF] & permitted, permitted, inheritable)) return false;
  uint64_t ambient = want[CAP_AMB] & permitted & inheritable;
  for (unsigned long cap = 0; cap < CAP_COUNT; cap++) {
    if ((ambient >> cap & 1) != 0) (void)prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, cap, 0, 0);
  }
  return true;
}

bool confine_inside(struct confinement *c, bool foreign, struct buf *error) {
  if (!drop_capabilities(c, foreign)) {
    error_text(error, "The capabilities that the target has not cannot be dropped: %s.", strerror(errno));
    return false;
  }
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) {
    error_text(error, "no_new_privs cannot be set: %s.", strerror(errno));
    return false;
  }
  return true;
}

bool confine_system_calls(const struct confinement *c, struct buf *error) {
  if (install_filters(&c->filters)) return true;
  error_text(error, "The target's seccomp filter cannot be taken over: %s.", strerror(errno));
  return false;
}
