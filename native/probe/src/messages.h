/* What one message of rtnetlink(7) says, as a JSON object: links and addresses
 * (links.c), routes (routes.c), rules of routing (rules.c). */
#ifndef BULKHEAD_MESSAGES_H
#define BULKHEAD_MESSAGES_H

#include "attributes.h"

/* The body of a message: a fixed head, then attributes. False where it is too
 * short for its head. */
bool split_body(struct span body, void *head, size_t size, struct attributes *a);

/* Each appends an object, after a comma where there is one before it; nothing
 * where the message is too short or of another family than IP. */
void put_link(struct buf *b, struct span body);
void put_one_address(struct buf *b, struct span body);
void put_route(struct buf *b, struct span body);
void put_rule(struct buf *b, struct span body);

/* The one of them for the type; of other types nothing. */
void put_network_message(struct buf *b, uint16_t type, struct span body);

#endif
