#include "parse.h"

#define ID_DIGITS 64

static bool holds_id(struct span path) {
  size_t run = 0;
  for (size_t i = 0; i <= path.n; i++) {
    bool digit = i < path.n && ((path.p[i] >= '0' && path.p[i] <= '9') || (path.p[i] >= 'a' && path.p[i] <= 'f'));
    if (!digit && run == ID_DIGITS) return true;
    run = digit ? run + 1 : 0;
  }
  return false;
}

static bool same(struct span a, struct span b) { return a.n == b.n && memcmp(a.p, b.p, a.n) == 0; }

static void add_other(struct cgroup_facts *facts, struct span path) {
  if (path.n < 2 || facts->other_count == MAX_OTHER_CGROUPS) return;
  for (size_t i = 0; i < facts->other_count; i++) {
    if (same(facts->others[i], path)) return;
  }
  facts->others[facts->other_count++] = path;
}

/* Whether one of version 1's controllers that limit or count is among these. */
static bool limits(struct span controllers) {
  static const char *const LIMITING[] = {"memory", "cpu", "cpuacct", "cpuset", "pids", "blkio", "devices"};
  while (controllers.n > 0) {
    struct span name = take_until(&controllers, ',');
    for (size_t i = 0; i < sizeof LIMITING / sizeof *LIMITING; i++) {
      if (span_is(name, LIMITING[i])) return true;
    }
  }
  return false;
}

bool parse_cgroup(struct span text, struct cgroup_facts *facts) {
  enum { ROOT, LONGEST, SYSTEMD, UNIFIED, WITH_ID };
  *facts = (struct cgroup_facts){0};
  bool found = false;
  int best = ROOT;
  struct span root = {0};
  bool limited = false;
  while (text.n > 0) {
    struct span line = take_until(&text, '\n');
    struct span id = take_until(&line, ':');
    struct span controllers = take_until(&line, ':');
    struct span path = line;
    uint32_t number = 0;
    if (!parse_u32(id, &number) || path.n == 0 || path.p[0] != '/') continue;
    bool unified = number == 0 && controllers.n == 0;
    if (unified) {
      facts->v2 = true;
    } else {
      facts->v1 = true;
    }
    int rank = LONGEST;
    if (path.n == 1) {
      rank = ROOT;
    } else if (unified) {
      rank = UNIFIED;
    } else if (span_is(controllers, "name=systemd")) {
      rank = SYSTEMD;
    }
    if (holds_id(path)) rank += WITH_ID;
    if (!unified && limits(controllers)) {
      if (path.n == 1) root = path;
      if (rank >= WITH_ID) limited = true;
    }
    bool longer = best % WITH_ID == LONGEST && rank == best && path.n > facts->path.n;
    if (!found || rank > best || longer) {
      if (found && !same(path, facts->path)) add_other(facts, facts->path);
      facts->path = path;
      best = rank;
      found = true;
    } else if (!same(path, facts->path)) {
      add_other(facts, path);
    }
  }
  /* A path that was noted as another one may have been chosen since. */
  size_t kept = 0;
  for (size_t i = 0; i < facts->other_count; i++) {
    if (!same(facts->others[i], facts->path)) facts->others[kept++] = facts->others[i];
  }
  facts->other_count = kept;
  /* Runtimes join a container to the same path in all of these: one in the root
   * was taken out of it there. The root of any other hierarchy tells nothing. */
  if (limited && root.n == 1 && kept < MAX_OTHER_CGROUPS) facts->others[facts->other_count++] = root;
  return found;
}
