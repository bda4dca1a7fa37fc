#ifndef BULKHEAD_NAT_H
#define BULKHEAD_NAT_H

#include "util.h"

/* Appends what translates, filters and sends on packets in the present network
 * namespace, as an object: see `network` in the probe's README. Rules are the
 * kernel's own messages: what they mean is read by who asked. */
void put_nat(struct buf *b, int proc);

#endif
