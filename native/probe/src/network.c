#include "network.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/fib_rules.h>
#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/net_namespace.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <stdio.h>
#include <stdlib.h>

#include "attributes.h"
#include "json.h"
#include "netlink.h"
#include "ns.h"

/* A list that changes while it is told is asked for again so often. */
#define TRIES 5
/* A router on the internet has a million routes in one table. */
#define MOST_ROUTES 2000U
#define MOST_MARKS 8U
#define MOST_FAR 8192U
#define ROUTE_TYPES 12U

/* The body of a message: a fixed head, then attributes. False where it is too
 * short for its head. */
static bool split_body(struct span body, void *head, size_t size, struct attributes *a) {
  if (body.n < size) return false;
  memcpy(head, body.p, size);
  size_t from = NLMSG_ALIGN(size);
  if (from > body.n) from = body.n;
  read_attributes(a, (struct span){body.p + from, body.n - from});
  return true;
}

static void put_separator(struct buf *b) {
  char last = b->data[b->len - 1];
  if (last != '{' && last != '[') json_lit(b, ",");
}

static void put_key(struct buf *b, const char *key) {
  put_separator(b);
  json_cstr(b, key);
  json_lit(b, ":");
}

static void put_number(struct buf *b, const char *key, bool has, uint64_t value) {
  put_key(b, key);
  if (has) {
    json_u64(b, value);
  } else {
    json_lit(b, "null");
  }
}

static void put_flag(struct buf *b, const char *key, bool value) {
  put_key(b, key);
  json_bool(b, value);
}

static void put_attribute(struct buf *b, const char *key, const struct attributes *a, unsigned type) {
  uint32_t value = 0;
  bool has = attribute_u32(a, type, &value);
  put_number(b, key, has, value);
}

static void put_text(struct buf *b, const char *key, struct span text) {
  put_key(b, key);
  if (text.p != NULL) {
    json_text(b, text);
  } else {
    json_lit(b, "null");
  }
}

static void put_address(struct buf *b, const char *key, struct span value, int family) {
  char text[INET6_ADDRSTRLEN];
  size_t need = family == AF_INET ? 4 : 16;
  bool known = value.p != NULL && value.n >= need && inet_ntop(family, value.p, text, sizeof text) != NULL;
  put_text(b, key, known ? (struct span){text, strlen(text)} : (struct span){NULL, 0});
}

static bool is_ip(int family) { return family == AF_INET || family == AF_INET6; }

static void put_family(struct buf *b, int family) { put_number(b, "family", true, family == AF_INET ? 4 : 6); }

static void put_mac(struct buf *b, struct span value) {
  if (value.p == NULL || value.n != 6) {
    put_text(b, "mac", (struct span){NULL, 0});
    return;
  }
  const unsigned char *m = (const unsigned char *)value.p;
  char text[18];
  (void)snprintf(text, sizeof text, "%02x:%02x:%02x:%02x:%02x:%02x", m[0], m[1], m[2], m[3], m[4], m[5]);
  put_text(b, "mac", (struct span){text, 17});
}

static void put_link(struct buf *b, struct span body) {
  static const char *const STATES[] = {"unknown", "notpresent", "down", "lowerlayerdown", "testing", "dormant", "up"};
  struct ifinfomsg link;
  struct attributes a;
  struct attributes info;
  uint32_t value = 0;
  uint32_t peer = 0;
  if (!split_body(body, &link, sizeof link, &a)) return;
  read_attributes(&info, a.of[IFLA_LINKINFO]);
  put_separator(b);
  json_lit(b, "{");
  put_number(b, "index", true, (uint32_t)link.ifi_index);
  put_text(b, "name", attribute_text(&a, IFLA_IFNAME));
  put_text(b, "kind", attribute_text(&info, IFLA_INFO_KIND));
  put_flag(b, "loopback", link.ifi_type == ARPHRD_LOOPBACK);
  put_flag(b, "up", (link.ifi_flags & IFF_UP) != 0);
  uint8_t state = 0;
  (void)attribute_u8(&a, IFLA_OPERSTATE, &state);
  put_key(b, "state");
  json_cstr(b, state < 7 ? STATES[state] : STATES[0]);
  put_attribute(b, "mtu", &a, IFLA_MTU);
  put_mac(b, a.of[IFLA_ADDRESS]);
  put_attribute(b, "master", &a, IFLA_MASTER);
  /* A link to itself is the loopback's way to say that it has no other end. */
  bool has_peer = attribute_u32(&a, IFLA_LINK, &peer) && peer != 0 && peer != (uint32_t)link.ifi_index;
  bool elsewhere = attribute_u32(&a, IFLA_LINK_NETNSID, &value);
  put_number(b, "peer", has_peer || elsewhere, peer);
  put_key(b, "nsid");
  if (elsewhere) {
    json_i64(b, (int32_t)value);
  } else {
    json_lit(b, "null");
  }
  json_lit(b, "}");
}

