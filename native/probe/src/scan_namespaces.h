/* The part of a batch that is about namespaces: which there are, what holds
 * each, and what the kernel says of it. After the processes were read. */
#ifndef BULKHEAD_SCAN_NAMESPACES_H
#define BULKHEAD_SCAN_NAMESPACES_H

#include "scan.h"

/* Reads the mount tables: namespaces may be mounted somewhere. */
void scan_mounts(struct scanner *s);

/* Writes the namespaces whose facts changed, and which are no more. */
void scan_namespaces(struct scanner *s);

#endif
