/* Answers questions about one process or namespace, line by line, until stdin
 * is closed, or nothing came there for the time of `silence_ms`, if that is not
 * 0: native/probe/README.md has the protocol. Texts leave as the kernel writes
 * them; who asked takes them apart. */
#ifndef BULKHEAD_SERVE_H
#define BULKHEAD_SERVE_H

#include "util.h"

void serve(struct buf *out, uint32_t silence_ms);

#endif
