#include "netlink.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/net_namespace.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include "dir.h"
#include "json.h"
#include "ns.h"

#define ANSWER 65536U
/* Peers are told from each other by asking for the id of each namespace: more
 * than this many are not asked for. */
#define MOST_NAMESPACES 8192U

struct request {
  struct nlmsghdr head;
  union {
    struct ifinfomsg link;
    struct ifaddrmsg address;
    struct rtmsg route;
    struct rtgenmsg any;
  } body;
  char room[64];
};

struct attributes {
  const struct rtattr *items[64];
};

static void parse_attributes(struct attributes *a, const struct rtattr *first, size_t length) {
  memset(a, 0, sizeof *a);
  const char *p = (const char *)first;
  /* By hand: the kernel's macros mix signs. */
  while (length >= sizeof(struct rtattr)) {
    const struct rtattr *at = (const struct rtattr *)(const void *)p;
    if (at->rta_len < sizeof *at || at->rta_len > length) return;
    unsigned type = at->rta_type & 0x3fffU; /* NLA_TYPE_MASK */
    if (type < 64) a->items[type] = at;
    size_t step = (at->rta_len + 3U) & ~(size_t)3U;
    if (step >= length) return;
    p += step;
    length -= step;
  }
}

static bool attribute_u32(const struct attributes *a, unsigned type, uint32_t *value) {
  const struct rtattr *at = a->items[type];
  if (at == NULL || RTA_PAYLOAD(at) < sizeof *value) return false;
  memcpy(value, RTA_DATA(at), sizeof *value);
  return true;
}

static struct span attribute_text(const struct attributes *a, unsigned type) {
  const struct rtattr *at = a->items[type];
  if (at == NULL) return (struct span){NULL, 0};
  const char *text = RTA_DATA(at);
  return (struct span){text, strnlen(text, RTA_PAYLOAD(at))};
}

