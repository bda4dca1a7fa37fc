/* What holds each namespace other than a process that is in it. */
#ifndef BULKHEAD_PINS_H
#define BULKHEAD_PINS_H

#include "ns.h"
#include "process.h"

enum pin_type { PIN_MOUNT, PIN_FD, PIN_THREAD, PIN_FOR_CHILDREN };

struct pin_entry {
  enum ns_kind kind;
  uint32_t inode;
  enum pin_type type;
  uint32_t pid;     /* mount: the inode of the mount namespace */
  uint32_t number;  /* fd: the descriptor; thread: its id */
  bool socket;      /* fd: it is a socket of that network namespace */
  struct span path; /* mount: borrowed from the namespace table */
};

/* Ascending by namespace. */
struct pin_report {
  struct pin_entry *items;
  size_t len;
  size_t cap;
};

/* More pins of one namespace than this are counted and not told. */
#define PINS_PER_NAMESPACE 32U

/* Collects the pins of this batch. Returns how many are left out of what is
 * written. */
uint64_t pins_collect(struct pin_report *report, const struct process *processes, size_t count,
                      const struct ns_table *namespaces, uint64_t batch);

/* The first pin of a namespace, and how many there are. */
const struct pin_entry *pins_of(const struct pin_report *report, enum ns_kind kind, uint32_t inode, size_t *count);

void pins_free(struct pin_report *report);

#endif
