#include "attributes.h"

#include <linux/netlink.h>

bool next_attribute(struct span *rest, struct attribute *attribute) {
  struct nlattr head;
  if (rest->n < sizeof head) return false;
  memcpy(&head, rest->p, sizeof head);
  if (head.nla_len < sizeof head || head.nla_len > rest->n) return false;
  attribute->type = head.nla_type & 0x3fffU; /* NLA_TYPE_MASK */
  attribute->value = (struct span){rest->p + sizeof head, head.nla_len - sizeof head};
  size_t step = (head.nla_len + 3U) & ~(size_t)3U;
  if (step > rest->n) step = rest->n;
  rest->p += step;
  rest->n -= step;
  return true;
}

void read_attributes(struct attributes *a, struct span text) {
  struct attribute one;
  memset(a, 0, sizeof *a);
  while (next_attribute(&text, &one)) {
    if (one.type < ATTRIBUTE_TYPES) a->of[one.type] = one.value;
  }
}

bool attribute_u8(const struct attributes *a, unsigned type, uint8_t *value) {
  if (a->of[type].p == NULL || a->of[type].n < sizeof *value) return false;
  memcpy(value, a->of[type].p, sizeof *value);
  return true;
}

bool attribute_u32(const struct attributes *a, unsigned type, uint32_t *value) {
  if (a->of[type].p == NULL || a->of[type].n < sizeof *value) return false;
  memcpy(value, a->of[type].p, sizeof *value);
  return true;
}

struct span attribute_text(const struct attributes *a, unsigned type) {
  struct span value = a->of[type];
  if (value.p == NULL) return value;
  return (struct span){value.p, strnlen(value.p, value.n)};
}
