#include "target.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/types.h>

#include "parse.h"

#define ENVIRON_LIMIT (1024U * 1024U)

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

/* What an id of ours is called inside; itself where nothing maps it. */
static uint32_t map_id(const struct id_map *map, uint32_t outside) {
  for (size_t i = 0; i < map->len; i++) {
    uint32_t offset = outside - map->lines[i].outside;
    if (outside >= map->lines[i].outside && offset < map->lines[i].count) return map->lines[i].inside + offset;
  }
  return outside;
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

static bool open_kind(struct target *t, int dir, enum ns_kind kind, uint32_t pid, struct buf *error) {
  char name[32];
  (void)snprintf(name, sizeof name, "ns/%s", KINDS[kind].name);
  t->ns[kind] = openat(dir, name, O_RDONLY | O_CLOEXEC);
  if (t->ns[kind] >= 0) return true;
  error_text(error, "The %s namespace of process %u cannot be opened: %s.", KINDS[kind].name, pid, strerror(errno));
  return false;
}

bool target_open(struct target *t, uint32_t pid, uint64_t start, const bool *kinds, bool root, struct buf *error) {
  memset(t, 0, sizeof *t);
  for (size_t k = 0; k < NS_KINDS; k++) t->ns[k] = -1;
  t->root = -1;
  char path[32];
  (void)snprintf(path, sizeof path, "/proc/%u", pid);
  AUTO_CLOSE int dir = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  AUTO_BUF struct buf b = {0};
  ssize_t n = dir < 0 ? -1 : read_at(dir, "stat", &b, 8192, false);
  struct stat_facts stat;
  if (n <= 0 || !parse_stat((struct span){b.data, (size_t)n}, &stat) || (start != 0 && stat.start != start)) {
    error_text(error, "Process %u has ended. Choose one that runs.", pid);
    return false;
  }
  for (size_t k = 0; k < NS_KINDS; k++) {
    if (kinds[k] && !open_kind(t, dir, (enum ns_kind)k, pid, error)) return false;
  }
  if (root) {
    t->root = openat(dir, "root", O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (t->root < 0) {
      error_text(error, "The root directory of process %u cannot be opened: %s.", pid, strerror(errno));
      return false;
    }
  }
  n = read_at(dir, "status", &b, 65536, false);
  struct status_facts status;
  if (n <= 0 || !parse_status((struct span){b.data, (size_t)n}, &status)) {
    error_text(error, "Process %u has ended. Choose one that runs.", pid);
    return false;
  }
  t->uid = status.uid[1];
  t->gid = status.gid[1];
  read_groups(t, (struct span){b.data, (size_t)n});
  if (kinds[NS_USER]) {
    read_map(&t->uids, dir, "uid_map", &b);
    read_map(&t->gids, dir, "gid_map", &b);
  }
  n = read_at(dir, "environ", &t->environ, ENVIRON_LIMIT, true);
  if (n < 0) n = 0;
  t->environ.len = (size_t)n;
  buf_put(&t->environ, "", 1);
  return true;
}

static bool join(int fd, enum ns_kind kind, struct buf *error) {
  if (fd < 0 || setns(fd, 0) == 0) return true;
  /* Who is in a user namespace already may not join it again. */
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

bool target_become(const struct target *t, bool own_user, struct buf *error) {
  bool mapped = t->ns[NS_USER] >= 0 && t->uids.len > 0;
  if (!join(t->ns[NS_USER], NS_USER, error)) return false;
  if (!mapped && !own_user) return true;
  gid_t groups[MAX_GROUPS];
  size_t count = own_user ? t->group_count : 0;
  for (size_t i = 0; i < count; i++) groups[i] = mapped ? map_id(&t->gids, t->groups[i]) : t->groups[i];
  uid_t uid = 0;
  gid_t gid = 0;
  if (own_user) {
    uid = mapped ? map_id(&t->uids, t->uid) : t->uid;
    gid = mapped ? map_id(&t->gids, t->gid) : t->gid;
  }
  /* A user namespace may forbid setgroups to everybody in it. */
  if (setgroups(count, groups) != 0 && !mapped) {
    error_text(error, "The groups cannot be taken: %s.", strerror(errno));
    return false;
  }
  if (setresgid(gid, gid, gid) != 0 || setresuid(uid, uid, uid) != 0) {
    error_text(error, "User %u and group %u cannot be taken: %s.", uid, gid, strerror(errno));
    return false;
  }
  return true;
}
