#include "xtables.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "json.h"

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

/* The names of a family's tables that are loaded. Asking for a table that is
 * not would make the kernel load its module: nothing here may change the
 * machine. */
struct loaded {
  char names[512];
  bool unread;
};

static void find_loaded(struct loaded *loaded, int family) {
  const char *path =
      family == AF_INET6 ? "/proc/thread-self/net/ip6_tables_names" : "/proc/thread-self/net/ip_tables_names";
  *loaded = (struct loaded){0};
  AUTO_CLOSE int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) {
    loaded->unread = errno != ENOENT;
    return;
  }
  ssize_t n = read(fd, loaded->names, sizeof loaded->names - 1);
  if (n < 0) loaded->unread = true;
}

static bool next_name(const char **rest, char name[TABLE_NAME]) {
  size_t length = strcspn(*rest, "\n");
  if (length == 0) return false;
  memset(name, 0, TABLE_NAME);
  memcpy(name, *rest, length < TABLE_NAME ? length : TABLE_NAME - 1);
  *rest += length + ((*rest)[length] == '\n' ? 1 : 0);
  return true;
}

static bool is_loaded(const struct loaded *loaded, const char *table) {
  char name[TABLE_NAME];
  for (const char *rest = loaded->names; next_name(&rest, name);) {
    if (strcmp(name, table) == 0) return true;
  }
  return false;
}

static void put_content(struct buf *b, const struct table_info *info, const struct table_entries *entries) {
  json_lit(b, "{\"hooks\":[");
  for (size_t i = 0; i < 5; i++) {
    if (i > 0) json_lit(b, ",");
    if ((info->valid_hooks >> i & 1U) != 0) {
      json_u64(b, info->hook_entry[i]);
    } else {
      json_lit(b, "null");
    }
  }
  json_lit(b, "],\"entries\":\"");
  json_hex(b, (struct span){(const char *)(entries + 1), info->size});
  json_lit(b, "\"}");
}

/* A table: where its chains begin, and its entries. Those of IPv4 and IPv6
 * differ in their length alone. */
static void put_table(struct buf *b, int family, const char *name) {
  int level = family == AF_INET6 ? IPPROTO_IPV6 : IPPROTO_IP;
  struct table_info info = {{0}, 0, {0}, {0}, 0, 0};
  (void)snprintf(info.name, sizeof info.name, "%s", name);
  AUTO_CLOSE int sock = socket(family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  socklen_t length = sizeof info;
  if (sock < 0 || getsockopt(sock, level, IPT_GET_INFO, &info, &length) != 0 || length != sizeof info ||
      info.size == 0 || info.size > MOST_LEGACY) {
    json_lit(b, "\"unread\"");
    return;
  }
  length = (socklen_t)(sizeof(struct table_entries) + info.size);
  struct table_entries *entries = xcalloc(1, length);
  (void)snprintf(entries->name, sizeof entries->name, "%s", name);
  entries->size = info.size;
  /* The kernel refuses where the size changed in between. */
  if (getsockopt(sock, level, IPT_GET_ENTRIES, entries, &length) == 0) {
    put_content(b, &info, entries);
  } else {
    json_lit(b, "\"unread\"");
  }
  free(entries);
}

static void put_nat_table(struct buf *b, int family, const struct loaded *loaded) {
  if (loaded->unread) {
    json_lit(b, "\"unread\"");
  } else if (is_loaded(loaded, "nat")) {
    put_table(b, family, "nat");
  } else {
    json_lit(b, "null");
  }
}

static void put_other_tables(struct buf *b, int family, const struct loaded *loaded, bool *first) {
  char name[TABLE_NAME];
  for (const char *rest = loaded->names; next_name(&rest, name);) {
    if (strcmp(name, "nat") == 0) continue;
    if (!*first) json_lit(b, ",");
    *first = false;
    json_lit(b, "{\"family\":");
    json_u64(b, (uint64_t)family);
    json_lit(b, ",\"table\":");
    json_cstr(b, name);
    json_lit(b, ",\"content\":");
    put_table(b, family, name);
    json_lit(b, "}");
  }
}

void put_xtables(struct buf *b) {
  struct loaded v4;
  struct loaded v6;
  bool first = true;
  find_loaded(&v4, AF_INET);
  find_loaded(&v6, AF_INET6);
  json_lit(b, "\"legacy\":");
  put_nat_table(b, AF_INET, &v4);
  json_lit(b, ",\"legacy6\":");
  put_nat_table(b, AF_INET6, &v6);
  json_lit(b, ",\"legacyTables\":[");
  put_other_tables(b, AF_INET, &v4, &first);
  put_other_tables(b, AF_INET6, &v6, &first);
  json_lit(b, "]");
}
