/* Looks again and again, and answers commands, until stdin is closed, or
 * nothing came there for the time of `silence_ms`, if that is not 0. */
#ifndef BULKHEAD_WATCH_H
#define BULKHEAD_WATCH_H

#include "scan.h"

void watch(struct scanner *s, uint32_t interval_ms, uint32_t silence_ms);

#endif
