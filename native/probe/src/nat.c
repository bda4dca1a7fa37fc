#include "nat.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netlink.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "dir.h"
#include "json.h"

#define ANSWER 65536U
/* Of the kernel's messages together: a Kubernetes node has rules for every
 * service, and a set may hold the addresses of half the world. What is beyond
 * is cut off, and said to be. */
#define MOST_BYTES (4U << 20)
#define MOST_SETS 1024U
#define MOST_LEGACY (4U << 20)
/* The kernel allows names of 127 bytes for chains, and longer ones of newer. */
#define NAME_ROOM 256U
/* Rules that change while they are read are read again so often. */
#define TRIES 5
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

static void put_hex(struct buf *b, const unsigned char *bytes, size_t length) {
  static const char DIGITS[] = "0123456789abcdef";
  json_lit(b, "\"");
  char *to = buf_room(b, 2 * length);
  for (size_t i = 0; i < length; i++) {
    to[2 * i] = DIGITS[bytes[i] >> 4];
    to[2 * i + 1] = DIGITS[bytes[i] & 15];
  }
  b->len += 2 * length;
  json_lit(b, "\"");
}

struct piece {
  unsigned type;
  const unsigned char *data;
  size_t length;
};

/* The next attribute of a run of them; false at its end or where it is broken. */
static bool next_piece(const unsigned char **at, size_t *left, struct piece *piece) {
  struct nlattr head;
  if (*left < sizeof head) return false;
  memcpy(&head, *at, sizeof head);
  if (head.nla_len < sizeof head || head.nla_len > *left) return false;
  piece->type = head.nla_type & 0x3fffU; /* NLA_TYPE_MASK */
  piece->data = *at + sizeof head;
  piece->length = head.nla_len - sizeof head;
  size_t step = (head.nla_len + 3U) & ~(size_t)3U;
  if (step > *left) step = *left;
  *at += step;
  *left -= step;
  return true;
}

static bool is_text(const struct piece *piece, const char *text) {
  size_t length = strlen(text);
  return piece->length > length && memcmp(piece->data, text, length + 1) == 0;
}

/* Whether nftables are part of the kernel itself. Its symbols are megabytes, so
 * this is found out once. */
static bool nft_is_built_in(void) {
  static int known = -1;
  if (known >= 0) return known != 0;
  known = 0;
  FILE *symbols = fopen("/proc/kallsyms", "re");
  if (symbols == NULL) return false;
  char line[512];
  while (known == 0 && fgets(line, sizeof line, symbols) != NULL) {
    if (strstr(line, " nf_tables_newrule") != NULL) known = 1;
  }
  (void)fclose(symbols);
  return known != 0;
}

/* Asking nftables where they are not loaded would make the kernel load them. */
bool nft_is_here(void) {
  if (access("/sys/module/nf_tables", F_OK) == 0) return true;
  /* A kernel without modules loads nothing. */
  return access("/proc/modules", F_OK) != 0 || nft_is_built_in();
}


/* A table with a chain that translates: all of its rules are told, since any
 * of its chains may be jumped to. */
struct nat_table {
  uint8_t family;
  char name[NAME_ROOM];
};

struct nat_set {
  uint8_t family;
  char table[NAME_ROOM];
  char name[NAME_ROOM];
};

void nat_rules_free(struct nat_rules *rules) {
  buf_free(&rules->chains);
  buf_free(&rules->sets);
  buf_free(&rules->rules);
  buf_free(&rules->tables);
  buf_free(&rules->asked);
}

/* The name with its end; false where there is none or it is too long. */
static bool copy_name(char *to, const struct piece *piece) {
  size_t n = strnlen((const char *)piece->data, piece->length);
  if (n == 0 || n >= NAME_ROOM || n == piece->length) return false;
  memset(to, 0, NAME_ROOM);
  memcpy(to, piece->data, n);
  return true;
}

static bool find_piece(const unsigned char *at, size_t left, unsigned type, struct piece *piece) {
  while (next_piece(&at, &left, piece)) {
    if (piece->type == type) return true;
  }
  return false;
}

