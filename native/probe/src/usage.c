#include "usage.h"

#include <fcntl.h>
#include <stdio.h>

#include "dir.h"
#include "json.h"
#include "parse.h"

bool parse_use(struct span text, struct use *use) {
  const char *close = text.n > 0 ? memrchr(text.p, ')', text.n) : NULL;
  if (close == NULL) return false;
  struct span rest = {close + 1, text.n - (size_t)(close + 1 - text.p)};
  if (take_until(&rest, ' ').n != 0) return false;
  uint64_t user = 0;
  uint64_t system = 0;
  for (int field = 3; field < 14; field++) (void)take_until(&rest, ' ');
  if (!parse_u64(take_until(&rest, ' '), &user) || !parse_u64(take_until(&rest, ' '), &system)) return false;
  for (int field = 16; field < 22; field++) (void)take_until(&rest, ' ');
  if (!parse_u64(take_until(&rest, ' '), &use->start)) return false;
  (void)take_until(&rest, ' ');
  use->cpu = user + system;
  return parse_u64(take_until(&rest, ' '), &use->rss);
}

/* A line `key: number`; null where there is none. */
static void put_line(struct buf *b, struct span text, const char *key) {
  while (text.n > 0) {
    struct span line = take_until(&text, '\n');
    uint64_t value = 0;
    if (!span_is(take_until(&line, ':'), key)) continue;
    if (take_until(&line, ' ').n == 0 && parse_u64(line, &value)) {
      json_u64(b, value);
      return;
    }
  }
  json_lit(b, "null");
}

static void put_process(struct buf *b, int proc, uint32_t pid, bool *first) {
  char name[16];
  struct use use;
  AUTO_BUF struct buf text = {0};
  (void)snprintf(name, sizeof name, "%u", pid);
  AUTO_CLOSE int dir = openat(proc, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  ssize_t n = dir < 0 ? -1 : read_at(dir, "stat", &text, 8192, false);
  if (n <= 0 || !parse_use((struct span){text.data, (size_t)n}, &use)) return;
  if (!*first) json_lit(b, ",");
  *first = false;
  json_lit(b, "[");
  json_u64(b, pid);
  json_lit(b, ",");
  json_u64(b, use.start);
  json_lit(b, ",");
  json_u64(b, use.cpu);
  json_lit(b, ",");
  json_u64(b, use.rss);
  json_lit(b, ",");
  n = read_at(dir, "io", &text, 4096, false);
  struct span io = {text.data, n > 0 ? (size_t)n : 0};
  put_line(b, io, "read_bytes");
  json_lit(b, ",");
  put_line(b, io, "write_bytes");
  json_lit(b, "]");
}

void put_usage(struct buf *b, int proc) {
  AUTO_BUF struct buf pids = {0};
  size_t count = list_numbers(&pids, proc);
  bool first = true;
  for (size_t i = 0; i < count; i++) put_process(b, proc, number_at(&pids, i), &first);
}
