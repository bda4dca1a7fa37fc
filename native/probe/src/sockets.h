/* The sockets of a network namespace, and who holds them. */
#ifndef BULKHEAD_SOCKETS_H
#define BULKHEAD_SOCKETS_H

#include "util.h"

/* Whether the kernel tells unix sockets one record each (sock_diag(7)). Asking
 * a kernel that has not loaded that would make it load it. To be called once
 * before put_unix_sockets. */
bool unix_sockets_are_told(void);

/* Appends the unix sockets of the present network namespace as a list of
 * `[inode, listens, name]`, or null where they cannot be told. The text of
 * /proc/net/unix has a line each, but a name with a line end in it can add
 * lines that tell of sockets which do not exist. */
void put_unix_sockets(struct buf *b);

/* Appends pairs `[inode, pid]`: the processes below `proc` that hold one of the
 * sockets whose inodes are the words. All processes in the network namespace
 * are looked at, the others until each socket has a holder. */
void put_holders(struct buf *b, int proc, uint32_t net, struct span inodes);

/* The network namespace of a socket that another process holds, or -1: this
 * takes CAP_SYS_PTRACE over that process and CAP_NET_ADMIN over the namespace.
 * `found` says which socket it was. */
struct statx;
int open_net_of_socket(int pidfd, uint32_t number, struct statx *found);

#endif