static bool is_wanted(const struct nat_rules *rules, uint8_t family, const char *table) {
  const struct nat_table *list = (const struct nat_table *)(const void *)rules->tables.data;
  for (size_t i = 0; i < rules->tables.len / sizeof *list; i++) {
    if (list[i].family == family && strcmp(list[i].name, table) == 0) return true;
  }
  return false;
}

/* `{"family":2,"<key>":"<hex>"`, with those attributes alone whose bit is set;
 * false where there is no room for more. */
static bool put_message(struct nat_rules *rules, struct buf *b, const char *key, uint8_t family, const unsigned char *at, size_t left, uint32_t types) {
  static const char DIGITS[] = "0123456789abcdef";
  if (rules->bytes + left > MOST_BYTES) {
    rules->cut = true;
    return false;
  }
  rules->bytes += left;
  if (b->len > 0) json_lit(b, ",");
  json_lit(b, "{\"family\":");
  json_u64(b, family);
  json_lit(b, ",\"");
  buf_put(b, key, strlen(key));
  json_lit(b, "\":\"");
  for (;;) {
    const unsigned char *start = at;
    struct piece piece;
    if (!next_piece(&at, &left, &piece)) break;
    if (piece.type >= 32 || (types >> piece.type & 1U) == 0) continue;
    size_t length = (size_t)(at - start);
    char *to = buf_room(b, 2 * length);
    for (size_t i = 0; i < length; i++) {
      to[2 * i] = DIGITS[start[i] >> 4];
      to[2 * i + 1] = DIGITS[start[i] & 15];
    }
    b->len += 2 * length;
  }
  json_lit(b, "\"");
  return true;
}

bool nat_visit_chain(void *context, uint8_t family, const unsigned char *attributes, size_t length) {
  struct nat_rules *rules = context;
  struct piece piece;
  struct nat_table table = {.family = family};
  if (!find_piece(attributes, length, NFTA_CHAIN_TYPE, &piece) || !is_text(&piece, "nat")) return true;
  if (!find_piece(attributes, length, NFTA_CHAIN_TABLE, &piece) || !copy_name(table.name, &piece)) return true;
  const uint32_t types = 1U << NFTA_CHAIN_TABLE | 1U << NFTA_CHAIN_NAME | 1U << NFTA_CHAIN_HOOK;
  if (!put_message(rules, &rules->chains, "chain", family, attributes, length, types)) return false;
  json_lit(&rules->chains, "}");
  if (!is_wanted(rules, family, table.name)) buf_put(&rules->tables, (const char *)&table, sizeof table);
  return true;
}

bool nat_visit_rule(void *context, uint8_t family, const unsigned char *attributes, size_t length) {
  struct nat_rules *rules = context;
  struct piece piece;
  char table[NAME_ROOM];
  if (!find_piece(attributes, length, NFTA_RULE_TABLE, &piece) || !copy_name(table, &piece)) return true;
  if (!is_wanted(rules, family, table)) return true;
  const uint32_t types = 1U << NFTA_RULE_TABLE | 1U << NFTA_RULE_CHAIN | 1U << NFTA_RULE_EXPRESSIONS;
  if (!put_message(rules, &rules->rules, "rule", family, attributes, length, types)) return false;
  json_lit(&rules->rules, "}");
  return true;
}

bool nat_visit_set(void *context, uint8_t family, const unsigned char *attributes, size_t length) {
  struct nat_rules *rules = context;
  struct piece piece;
  struct nat_set set = {.family = family};
  if (!find_piece(attributes, length, NFTA_SET_TABLE, &piece) || !copy_name(set.table, &piece)) return true;
  if (!find_piece(attributes, length, NFTA_SET_NAME, &piece) || !copy_name(set.name, &piece)) return true;
  if (!is_wanted(rules, family, set.table)) return true;
  if (rules->asked.len / sizeof set >= MOST_SETS) {
    rules->cut = true;
    return false;
  }
  const uint32_t types = 1U << NFTA_SET_TABLE | 1U << NFTA_SET_NAME | 1U << NFTA_SET_FLAGS | 1U << NFTA_SET_KEY_TYPE | 1U << NFTA_SET_KEY_LEN |
                         1U << NFTA_SET_DATA_TYPE | 1U << NFTA_SET_DATA_LEN;
  if (!put_message(rules, &rules->sets, "set", family, attributes, length, types)) return false;
  json_lit(&rules->sets, "}");
  buf_put(&rules->asked, (const char *)&set, sizeof set);
  return true;
}

