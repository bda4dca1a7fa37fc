#include "fields.h"

#include <arpa/inet.h>

#include "json.h"

void put_separator(struct buf *b) {
  char last = b->data[b->len - 1];
  if (last != '{' && last != '[') json_lit(b, ",");
}

void put_key(struct buf *b, const char *key) {
  put_separator(b);
  json_cstr(b, key);
  json_lit(b, ":");
}

void put_number(struct buf *b, const char *key, bool has, uint64_t value) {
  put_key(b, key);
  if (has) {
    json_u64(b, value);
  } else {
    json_lit(b, "null");
  }
}

void put_flag(struct buf *b, const char *key, bool value) {
  put_key(b, key);
  json_bool(b, value);
}

void put_attribute(struct buf *b, const char *key, const struct attributes *a, unsigned type) {
  uint32_t value = 0;
  bool has = attribute_u32(a, type, &value);
  put_number(b, key, has, value);
}

void put_text(struct buf *b, const char *key, struct span text) {
  put_key(b, key);
  if (text.p != NULL) {
    json_text(b, text);
  } else {
    json_lit(b, "null");
  }
}

void put_address(struct buf *b, const char *key, struct span value, int family) {
  char text[INET6_ADDRSTRLEN];
  size_t need = family == AF_INET ? 4 : 16;
  bool known = value.p != NULL && value.n >= need && inet_ntop(family, value.p, text, sizeof text) != NULL;
  put_text(b, key, known ? (struct span){text, strlen(text)} : (struct span){NULL, 0});
}

bool is_ip(int family) { return family == AF_INET || family == AF_INET6; }

void put_family(struct buf *b, int family) { put_number(b, "family", true, family == AF_INET ? 4 : 6); }
