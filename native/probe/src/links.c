#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <stdio.h>

#include "fields.h"
#include "json.h"
#include "messages.h"

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

void put_link(struct buf *b, struct span body) {
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

void put_one_address(struct buf *b, struct span body) {
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
  json_cstr(b, address.ifa_scope == RT_SCOPE_HOST ? "host" : address.ifa_scope == RT_SCOPE_LINK ? "link" : "global");
  json_lit(b, "}");
}
