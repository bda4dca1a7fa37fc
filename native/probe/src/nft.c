#include "nft.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netlink.h>
#include <stdio.h>

#include "attributes.h"
#include "json.h"
#include "kernel.h"
#include "netlink.h"

/* Of the kernel's messages together: a Kubernetes node has rules for every
 * service, and a set may hold the addresses of half the world. What is beyond
 * is cut off, and said to be. */
#define MOST_BYTES (4U << 20)
#define MOST_SETS 1024U
/* NFT_NAME_MAXLEN, with the zero byte. */
#define NAME_ROOM 256U
/* How often rules are read again when they change while they are read. */
#define TRIES 5

bool nft_is_here(void) {
  /* They can be loaded at any time; what is part of the kernel stays. */
  static int built_in = -1;
  if (access("/sys/module/nf_tables", F_OK) == 0) return true;
  if (built_in < 0) built_in = kernel_has("nf_tables", "nf_tables_newrule");
  return built_in != 0;
}

/* A table with a chain that the kernel calls: all of its rules are told, since
 * any of its chains may be jumped to. */
struct called_table {
  uint8_t family;
  char name[NAME_ROOM];
};

struct table_set {
  uint8_t family;
  char table[NAME_ROOM];
  char name[NAME_ROOM];
};

void nft_rules_free(struct nft_rules *rules) {
  buf_free(&rules->chains);
  buf_free(&rules->sets);
  buf_free(&rules->rules);
  buf_free(&rules->tables);
  buf_free(&rules->asked);
}

/* False where there is no name, or one that is longer than the kernel allows. */
static bool copy_name(char *to, const struct attributes *a, unsigned type) {
  struct span text = attribute_text(a, type);
  if (text.p == NULL || text.n == 0 || text.n >= NAME_ROOM) return false;
  memset(to, 0, NAME_ROOM);
  memcpy(to, text.p, text.n);
  return true;
}

static bool is_wanted(const struct nft_rules *rules, uint8_t family, const char *table) {
  for (size_t at = 0; at < rules->tables.len; at += sizeof(struct called_table)) {
    const struct called_table *each = (const struct called_table *)(const void *)(rules->tables.data + at);
    if (each->family == family && strcmp(each->name, table) == 0) return true;
  }
  return false;
}

/* `{"family":2,"<key>":"<hex>"}`, with those attributes alone whose bit is set. */
static bool put_message(struct nft_rules *rules, struct buf *b, const char *key, uint8_t family, struct span rest,
                        uint32_t types) {
  if (rules->bytes + rest.n > MOST_BYTES) {
    rules->cut = true;
    return false;
  }
  rules->bytes += rest.n;
  if (b->len > 0) json_lit(b, ",");
  json_lit(b, "{\"family\":");
  json_u64(b, family);
  json_lit(b, ",\"");
  buf_put(b, key, strlen(key));
  json_lit(b, "\":\"");
  for (;;) {
    const char *start = rest.p;
    struct attribute attribute;
    if (!next_attribute(&rest, &attribute)) break;
    if (attribute.type >= 32 || (types >> attribute.type & 1U) == 0) continue;
    json_hex(b, (struct span){start, (size_t)(attribute.value.p + attribute.value.n - start)});
    /* Attributes stand on boundaries of four bytes. */
    for (size_t n = attribute.value.n; n % 4 != 0; n++) json_lit(b, "00");
  }
  json_lit(b, "\"}");
  return true;
}

static void take_chain(struct nft_rules *rules, uint8_t family, struct span text, const struct attributes *a) {
  struct called_table table = {.family = family};
  if (a->of[NFTA_CHAIN_HOOK].p == NULL || !copy_name(table.name, a, NFTA_CHAIN_TABLE)) return;
  const uint32_t types = 1U << NFTA_CHAIN_TABLE | 1U << NFTA_CHAIN_NAME | 1U << NFTA_CHAIN_HOOK |
                         1U << NFTA_CHAIN_POLICY | 1U << NFTA_CHAIN_TYPE;
  if (!put_message(rules, &rules->chains, "chain", family, text, types)) return;
  if (!is_wanted(rules, family, table.name)) buf_put(&rules->tables, (const char *)&table, sizeof table);
}

static void take_rule(struct nft_rules *rules, uint8_t family, struct span text, const struct attributes *a) {
  char table[NAME_ROOM];
  if (!copy_name(table, a, NFTA_RULE_TABLE) || !is_wanted(rules, family, table)) return;
  const uint32_t types = 1U << NFTA_RULE_TABLE | 1U << NFTA_RULE_CHAIN | 1U << NFTA_RULE_EXPRESSIONS;
  (void)put_message(rules, &rules->rules, "rule", family, text, types);
}

static void take_set(struct nft_rules *rules, uint8_t family, struct span text, const struct attributes *a) {
  struct table_set set = {.family = family};
  if (!copy_name(set.table, a, NFTA_SET_TABLE) || !copy_name(set.name, a, NFTA_SET_NAME)) return;
  if (!is_wanted(rules, family, set.table)) return;
  if (rules->asked.len / sizeof set >= MOST_SETS) {
    rules->cut = true;
    return;
  }
  const uint32_t types = 1U << NFTA_SET_TABLE | 1U << NFTA_SET_NAME | 1U << NFTA_SET_FLAGS | 1U << NFTA_SET_KEY_TYPE |
                         1U << NFTA_SET_KEY_LEN | 1U << NFTA_SET_DATA_TYPE | 1U << NFTA_SET_DATA_LEN;
  if (put_message(rules, &rules->sets, "set", family, text, types))
    buf_put(&rules->asked, (const char *)&set, sizeof set);
}

