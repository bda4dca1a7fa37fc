/* Who is entered: a process held by descriptors from the moment it was
 * checked, so that a reused pid cannot be entered in its place. */
#ifndef BULKHEAD_TARGET_H
#define BULKHEAD_TARGET_H

#include "kinds.h"
#include "parse.h"
#include "util.h"

#define MAX_ID_MAP 340U /* the kernel's own limit, user_namespaces(7) */
#define MAX_GROUPS 1024U

struct id_map {
  struct {
    uint32_t inside;
    uint32_t outside;
    uint32_t count;
  } lines[MAX_ID_MAP];
  size_t len;
};

struct target {
  int ns[NS_KINDS]; /* -1 where the kind is not joined */
  int dir;          /* of /proc: whoever has its pid later is not read through it */
  int root;         /* its root directory; -1 when not taken */
  uint32_t pid;
  uint32_t uid; /* its ids as we see them: the kernel translates them, not we */
  uint32_t gid;
  uint32_t groups[MAX_GROUPS];
  size_t group_count;
  struct id_map uids;
  struct id_map gids;
  bool foreign; /* it is in another user namespace than ours, and that is not joined */
  struct status_facts status;
};

/* Opens the process's directory below `proc`, checked to be its own. `start` is
 * its start time in clock ticks, or 0 for whatever process has the pid. Reads
 * nothing that waits for the process. -1 with one sentence in `error`. */
int target_find(int proc, uint32_t pid, uint64_t start, struct buf *error);

/* Opens what is asked for of the process. `kinds` says which namespaces. False
 * with one sentence in `error`. */
bool target_open(struct target *t, int proc, uint32_t pid, uint64_t start, const bool *kinds, bool root,
                 struct buf *error);

/* Whether the kernel says that the process runs a program of this name
 * (NULL: any). Its arguments say what it likes. False with a sentence. */
bool target_runs(const struct target *t, const char *name, struct buf *error);

/* Joins what was opened. The user namespace comes last, since the rights in
 * the others are those of the namespace that is left. False with a sentence. */
bool target_join(const struct target *t, struct buf *error);

/* Joins only the target's user namespace and becomes its user, or that
 * namespace's root. The rights over anything outside end here. What had to be
 * done otherwise is said in `notices`. */
bool target_become(const struct target *t, bool own_user, struct buf *notices, struct buf *error);

void error_text(struct buf *error, const char *fmt, ...) PRINTF(2, 3);

/* Adds a sentence for whoever enters, which ends with a NUL. */
void add_notice(struct buf *notices, const char *fmt, ...) PRINTF(2, 3);

#endif
