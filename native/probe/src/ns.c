#include "ns.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include "json.h"
#include "parse.h"
#include "safe_open.h"
#include "sockets.h"

/* linux/nsfs.h, spelt out because the headers at hand may be older than the
 * kernel. Unknown ones answer ENOTTY. */
#define NSFS_TYPE 0xb7
#define ASK_USERNS _IO(NSFS_TYPE, 1)
#define ASK_PARENT _IO(NSFS_TYPE, 2)
#define ASK_KIND _IO(NSFS_TYPE, 3)
#define ASK_OWNER_UID _IO(NSFS_TYPE, 4)
#define ASK_MNTNS_ID _IOR(NSFS_TYPE, 5, uint64_t)
#define ASK_ID _IOR(NSFS_TYPE, 13, uint64_t)

static size_t slot_of(const struct ns_table *t, enum ns_kind kind, uint32_t inode) {
  uint64_t h = ((uint64_t)kind << 32 | inode) * 0x9E3779B97F4A7C15U;
  size_t i = (size_t)(h >> 32) & (t->slots - 1);
  while (t->index[i] > 0) {
    const struct ns *n = &t->items[t->index[i] - 1];
    if (n->inode == inode && n->kind == kind) break;
    i = (i + 1) & (t->slots - 1);
  }
  return i;
}

static void reindex(struct ns_table *t) {
  memset(t->index, 0, t->slots * sizeof *t->index);
  for (size_t n = 0; n < t->len; n++) t->index[slot_of(t, t->items[n].kind, t->items[n].inode)] = n + 1;
}

struct ns *ns_find(const struct ns_table *t, enum ns_kind kind, uint32_t inode) {
  if (t->slots == 0 || inode == 0) return NULL;
  size_t at = t->index[slot_of(t, kind, inode)];
  return at > 0 ? &t->items[at - 1] : NULL;
}

struct ns *ns_add(struct ns_table *t, enum ns_kind kind, uint32_t inode) {
  struct ns *known = ns_find(t, kind, inode);
  if (known != NULL) return known;
  if (t->len == t->cap) {
    t->cap = t->cap > 0 ? t->cap * 2 : 64;
    t->items = xrealloc(t->items, t->cap, sizeof *t->items);
  }
  if (t->len * 2 >= t->slots) {
    free(t->index);
    t->slots = t->slots > 0 ? t->slots * 2 : 256;
    t->index = xcalloc(t->slots, sizeof *t->index);
    reindex(t);
  }
  t->index[slot_of(t, kind, inode)] = t->len + 1;
  t->items[t->len] = (struct ns){.kind = kind, .inode = inode};
  return &t->items[t->len++];
}

uint32_t ns_readlink(int dir, const char *name, enum ns_kind kind) {
  char target[64];
  ssize_t n = readlinkat(dir, name, target, sizeof target);
  if (n < 0) return 0;
  enum ns_kind found = kind;
  uint64_t inode = 0;
  if (!parse_ns_name((struct span){target, (size_t)n}, &found, &inode) || found != kind || inode > UINT32_MAX) {
    errno = ENOENT;
    return 0;
  }
  return (uint32_t)inode;
}

bool ns_kind_of(int fd, enum ns_kind *kind) {
  int flag = ioctl(fd, ASK_KIND);
  for (size_t i = 0; i < NS_KINDS; i++) {
    if (KINDS[i].flag == flag) {
      *kind = (enum ns_kind)i;
      return true;
    }
  }
  return false;
}

/* linux/openat2.h, which older headers lack. */
struct how {
  uint64_t flags;
  uint64_t mode;
  uint64_t resolve;
};
#define IN_ROOT 0x10U
#define CACHED 0x20U
#define TRIES 4

/* Looks at a path in the tree of a process. Only what the kernel has at hand is
 * walked: a file system that its owner does not answer for would make the
 * probe wait, and a place where something is mounted is always at hand. */
