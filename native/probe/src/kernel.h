/* What the running kernel has, found out without making it load anything. */
#ifndef BULKHEAD_KERNEL_H
#define BULKHEAD_KERNEL_H

#include <stdbool.h>

/* Whether a part of the kernel is there: loaded as `module`, or built in, which
 * shows by the function `symbol`. Reading the kernel's symbols takes some
 * tens of milliseconds: remember the answer. */
bool kernel_has(const char *module, const char *symbol);

#endif
