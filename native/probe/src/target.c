#include "target.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/types.h>

#include "confine.h"
#include "ns.h"
#include "safe_open.h"

void error_text(struct buf *error, const char *fmt, ...) {
  char line[512];
  va_list args;
  va_start(args, fmt);
  int n = vsnprintf(line, sizeof line, fmt, args);
  va_end(args);
  if (n < 0) return;
  error->len = 0;
  buf_put(error, line, (size_t)n < sizeof line ? (size_t)n : sizeof line - 1);
}

void add_notice(struct buf *notices, const char *fmt, ...) {
  char line[512];
  va_list args;
  va_start(args, fmt);
  int n = vsnprintf(line, sizeof line, fmt, args);
  va_end(args);
  if (n >= 0) buf_put(notices, line, strlen(line) + 1);
}

static bool next_number(struct span *rest, uint32_t *value) {
  while (rest->n > 0 && (rest->p[0] == ' ' || rest->p[0] == '\t')) {
    rest->p++;
    rest->n--;
  }
  size_t digits = 0;
  while (digits < rest->n && rest->p[digits] >= '0' && rest->p[digits] <= '9') digits++;
  if (!parse_u32((struct span){rest->p, digits}, value)) return false;
  rest->p += digits;
  rest->n -= digits;
  return true;
}

static void read_map(struct id_map *map, int dir, const char *name, struct buf *b) {
  map->len = 0;
  ssize_t n = read_at(dir, name, b, 65536, true);
  if (n <= 0) return;
  struct span rest = {b->data, (size_t)n};
  while (rest.n > 0 && map->len < MAX_ID_MAP) {
    struct span line = take_until(&rest, '\n');
    uint32_t inside = 0;
    uint32_t outside = 0;
    uint32_t count = 0;
    if (!next_number(&line, &inside) || !next_number(&line, &outside) || !next_number(&line, &count)) continue;
    map->lines[map->len].inside = inside;
    map->lines[map->len].outside = outside;
    map->lines[map->len].count = count;
    map->len++;
  }
}

static void read_groups(struct target *t, struct span status) {
  while (status.n > 0) {
    struct span line = take_until(&status, '\n');
    struct span key = take_until(&line, ':');
    if (!span_is(key, "Groups")) continue;
    while (t->group_count < MAX_GROUPS && next_number(&line, &t->groups[t->group_count])) t->group_count++;
    return;
  }
}

static bool open_kind(struct target *t, int proc, enum ns_kind kind, struct buf *error) {
  char name[32];
  (void)snprintf(name, sizeof name, "ns/%s", KINDS[kind].name);
  t->ns[kind] = open_expected(proc, t->dir, name, EXPECT_NAMESPACE, O_RDONLY);
  if (t->ns[kind] >= 0) return true;
  error_text(error, "The %s namespace of process %u cannot be opened: %s.", KINDS[kind].name, t->pid, strerror(errno));
  return false;
}

