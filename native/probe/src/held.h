/* The namespaces that a process holds: those that it is in, those of its
 * threads, and those that its descriptors lead to. */
#ifndef BULKHEAD_HELD_H
#define BULKHEAD_HELD_H

#include "process.h"

/* `dir` is the process's directory of /proc. False when it is gone. */
bool read_links(struct process *p, int dir);

/* After read_links. Where that may not be read (p->forbidden) there are none. */
void read_tasks(struct reader *r, struct process *p, int dir);

void read_fds(struct reader *r, struct process *p, int dir);

#endif
