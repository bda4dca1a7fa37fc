#include "network.h"

#include <arpa/inet.h>
#include <linux/fib_rules.h>
#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>

#include "fields.h"
#include "json.h"
#include "messages.h"
#include "netlink.h"
#include "network_others.h"

/* How often a list is asked for again when it changes while it is read. */
#define TRIES 5
/* A router on the internet has a million routes in one table. */
#define MOST_ROUTES 2000U
#define MOST_MARKS 8U
#define MOST_FAR 8192U

/* The messages of one list. */
struct listing {
  struct buf *b;
  uint16_t type;
  uint32_t table; /* of routes: where it changes, the count begins anew */
  uint16_t family;
  size_t count;
  bool cut;
  uint32_t marks[MOST_MARKS];
  size_t mark_count;
  struct buf far; /* of links: struct far_end */
};

static void note_far_end(struct listing *l, struct span body) {
  struct ifinfomsg link;
  struct attributes a;
  uint32_t nsid = 0;
  uint32_t peer = 0;
  if (!split_body(body, &link, sizeof link, &a) || !attribute_u32(&a, IFLA_LINK_NETNSID, &nsid)) return;
  (void)attribute_u32(&a, IFLA_LINK, &peer);
  struct far_end far = {(uint32_t)link.ifi_index, peer, (int32_t)nsid};
  if (far.nsid >= 0 && l->far.len < MOST_FAR * sizeof far) buf_put(&l->far, (const char *)&far, sizeof far);
}

static void note_mark(struct listing *l, struct span body) {
  struct fib_rule_hdr rule;
  struct attributes a;
  uint32_t mark = 0;
  if (!split_body(body, &rule, sizeof rule, &a) || !attribute_u32(&a, FRA_FWMARK, &mark) || mark == 0) return;
  for (size_t i = 0; i < l->mark_count; i++) {
    if (l->marks[i] == mark) return;
  }
  if (l->mark_count < MOST_MARKS) l->marks[l->mark_count++] = mark;
}

/* Whether the table has more routes than are told. A default route is always
 * told. */
static bool is_too_many(struct listing *l, struct span body) {
  struct rtmsg route;
  struct attributes a;
  if (!split_body(body, &route, sizeof route, &a)) return false;
  uint32_t table = route.rtm_table;
  (void)attribute_u32(&a, RTA_TABLE, &table);
  if (table != l->table || route.rtm_family != l->family) l->count = 0;
  l->table = table;
  l->family = route.rtm_family;
  l->count++;
  return l->count > MOST_ROUTES && route.rtm_dst_len > 0;
}

static void take_listed(void *context, uint16_t type, struct span body) {
  struct listing *l = context;
  if (type != l->type) return;
  if (type == RTM_NEWRULE) note_mark(l, body);
  if (type == RTM_NEWLINK) note_far_end(l, body);
  if (type == RTM_NEWROUTE && is_too_many(l, body)) {
    l->cut = true;
    return;
  }
  put_network_message(l->b, type, body);
}

/* Asks for all of a kind, appended as a list. False where it is not whole. */
static bool put_list(struct listing *l, struct netlink *n, const char *key, uint16_t ask, uint16_t type) {
  union {
    struct ifinfomsg link;
    struct ifaddrmsg address;
    struct rtmsg route;
    struct fib_rule_hdr rule;
  } body;
  memset(&body, 0, sizeof body);
  size_t size = ask == RTM_GETLINK   ? sizeof body.link
                : ask == RTM_GETADDR ? sizeof body.address
                : ask == RTM_GETRULE ? sizeof body.rule
                                     : sizeof body.route;
  put_key(l->b, key);
  json_lit(l->b, "[");
  size_t start = l->b->len;
  struct answer answer = {.state = ANSWER_FAILED};
  l->type = type;
  for (int tries = 0; tries < TRIES; tries++) {
    l->b->len = start;
    l->count = 0;
    l->cut = false;
    if (type == RTM_NEWLINK) l->far.len = 0;
    answer = netlink_ask(n, ask, NLM_F_DUMP, (struct span){(const char *)&body, size}, take_listed, l);
    if (answer.state == ANSWER_FAILED || !answer.interrupted) break;
  }
  json_lit(l->b, "]");
  return answer.state == ANSWER_DONE && !answer.interrupted && !l->cut;
}