int target_find(int proc, uint32_t pid, uint64_t start, struct buf *error) {
  char name[16];
  (void)snprintf(name, sizeof name, "%u", pid);
  int dir = openat(proc, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  AUTO_BUF struct buf b = {0};
  ssize_t n = dir < 0 ? -1 : read_at(dir, "stat", &b, 8192, false);
  struct stat_facts stat;
  if (n > 0 && parse_stat((struct span){b.data, (size_t)n}, &stat) && (start == 0 || stat.start == start)) return dir;
  close_fd(&dir);
  error_text(error, "Process %u has ended. Choose one that runs.", pid);
  return -1;
}

bool target_open(struct target *t, int proc, uint32_t pid, uint64_t start, const bool *kinds, bool root,
                 struct buf *error) {
  memset(t, 0, sizeof *t);
  for (size_t k = 0; k < NS_KINDS; k++) t->ns[k] = -1;
  t->root = -1;
  t->pid = pid;
  t->dir = target_find(proc, pid, start, error);
  if (t->dir < 0) return false;
  for (size_t k = 0; k < NS_KINDS; k++) {
    if (kinds[k] && !open_kind(t, proc, (enum ns_kind)k, error)) return false;
  }
  if (root) {
    t->root = openat(t->dir, "root", O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (t->root < 0) {
      error_text(error, "The root directory of process %u cannot be opened: %s.", pid, strerror(errno));
      return false;
    }
  }
  AUTO_BUF struct buf b = {0};
  ssize_t n = read_at(t->dir, "status", &b, 65536, false);
  if (n <= 0 || !parse_status((struct span){b.data, (size_t)n}, &t->status)) {
    error_text(error, "Process %u has ended. Choose one that runs.", pid);
    return false;
  }
  t->uid = t->status.uid[1];
  t->gid = t->status.gid[1];
  read_groups(t, (struct span){b.data, (size_t)n});
  if (kinds[NS_USER]) {
    read_map(&t->uids, t->dir, "uid_map", &b);
    read_map(&t->gids, t->dir, "gid_map", &b);
  } else {
    uint32_t theirs = ns_readlink(t->dir, "ns/user", NS_USER);
    t->foreign = theirs == 0 || theirs != ns_readlink(proc, "self/ns/user", NS_USER);
  }
  return true;
}

bool target_runs(const struct target *t, const char *name, struct buf *error) {
  if (name == NULL) return true;
  static const char DELETED[] = " (deleted)"; /* it was updated meanwhile */
  char path[4096];
  ssize_t n = readlinkat(t->dir, "exe", path, sizeof path - 1);
  path[n > 0 ? n : 0] = '\0';
  size_t length = strlen(path);
  size_t mark = sizeof DELETED - 1;
  if (length > mark && strcmp(path + length - mark, DELETED) == 0) path[length - mark] = '\0';
  const char *slash = strrchr(path, '/');
  if (slash != NULL && strcmp(slash + 1, name) == 0) return true;
  error_text(error, "Process %u calls itself %s, and runs %s: it is not entered.", t->pid, name,
             path[0] == '\0' ? "what cannot be told" : path);
  return false;
}

static bool join(int fd, enum ns_kind kind, struct buf *error) {
  if (fd < 0 || setns(fd, 0) == 0) return true;
  /* A process may not join the user namespace that it is already in. */
  if (kind == NS_USER && errno == EINVAL) return true;
  error_text(error, "The %s namespace cannot be joined: %s.", KINDS[kind].name, strerror(errno));
  return false;
}

bool target_join(const struct target *t, struct buf *error) {
  static const enum ns_kind ORDER[] = {NS_CGROUP, NS_IPC, NS_UTS, NS_NET, NS_TIME, NS_PID, NS_MNT};
  for (size_t i = 0; i < sizeof ORDER / sizeof ORDER[0]; i++) {
    if (!join(t->ns[ORDER[i]], ORDER[i], error)) return false;
  }
  if (t->root >= 0 && (fchdir(t->root) != 0 || chroot(".") != 0)) {
    error_text(error, "The root directory cannot be taken: %s.", strerror(errno));
    return false;
  }
  if (chdir("/") != 0) {
    error_text(error, "The root directory cannot be entered: %s.", strerror(errno));
    return false;
  }
  return true;
}

/* The id to take for root of a user namespace: 0, or else the first one that it
 * maps; false where it maps none. */
static bool root_of(const struct id_map *map, uint32_t *id) {
  if (map->len == 0) return false;
  *id = map->lines[0].inside;
  for (size_t i = 0; i < map->len; i++) {
    if (map->lines[i].inside == 0) *id = 0;
  }
  return true;
}

/* The ids of a user of ours, as we number them: the kernel translates them, so
 * that an id which the namespace does not map is taken all the same. */
static bool take_user(const struct target *t, struct buf *error) {
  if (prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) == 0 && setresgid(t->gid, t->gid, t->gid) == 0 &&
      setresuid(t->uid, t->uid, t->uid) == 0) {
    raise_capabilities();
    return true;
  }
  error_text(error, "User %u and group %u cannot be taken: %s.", t->uid, t->gid, strerror(errno));
  return false;
}

static bool take_root(const struct target *t, struct buf *notices, struct buf *error) {
  uint32_t uid = 0;
  uint32_t gid = 0;
  bool has_uid = root_of(&t->uids, &uid);
  bool has_gid = root_of(&t->gids, &gid);
  if ((has_gid && setresgid(gid, gid, gid) != 0) || (has_uid && setresuid(uid, uid, uid) != 0)) {
    error_text(error, "User %u and group %u of the user namespace cannot be taken: %s.", uid, gid, strerror(errno));
    return false;
  }
  if (!has_uid || uid != 0) {
    add_notice(notices, "This user namespace has no user 0: the program runs as user %u of it, without capabilities.",
               (uint32_t)geteuid());
  }
  return true;
}

static bool take_groups(const gid_t *groups, size_t count) {
  if (setgroups(count, groups) == 0) return true;
  gid_t own[MAX_GROUPS];
  int n = getgroups(MAX_GROUPS, own);
  return n >= 0 && (size_t)n == count && memcmp(own, groups, count * sizeof *own) == 0;
}

bool target_become(const struct target *t, bool own_user, struct buf *notices, struct buf *error) {
  bool joins = t->ns[NS_USER] >= 0;
  /* Before the namespace is joined: there setgroups(2) may be forbidden. */
  bool grouped = (!own_user && !joins) || take_groups(t->groups, own_user ? t->group_count : 0);
  if (own_user && !take_user(t, error)) return false;
  if (!join(t->ns[NS_USER], NS_USER, error)) return false;
  if (!grouped && setgroups(0, NULL) != 0) {
    add_notice(notices, "The program keeps the supplementary groups of who started it: they cannot be given up here.");
  }
  return own_user || !joins || take_root(t, notices, error);
}
