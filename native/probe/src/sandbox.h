/* Scanning and watching read, and write to stdout and stderr. Whoever takes
 * over the probe by what it reads can do no more than that. */
#ifndef BULKHEAD_SANDBOX_H
#define BULKHEAD_SANDBOX_H

#include <stdbool.h>

/* From here on the kernel ends the process at any system call that is not for
 * reading. False where it cannot filter them, which changes nothing. */
bool allow_only_reading(void);

#endif
