#ifndef BULKHEAD_NAT_H
#define BULKHEAD_NAT_H

#include "util.h"

/* Whether the kernel has nftables now. What is costly in finding that out is
 * remembered: ask before a child is started that would forget it. */
bool nft_is_here(void);

/* Appends what translates addresses in the present network namespace, as an
 * object: see `network` in the probe's README. Rules are the kernel's own
 * messages: what they mean is read by who asked. */
void put_nat(struct buf *b);

/* What a datagram of a dump says of the dump itself. */
enum nat_step {
  NAT_MORE,
  NAT_DONE,
  NAT_CHANGED, /* the rules changed meanwhile: the dump is to be begun again */
  NAT_BROKEN,
};

/* One dump of nftables: what was asked, and who is told of each message. */
struct nat_dump {
  uint16_t type; /* of the messages that are expected, without the subsystem */
  uint32_t sequence;
  uint32_t port; /* our own address, to which the kernel answers */
  /* Low bits of the rule set's generation, -1 as long as none was seen. */
  int32_t *generation;
  /* False ends the dump early, as if it were done. */
  bool (*visit)(void *context, uint8_t family, const unsigned char *attributes, size_t length);
  void *context;
};

/* Reads one datagram. Nothing in it is trusted. */
enum nat_step nat_datagram(const struct nat_dump *dump, const unsigned char *bytes, size_t length);

/* What is collected of nftables: complete arrays' contents, without brackets. */
struct nat_rules {
  struct buf chains;
  struct buf sets;
  struct buf rules;
  struct buf tables; /* struct nat_table, one after the other */
  struct buf asked;  /* struct nat_set, the sets whose elements are asked for */
  size_t bytes;
  bool cut;
};

bool nat_visit_chain(void *context, uint8_t family, const unsigned char *attributes, size_t length);
bool nat_visit_set(void *context, uint8_t family, const unsigned char *attributes, size_t length);
bool nat_visit_rule(void *context, uint8_t family, const unsigned char *attributes, size_t length);
bool nat_visit_elements(void *context, uint8_t family, const unsigned char *attributes, size_t length);
void nat_rules_free(struct nat_rules *rules);

#endif
