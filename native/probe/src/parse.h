/* Kernel text to facts. Pure: bytes in, values out; spans point into the
 * input. Every parser accepts any bytes and says false where it cannot read
 * them, so that one broken record stays one broken record. */
#ifndef BULKHEAD_PARSE_H
#define BULKHEAD_PARSE_H

#include "kinds.h"
#include "util.h"

/* Decimal digits only, the whole span, no overflow. */
bool parse_u64(struct span text, uint64_t *value);
bool parse_u32(struct span text, uint32_t *value);

/* The first field of `rest` up to `stop` (or its end); `rest` moves past it. */
struct span take_until(struct span *rest, char stop);

struct stat_facts {
  struct span comm;
  char state;
  uint32_t ppid;
  uint32_t threads;
  uint64_t start; /* field 22: clock ticks since boot */
  bool kernel_thread;
};

/* /proc/<pid>/stat. The command name may hold spaces, parentheses and
 * newlines: it ends at the last `)`. */
bool parse_stat(struct span text, struct stat_facts *facts);

/* The kernel's own limit of nested PID namespaces is 32. */
#define MAX_PID_LEVELS 33

enum cap_set { CAP_INH, CAP_PRM, CAP_EFF, CAP_BND, CAP_AMB, CAP_SETS };

struct status_facts {
  uint32_t uid[4];
  uint32_t gid[4];
  uint32_t ns_pids[MAX_PID_LEVELS];
  size_t levels;
  uint64_t caps[CAP_SETS];
  bool has_seccomp;
  bool has_no_new_privs;
  uint8_t seccomp;
  bool no_new_privs;
};

/* /proc/<pid>/status, in one pass. False without uids and gids. */
bool parse_status(struct span text, struct status_facts *facts);

/* A v1 kernel has about a dozen hierarchies; in practice they hold two or
 * three different paths. */
#define MAX_OTHER_CGROUPS 4

struct cgroup_facts {
  bool v1; /* a v1 hierarchy is there */
  bool v2; /* the unified hierarchy is there */
  struct span path;
  struct span others[MAX_OTHER_CGROUPS]; /* further paths, none of them the root or told before */
  size_t other_count;
};

/* /proc/<pid>/cgroup. A path that holds the id of a container (64 hexadecimal
 * digits) comes first: with hybrid cgroups the unified hierarchy has no
 * controllers, and engines leave containers in their own service there. Among
 * equals it is the unified hierarchy's, else systemd's own, else the longest; a
 * hierarchy in which the process sits at the root tells nothing and gives way
 * to one that does. */
bool parse_cgroup(struct span text, struct cgroup_facts *facts);

/* What readlink prints for a namespace: `net:[4026531840]`. */
bool parse_ns_name(struct span text, enum ns_kind *kind, uint64_t *inode);

struct mount_facts {
  struct span root;  /* the part of the file system that is mounted */
  struct span point; /* where, with the kernel's octal escapes */
  struct span type;
};

/* One line of mountinfo. */
bool parse_mount(struct span line, struct mount_facts *facts);

/* Undoes the kernel's octal escapes (\040); returns the length written to
 * `out`, which has room for text.n bytes. */
size_t unescape_mount(struct span text, char *out);

enum command_kind { COMMAND_NONE, COMMAND_BAD, COMMAND_RESCAN, COMMAND_INTERVAL };

#define MIN_INTERVAL_MS 20U
#define MAX_INTERVAL_MS 3600000U

struct command {
  enum command_kind kind;
  uint32_t interval_ms;
};

/* One line of stdin, without its newline. */
struct command parse_command(struct span line);

#endif
