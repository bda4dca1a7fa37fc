/* Links, addresses, routes and the ids of other network namespaces, as the
 * present network namespace has them. Source: rtnetlink(7). */
#ifndef BULKHEAD_NETLINK_H
#define BULKHEAD_NETLINK_H

#include "util.h"

/* Appends a JSON object to `b`. False, with nothing appended, where the
 * kernel gives no netlink socket. */
bool put_network(struct buf *b, int proc);

#endif
