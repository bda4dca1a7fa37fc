/* What is to be entered, and how: the arguments of `enter`. */
#ifndef BULKHEAD_PLAN_H
#define BULKHEAD_PLAN_H

#include <sys/ioctl.h>

#include "kinds.h"
#include "util.h"

struct plan {
  uint32_t pid;
  uint64_t start;
  const char *exe; /* the name that the target's program must have; NULL: any */
  uint32_t base;   /* the process whose mount tree is taken where the target's is not joined; 0: none */
  uint64_t base_start;
  const char *base_exe;
  uint32_t engine; /* the engine's process: when it ends, so does what was started; 0: none */
  uint64_t engine_start;
  uint32_t silence; /* after so many milliseconds of silence all ends, too; 0: never */
  bool kinds[NS_KINDS];
  bool root;
  bool own_user;
  struct winsize size;
  const char *shell; /* a static shell of ours, opened before anything is joined */
  char **command;    /* ends with NULL; empty: a shell */
};

/* False where the arguments are none of these. */
bool parse_plan(struct plan *plan, int argc, char **argv);

#endif
