#include "util.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <time.h>

static void say(const char *fmt, va_list args) {
  char line[512];
  int n = vsnprintf(line, sizeof line, fmt, args);
  if (n < 0) return;
  dprintf(STDERR_FILENO, "bulkhead-probe: %s\n", line);
}

void warn(const char *fmt, ...) {
  va_list args;
  va_start(args, fmt);
  say(fmt, args);
  va_end(args);
}

void die(const char *fmt, ...) {
  va_list args;
  va_start(args, fmt);
  say(fmt, args);
  va_end(args);
  exit(1);
}

void *xrealloc(void *old, size_t count, size_t size) {
  size_t bytes = 0;
  if (__builtin_mul_overflow(count, size, &bytes)) die("allocation of %zu x %zu bytes overflows", count, size);
  void *p = realloc(old, bytes > 0 ? bytes : 1);
  if (p == NULL) die("out of memory (%zu bytes)", bytes);
  return p;
}

void *xcalloc(size_t count, size_t size) {
  void *p = calloc(count > 0 ? count : 1, size);
  if (p == NULL) die("out of memory (%zu x %zu bytes)", count, size);
  return p;
}

void buf_grow(struct buf *b, size_t extra) {
  size_t need = 0;
  if (__builtin_add_overflow(b->len, extra, &need)) die("buffer of %zu + %zu bytes overflows", b->len, extra);
  size_t cap = b->cap > 0 ? b->cap : 4096;
  while (cap < need) {
    if (__builtin_mul_overflow(cap, (size_t)2, &cap)) die("buffer of %zu bytes overflows", need);
  }
  b->data = xrealloc(b->data, cap, 1);
  b->cap = cap;
}

void buf_free(struct buf *b) {
  free(b->data);
  *b = (struct buf){0};
}

uint64_t monotonic_us(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (uint64_t)t.tv_sec * 1000000U + (uint64_t)t.tv_nsec / 1000U;
}

uint64_t cpu_us(void) {
  struct timespec t;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return (uint64_t)t.tv_sec * 1000000U + (uint64_t)t.tv_nsec / 1000U;
}

ssize_t read_at(int dir, const char *name, struct buf *b, size_t limit, bool more) {
  AUTO_CLOSE int fd = openat(dir, name, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
  return fd < 0 ? -errno : read_fd(fd, b, limit, more);
}

ssize_t read_fd(int fd, struct buf *b, size_t limit, bool more) {
  b->len = 0;
  for (;;) {
    /* One read of a generous size: the kernel hands over a one-piece file
     * whole, however long its lines (Groups: may pass 64 KiB). */
    size_t room = limit - b->len < 65536 ? limit - b->len : 65536;
    if (room == 0) break;
    ssize_t n = RETRY(read(fd, buf_room(b, room), room));
    if (n < 0) return -errno;
    b->len += (size_t)n;
    if (n == 0 || (!more && (size_t)n < room)) break;
  }
  return (ssize_t)b->len;
}

void end_after(uint32_t ms) {
  const struct itimerval limit = {.it_value = {.tv_sec = ms / 1000U, .tv_usec = (suseconds_t)(ms % 1000U) * 1000}};
  (void)setitimer(ITIMER_REAL, &limit, NULL);
}

void flush_out(struct buf *out) {
  size_t done = 0;
  while (done < out->len) {
    ssize_t n = RETRY(write(STDOUT_FILENO, out->data + done, out->len - done));
    if (n >= 0) {
      done += (size_t)n;
    } else if (errno == EAGAIN) {
      struct pollfd writable = {.fd = STDOUT_FILENO, .events = POLLOUT};
      (void)poll(&writable, 1, -1);
    } else if (errno == EPIPE) {
      exit(0);
    } else {
      die("cannot write to stdout: %s", strerror(errno));
    }
  }
  out->len = 0;
}

uint64_t hash_bytes(const char *p, size_t n) {
  uint64_t h = 0x9E3779B97F4A7C15U ^ n;
  while (n > 0) {
    uint64_t word = 0;
    size_t take = n < sizeof word ? n : sizeof word;
    memcpy(&word, p, take);
    h = (h ^ word) * 0xD6E8FEB86659FD93U;
    h ^= h >> 32;
    p += take;
    n -= take;
  }
  return h;
}
