#include "nat.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "json.h"
#include "nft.h"

#define MOST_LEGACY (4U << 20)
/* linux/netfilter_ipv4/ip_tables.h, which cannot stand beside net/if.h. */
#define IPT_GET_INFO 64
#define IPT_GET_ENTRIES 65
#define TABLE_NAME 32

struct table_info {
  char name[TABLE_NAME];
  uint32_t valid_hooks;
  uint32_t hook_entry[5];
  uint32_t underflow[5];
  uint32_t num_entries;
  uint32_t size;
};

struct table_entries {
  char name[TABLE_NAME];
  uint32_t size;
  /* The kernel's struct has its entries on a boundary of eight. */
  uint32_t padding;
};

enum legacy { LEGACY_NONE, LEGACY_UNREAD, LEGACY_READ };

/* Asking for a table that is not there would make the kernel load the module
 * of it: nothing here may change the machine. */
static enum legacy find_legacy(const char *path) {
  AUTO_CLOSE int fd = open(path, O_RDONLY | O_CLOEXEC);
  char names[512];
  if (fd < 0) return errno == ENOENT ? LEGACY_NONE : LEGACY_UNREAD;
  ssize_t n = read(fd, names, sizeof names - 1);
  if (n < 0) return LEGACY_UNREAD;
  names[n] = '\0';
  for (char *save = NULL, *name = strtok_r(names, "\n", &save); name != NULL; name = strtok_r(NULL, "\n", &save)) {
    if (strcmp(name, "nat") == 0) return LEGACY_READ;
  }
  return LEGACY_NONE;
}

/* The table of the older iptables or ip6tables: where its chains begin, and
 * its entries. They differ in their length alone. */
static void put_legacy(struct buf *b, int family) {
  bool v6 = family == AF_INET6;
  int level = v6 ? IPPROTO_IPV6 : IPPROTO_IP;
  enum legacy found = find_legacy(v6 ? "/proc/thread-self/net/ip6_tables_names" : "/proc/thread-self/net/ip_tables_names");
  struct table_info info = {.name = "nat"};
  struct table_entries *entries = NULL;
  if (found == LEGACY_READ) {
    found = LEGACY_UNREAD;
    AUTO_CLOSE int sock = socket(family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    socklen_t length = sizeof info;
    if (sock >= 0 && getsockopt(sock, level, IPT_GET_INFO, &info, &length) == 0 && length == sizeof info && info.size > 0 && info.size <= MOST_LEGACY) {
      length = (socklen_t)(sizeof *entries + info.size);
      entries = xcalloc(1, length);
      memcpy(entries->name, "nat", 4);
      entries->size = info.size;
      /* The kernel refuses where the size changed in between. */
      if (getsockopt(sock, level, IPT_GET_ENTRIES, entries, &length) == 0) found = LEGACY_READ;
    }
  }
  if (found == LEGACY_READ && entries != NULL) {
    json_lit(b, "{\"hooks\":[");
    for (size_t i = 0; i < 5; i++) {
      if (i > 0) json_lit(b, ",");
      if ((info.valid_hooks >> i & 1U) != 0) {
        json_u64(b, info.hook_entry[i]);
      } else {
        json_lit(b, "null");
      }
    }
    json_lit(b, "],\"entries\":");
    json_lit(b, "\"");
    json_hex(b, (struct span){(const char *)(entries + 1), info.size});
    json_lit(b, "\"}");
  } else if (found == LEGACY_UNREAD) {
    json_lit(b, "\"unread\"");
  } else {
    json_lit(b, "null");
  }
  free(entries);
}

void put_nat(struct buf *b) {
  json_lit(b, "{");
  put_nft(b);
  json_lit(b, ",\"legacy\":");
  put_legacy(b, AF_INET);
  json_lit(b, ",\"legacy6\":");
  put_legacy(b, AF_INET6);
  json_lit(b, "}");
}
