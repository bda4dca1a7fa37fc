/* One batch: looks at everything once and writes what changed since the batch
 * before, which for the first batch is everything. */
#ifndef BULKHEAD_SCAN_H
#define BULKHEAD_SCAN_H

#include "host.h"
#include "ns.h"
#include "process.h"

struct scanner {
  bool once; /* there is no second batch */
  struct host host;
  struct reader reader;
  struct ns_table namespaces;
  struct process *processes; /* ascending by pid */
  size_t count;
  struct buf pids;
  struct buf gone; /* pids of this batch, ascending, as uint32_t */
  struct buf record;
  struct buf *out;
  uint64_t closed;   /* processes of which nothing may be read */
  uint64_t vanished; /* processes that ended while being read */
  uint64_t pins_cut;
  uint64_t mounts_cut;
  bool changed; /* namespaces or what holds them may have changed */
};

/* Output is written when there is more of it than this. */
#define FLUSH_AT 60000U

/* Whether what has this number (a pid, an inode) is due to be read again in
 * this batch, though nothing shows that it changed. */
bool rotates(const struct scanner *s, uint32_t number);

/* Opens /proc and writes the host frame. Ends the probe when there is none. */
void scanner_open(struct scanner *s, struct buf *out);

void scanner_batch(struct scanner *s);

#endif