void nft_take(void *context, uint16_t type, struct span body) {
  struct nft_rules *rules = context;
  struct nfgenmsg head;
  struct attributes a;
  if (body.n < sizeof head) return;
  memcpy(&head, body.p, sizeof head);
  /* The kernel counts its generations of rules here. */
  if (rules->generation >= 0 && rules->generation != head.res_id) rules->changed = true;
  rules->generation = head.res_id;
  struct span text = {body.p + sizeof head, body.n - sizeof head};
  read_attributes(&a, text);
  switch (type & 0xffU) {
    case NFT_MSG_NEWCHAIN:
      take_chain(rules, head.nfgen_family, text, &a);
      break;
    case NFT_MSG_NEWRULE:
      take_rule(rules, head.nfgen_family, text, &a);
      break;
    case NFT_MSG_NEWSET:
      take_set(rules, head.nfgen_family, text, &a);
      break;
    case NFT_MSG_NEWSETELEM: {
      const uint32_t types =
          1U << NFTA_SET_ELEM_LIST_TABLE | 1U << NFTA_SET_ELEM_LIST_SET | 1U << NFTA_SET_ELEM_LIST_ELEMENTS;
      (void)put_message(rules, &rules->sets, "elements", head.nfgen_family, text, types);
      break;
    }
    default:
      break;
  }
}

static void add_name(struct buf *b, unsigned short type, const char *name) {
  static const char ZEROS[4];
  size_t n = strlen(name) + 1;
  struct nlattr attribute = {.nla_len = (unsigned short)(sizeof attribute + n), .nla_type = type};
  buf_put(b, (const char *)&attribute, sizeof attribute);
  buf_put(b, name, n);
  buf_put(b, ZEROS, (4 - n % 4) % 4);
}

enum dump { DUMP_DONE, DUMP_CHANGED, DUMP_FAILED };

static enum dump ask_nft(struct netlink *n, uint16_t question, const struct table_set *set, struct nft_rules *rules) {
  AUTO_BUF struct buf body = {0};
  struct nfgenmsg head = {.nfgen_family = set == NULL ? 0 : set->family};
  buf_put(&body, (const char *)&head, sizeof head);
  if (set != NULL) {
    add_name(&body, NFTA_SET_ELEM_LIST_TABLE, set->table);
    add_name(&body, NFTA_SET_ELEM_LIST_SET, set->name);
  }
  uint16_t type = (uint16_t)((NFNL_SUBSYS_NFTABLES << 8) | question);
  struct answer answer = netlink_ask(n, type, NLM_F_DUMP, (struct span){body.data, body.len}, nft_take, rules);
  /* A set that is gone by now: so are the rules that asked for it. */
  if (answer.interrupted || rules->changed || answer.error == EINTR || (set != NULL && answer.error == ENOENT))
    return DUMP_CHANGED;
  return answer.state == ANSWER_DONE ? DUMP_DONE : DUMP_FAILED;
}

static enum dump read_nft(struct nft_rules *rules) {
  struct netlink n;
  if (!netlink_open(&n, NETLINK_NETFILTER)) return DUMP_FAILED;
  AUTO_CLOSE int fd = n.fd;
  (void)fd;
  enum dump dump = ask_nft(&n, NFT_MSG_GETCHAIN, NULL, rules);
  if (dump != DUMP_DONE || rules->tables.len == 0) return dump;
  dump = ask_nft(&n, NFT_MSG_GETRULE, NULL, rules);
  if (dump == DUMP_DONE) dump = ask_nft(&n, NFT_MSG_GETSET, NULL, rules);
  for (size_t at = 0; dump == DUMP_DONE && !rules->cut && at < rules->asked.len; at += sizeof(struct table_set)) {
    struct table_set set;
    memcpy(&set, rules->asked.data + at, sizeof set);
    dump = ask_nft(&n, NFT_MSG_GETSETELEM, &set, rules);
  }
  return dump;
}

static void put_array(struct buf *b, const struct buf *content) {
  json_lit(b, "[");
  if (content->len > 0) buf_put(b, content->data, content->len);
  json_lit(b, "]");
}

void put_nft(struct buf *b) {
  bool here = nft_is_here();
  enum dump dump = DUMP_CHANGED;
  for (int tries = 0; here && dump == DUMP_CHANGED && tries < TRIES; tries++) {
    struct nft_rules rules = {.generation = -1};
    dump = read_nft(&rules);
    if (dump == DUMP_DONE) {
      json_lit(b, "\"nft\":");
      put_array(b, &rules.rules);
      json_lit(b, ",\"chains\":");
      put_array(b, &rules.chains);
      json_lit(b, ",\"sets\":");
      put_array(b, &rules.sets);
      json_lit(b, ",\"cut\":");
      json_bool(b, rules.cut);
    }
    nft_rules_free(&rules);
  }
  if (dump == DUMP_DONE) return;
  json_lit(b, "\"nft\":null,\"unread\":");
  json_bool(b, here);
}