/* One way out of here, as the kernel itself decides it. No packet is sent. */
static void put_way_out(struct buf *b, struct netlink *n, int family, const char *to, uint32_t mark) {
  struct {
    struct rtmsg route;
    char attributes[64];
  } request;
  memset(&request, 0, sizeof request);
  struct nlattr head;
  char address[16] = {0};
  size_t bytes = family == AF_INET ? 4 : 16;
  if (inet_pton(family, to, address) != 1) return;
  request.route.rtm_family = (unsigned char)family;
  request.route.rtm_dst_len = (unsigned char)(bytes * 8);
  request.route.rtm_flags = RTM_F_LOOKUP_TABLE;
  size_t used = 0;
  head = (struct nlattr){.nla_len = (uint16_t)(sizeof head + bytes), .nla_type = RTA_DST};
  memcpy(request.attributes, &head, sizeof head);
  memcpy(request.attributes + sizeof head, address, bytes);
  used += sizeof head + bytes;
  if (mark != 0) {
    head = (struct nlattr){.nla_len = sizeof head + sizeof mark, .nla_type = RTA_MARK};
    memcpy(request.attributes + used, &head, sizeof head);
    memcpy(request.attributes + used + sizeof head, &mark, sizeof mark);
    used += sizeof head + sizeof mark;
  }
  put_separator(b);
  json_lit(b, "{");
  put_family(b, family);
  put_text(b, "to", (struct span){to, strlen(to)});
  put_number(b, "mark", mark != 0, mark);
  put_key(b, "route");
  json_lit(b, "[");
  struct listing l = {.b = b, .type = RTM_NEWROUTE};
  struct answer answer = netlink_ask(
      n, RTM_GETROUTE, 0, (struct span){(const char *)&request, sizeof request.route + used}, take_listed, &l);
  json_lit(b, "]");
  put_number(b, "error", answer.state == ANSWER_FAILED, (uint64_t)(answer.error > 0 ? answer.error : 0));
  json_lit(b, "}");
}

/* Where traffic to the internet leaves: asked for addresses in different parts
 * of it, since a tunnel may take it in several pieces (0.0.0.0/1, 128.0.0.0/1),
 * and again with each mark that a rule names. */
static void put_ways_out(struct buf *b, struct netlink *n, const struct listing *rules) {
  static const struct {
    int family;
    const char *to;
  } PLACES[] = {
      {AF_INET, "1.1.1.1"},      {AF_INET, "64.0.0.1"}, {AF_INET, "129.0.0.1"}, {AF_INET, "200.0.0.1"},
      {AF_INET6, "2001:200::1"}, {AF_INET6, "2600::1"}, {AF_INET6, "2a00::1"},
  };
  put_key(b, "waysOut");
  json_lit(b, "[");
  for (size_t m = 0; m <= rules->mark_count; m++) {
    for (size_t i = 0; i < sizeof PLACES / sizeof *PLACES; i++)
      put_way_out(b, n, PLACES[i].family, PLACES[i].to, m == 0 ? 0 : rules->marks[m - 1]);
  }
  json_lit(b, "]");
}

static void put_missing(struct buf *b, const char *name, bool whole) {
  if (whole) return;
  put_separator(b);
  json_cstr(b, name);
}

bool put_network(struct buf *b, const struct known_nets *nets, enum network_part part) {
  struct netlink n;
  if (!netlink_open(&n, NETLINK_ROUTE)) return false;
  struct listing list = {.b = b};
  bool routes = true;
  bool rules = true;
  json_lit(b, "{");
  bool links = put_list(&list, &n, "links", RTM_GETLINK, RTM_NEWLINK);
  bool addresses = put_list(&list, &n, "addresses", RTM_GETADDR, RTM_NEWADDR);
  if (part == NETWORK_ALL) {
    routes = put_list(&list, &n, "routes", RTM_GETROUTE, RTM_NEWROUTE);
    rules = put_list(&list, &n, "rules", RTM_GETRULE, RTM_NEWRULE);
    put_ways_out(b, &n, &list);
    put_peer_names(b, &n, &list.far);
  }
  put_namespaces(b, &n, nets, &list.far);
  put_key(b, "incomplete");
  json_lit(b, "[");
  put_missing(b, "links", links);
  put_missing(b, "addresses", addresses);
  put_missing(b, "routes", routes);
  put_missing(b, "rules", rules);
  json_lit(b, "]}");
  buf_free(&list.far);
  close(n.fd);
  return true;
}
