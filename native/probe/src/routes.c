#include <linux/rtnetlink.h>

#include "fields.h"
#include "json.h"
#include "messages.h"

#define ROUTE_TYPES 12U

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

void put_route(struct buf *b, struct span body) {
  static const char *const TYPES[ROUTE_TYPES] = {"unknown",  "unicast",   "local",     "broadcast",
                                                 "anycast",  "multicast", "blackhole", "unreachable",
                                                 "prohibit", "throw",     "nat",       "unknown"};
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
  /* A link without a carrier does not end a route, unless the namespace's
   * settings (ignore_routes_with_linkdown) say so: then this flag is set, too. */
  put_flag(b, "dead", (route.rtm_flags & RTNH_F_DEAD) != 0);
  put_ways(b, a.of[RTA_MULTIPATH], route.rtm_family);
  json_lit(b, "}");
}
