/* The eight kinds of namespaces and the ten links of /proc/<pid>/ns. */
#ifndef BULKHEAD_KINDS_H
#define BULKHEAD_KINDS_H

#include <stdbool.h>
#include <stdint.h>

enum ns_kind { NS_CGROUP, NS_IPC, NS_MNT, NS_NET, NS_PID, NS_TIME, NS_USER, NS_UTS, NS_KINDS };

/* In alphabetical order, which is also the order of output. */
enum ns_link {
  LINK_CGROUP,
  LINK_IPC,
  LINK_MNT,
  LINK_NET,
  LINK_PID,
  LINK_PID_FOR_CHILDREN,
  LINK_TIME,
  LINK_TIME_FOR_CHILDREN,
  LINK_USER,
  LINK_UTS,
  NS_LINKS
};

struct kind_facts {
  const char *name;
  /* The inode of the initial namespace where the kernel fixes it, else 0. net
   * and mnt have theirs only since about 6.18; dynamic numbers start above
   * all of these (0xF0000000), so a match is never a coincidence. */
  uint64_t initial;
  bool always_fixed;
  /* CLONE_NEW..., which is also what ioctl_nsfs(2) answers. Spelt out because
   * the headers at hand may be older than the kernel. */
  int flag;
};

extern const struct kind_facts KINDS[NS_KINDS];

struct link_facts {
  const char *name;
  enum ns_kind kind;
};

extern const struct link_facts LINKS[NS_LINKS];

#endif