static void put_one_address(struct buf *b, struct span body) {
  struct ifaddrmsg address;
  struct attributes a;
  if (!split_body(body, &address, sizeof address, &a) || !is_ip(address.ifa_family)) return;
  put_separator(b);
  json_lit(b, "{");
  put_number(b, "index", true, address.ifa_index);
  /* IFA_LOCAL is the end that is ours where the link has two. */
  struct span own = a.of[IFA_LOCAL].p != NULL ? a.of[IFA_LOCAL] : a.of[IFA_ADDRESS];
  put_address(b, "address", own, address.ifa_family);
  put_number(b, "prefix", true, address.ifa_prefixlen);
  put_key(b, "scope");
  json_cstr(b, address.ifa_scope == RT_SCOPE_HOST   ? "host"
               : address.ifa_scope == RT_SCOPE_LINK ? "link"
                                                    : "global");
  json_lit(b, "}");
}

/* The gateway of a route or of one of its ways: RTA_VIA is one of another
 * family (a struct rtvia: two bytes of family, then the address). */
static void put_gateway(struct buf *b, const struct attributes *a, int family) {
  struct span via = a->of[RTA_VIA];
  uint16_t other = 0;
  if (a->of[RTA_GATEWAY].p == NULL && via.p != NULL && via.n > sizeof other) {
    memcpy(&other, via.p, sizeof other);
    if (is_ip(other)) {
      put_address(b, "gateway", (struct span){via.p + sizeof other, via.n - sizeof other}, other);
      return;
    }
  }
  put_address(b, "gateway", a->of[RTA_GATEWAY], family);
}

/* The ways of a route that has several (RTA_MULTIPATH: a run of struct
 * rtnexthop, each with attributes of its own). */
static void put_ways(struct buf *b, struct span list, int family) {
  put_key(b, "ways");
  json_lit(b, "[");
  struct rtnexthop hop;
  while (list.n >= sizeof hop) {
    memcpy(&hop, list.p, sizeof hop);
    if (hop.rtnh_len < sizeof hop || hop.rtnh_len > list.n) break;
    struct attributes a;
    read_attributes(&a, (struct span){list.p + sizeof hop, hop.rtnh_len - sizeof hop});
    put_separator(b);
    json_lit(b, "{");
    put_number(b, "index", true, (uint32_t)hop.rtnh_ifindex);
    put_gateway(b, &a, family);
    json_lit(b, "}");
    size_t step = (hop.rtnh_len + 3U) & ~(size_t)3U;
    if (step > list.n) step = list.n;
    list.p += step;
    list.n -= step;
  }
  json_lit(b, "]");
}

static void put_route(struct buf *b, struct span body) {
  static const char *const TYPES[ROUTE_TYPES] = {"unknown",   "unicast",     "local",    "broadcast", "anycast", "multicast",
                                                 "blackhole", "unreachable", "prohibit", "throw",     "nat",     "unknown"};
  struct rtmsg route;
  struct attributes a;
  if (!split_body(body, &route, sizeof route, &a) || !is_ip(route.rtm_family)) return;
  uint32_t table = route.rtm_table;
  (void)attribute_u32(&a, RTA_TABLE, &table);
  /* What the kernel itself adds there only repeats the addresses. */
  if (table == RT_TABLE_LOCAL && route.rtm_protocol == RTPROT_KERNEL) return;
  put_separator(b);
  json_lit(b, "{");
  put_family(b, route.rtm_family);
  put_number(b, "table", true, table);
  put_address(b, "destination", a.of[RTA_DST], route.rtm_family);
  put_number(b, "prefix", true, route.rtm_dst_len);
  put_gateway(b, &a, route.rtm_family);
  put_address(b, "source", a.of[RTA_PREFSRC], route.rtm_family);
  put_attribute(b, "index", &a, RTA_OIF);
  put_attribute(b, "metric", &a, RTA_PRIORITY);
  put_key(b, "type");
  json_cstr(b, route.rtm_type < ROUTE_TYPES ? TYPES[route.rtm_type] : TYPES[0]);
  put_flag(b, "dead", (route.rtm_flags & (RTNH_F_DEAD | RTNH_F_LINKDOWN)) != 0);
  put_ways(b, a.of[RTA_MULTIPATH], route.rtm_family);
  json_lit(b, "}");
}

static void put_range(struct buf *b, const char *key, struct span value) {
  struct fib_rule_port_range range;
  put_key(b, key);
  if (value.p == NULL || value.n < sizeof range) {
    json_lit(b, "null");
    return;
  }
  memcpy(&range, value.p, sizeof range);
  json_lit(b, "[");
  json_u64(b, range.start);
  json_lit(b, ",");
  json_u64(b, range.end);
  json_lit(b, "]");
}

