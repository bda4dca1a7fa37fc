#include "nat.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nf_tables_compat.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netlink.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "dir.h"
#include "json.h"

#define ANSWER 65536U
/* A Kubernetes node has some for every service: more than this are cut off. */
#define MOST_RULES 4096U
#define MOST_LEGACY (4U << 20)
#define NAMES "/proc/thread-self/net/ip_tables_names"
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

/* Whether an expression translates: nftables' own, or the target of iptables
 * that runs upon it. */
static bool translates(const unsigned char *at, size_t left) {
  struct piece piece;
  bool target = false;
  while (next_piece(&at, &left, &piece)) {
    if (piece.type == NFTA_EXPR_NAME && is_text(&piece, "nat")) return true;
    if (piece.type == NFTA_EXPR_NAME) target = is_text(&piece, "target");
    if (piece.type != NFTA_EXPR_DATA || !target) continue;
    const unsigned char *inner = piece.data;
    size_t length = piece.length;
    struct piece name;
    while (next_piece(&inner, &length, &name)) {
      if (name.type == NFTA_TARGET_NAME && is_text(&name, "DNAT")) return true;
    }
  }
  return false;
}

static bool is_nat_rule(const unsigned char *at, size_t left) {
  struct piece piece;
  while (next_piece(&at, &left, &piece)) {
    if (piece.type != NFTA_RULE_EXPRESSIONS) continue;
    const unsigned char *list = piece.data;
    size_t length = piece.length;
    struct piece one;
    while (next_piece(&list, &length, &one)) {
      if (one.type == NFTA_LIST_ELEM && translates(one.data, one.length)) return true;
    }
  }
  return false;
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

/* False where the kernel refused: nftables are not there, or this needs
 * CAP_NET_ADMIN. */
static bool put_nft(struct buf *b) {
  if (!nft_is_here()) return false;
  static unsigned char answer[ANSWER] __attribute__((aligned(8)));
  AUTO_CLOSE int sock = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_NETFILTER);
  if (sock < 0) return false;
  struct {
    struct nlmsghdr head;
    struct nfgenmsg body;
  } request = {.head = {.nlmsg_len = NLMSG_LENGTH(sizeof(struct nfgenmsg)),
                        .nlmsg_type = (NFNL_SUBSYS_NFTABLES << 8) | NFT_MSG_GETRULE,
                        .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP}};
  if (send(sock, &request, request.head.nlmsg_len, 0) < 0) return false;
  size_t count = 0;
  for (;;) {
    ssize_t n = recv(sock, answer, sizeof answer, 0);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    size_t left = (size_t)n;
    for (const struct nlmsghdr *head = (const struct nlmsghdr *)(const void *)answer; NLMSG_OK(head, left); head = NLMSG_NEXT(head, left)) {
      if (head->nlmsg_type == NLMSG_ERROR) return false;
      if (head->nlmsg_type == NLMSG_DONE) return true;
      if (head->nlmsg_len < NLMSG_LENGTH(sizeof(struct nfgenmsg))) continue;
      struct nfgenmsg body;
      memcpy(&body, NLMSG_DATA(head), sizeof body);
      const unsigned char *attributes = (const unsigned char *)head + NLMSG_LENGTH(sizeof body);
      size_t length = head->nlmsg_len - NLMSG_LENGTH(sizeof body);
      if (count >= MOST_RULES || !is_nat_rule(attributes, length)) continue;
      if (count++ > 0) json_lit(b, ",");
      json_lit(b, "{\"family\":");
      json_u64(b, body.nfgen_family);
      json_lit(b, ",\"rule\":");
      put_hex(b, attributes, length);
      json_lit(b, "}");
    }
  }
}

/* Asking for a table that is not there would make the kernel load the module
 * of it: nothing here may change the machine. */
static bool has_legacy_table(void) {
  AUTO_CLOSE int fd = open(NAMES, O_RDONLY | O_CLOEXEC);
  char names[512];
  ssize_t n = fd < 0 ? -1 : read(fd, names, sizeof names - 1);
  if (n <= 0) return false;
  names[n] = '\0';
  for (char *save = NULL, *name = strtok_r(names, "\n", &save); name != NULL; name = strtok_r(NULL, "\n", &save)) {
    if (strcmp(name, "nat") == 0) return true;
  }
  return false;
}

/* The table of the older iptables, IPv4 only: the engines' own rules are there. */
static bool put_legacy(struct buf *b) {
  if (!has_legacy_table()) return false;
  AUTO_CLOSE int sock = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  struct table_info info = {.name = "nat"};
  socklen_t length = sizeof info;
  if (sock < 0 || getsockopt(sock, IPPROTO_IP, IPT_GET_INFO, &info, &length) != 0) return false;
  if (info.size == 0 || info.size > MOST_LEGACY) return false;
  length = (socklen_t)(sizeof(struct table_entries) + info.size);
  struct table_entries *entries = calloc(1, length);
  if (entries == NULL) return false;
  memcpy(entries->name, "nat", 4);
  entries->size = info.size;
  bool got = getsockopt(sock, IPPROTO_IP, IPT_GET_ENTRIES, entries, &length) == 0;
  if (got) put_hex(b, (const unsigned char *)(entries + 1), info.size);
  free(entries);
  return got;
}

void put_nat(struct buf *b) {
  size_t start = b->len;
  json_lit(b, "{\"nft\":[");
  if (put_nft(b)) {
    json_lit(b, "]");
  } else {
    b->len = start;
    json_lit(b, "{\"nft\":null");
  }
  json_lit(b, ",\"legacy\":");
  if (!put_legacy(b)) json_lit(b, "null");
  json_lit(b, "}");
}
