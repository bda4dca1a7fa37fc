/* Namespaces kept by a bind mount: `ip netns add`, docker's netns folder,
 * `unshare --net=FILE`. Each mount namespace has its own table. */
#ifndef BULKHEAD_MOUNTS_H
#define BULKHEAD_MOUNTS_H

#include "ns.h"

/* Reads the mount table that the process `reader` of mount namespace `n`
 * sees, through `text`. True when its pins are not those of the last time.
 * `cut` is set when the table is too long to be read whole. */
bool mounts_read(int proc, struct ns *n, struct buf *text, uint64_t batch, bool *cut);

#endif
