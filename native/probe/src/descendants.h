/* Ending whatever a program has started. */
#ifndef BULKHEAD_DESCENDANTS_H
#define BULKHEAD_DESCENDANTS_H

#include <sys/types.h>

#include "util.h"

/* Ends every descendant: what lost its parent is a child of ours, since we are
 * the subreaper. New ones may be born meanwhile, so it goes on until there is
 * none. `leader` leads the session of the program; 0 before it has one. */
void end_all(pid_t leader);

#endif
