/* Requests to the kernel over netlink, and their answers, checked before they
 * are believed. Source: netlink(7). */
#ifndef BULKHEAD_NETLINK_H
#define BULKHEAD_NETLINK_H

#include "util.h"

struct netlink {
  int fd;
  uint32_t sequence; /* of the last request */
};

/* Gets each message of an answer: its type and what follows its header. */
typedef void (*take_message)(void *context, uint16_t type, struct span body);

enum answer_state {
  ANSWER_MORE, /* another datagram belongs to it */
  ANSWER_DONE,
  ANSWER_FAILED, /* the kernel refused, or what came is no answer */
};

struct answer {
  enum answer_state state;
  bool interrupted; /* the list changed while it was told (NLM_F_DUMP_INTR) */
  int error;        /* the kernel's errno of a refusal; 0 otherwise */
};

/* Reads one datagram of the answer to the request with that sequence number.
 * Messages with another one are skipped. */
void read_datagram(struct answer *answer, struct span datagram, uint32_t sequence, take_message take, void *context);

/* False where there is no such socket. The descriptor is close-on-exec. */
bool netlink_open(struct netlink *n, int protocol);

/* Sends a request and reads its answer to the end: `body` is what follows the
 * header, as the type demands; `flags` is 0 for one answer, NLM_F_DUMP for a
 * list. */
struct answer netlink_ask(struct netlink *n, uint16_t type, uint16_t flags, struct span body, take_message take,
                          void *context);

#endif
