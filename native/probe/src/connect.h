/* One attempt to reach a port, from the network namespace that the caller is in. */
#ifndef BULKHEAD_CONNECT_H
#define BULKHEAD_CONNECT_H

#include "util.h"

struct destination {
  bool udp;
  bool v6;
  uint16_t port;
  unsigned char address[16];
};

/* PROTOCOL ADDRESS PORT. False for what is none of these. */
bool parse_destination(struct span *words, struct destination *destination);

/* Appends `{"connected","error","closed","answered"}`; at most 3 s. */
void put_connect(struct buf *b, const struct destination *destination);

#endif
