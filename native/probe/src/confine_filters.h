/* The seccomp filters of a target, read by stopping it for a moment. */
#ifndef BULKHEAD_CONFINE_FILTERS_H
#define BULKHEAD_CONFINE_FILTERS_H

#include "confine.h"

/* Into c->filters, or a notice why there are none. */
void read_filters(struct confinement *c, int dir, uint32_t pid);

/* False with errno. */
bool install_filters(const struct buf *filters);

#endif
