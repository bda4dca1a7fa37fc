#include "json.h"

static const char HEX[] = "0123456789abcdef";

void json_u64(struct buf *b, uint64_t value) {
  char digits[20];
  size_t at = sizeof digits;
  do {
    digits[--at] = (char)('0' + value % 10U);
    value /= 10U;
  } while (value > 0);
  buf_put(b, digits + at, sizeof digits - at);
}

void json_i64(struct buf *b, int64_t value) {
  if (value < 0) {
    json_lit(b, "-");
    json_u64(b, 0U - (uint64_t)value);
  } else {
    json_u64(b, (uint64_t)value);
  }
}

void json_hex64(struct buf *b, uint64_t value) {
  char *p = buf_room(b, 18);
  *p++ = '"';
  for (int shift = 60; shift >= 0; shift -= 4) *p++ = HEX[(value >> shift) & 15U];
  *p = '"';
  b->len += 18;
}

void json_hex(struct buf *b, struct span bytes) {
  static const char DIGITS[] = "0123456789abcdef";
  char *to = buf_room(b, 2 * bytes.n);
  for (size_t i = 0; i < bytes.n; i++) {
    unsigned char byte = (unsigned char)bytes.p[i];
    to[2 * i] = DIGITS[byte >> 4];
    to[2 * i + 1] = DIGITS[byte & 15];
  }
  b->len += 2 * bytes.n;
}

void json_bool(struct buf *b, bool value) {
  if (value) {
    json_lit(b, "true");
  } else {
    json_lit(b, "false");
  }
}

/* The length of the valid UTF-8 sequence at p, or 0. Refuses overlong forms,
 * surrogates and what lies above U+10FFFF, as RFC 3629 does. */
static size_t utf8_length(const unsigned char *p, size_t left) {
  unsigned char a = p[0];
  size_t n = 0;
  unsigned char low = 0x80;
  unsigned char high = 0xBF;
  if (a >= 0xC2 && a <= 0xDF) {
    n = 2;
  } else if (a >= 0xE0 && a <= 0xEF) {
    n = 3;
    if (a == 0xE0) low = 0xA0;
    if (a == 0xED) high = 0x9F;
  } else if (a >= 0xF0 && a <= 0xF4) {
    n = 4;
    if (a == 0xF0) low = 0x90;
    if (a == 0xF4) high = 0x8F;
  } else {
    return 0;
  }
  if (left < n || p[1] < low || p[1] > high) return 0;
  for (size_t i = 2; i < n; i++) {
    if (p[i] < 0x80 || p[i] > 0xBF) return 0;
  }
  return n;
}

static char *put_u(char *out, unsigned code) {
  memcpy(out, "\\u00", 4);
  out[4] = HEX[code >> 4];
  out[5] = HEX[code & 15U];
  return out + 6;
}

void json_text(struct buf *b, struct span bytes) {
  const unsigned char *p = (const unsigned char *)bytes.p;
  size_t n = bytes.n;
  /* The longest form of one byte is six characters (\u00xx, \\x5c, \\xHH). */
  size_t most = 0;
  if (__builtin_mul_overflow(n, (size_t)6, &most) || __builtin_add_overflow(most, (size_t)2, &most)) {
    die("text of %zu bytes is too long", n);
  }
  char *start = buf_room(b, most);
  char *out = start;
  *out++ = '"';
  for (size_t i = 0; i < n;) {
    unsigned char c = p[i];
    if (c >= 0x20 && c < 0x7F) {
      if (c == '"') {
        *out++ = '\\';
        *out++ = '"';
      } else if (c == '\\') {
        *out++ = '\\';
        *out++ = '\\';
        if (i + 1 < n && p[i + 1] == 'x') {
          memcpy(out, "x5c", 3);
          out += 3;
        }
      } else {
        *out++ = (char)c;
      }
      i++;
    } else if (c < 0x80) {
      out = put_u(out, c);
      i++;
    } else {
      size_t length = utf8_length(p + i, n - i);
      if (length == 0) {
        memcpy(out, "\\\\x", 3);
        out[3] = HEX[c >> 4];
        out[4] = HEX[c & 15U];
        out += 5;
        i++;
      } else if (length == 2 && c == 0xC2 && p[i + 1] < 0xA0) {
        /* C1 controls: some terminals obey them, so they stay escaped. */
        out = put_u(out, p[i + 1]);
        i += 2;
      } else {
        memcpy(out, p + i, length);
        out += length;
        i += length;
      }
    }
  }
  *out++ = '"';
  b->len += (size_t)(out - start);
}

void json_cstr(struct buf *b, const char *text) { json_text(b, (struct span){text, strlen(text)}); }
