/* What every process has used so far. */
#ifndef BULKHEAD_USAGE_H
#define BULKHEAD_USAGE_H

#include "util.h"

struct use {
  uint64_t start; /* field 22 of stat: clock ticks since boot */
  uint64_t cpu;   /* user and system time together, in clock ticks */
  uint64_t rss;   /* resident pages, as field 24 of stat counts them */
};

/* /proc/<pid>/stat. The command name may hold anything: it ends at the last
 * `)`. */
bool parse_use(struct span text, struct use *use);

/* Appends `[pid,start,cpu,rss,read,written]` for each process below `proc`,
 * with commas: bytes read from and written to storage (proc(5), io), null
 * where the kernel does not say. */
void put_usage(struct buf *b, int proc);

#endif
