/* What holds a process down besides its user: capabilities, no_new_privs,
 * seccomp, the label of a security module, and its cgroup with its list of
 * devices. A program that is entered as the target gets no more than it has. */
#ifndef BULKHEAD_CONFINE_H
#define BULKHEAD_CONFINE_H

#include "parse.h"
#include "util.h"

#define MAX_HIERARCHIES 32U

struct confinement {
  uint64_t caps[CAP_SETS];
  uint8_t seccomp;              /* the mode, as in status */
  struct buf filters;           /* of seccomp, oldest first: each a length (uint32_t) and its instructions */
  char label[256];              /* to be written to attr/exec; empty: none */
  bool apparmor;                /* whose label it is: AppArmor's, else SELinux's or Smack's */
  int cgroups[MAX_HIERARCHIES]; /* cgroup.procs of each that is not ours already */
  size_t cgroup_count;
  bool outside_cgroup; /* one of them cannot be joined */
  struct buf notices;  /* what cannot be taken over: sentences, each ends with a NUL */
};

/* Reads it from `dir`, the target's directory of /proc. `proc` is that /proc.
 * The target is stopped for a moment, since only a tracer may read its seccomp
 * filters (ptrace(2), PTRACE_SECCOMP_GET_FILTER). False with a sentence where
 * the target is frozen: whoever joins its cgroup would freeze, too. */
bool confinement_read(struct confinement *c, int proc, int dir, uint32_t pid, const struct status_facts *status,
                      struct buf *error);

/* The first step, while we are still root outside: cgroups and label. */
void confine_outside(struct confinement *c, int proc);

/* The second step, as the target's user: capabilities and no_new_privs.
 * `foreign`: the target's user namespace is not the one that we are in, so
 * its capabilities say nothing here and none is kept. False with a sentence
 * when something cannot be dropped. */
bool confine_inside(struct confinement *c, bool foreign, struct buf *error);

/* The last step: seccomp. False with a sentence. */
bool confine_system_calls(const struct confinement *c, struct buf *error);

/* Takes all permitted capabilities into the effective set, after a change of
 * user that kept them. */
void raise_capabilities(void);

#endif
