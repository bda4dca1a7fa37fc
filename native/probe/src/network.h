/* Links, addresses, routes, rules of routing and the ids of other network
 * namespaces, as the present network namespace has them. Source:
 * rtnetlink(7). */
#ifndef BULKHEAD_NETWORK_H
#define BULKHEAD_NETWORK_H

#include "util.h"

/* A network namespace that others may lead to. */
struct known_net {
  uint32_t inode;
  int fd;         /* open, or -1 */
  uint32_t users; /* how many processes are in it */
};

struct known_nets {
  struct known_net *items;
  size_t len;
};

/* How much is wanted. */
enum network_part {
  NETWORK_WIRING, /* links and addresses */
  NETWORK_ALL,    /* routes and rules, too */
};

/* Appends a JSON object to `b`. False, with nothing appended, where the
 * kernel gives no netlink socket. */
bool put_network(struct buf *b, const struct known_nets *nets, enum network_part part);

#endif
