/* The machine: what is the same for every batch. */
#ifndef BULKHEAD_HOST_H
#define BULKHEAD_HOST_H

#include "kinds.h"
#include "util.h"

struct host {
  uint32_t initial[NS_KINDS]; /* inodes; 0 unknown */
  uint32_t self[NS_KINDS];
  uint64_t nsfs_device; /* 0 unknown */
  /* /proc is of the pid namespace that the probe itself is in, so that its
   * numbers may be handed to system calls. */
  bool own_pids;
  /* /proc hides other users' processes from the probe. */
  bool hidden;
};

/* Reads the facts and appends the host frame to `out`. */
void host_read(struct host *host, int proc, struct buf *out);

/* By the kernel's constants, or because kthreadd is in it. */
bool host_is_initial(const struct host *host, enum ns_kind kind, uint32_t inode);

#endif
