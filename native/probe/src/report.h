/* The lines that `enter` writes to stderr: what happened, beside the program's
 * own output. */
#ifndef BULKHEAD_REPORT_H
#define BULKHEAD_REPORT_H

#include "util.h"

/* `{"t":WHAT,KEY:TEXT}` */
void say_text(const char *what, const char *key, struct span text);

/* How the program ended, as wait(2) has it. */
void say_exit(int status);

#endif
