/* The toolbox: cleanup attributes, allocation that cannot fail, clocks, and
 * one growable byte buffer. Everything else in the probe is built from it. */
#ifndef BULKHEAD_UTIL_H
#define BULKHEAD_UTIL_H

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

#define PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))

/* A system call, again as long as a signal interrupts it. */
#define RETRY(call)                          \
  __extension__({                            \
    __typeof__(call) result_;                \
    do {                                     \
      result_ = (call);                      \
    } while (result_ < 0 && errno == EINTR); \
    result_;                                 \
  })

/* A borrowed run of bytes. Kernel text is bytes, not strings: comm and argv
 * may hold anything, so lengths travel with pointers everywhere. */
struct span {
  const char *p;
  size_t n;
};

static inline struct span span_of(const char *text) { return (struct span){text, strlen(text)}; }

static inline bool span_is(struct span s, const char *text) {
  size_t n = strlen(text);
  return s.n == n && memcmp(s.p, text, n) == 0;
}

/* A growable byte buffer; growing cannot fail (see xrealloc). */
struct buf {
  char *data;
  size_t len;
  size_t cap;
};

/* Out of memory ends the probe: it holds nothing that is worth saving, and
 * the parent starts a new one. size * count is checked for overflow. */
void *xrealloc(void *old, size_t count, size_t size);
void *xcalloc(size_t count, size_t size);

void buf_grow(struct buf *b, size_t extra);
void buf_free(struct buf *b);

/* Room for `extra` more bytes; returns where they start. */
static inline char *buf_room(struct buf *b, size_t extra) {
  if (b->cap - b->len < extra) buf_grow(b, extra);
  return b->data + b->len;
}

static inline void buf_put(struct buf *b, const char *p, size_t n) {
  memcpy(buf_room(b, n), p, n);
  b->len += n;
}

/* One line on stderr, prefixed with the program's name. */
void warn(const char *fmt, ...) PRINTF(1, 2);
_Noreturn void die(const char *fmt, ...) PRINTF(1, 2);

/* Ends the probe when this is not called again within so many milliseconds;
 * with 0 never. It may be waiting for anything then, a full stdout too. */
void end_after(uint32_t ms);

uint64_t monotonic_us(void);
uint64_t cpu_us(void);

/* Reads a whole file below a directory into `b` (replacing its content), at
 * most `limit` bytes. The length, or -errno. A /proc file made in one piece
 * by the kernel arrives in one read, so the common case is three system
 * calls; `more` says that the file may come in pieces (mountinfo). */
ssize_t read_at(int dir, const char *name, struct buf *b, size_t limit, bool more);

/* The same of an open file. */
ssize_t read_fd(int fd, struct buf *b, size_t limit, bool more);

static inline void close_fd(const int *fd) {
  if (*fd >= 0) close(*fd);
}

static inline void free_buf(struct buf *b) { buf_free(b); }

#define AUTO_CLOSE __attribute__((cleanup(close_fd)))
#define AUTO_BUF __attribute__((cleanup(free_buf)))

/* Writes the buffer to stdout and empties it. Ends the probe when nobody
 * reads any more. */
void flush_out(struct buf *out);

/* Fast, not cryptographic: tells whether a record changed since it was sent. */
uint64_t hash_bytes(const char *p, size_t n);

#endif
