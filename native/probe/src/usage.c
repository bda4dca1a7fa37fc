#include "usage.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include "dir.h"
#include "json.h"
#include "parse.h"

/* The files of further processes are opened each time. */
#define MOST_KEPT 4096U

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

/* The files of a process that are read once a second. To open and close them
 * costs more than to read them, so they stay open; and what is open is of that
 * process, whoever has its number later. -1 for what cannot be opened. */
struct kept {
  uint32_t pid;
  int stat;
  int io;
};

static struct kept open_files(int proc, uint32_t pid) {
  char name[16];
  struct kept files = {pid, -1, -1};
  (void)snprintf(name, sizeof name, "%u", pid);
  AUTO_CLOSE int dir = openat(proc, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (dir < 0) return files;
  files.stat = openat(dir, "stat", O_RDONLY | O_CLOEXEC);
  files.io = openat(dir, "io", O_RDONLY | O_CLOEXEC);
  return files;
}

static void close_files(const struct kept *files) {
  if (files->stat >= 0) (void)close(files->stat);
  if (files->io >= 0) (void)close(files->io);
}

static struct span read_again(int fd, struct buf *text) {
  ssize_t n = fd < 0 || lseek(fd, 0, SEEK_SET) < 0 ? -1 : read_fd(fd, text, 8192, false);
  return (struct span){text->data, n > 0 ? (size_t)n : 0};
}

/* False, and nothing is appended, where the process has ended. */
static bool put_process(struct buf *b, const struct kept *files, struct buf *text, bool *first) {
  struct use use;
  if (!parse_use(read_again(files->stat, text), &use)) return false;
  if (!*first) json_lit(b, ",");
  *first = false;
  json_lit(b, "[");
  json_u64(b, files->pid);
  json_lit(b, ",");
  json_u64(b, use.start);
  json_lit(b, ",");
  json_u64(b, use.cpu);
  json_lit(b, ",");
  json_u64(b, use.rss);
  json_lit(b, ",");
  struct span io = read_again(files->io, text);
  put_line(b, io, "read_bytes");
  json_lit(b, ",");
  put_line(b, io, "write_bytes");
  json_lit(b, "]");
  return true;
}

/* Processes whose files may stay open, so that half of the descriptors are
 * left for whatever else is asked. */
static size_t most_kept(void) {
  struct rlimit limit;
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return 0;
  limit.rlim_cur = limit.rlim_max;
  if (setrlimit(RLIMIT_NOFILE, &limit) != 0 && getrlimit(RLIMIT_NOFILE, &limit) != 0) return 0;
  return limit.rlim_cur < 4U * MOST_KEPT ? (size_t)limit.rlim_cur / 4 : MOST_KEPT;
}

void put_usage(struct buf *b, int proc) {
  static struct kept *before;
  static size_t known;
  AUTO_BUF struct buf pids = {0};
  AUTO_BUF struct buf text = {0};
  size_t count = list_numbers(&pids, proc);
  size_t most = most_kept();
  struct kept *now = xcalloc(count + 1, sizeof *now);
  size_t len = 0;
  size_t at = 0;
  bool first = true;
  for (size_t i = 0; i < count; i++) {
    uint32_t pid = number_at(&pids, i);
    /* The kernel lists them by number. */
    while (at < known && before[at].pid < pid) close_files(&before[at++]);
    bool again = at < known && before[at].pid == pid;
    struct kept files = again ? before[at++] : open_files(proc, pid);
    bool told = put_process(b, &files, &text, &first);
    if (!told && again) {
      /* It has ended, and another may have its number. */
      close_files(&files);
      files = open_files(proc, pid);
      told = put_process(b, &files, &text, &first);
    }
    if (told && len < most) {
      now[len++] = files;
    } else {
      close_files(&files);
    }
  }
  while (at < known) close_files(&before[at++]);
  free(before);
  before = now;
  known = len;
}
