/* The tables of the older iptables and ip6tables. */
#ifndef BULKHEAD_XTABLES_H
#define BULKHEAD_XTABLES_H

#include "util.h"

/* Appends the members `legacy`, `legacy6` (the tables `nat`) and
 * `legacyTables` (all others). */
void put_xtables(struct buf *b);

#endif
