/* The network namespaces that links of the present one lead to. */
#ifndef BULKHEAD_NETWORK_OTHERS_H
#define BULKHEAD_NETWORK_OTHERS_H

#include "netlink.h"
#include "network.h"

/* A link whose other end is in another namespace. */
struct far_end {
  uint32_t index;
  uint32_t peer;
  int32_t nsid;
};

/* Names the namespaces that links lead to: `{"0":"net:[...]"}`. The ones with
 * most processes are tried first, and no more than it takes. `far` holds
 * struct far_end. */
void put_namespaces(struct buf *b, struct netlink *n, const struct known_nets *nets, const struct buf *far);

/* The names that other ends have where they are: `{"7":"eth0"}` by the index of
 * our end. It takes CAP_NET_ADMIN over that namespace. */
void put_peer_names(struct buf *b, struct netlink *n, const struct buf *far);

#endif
