#include "netlink.h"

#include <errno.h>
#include <linux/netlink.h>
#include <sys/socket.h>

/* The kernel's own datagrams of a list are at most 32 KiB. */
#define ANSWER 65536U
#define MOST_BODY 1024U

void read_datagram(struct answer *answer, struct span datagram, uint32_t sequence, take_message take, void *context) {
  answer->state = ANSWER_FAILED;
  while (datagram.n > 0) {
    struct nlmsghdr head;
    if (datagram.n < sizeof head) return;
    memcpy(&head, datagram.p, sizeof head);
    if (head.nlmsg_len < sizeof head || head.nlmsg_len > datagram.n) return;
    struct span body = {datagram.p + sizeof head, head.nlmsg_len - sizeof head};
    size_t step = ((size_t)head.nlmsg_len + 3U) & ~(size_t)3U;
    if (step > datagram.n) step = datagram.n;
    datagram.p += step;
    datagram.n -= step;
    if (head.nlmsg_seq != sequence) continue;
    if ((head.nlmsg_flags & NLM_F_DUMP_INTR) != 0) answer->interrupted = true;
    if (head.nlmsg_type == NLMSG_ERROR || head.nlmsg_type == NLMSG_DONE) {
      /* Both begin with an errno below zero, or 0 where all went well. */
      int32_t code = 0;
      if (body.n < sizeof code) return;
      memcpy(&code, body.p, sizeof code);
      if (code < 0 && code > INT32_MIN) answer->error = -code;
      if (code == 0) answer->state = ANSWER_DONE;
      return;
    }
    if (head.nlmsg_type >= NLMSG_MIN_TYPE) take(context, head.nlmsg_type, body);
    if ((head.nlmsg_flags & NLM_F_MULTI) == 0) {
      answer->state = ANSWER_DONE;
      return;
    }
  }
  answer->state = ANSWER_MORE;
}

bool netlink_open(struct netlink *n, int protocol) {
  n->sequence = 0;
  n->fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, protocol);
  return n->fd >= 0;
}

/* One datagram of the kernel's; others may send to the socket, too. */
static ssize_t receive(int fd, char *room, size_t size) {
  for (;;) {
    struct sockaddr_nl from = {0};
    struct iovec to = {room, size};
    struct msghdr message = {.msg_name = &from, .msg_namelen = sizeof from, .msg_iov = &to, .msg_iovlen = 1};
    ssize_t n = RETRY(recvmsg(fd, &message, 0));
    if (n <= 0 || (message.msg_flags & MSG_TRUNC) != 0) return -1;
    if (message.msg_namelen == sizeof from && from.nl_family == AF_NETLINK && from.nl_pid == 0) return n;
  }
}

struct answer netlink_ask(struct netlink *n, uint16_t type, uint16_t flags, struct span body, take_message take,
                          void *context) {
  static char datagram[ANSWER] __attribute__((aligned(8)));
  struct {
    struct nlmsghdr head;
    char body[MOST_BODY];
  } request = {.head = {
                   .nlmsg_len = (uint32_t)(sizeof(struct nlmsghdr) + body.n),
                   .nlmsg_type = type,
                   .nlmsg_flags = (uint16_t)(NLM_F_REQUEST | flags),
                   .nlmsg_seq = ++n->sequence,
               }};
  const struct sockaddr_nl kernel = {.nl_family = AF_NETLINK};
  struct answer answer = {.state = ANSWER_FAILED};
  if (body.n > sizeof request.body) return answer;
  memcpy(request.body, body.p, body.n);
  if (sendto(n->fd, &request, request.head.nlmsg_len, 0, (const struct sockaddr *)&kernel, sizeof kernel) < 0) {
    answer.error = errno;
    return answer;
  }
  do {
    ssize_t got = receive(n->fd, datagram, sizeof datagram);
    if (got < 0) {
      answer.state = ANSWER_FAILED;
      break;
    }
    read_datagram(&answer, (struct span){datagram, (size_t)got}, n->sequence, take, context);
  } while (answer.state == ANSWER_MORE);
  return answer;
}