bool nat_visit_elements(void *context, uint8_t family, const unsigned char *attributes, size_t length) {
  struct nat_rules *rules = context;
  const uint32_t types = 1U << NFTA_SET_ELEM_LIST_TABLE | 1U << NFTA_SET_ELEM_LIST_SET | 1U << NFTA_SET_ELEM_LIST_ELEMENTS;
  if (!put_message(rules, &rules->sets, "elements", family, attributes, length, types)) return false;
  json_lit(&rules->sets, "}");
  return true;
}

enum nat_step nat_datagram(const struct nat_dump *dump, const unsigned char *bytes, size_t length) {
  struct nlmsghdr head;
  struct nfgenmsg body;
  while (length >= sizeof head) {
    memcpy(&head, bytes, sizeof head);
    if (head.nlmsg_len < sizeof head || head.nlmsg_len > length) return NAT_BROKEN;
    size_t step = ((size_t)head.nlmsg_len + 3U) & ~(size_t)3U;
    if (head.nlmsg_seq == dump->sequence && head.nlmsg_pid == dump->port) {
      if ((head.nlmsg_flags & NLM_F_DUMP_INTR) != 0) return NAT_CHANGED;
      if (head.nlmsg_type == NLMSG_ERROR) return NAT_BROKEN;
      if (head.nlmsg_type == NLMSG_DONE) {
        int32_t error = 0;
        if (head.nlmsg_len >= sizeof head + sizeof error) memcpy(&error, bytes + sizeof head, sizeof error);
        return error == 0 ? NAT_DONE : error == -EINTR ? NAT_CHANGED : NAT_BROKEN;
      }
      if (head.nlmsg_type != ((NFNL_SUBSYS_NFTABLES << 8) | dump->type)) return NAT_BROKEN;
      if (head.nlmsg_len < NLMSG_SPACE(sizeof body)) return NAT_BROKEN;
      memcpy(&body, bytes + sizeof head, sizeof body);
      /* The kernel counts its generations of rules here. */
      if (*dump->generation >= 0 && *dump->generation != body.res_id) return NAT_CHANGED;
      *dump->generation = body.res_id;
      if (!dump->visit(dump->context, body.nfgen_family, bytes + NLMSG_SPACE(sizeof body), head.nlmsg_len - NLMSG_SPACE(sizeof body))) {
        return NAT_DONE;
      }
    }
    if (step >= length) return NAT_MORE;
    bytes += step;
    length -= step;
  }
  return length == 0 ? NAT_MORE : NAT_BROKEN;
}

static void add_name(struct nlmsghdr *head, unsigned short type, const char *name) {
  size_t n = strlen(name) + 1;
  struct nlattr attribute = {.nla_len = (unsigned short)(sizeof attribute + n), .nla_type = type};
  unsigned char *at = (unsigned char *)head + NLMSG_ALIGN(head->nlmsg_len);
  memcpy(at, &attribute, sizeof attribute);
  memcpy(at + sizeof attribute, name, n);
  head->nlmsg_len = NLMSG_ALIGN(head->nlmsg_len) + (uint32_t)NLMSG_ALIGN(sizeof attribute + n);
}

/* One dump on a socket of its own: what is left of a dump that is ended early
 * goes with it. `answers` is the type of the messages that are expected. */