static int look_below(int root, const char *path) {
  struct how how = {.flags = O_PATH | O_NOFOLLOW | O_CLOEXEC, .resolve = IN_ROOT | CACHED};
  for (int i = 0; i < TRIES; i++) {
    int fd = (int)syscall(SYS_openat2, root, path, &how, sizeof how);
    /* EAGAIN: not at hand, or somebody renamed something meanwhile. */
    if (fd >= 0 || errno != EAGAIN) {
      if (fd >= 0 || (errno != ENOSYS && errno != EINVAL && errno != EPERM)) return fd;
      break;
    }
    if (i + 1 == TRIES) return -1;
  }
  /* Before Linux 5.12, or forbidden by a filter of an engine of that time. */
  return openat(root, path, O_PATH | O_NOFOLLOW | O_CLOEXEC);
}

/* `tid` is 0, or a thread whose tree it is. */
static int open_mount(int proc, uint32_t pid, uint32_t tid, struct span path) {
  char name[48];
  if (tid == 0) {
    (void)snprintf(name, sizeof name, "%u/root", pid);
  } else {
    (void)snprintf(name, sizeof name, "%u/task/%u/root", pid, tid);
  }
  while (path.n > 0 && path.p[0] == '/') path = (struct span){path.p + 1, path.n - 1};
  AUTO_CLOSE int root = openat(proc, name, O_PATH | O_DIRECTORY | O_CLOEXEC);
  if (root < 0 || path.n == 0) return -1;
  AUTO_BUF struct buf text = {0};
  buf_put(&text, path.p, path.n);
  buf_put(&text, "", 1);
  AUTO_CLOSE int seen = look_below(root, text.data);
  return seen < 0 ? -1 : reopen_expected(proc, seen, EXPECT_NAMESPACE, O_RDONLY);
}

/* A descriptor that is a namespace, or a socket of one. */
static int open_descriptor(int proc, uint32_t pid, uint32_t number) {
  char path[48];
  (void)snprintf(path, sizeof path, "%u/fd/%u", pid, number);
  int fd = open_expected(proc, proc, path, EXPECT_NAMESPACE, O_RDONLY);
  struct statx st;
  if (fd >= 0) return fd;
  /* Looked at before it is copied: to close the copy of a file asks the server
   * of its file system, and waits for the answer. */
  if (statx(proc, path, AT_STATX_DONT_SYNC, STATX_TYPE, &st) != 0 || !S_ISSOCK(st.stx_mode)) return -1;
  AUTO_CLOSE int process = (int)syscall(SYS_pidfd_open, pid, 0);
  return process < 0 ? -1 : open_net_of_socket(process, number, &st);
}

static int checked(int fd, uint32_t inode) {
  struct stat st;
  if (fd < 0 || (fstat(fd, &st) == 0 && st.st_ino == inode)) return fd;
  close(fd);
  return -1;
}

int ns_open(int proc, const struct ns *n) {
  const struct holder *h = &n->holder;
  char path[96];
  switch (h->how) {
    case HOLD_NONE:
      return -1;
    case HOLD_PROCESS:
      (void)snprintf(path, sizeof path, "%u/ns/%s", h->pid, LINKS[h->link].name);
      break;
    case HOLD_TASK:
      (void)snprintf(path, sizeof path, "%u/task/%u/ns/%s", h->pid, h->number, LINKS[h->link].name);
      break;
    case HOLD_FD:
      return checked(open_descriptor(proc, h->pid, h->number), n->inode);
    case HOLD_MOUNT:
      return checked(open_mount(proc, h->pid, h->number, h->path), n->inode);
  }
  return checked(open_expected(proc, proc, path, EXPECT_NAMESPACE, O_RDONLY), n->inode);
}

