#include "confine_cgroup.h"

#include <fcntl.h>
#include <linux/capability.h>
#include <stdio.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <sys/vfs.h>

#include "target.h"

/* linux/magic.h */
#define CGROUP_MAGIC 0x27e0eb
#define CGROUP2_MAGIC 0x63677270

static bool in_cgroup_fs(int fd) {
  struct statfs fs;
  return fstatfs(fd, &fs) == 0 && (fs.f_type == CGROUP_MAGIC || fs.f_type == CGROUP2_MAGIC);
}

/* A mount of the hierarchy that is not attached to the tree: in a container
 * only its own cgroups are mounted, or they are read-only. -1 without
 * CAP_SYS_ADMIN, or before Linux 5.2. */
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

/* Opens the file by which a process is moved into a cgroup; -1 where it is
 * not there or cannot be written. */
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

bool read_cgroups(struct confinement *c, int proc, int dir) {
  AUTO_BUF struct buf theirs = {0};
  AUTO_BUF struct buf own = {0};
  ssize_t n = read_at(dir, "cgroup", &theirs, 65536, true);
  ssize_t m = read_at(proc, "self/cgroup", &own, 65536, true);
  if (n <= 0) return true;
  struct span rest = {theirs.data, (size_t)n};
  while (rest.n > 0) {
    struct span line = take_until(&rest, '\n');
    /* The line break is compared too, so that the start of a longer path does
     * not match. */
    bool whole = line.p + line.n < theirs.data + n;
    bool same = m > 0 && whole && memmem(own.data, (size_t)m, line.p, line.n + 1) != NULL;
    if (!same && !read_hierarchy(c, line)) return false;
  }
  return true;
}

void join_cgroups(struct confinement *c) {
  for (size_t i = 0; i < c->cgroup_count; i++) {
    if (RETRY(write(c->cgroups[i], "0", 1)) != 1) c->outside_cgroup = true;
  }
  if (!c->outside_cgroup) return;
  c->caps[CAP_BND] &= ~(1ULL << CAP_MKNOD);
  add_notice(&c->notices,
             "The program is not in the target's cgroup, whose limits and list of devices do not hold for it. It may "
             "not make device files.");
}
