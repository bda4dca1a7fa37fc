/* Netlink attributes, each length checked before anything is read. */
#ifndef BULKHEAD_ATTRIBUTES_H
#define BULKHEAD_ATTRIBUTES_H

#include "util.h"

struct attribute {
  unsigned type; /* without the flags for nesting and byte order */
  struct span value;
};

/* The next attribute of `rest`, which moves past it; false at the end, or
 * where a length does not fit into what is left. */
bool next_attribute(struct span *rest, struct attribute *attribute);

#define ATTRIBUTE_TYPES 64U

/* The attributes of one record by type; a missing one has p == NULL. */
struct attributes {
  struct span of[ATTRIBUTE_TYPES];
};

void read_attributes(struct attributes *a, struct span text);

/* False where it is missing or shorter. */
bool attribute_u8(const struct attributes *a, unsigned type, uint8_t *value);
bool attribute_u32(const struct attributes *a, unsigned type, uint32_t *value);

/* Up to its first zero byte. */
struct span attribute_text(const struct attributes *a, unsigned type);

#endif