/* Whether a rule asks for something that is not told below: its condition is
 * then wider here than it is. */
static bool has_more_conditions(const struct attributes *a) {
  for (unsigned type = 0; type < ATTRIBUTE_TYPES; type++) {
    if (a->of[type].p == NULL) continue;
    switch (type) {
      case FRA_DST:
      case FRA_SRC:
      case FRA_IIFNAME:
      case FRA_OIFNAME:
      case FRA_GOTO:
      case FRA_PRIORITY:
      case FRA_FWMARK:
      case FRA_FWMASK:
      case FRA_SUPPRESS_IFGROUP:
      case FRA_SUPPRESS_PREFIXLEN:
      case FRA_TABLE:
      case FRA_PAD:
      case FRA_L3MDEV:
      case FRA_UID_RANGE:
      case FRA_PROTOCOL:
      case FRA_IP_PROTO:
      case FRA_SPORT_RANGE:
      case FRA_DPORT_RANGE:
        continue;
      default:
        /* The kernel writes the empty ones, too. */
        for (size_t i = 0; i < a->of[type].n; i++) {
          if (a->of[type].p[i] != 0) return true;
        }
    }
  }
  return false;
}

static void put_rule(struct buf *b, struct span body) {
  static const char *const ACTIONS[] = {"unknown", "lookup",  "goto",      "nop",        "unknown",
                                        "unknown", "blackhole", "unreachable", "prohibit"};
  struct fib_rule_hdr rule;
  struct attributes a;
  if (!split_body(body, &rule, sizeof rule, &a) || !is_ip(rule.family)) return;
  uint32_t table = rule.table;
  (void)attribute_u32(&a, FRA_TABLE, &table);
  uint32_t priority = 0;
  (void)attribute_u32(&a, FRA_PRIORITY, &priority);
  uint32_t suppressed = 0;
  uint8_t byte = 0;
  put_separator(b);
  json_lit(b, "{");
  put_family(b, rule.family);
  put_number(b, "priority", true, priority);
  put_flag(b, "invert", (rule.flags & FIB_RULE_INVERT) != 0);
  put_address(b, "from", a.of[FRA_SRC], rule.family);
  put_number(b, "fromPrefix", true, rule.src_len);
  put_address(b, "to", a.of[FRA_DST], rule.family);
  put_number(b, "toPrefix", true, rule.dst_len);
  put_text(b, "iif", attribute_text(&a, FRA_IIFNAME));
  put_text(b, "oif", attribute_text(&a, FRA_OIFNAME));
  put_attribute(b, "mark", &a, FRA_FWMARK);
  put_attribute(b, "mask", &a, FRA_FWMASK);
  put_number(b, "tos", rule.tos != 0, rule.tos);
  bool has_protocol = attribute_u8(&a, FRA_IP_PROTO, &byte);
  put_number(b, "protocol", has_protocol, byte);
  put_range(b, "sourcePorts", a.of[FRA_SPORT_RANGE]);
  put_range(b, "ports", a.of[FRA_DPORT_RANGE]);
  struct fib_rule_uid_range uids;
  put_key(b, "uids");
  if (a.of[FRA_UID_RANGE].p != NULL && a.of[FRA_UID_RANGE].n >= sizeof uids) {
    memcpy(&uids, a.of[FRA_UID_RANGE].p, sizeof uids);
    json_lit(b, "[");
    json_u64(b, uids.start);
    json_lit(b, ",");
    json_u64(b, uids.end);
    json_lit(b, "]");
  } else {
    json_lit(b, "null");
  }
  byte = 0;
  put_flag(b, "l3mdev", attribute_u8(&a, FRA_L3MDEV, &byte) && byte != 0);
  put_flag(b, "other", has_more_conditions(&a));
  put_key(b, "action");
  json_cstr(b, rule.action < sizeof ACTIONS / sizeof *ACTIONS ? ACTIONS[rule.action] : ACTIONS[0]);
  put_number(b, "table", true, table);
  put_attribute(b, "goto", &a, FRA_GOTO);
  /* ~0 is none. */
  bool suppresses = attribute_u32(&a, FRA_SUPPRESS_PREFIXLEN, &suppressed) && suppressed != UINT32_MAX;
  put_number(b, "suppressPrefix", suppresses, suppressed);
  suppresses = attribute_u32(&a, FRA_SUPPRESS_IFGROUP, &suppressed) && suppressed != UINT32_MAX;
  put_number(b, "suppressGroup", suppresses, suppressed);
  json_lit(b, "}");
}

void put_network_message(void *b, uint16_t type, struct span body) {
  switch (type) {
    case RTM_NEWLINK:
      put_link(b, body);
      break;
    case RTM_NEWADDR:
      put_one_address(b, body);
      break;
    case RTM_NEWROUTE:
      put_route(b, body);
      break;
    case RTM_NEWRULE:
      put_rule(b, body);
      break;
    default:
      break;
  }
}

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

