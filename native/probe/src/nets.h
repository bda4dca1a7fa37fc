/* The network namespaces of the machine, open, so that one of them can be asked
 * what it calls the others. */
#ifndef BULKHEAD_NETS_H
#define BULKHEAD_NETS_H

#include "network.h"

/* Opens the namespaces that processes are in, and those of `more`: words of
 * inode and path (see ns_open_path) in turn. Those with most processes come
 * first: most links lead there. */
void nets_open(struct known_nets *nets, int proc, struct span more);
void nets_close(struct known_nets *nets);

/* One of them; -1 where it is not among them or could not be opened. */
int net_of(const struct known_nets *nets, uint32_t inode);

#endif
