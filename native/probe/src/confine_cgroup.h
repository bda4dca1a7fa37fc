/* The cgroups of a target, and joining them. */
#ifndef BULKHEAD_CONFINE_CGROUP_H
#define BULKHEAD_CONFINE_CGROUP_H

#include "confine.h"

/* Opens the files by which a process is moved into them (cgroup.procs).
 * False where one of them is frozen. */
bool read_cgroups(struct confinement *c, int proc, int dir);

/* Where one cannot be joined the program may make no device files either. */
void join_cgroups(struct confinement *c);

#endif
