/* The namespaces found, their relations, and what keeps each alive. */
#ifndef BULKHEAD_NS_H
#define BULKHEAD_NS_H

#include "kinds.h"
#include "util.h"

/* A way to open a namespace. */
enum hold { HOLD_NONE, HOLD_PROCESS, HOLD_TASK, HOLD_FD, HOLD_MOUNT };

struct holder {
  enum hold how;
  uint32_t pid;
  uint32_t number;   /* thread or descriptor; mount: the thread whose tree it is, or 0 */
  enum ns_link link; /* process and thread */
  struct span path;  /* mount */
};

struct mount_pin {
  enum ns_kind kind;
  uint32_t inode;
  struct span path; /* its own copy */
};

struct ns {
  enum ns_kind kind;
  uint32_t inode;
  bool asked; /* the kernel was asked for the facts below */
  bool has_device;
  bool has_owner_uid;
  bool has_unique;
  bool fresh;     /* being asked: ends the walk to owners and parents */
  uint32_t owner; /* inodes; 0 unknown or none */
  uint32_t parent;
  uint32_t owner_uid;
  uint64_t device;
  uint64_t unique;
  uint64_t live; /* the batch in which it was last found */
  uint64_t kept; /* the last batch in which it still had a holder of the batch before */
  uint64_t hash; /* of the record that was sent last; 0 before */
  struct holder holder;
  uint8_t failures; /* how often it could not be opened */
  /* Mount namespaces: which process shows the mounts best, and the
   * namespaces that are mounted somewhere inside. */
  uint64_t reader_batch;
  uint64_t mounts_due;
  uint32_t reader;
  uint32_t reader_task; /* the thread that is in it where its leader is not; else 0 */
  uint8_t reader_rank;
  bool touched; /* one of its processes ran */
  struct mount_pin *mounts;
  size_t mount_count;
};

struct ns_table {
  struct ns *items;
  size_t len;
  size_t cap;
  size_t *index; /* open addressing: position in items + 1 */
  size_t slots;
};

/* The namespace, or NULL. Pointers hold until the next ns_add. */
struct ns *ns_find(const struct ns_table *t, enum ns_kind kind, uint32_t inode);
struct ns *ns_add(struct ns_table *t, enum ns_kind kind, uint32_t inode);

/* Opens a namespace through its holder below `proc`; -1 when that is gone or
 * is another namespace by now. */
int ns_open(int proc, const struct ns *n);

/* The kind of an open namespace; false for any other file. */
bool ns_kind_of(int fd, enum ns_kind *kind);

/* Opens a namespace by a path below /proc: PID/ns/KIND, PID/task/TID/ns/KIND,
 * PID/fd/NUMBER (also a socket of that namespace), or PID/root/PLACE or
 * PID/task/TID/root/PLACE for one that is mounted there. -1 where that is no namespace, or
 * another one. */
int ns_open_path(int proc, const char *path, enum ns_kind kind, uint32_t inode);

/* Asks the kernel for the facts of the namespace behind `fd`, and walks up to
 * owners and parents, which are added: they may have no process at all. */
void ns_ask(struct ns_table *t, int fd, uint64_t batch);

/* Removes what is not `live` in this batch; `gone` hears of each. */
void ns_sweep(struct ns_table *t, uint64_t batch, void (*gone)(void *context, const struct ns *n), void *context);

/* Frees the pins inside a mount namespace. */
void mounts_free(struct ns *n);

/* Appends "net:[4026531840]" in quotes, or null for inode 0. */
void put_ns_id(struct buf *b, enum ns_kind kind, uint32_t inode);

/* Reads a link such as `ns/net` below `dir`. The inode; 0 with errno set when
 * it cannot be read (ENOENT also for an empty link). */
uint32_t ns_readlink(int dir, const char *name, enum ns_kind kind);

#endif
