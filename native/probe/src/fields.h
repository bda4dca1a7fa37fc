/* Members of the JSON objects that say what netlink tells. Each begins with a
 * comma where something stands before it. */
#ifndef BULKHEAD_FIELDS_H
#define BULKHEAD_FIELDS_H

#include "attributes.h"

void put_separator(struct buf *b);
void put_key(struct buf *b, const char *key);
/* null without `has`. */
void put_number(struct buf *b, const char *key, bool has, uint64_t value);
void put_flag(struct buf *b, const char *key, bool value);
/* A number of 32 bits; null where it is missing. */
void put_attribute(struct buf *b, const char *key, const struct attributes *a, unsigned type);
/* null where it has no bytes. */
void put_text(struct buf *b, const char *key, struct span text);
/* An IP address; null where the bytes are none. */
void put_address(struct buf *b, const char *key, struct span value, int family);
/* 4 or 6. */
void put_family(struct buf *b, int family);
bool is_ip(int family);

#endif