static void put_key(struct buf *b, const char *key) {
  char last = b->data[b->len - 1];
  if (last != '{' && last != '[') json_lit(b, ",");
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

static void put_address(struct buf *b, const char *key, const struct attributes *a, unsigned type, int family) {
  const struct rtattr *at = a->items[type];
  char text[INET6_ADDRSTRLEN];
  size_t need = family == AF_INET ? 4 : 16;
  bool known = at != NULL && RTA_PAYLOAD(at) >= need && inet_ntop(family, RTA_DATA(at), text, sizeof text) != NULL;
  put_text(b, key, known ? (struct span){text, strlen(text)} : (struct span){NULL, 0});
}

static void put_mac(struct buf *b, const struct attributes *a) {
  const struct rtattr *at = a->items[IFLA_ADDRESS];
  if (at == NULL || RTA_PAYLOAD(at) != 6) {
    put_text(b, "mac", (struct span){NULL, 0});
    return;
  }
  const unsigned char *m = RTA_DATA(at);
  char text[18];
  (void)snprintf(text, sizeof text, "%02x:%02x:%02x:%02x:%02x:%02x", m[0], m[1], m[2], m[3], m[4], m[5]);
  put_text(b, "mac", (struct span){text, 17});
}

static void put_link(struct buf *b, const struct nlmsghdr *head) {
  static const char *const STATES[] = {"unknown", "notpresent", "down", "lowerlayerdown", "testing", "dormant", "up"};
  const struct ifinfomsg *link = NLMSG_DATA(head);
  struct attributes a;
  struct attributes info;
  uint32_t value = 0;
  uint32_t peer = 0;
  parse_attributes(&a, IFLA_RTA(link), IFLA_PAYLOAD(head));
  memset(&info, 0, sizeof info);
  if (a.items[IFLA_LINKINFO] != NULL) {
    parse_attributes(&info, RTA_DATA(a.items[IFLA_LINKINFO]), RTA_PAYLOAD(a.items[IFLA_LINKINFO]));
  }
  if (b->data[b->len - 1] != '[') json_lit(b, ",");
  json_lit(b, "{");
  put_number(b, "index", true, (uint32_t)link->ifi_index);
  put_text(b, "name", attribute_text(&a, IFLA_IFNAME));
  put_text(b, "kind", attribute_text(&info, IFLA_INFO_KIND));
  put_key(b, "loopback");
  json_bool(b, link->ifi_type == ARPHRD_LOOPBACK);
  put_key(b, "up");
  json_bool(b, (link->ifi_flags & IFF_UP) != 0);
  const struct rtattr *state = a.items[IFLA_OPERSTATE];
  unsigned char operational = state == NULL ? 0 : *(const unsigned char *)RTA_DATA(state);
  put_key(b, "state");
  json_cstr(b, operational < 7 ? STATES[operational] : STATES[0]);
  put_attribute(b, "mtu", &a, IFLA_MTU);
  put_mac(b, &a);
  put_attribute(b, "master", &a, IFLA_MASTER);
  /* A link to itself is the loopback's way to say that it has no other end. */
  bool has_peer = attribute_u32(&a, IFLA_LINK, &peer) && peer != 0 && peer != (uint32_t)link->ifi_index;
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

static void put_one_address(struct buf *b, const struct nlmsghdr *head) {
  const struct ifaddrmsg *address = NLMSG_DATA(head);
  struct attributes a;
  if (address->ifa_family != AF_INET && address->ifa_family != AF_INET6) return;
  parse_attributes(&a, IFA_RTA(address), IFA_PAYLOAD(head));
  if (b->data[b->len - 1] != '[') json_lit(b, ",");
  json_lit(b, "{");
  put_number(b, "index", true, address->ifa_index);
  /* IFA_LOCAL is the end that is ours where the link has two. */
  put_address(b, "address", &a, a.items[IFA_LOCAL] != NULL ? IFA_LOCAL : IFA_ADDRESS, address->ifa_family);
  put_number(b, "prefix", true, address->ifa_prefixlen);
  put_key(b, "scope");
  json_cstr(b, address->ifa_scope == RT_SCOPE_HOST   ? "host"
               : address->ifa_scope == RT_SCOPE_LINK ? "link"
                                                     : "global");
  json_lit(b, "}");
}

static void put_route(struct buf *b, const struct nlmsghdr *head) {
  const struct rtmsg *route = NLMSG_DATA(head);
  struct attributes a;
  if (route->rtm_family != AF_INET && route->rtm_family != AF_INET6) return;
  if (route->rtm_table != RT_TABLE_MAIN) return;
  parse_attributes(&a, RTM_RTA(route), RTM_PAYLOAD(head));
  if (b->data[b->len - 1] != '[') json_lit(b, ",");
  json_lit(b, "{");
  put_number(b, "family", true, route->rtm_family == AF_INET ? 4 : 6);
  put_address(b, "destination", &a, RTA_DST, route->rtm_family);
  put_number(b, "prefix", true, route->rtm_dst_len);
  put_address(b, "gateway", &a, RTA_GATEWAY, route->rtm_family);
  put_address(b, "source", &a, RTA_PREFSRC, route->rtm_family);
  put_attribute(b, "index", &a, RTA_OIF);
  put_attribute(b, "metric", &a, RTA_PRIORITY);
  put_key(b, "type");
  json_cstr(b, route->rtm_type == RTN_UNICAST       ? "unicast"
               : route->rtm_type == RTN_UNREACHABLE ? "unreachable"
               : route->rtm_type == RTN_BLACKHOLE   ? "blackhole"
                                                    : "other");
  json_lit(b, "}");
}

typedef void (*put_message)(struct buf *, const struct nlmsghdr *);

/* Asks for all of a kind and appends each as one element. */
static void dump(struct buf *b, int sock, uint16_t type, unsigned char family, put_message put) {
  static char answer[ANSWER] __attribute__((aligned(8)));
  struct request request = {
      .head = {.nlmsg_len = NLMSG_LENGTH(sizeof request.body), .nlmsg_type = type, .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP},
  };
  request.body.any.rtgen_family = family;
  json_lit(b, "[");
  if (send(sock, &request, request.head.nlmsg_len, 0) >= 0) {
    for (bool more = true; more;) {
      ssize_t n = recv(sock, answer, sizeof answer, 0);
      if (n < 0 && errno == EINTR) continue;
      if (n <= 0) break;
      size_t left = (size_t)n;
      for (const struct nlmsghdr *head = (const struct nlmsghdr *)answer; NLMSG_OK(head, left); head = NLMSG_NEXT(head, left)) {
        if (head->nlmsg_type == NLMSG_DONE || head->nlmsg_type == NLMSG_ERROR) {
          more = false;
          break;
        }
        put(b, head);
      }
    }
  }
  json_lit(b, "]");
}

/* What the present namespace calls another one; -1 where it has no name. */
static int32_t nsid_of(int sock, int fd) {
  static char answer[4096] __attribute__((aligned(8)));
  struct {
    struct nlmsghdr head;
    struct rtgenmsg body;
    char room[RTA_SPACE(sizeof(int))];
  } request = {.head = {.nlmsg_type = RTM_GETNSID, .nlmsg_flags = NLM_F_REQUEST}};
  struct rtattr *at = (struct rtattr *)(void *)((char *)&request + NLMSG_SPACE(sizeof request.body));
  at->rta_type = NETNSA_FD;
  at->rta_len = RTA_LENGTH(sizeof fd);
  memcpy(RTA_DATA(at), &fd, sizeof fd);
  request.head.nlmsg_len = NLMSG_SPACE(sizeof request.body) + at->rta_len;
  if (send(sock, &request, request.head.nlmsg_len, 0) < 0) return -1;
  ssize_t n = recv(sock, answer, sizeof answer, 0);
  const struct nlmsghdr *head = (const struct nlmsghdr *)answer;
  if (n <= 0 || !NLMSG_OK(head, (size_t)n) || head->nlmsg_type != RTM_NEWNSID) return -1;
  struct attributes a;
  uint32_t value = 0;
  parse_attributes(&a, (const struct rtattr *)(const void *)((const char *)NLMSG_DATA(head) + NLMSG_ALIGN(sizeof(struct rtgenmsg))),
                   NLMSG_PAYLOAD(head, sizeof(struct rtgenmsg)));
  return attribute_u32(&a, NETNSA_NSID, &value) ? (int32_t)value : -1;
}

static int compare_inodes(const void *left, const void *right) {
  uint32_t a = *(const uint32_t *)left;
  uint32_t b = *(const uint32_t *)right;
  return (a > b) - (a < b);
}

struct seen {
  uint32_t inode;
  uint32_t pid;
};

/* Names all network namespaces that have a process: `{"0":"net:[…]"}`. */
static void put_namespaces(struct buf *b, int sock, int proc) {
  AUTO_BUF struct buf pids = {0};
  AUTO_BUF struct buf seen = {0};
  size_t count = list_numbers(&pids, proc);
  for (size_t i = 0; i < count; i++) {
    uint32_t pid = number_at(&pids, i);
    char name[48];
    (void)snprintf(name, sizeof name, "%u/ns/net", pid);
    struct seen one = {ns_readlink(proc, name, NS_NET), pid};
    if (one.inode != 0) buf_put(&seen, (const char *)&one, sizeof one);
  }
  size_t entries = seen.len / sizeof(struct seen);
  struct seen *list = (struct seen *)(void *)seen.data;
  if (entries > 1) qsort(list, entries, sizeof *list, compare_inodes);
  json_lit(b, "{");
  size_t asked = 0;
  for (size_t i = 0; i < entries && asked < MOST_NAMESPACES; i++) {
    if (i > 0 && list[i].inode == list[i - 1].inode) continue;
    asked++;
    char name[48];
    (void)snprintf(name, sizeof name, "%u/ns/net", list[i].pid);
    AUTO_CLOSE int fd = openat(proc, name, O_RDONLY | O_CLOEXEC);
    struct stat st;
    if (fd < 0 || fstat(fd, &st) != 0 || st.st_ino != list[i].inode) continue;
    int32_t nsid = nsid_of(sock, fd);
    if (nsid < 0) continue;
    char key[16];
    (void)snprintf(key, sizeof key, "%d", nsid);
    put_key(b, key);
    put_ns_id(b, NS_NET, list[i].inode);
  }
  json_lit(b, "}");
}

bool put_network(struct buf *b, int proc) {
  AUTO_CLOSE int sock = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
  if (sock < 0) return false;
  json_lit(b, "{");
  put_key(b, "links");
  dump(b, sock, RTM_GETLINK, AF_UNSPEC, put_link);
  put_key(b, "addresses");
  dump(b, sock, RTM_GETADDR, AF_UNSPEC, put_one_address);
  put_key(b, "routes");
  dump(b, sock, RTM_GETROUTE, AF_UNSPEC, put_route);
  put_key(b, "namespaces");
  put_namespaces(b, sock, proc);
  json_lit(b, "}");
  return true;
}
