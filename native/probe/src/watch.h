/* Looks again and again, and answers commands, until stdin is closed. */
#ifndef BULKHEAD_WATCH_H
#define BULKHEAD_WATCH_H

#include "scan.h"

void watch(struct scanner *s, uint32_t interval_ms);

#endif