static enum nat_step ask_nft(uint16_t question, uint16_t answers, const struct nat_set *set, struct nat_dump *dump) {
  static unsigned char answer[ANSWER] __attribute__((aligned(8)));
  static uint32_t sequence;
  struct {
    struct nlmsghdr head;
    struct nfgenmsg body;
    unsigned char room[2 * (NAME_ROOM + 8)];
  } request = {.head = {.nlmsg_len = NLMSG_LENGTH(sizeof(struct nfgenmsg)),
                        .nlmsg_type = (uint16_t)((NFNL_SUBSYS_NFTABLES << 8) | question),
                        .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP,
                        .nlmsg_seq = ++sequence}};
  AUTO_CLOSE int sock = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_NETFILTER);
  struct sockaddr_nl own = {.nl_family = AF_NETLINK};
  socklen_t own_length = sizeof own;
  const struct timeval patience = {.tv_sec = 2};
  if (sock < 0 || bind(sock, (struct sockaddr *)&own, sizeof own) != 0 || getsockname(sock, (struct sockaddr *)&own, &own_length) != 0) return NAT_BROKEN;
  (void)setsockopt(sock, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  if (set != NULL) {
    request.body.nfgen_family = set->family;
    add_name(&request.head, NFTA_SET_ELEM_LIST_TABLE, set->table);
    add_name(&request.head, NFTA_SET_ELEM_LIST_SET, set->name);
  }
  dump->type = answers;
  dump->sequence = sequence;
  dump->port = own.nl_pid;
  if (send(sock, &request, request.head.nlmsg_len, 0) < 0) return NAT_BROKEN;
  for (;;) {
    struct sockaddr_nl from = {.nl_pid = 0};
    struct iovec piece = {answer, sizeof answer};
    struct msghdr message = {.msg_name = &from, .msg_namelen = sizeof from, .msg_iov = &piece, .msg_iovlen = 1};
    ssize_t n = recvmsg(sock, &message, 0);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0 || (message.msg_flags & MSG_TRUNC) != 0) return NAT_BROKEN;
    /* Only the kernel has the port 0. */
    if (message.msg_namelen != sizeof from || from.nl_pid != 0) continue;
    enum nat_step step = nat_datagram(dump, answer, (size_t)n);
    if (step != NAT_MORE) return step;
  }
}

static enum nat_step read_nft(struct nat_rules *rules) {
  int32_t generation = -1;
  struct nat_dump dump = {.generation = &generation, .context = rules, .visit = nat_visit_chain};
  enum nat_step step = ask_nft(NFT_MSG_GETCHAIN, NFT_MSG_NEWCHAIN, NULL, &dump);
  if (step != NAT_DONE || rules->tables.len == 0) return step;
  dump.visit = nat_visit_rule;
  step = ask_nft(NFT_MSG_GETRULE, NFT_MSG_NEWRULE, NULL, &dump);
  if (step != NAT_DONE) return step;
  dump.visit = nat_visit_set;
  step = ask_nft(NFT_MSG_GETSET, NFT_MSG_NEWSET, NULL, &dump);
  dump.visit = nat_visit_elements;
  for (size_t at = 0; step == NAT_DONE && at < rules->asked.len; at += sizeof(struct nat_set)) {
    struct nat_set set;
    memcpy(&set, rules->asked.data + at, sizeof set);
    step = ask_nft(NFT_MSG_GETSETELEM, NFT_MSG_NEWSETELEM, &set, &dump);
  }
  return step;
}

static void put_array(struct buf *b, const struct buf *content) {
  json_lit(b, "[");
  if (content->len > 0) buf_put(b, content->data, content->len);
  json_lit(b, "]");
}

static void put_nft(struct buf *b) {
  bool here = nft_is_here();
  enum nat_step step = NAT_BROKEN;
  for (int tries = 0; here && tries < TRIES; tries++) {
    struct nat_rules rules = {.bytes = 0};
    step = read_nft(&rules);
    if (step == NAT_DONE) {
      json_lit(b, "\"nft\":");
      put_array(b, &rules.rules);
      json_lit(b, ",\"chains\":");
      put_array(b, &rules.chains);
      json_lit(b, ",\"sets\":");
      put_array(b, &rules.sets);
      json_lit(b, ",\"cut\":");
      json_bool(b, rules.cut);
    }
    nat_rules_free(&rules);
    if (step == NAT_DONE) return;
    if (step == NAT_BROKEN) break;
  }
  json_lit(b, "\"nft\":null,\"unread\":");
  json_bool(b, here);
}

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
    put_hex(b, (const unsigned char *)(entries + 1), info.size);
    json_lit(b, "}");
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