/* A link whose other end is in another namespace. */
struct far_end {
  uint32_t index;
  uint32_t peer;
  int32_t nsid;
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

/* Whether a route is one too many of its table. A default is always told. */
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
  struct answer answer = netlink_ask(n, RTM_GETROUTE, 0, (struct span){(const char *)&request, sizeof request.route + used},
                                     take_listed, &l);
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
      {AF_INET, "1.1.1.1"},    {AF_INET, "64.0.0.1"},  {AF_INET, "129.0.0.1"}, {AF_INET, "200.0.0.1"},
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

static void take_nsid(void *context, uint16_t type, struct span body) {
  struct rtgenmsg head;
  struct attributes a;
  uint32_t value = 0;
  if (type != RTM_NEWNSID || !split_body(body, &head, sizeof head, &a)) return;
  if (attribute_u32(&a, NETNSA_NSID, &value)) *(int32_t *)context = (int32_t)value;
}

/* What the present namespace calls another one; -1 where it has no name. */
static int32_t nsid_of(struct netlink *n, int fd) {
  struct {
    char head[NLMSG_ALIGN(sizeof(struct rtgenmsg))];
    struct nlattr attribute;
    uint32_t fd;
  } request = {.attribute = {.nla_len = sizeof(struct nlattr) + sizeof(uint32_t), .nla_type = NETNSA_FD},
               .fd = (uint32_t)fd};
  int32_t nsid = -1;
  struct answer answer =
      netlink_ask(n, RTM_GETNSID, 0, (struct span){(const char *)&request, sizeof request}, take_nsid, &nsid);
  return answer.state == ANSWER_DONE ? nsid : -1;
}

/* Names the namespaces that links lead to: `{"0":"net:[…]"}`. The ones with
 * most processes are tried first, and no more than it takes. */
static void put_namespaces(struct buf *b, struct netlink *n, const struct known_nets *nets, const struct buf *far) {
  const struct far_end *ends = (const struct far_end *)(const void *)far->data;
  size_t count = far->len / sizeof *ends;
  int32_t *wanted = xcalloc(count, sizeof *wanted);
  size_t left = 0;
  for (size_t i = 0; i < count; i++) {
    size_t at = 0;
    while (at < left && wanted[at] != ends[i].nsid) at++;
    if (at == left) wanted[left++] = ends[i].nsid;
  }
  put_key(b, "namespaces");
  json_lit(b, "{");
  for (size_t i = 0; i < nets->len && left > 0; i++) {
    int32_t nsid = nsid_of(n, nets->items[i].fd);
    for (size_t w = 0; w < left; w++) {
      if (wanted[w] != nsid) continue;
      char key[16];
      (void)snprintf(key, sizeof key, "%d", nsid);
      put_key(b, key);
      put_ns_id(b, NS_NET, nets->items[i].inode);
      wanted[w] = wanted[--left];
      break;
    }
  }
  json_lit(b, "}");
  free(wanted);
}

struct named {
  char name[IFNAMSIZ];
};

static void take_name(void *context, uint16_t type, struct span body) {
  struct named *named = context;
  struct ifinfomsg link;
  struct attributes a;
  if (type != RTM_NEWLINK || !split_body(body, &link, sizeof link, &a)) return;
  struct span name = attribute_text(&a, IFLA_IFNAME);
  if (name.p != NULL && name.n < sizeof named->name) memcpy(named->name, name.p, name.n);
}

/* The names that other ends have where they are: `{"7":"eth0"}` by the index of
 * our end. It takes CAP_NET_ADMIN over that namespace. */
static void put_peer_names(struct buf *b, struct netlink *n, const struct buf *far) {
  const struct far_end *ends = (const struct far_end *)(const void *)far->data;
  put_key(b, "peerNames");
  json_lit(b, "{");
  for (size_t i = 0; i < far->len / sizeof *ends; i++) {
    struct {
      struct ifinfomsg link;
      struct nlattr attribute;
      int32_t nsid;
    } request = {.link = {.ifi_family = AF_UNSPEC, .ifi_index = (int)ends[i].peer},
                 .attribute = {.nla_len = sizeof(struct nlattr) + sizeof(int32_t), .nla_type = IFLA_TARGET_NETNSID},
                 .nsid = ends[i].nsid};
    struct named named = {{0}};
    (void)netlink_ask(n, RTM_GETLINK, 0, (struct span){(const char *)&request, sizeof request}, take_name, &named);
    if (named.name[0] == '\0') continue;
    char key[16];
    (void)snprintf(key, sizeof key, "%u", ends[i].index);
    put_key(b, key);
    json_cstr(b, named.name);
  }
  json_lit(b, "}");
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
