#include "network_others.h"

#include <linux/if_link.h>
#include <linux/net_namespace.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>

#include "fields.h"
#include "json.h"
#include "messages.h"
#include "ns.h"

static void take_nsid(void *context, uint16_t type, struct span body) {
  struct rtgenmsg head;
  struct attributes a;
  uint32_t value = 0;
  if (type != RTM_NEWNSID || !split_body(body, &head, sizeof head, &a)) return;
  if (attribute_u32(&a, NETNSA_NSID, &value)) *(int32_t *)context = (int32_t)value;
}

/* The id that the present namespace has for another one; -1 where it has none. */
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

void put_namespaces(struct buf *b, struct netlink *n, const struct known_nets *nets, const struct buf *far) {
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

void put_peer_names(struct buf *b, struct netlink *n, const struct buf *far) {
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
