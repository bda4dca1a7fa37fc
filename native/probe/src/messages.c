#include "messages.h"

#include <linux/rtnetlink.h>

bool split_body(struct span body, void *head, size_t size, struct attributes *a) {
  if (body.n < size) return false;
  memcpy(head, body.p, size);
  size_t from = NLMSG_ALIGN(size);
  if (from > body.n) from = body.n;
  read_attributes(a, (struct span){body.p + from, body.n - from});
  return true;
}

void put_network_message(struct buf *b, uint16_t type, struct span body) {
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
