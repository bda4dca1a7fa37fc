/* Writing JSON by hand: pieces are appended, never formatted, so that no text
 * from a process can reach the output unescaped. */
#ifndef BULKHEAD_JSON_H
#define BULKHEAD_JSON_H

#include "util.h"

/* Appends a string literal as it is: keys and punctuation. */
#define json_lit(b, text) buf_put((b), "" text, sizeof(text) - 1)

void json_u64(struct buf *b, uint64_t value);
void json_i64(struct buf *b, int64_t value);
/* 16 lower-case hex digits in quotes. */
void json_hex64(struct buf *b, uint64_t value);
/* Each byte as two lower-case hex digits, without quotes. */
void json_hex(struct buf *b, struct span bytes);
void json_bool(struct buf *b, bool value);

/* The bytes as a JSON string in quotes. Bytes that are not part of valid UTF-8
 * become the four characters \xHH, and a backslash before an `x` becomes
 * \x5c, so that a reader can get the bytes back. */
void json_text(struct buf *b, struct span bytes);
void json_cstr(struct buf *b, const char *text);

#endif
