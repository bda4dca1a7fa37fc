/* forged: asks the kernel for the links, after another socket has sent answers of its own to ours, with the number that
 * the question will have. Says how many of these were taken. */
#include "../src/attributes.h"
#include "../src/netlink.h"

#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>

static unsigned taken;
static bool has_lo;

static void take(void *context, uint16_t type, struct span body) {
  (void)context;
  struct attributes a;
  if (type != RTM_NEWLINK || body.n < sizeof(struct ifinfomsg)) return;
  read_attributes(&a, (struct span){body.p + sizeof(struct ifinfomsg), body.n - sizeof(struct ifinfomsg)});
  struct span name = attribute_text(&a, IFLA_IFNAME);
  if (span_is(name, "forged")) taken++;
  if (span_is(name, "lo")) has_lo = true;
}

static unsigned forge(uint32_t to) {
  struct {
    struct nlmsghdr head;
    struct ifinfomsg link;
    struct nlattr attribute;
    char name[8];
  } message = {
      .head = {.nlmsg_len = sizeof message, .nlmsg_type = RTM_NEWLINK, .nlmsg_flags = NLM_F_MULTI, .nlmsg_seq = 1},
      .attribute = {.nla_len = sizeof(struct nlattr) + 7, .nla_type = IFLA_IFNAME},
      .name = "forged",
  };
  struct sockaddr_nl address = {.nl_family = AF_NETLINK, .nl_pid = to};
  int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
  unsigned sent = 0;
  for (int i = 0; i < 50; i++) {
    /* The last one would end the list. */
    if (i == 49) message.head.nlmsg_flags = 0;
    if (sendto(fd, &message, sizeof message, 0, (struct sockaddr *)&address, sizeof address) > 0) sent++;
  }
  close(fd);
  return sent;
}

int main(void) {
  struct netlink n;
  struct sockaddr_nl own = {.nl_family = AF_NETLINK};
  socklen_t size = sizeof own;
  if (!netlink_open(&n, NETLINK_ROUTE) || bind(n.fd, (struct sockaddr *)&own, sizeof own) != 0 ||
      getsockname(n.fd, (struct sockaddr *)&own, &size) != 0)
    return 1;
  unsigned sent = forge(own.nl_pid);
  struct ifinfomsg all = {.ifi_family = AF_UNSPEC};
  struct answer answer =
      netlink_ask(&n, RTM_GETLINK, NLM_F_DUMP, (struct span){(const char *)&all, sizeof all}, take, NULL);
  printf("%u sent, %u taken, %s\n", sent, taken, answer.state == ANSWER_DONE && has_lo ? "lo is there" : "no list");
  return 0;
}
