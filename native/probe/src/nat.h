#ifndef BULKHEAD_NAT_H
#define BULKHEAD_NAT_H

#include "util.h"

/* Whether the kernel has nftables now. What is costly in finding that out is
 * remembered: ask before a child is started that would forget it. */
bool nft_is_here(void);

/* Appends the address translation rules of the present network namespace:
 * `{"nft":[{"family":2,"rule":"hex"},…]|null,"legacy":"hex"|null}`. Rules are
 * the kernel's own messages: what they mean is read by who asked. Of nftables
 * only those that translate, at most MOST_RULES. */
void put_nat(struct buf *b);

#endif
