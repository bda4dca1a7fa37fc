#ifndef BULKHEAD_NAT_H
#define BULKHEAD_NAT_H

#include "util.h"

/* Appends the address translation rules of the present network namespace:
 * `{"nft":[{"family":2,"rule":"hex"},…]|null,"legacy":"hex"|null}`. Rules are
 * the kernel's own messages: what they mean is read by who asked. Of nftables
 * only those that translate, at most MOST_RULES. */
void put_nat(struct buf *b);

#endif
