/* Who is entered: a process held by descriptors from the moment it was
 * checked, so that a reused pid cannot be entered in its place. */
#ifndef BULKHEAD_TARGET_H
#define BULKHEAD_TARGET_H

#include "kinds.h"
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
  int root;         /* its root directory; -1 when not taken */
  uint32_t uid;
  uint32_t gid;
  uint32_t groups[MAX_GROUPS];
  size_t group_count;
  struct id_map uids;
  struct id_map gids;
  struct buf environ; /* as the kernel shows it: strings that end with a NUL */
};

/* Opens what is asked for of the process. `kinds` says which namespaces;
 * `start` is its start time in clock ticks, or 0 for whatever process has
 * the pid. False with one sentence in `error`. */
bool target_open(struct target *t, uint32_t pid, uint64_t start, const bool *kinds, bool root, struct buf *error);

/* Joins what was opened. The user namespace comes last, since the rights in
 * the others are those of the namespace that is left. False with a sentence. */
bool target_join(const struct target *t, struct buf *error);

/* Joins only the target's user namespace and becomes its user, or that
 * namespace's root. The rights over anything outside end here. */
bool target_become(const struct target *t, bool own_user, struct buf *error);

void error_text(struct buf *error, const char *fmt, ...) PRINTF(2, 3);

#endif