int ns_open_path(int proc, const char *path, enum ns_kind kind, uint32_t inode) {
  struct span rest = {path, strlen(path)};
  uint32_t pid = 0;
  uint32_t number = 0;
  enum ns_kind found = kind;
  int fd = -1;
  if (!parse_u32(take_until(&rest, '/'), &pid)) return -1;
  struct span place = take_until(&rest, '/');
  uint32_t tid = 0;
  if (span_is(place, "task")) {
    if (!parse_u32(take_until(&rest, '/'), &tid)) return -1;
    place = take_until(&rest, '/');
  }
  if (span_is(place, "root")) {
    fd = open_mount(proc, pid, tid, rest);
  } else if (span_is(place, "fd")) {
    if (parse_u32(rest, &number)) fd = open_descriptor(proc, pid, number);
  } else if (span_is(place, "ns")) {
    fd = open_expected(proc, proc, path, EXPECT_NAMESPACE, O_RDONLY);
  }
  fd = checked(fd, inode);
  if (fd < 0 || (ns_kind_of(fd, &found) && found == kind)) return fd;
  close(fd);
  return -1;
}

/* Asks about the namespace that `request` leads to. Its inode, or 0: of what
 * lies outside the probe's own namespaces the kernel tells neither owner nor
 * parent. */
static uint32_t ask_related(struct ns_table *t, int fd, unsigned long request, uint64_t batch) {
  AUTO_CLOSE int related = ioctl(fd, request);
  struct stat st;
  if (related < 0 || fstat(related, &st) != 0) return 0;
  ns_ask(t, related, batch);
  return (uint32_t)st.st_ino;
}

void ns_ask(struct ns_table *t, int fd, uint64_t batch) {
  struct stat st;
  enum ns_kind kind;
  if (fstat(fd, &st) != 0 || st.st_ino > UINT32_MAX || !ns_kind_of(fd, &kind)) return;
  uint32_t inode = (uint32_t)st.st_ino;
  struct ns *n = ns_add(t, kind, inode);
  if (n->fresh || (n->asked && n->kept == batch)) return;
  struct ns facts = {.has_device = true, .device = (uint64_t)st.st_dev};
  uid_t uid = 0;
  uint64_t unique = 0;
  if (kind == NS_USER && ioctl(fd, ASK_OWNER_UID, &uid) == 0) {
    facts.has_owner_uid = true;
    facts.owner_uid = uid;
  }
  facts.has_unique = ioctl(fd, ASK_ID, &unique) == 0 || (kind == NS_MNT && ioctl(fd, ASK_MNTNS_ID, &unique) == 0);
  facts.unique = unique;
  n->fresh = true;
  facts.owner = ask_related(t, fd, ASK_USERNS, batch);
  if (kind == NS_USER || kind == NS_PID) facts.parent = ask_related(t, fd, ASK_PARENT, batch);
  /* The table may have grown. */
  n = ns_add(t, kind, inode);
  n->fresh = false;
  n->asked = true;
  n->kept = batch;
  n->has_device = facts.has_device;
  n->device = facts.device;
  n->has_owner_uid = facts.has_owner_uid;
  n->owner_uid = facts.owner_uid;
  n->has_unique = facts.has_unique;
  n->unique = facts.unique;
  n->owner = facts.owner;
  n->parent = facts.parent;
}

void mounts_free(struct ns *n) {
  for (size_t i = 0; i < n->mount_count; i++) free((void *)(uintptr_t)n->mounts[i].path.p);
  free(n->mounts);
}

void ns_sweep(struct ns_table *t, uint64_t batch, void (*gone)(void *context, const struct ns *n), void *context) {
  size_t kept = 0;
  for (size_t i = 0; i < t->len; i++) {
    struct ns *n = &t->items[i];
    if (n->live == batch) {
      if (kept != i) t->items[kept] = *n;
      kept++;
      continue;
    }
    gone(context, n);
    mounts_free(n);
  }
  if (kept == t->len) return;
  t->len = kept;
  reindex(t);
}

void put_ns_id(struct buf *b, enum ns_kind kind, uint32_t inode) {
  if (inode == 0) {
    json_lit(b, "null");
    return;
  }
  json_lit(b, "\"");
  buf_put(b, KINDS[kind].name, strlen(KINDS[kind].name));
  json_lit(b, ":[");
  json_u64(b, inode);
  json_lit(b, "]\"");
}
