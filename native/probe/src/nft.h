/* The rules of nftables, as the kernel tells them. */
#ifndef BULKHEAD_NFT_H
#define BULKHEAD_NFT_H

#include "util.h"

/* Whether the kernel has nftables now. The costly part of finding out is
 * remembered; what a child remembers is lost, so ask before one is started. */
bool nft_is_here(void);

/* What is collected: the contents of JSON arrays, without brackets. */
struct nft_rules {
  struct buf chains;
  struct buf sets;
  struct buf rules;
  struct buf tables; /* those that are told */
  struct buf asked;  /* the sets whose elements are asked for */
  size_t bytes;
  int32_t generation; /* low bits of the rule set's number; -1 before any message */
  bool changed;       /* while it was read */
  bool cut;
};

void nft_rules_free(struct nft_rules *rules);

/* A take_message: chains come first, so that the tables are known. */
void nft_take(void *context, uint16_t type, struct span body);

/* Appends the members `nft`, `chains`, `sets` and `cut`, or `nft` as null and
 * `unread`. */
void put_nft(struct buf *b);

#endif
