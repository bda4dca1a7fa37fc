#include "mounts.h"

#include <stdio.h>
#include <stdlib.h>

#include "parse.h"

#define TABLE_LIMIT (8U << 20)
/* A long table is read again only so often that about this much a batch is. */
#define BYTES_PER_BATCH (256U << 10)

static void add(struct ns *list, enum ns_kind kind, uint32_t inode, struct span point) {
  list->mounts = xrealloc(list->mounts, list->mount_count + 1, sizeof *list->mounts);
  char *path = xcalloc(point.n, 1);
  size_t n = unescape_mount(point, path);
  list->mounts[list->mount_count++] = (struct mount_pin){kind, inode, {path, n}};
}

static bool same(const struct ns *a, const struct ns *b) {
  if (a->mount_count != b->mount_count) return false;
  for (size_t i = 0; i < a->mount_count; i++) {
    const struct mount_pin *x = &a->mounts[i];
    const struct mount_pin *y = &b->mounts[i];
    if (x->kind != y->kind || x->inode != y->inode || x->path.n != y->path.n ||
        memcmp(x->path.p, y->path.p, x->path.n) != 0)
      return false;
  }
  return true;
}

static void drop(struct ns *n) {
  mounts_free(n);
  n->mounts = NULL;
  n->mount_count = 0;
}

bool mounts_read(int proc, struct ns *n, struct buf *text, uint64_t batch, bool *cut) {
  char who[32];
  char path[48];
  if (n->reader_task == 0) {
    (void)snprintf(who, sizeof who, "%u", n->reader);
  } else {
    (void)snprintf(who, sizeof who, "%u/task/%u", n->reader, n->reader_task);
  }
  (void)snprintf(path, sizeof path, "%s/ns/mnt", who);
  if (ns_readlink(proc, path, NS_MNT) != n->inode) return false;
  (void)snprintf(path, sizeof path, "%s/mountinfo", who);
  ssize_t size = read_at(proc, path, text, TABLE_LIMIT, true);
  /* The process has gone, and takes the table with it: the next batch asks
   * another one. */
  if (size <= 0) return false;
  if ((size_t)size >= TABLE_LIMIT) *cut = true;
  n->mounts_due = batch + 1 + (uint64_t)size / BYTES_PER_BATCH;

  struct ns found = {0};
  struct span rest = {text->data, (size_t)size};
  while (rest.n > 0) {
    struct span line = take_until(&rest, '\n');
    struct mount_facts mount;
    enum ns_kind kind;
    uint64_t inode = 0;
    if (memmem(line.p, line.n, " - nsfs ", 8) != NULL && parse_mount(line, &mount) && span_is(mount.type, "nsfs") &&
        parse_ns_name(mount.root, &kind, &inode) && inode <= UINT32_MAX)
      add(&found, kind, (uint32_t)inode, mount.point);
  }
  if (same(n, &found)) {
    drop(&found);
    return false;
  }
  drop(n);
  n->mounts = found.mounts;
  n->mount_count = found.mount_count;
  return true;
}
