#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "dir.h"
#include "json.h"
#include "parse.h"
#include "server.h"
#include "sockets.h"
#include "usage.h"

#define MOST_THREADS 512U

/* The process's directory, checked to be that process's. Takes its pid and
 * start time from the words. */
static int open_process(const struct server *s, struct span *words) {
  char name[16];
  uint64_t wanted = 0;
  uint32_t number = 0;
  struct span pid = next_word(words);
  struct span start = next_word(words);
  if (!parse_u32(pid, &number) || !parse_u64(start, &wanted)) return -1;
  (void)snprintf(name, sizeof name, "%u", number);
  int dir = openat(s->proc, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  AUTO_BUF struct buf b = {0};
  ssize_t n = dir < 0 ? -1 : read_at(dir, "stat", &b, 8192, false);
  struct stat_facts stat;
  if (n > 0 && parse_stat((struct span){b.data, (size_t)n}, &stat) && stat.start == wanted) return dir;
  if (dir >= 0) close(dir);
  return -1;
}

/* files ID PID START NAME... */
void answer_files(const struct server *s, const struct question *q) {
  struct span words = q->words;
  AUTO_CLOSE int dir = open_process(s, &words);
  if (dir < 0) {
    gone(s, q->id);
    return;
  }
  begin(s->out, q->id);
  json_lit(s->out, ",\"texts\":");
  put_files(s, s->out, words, dir);
  json_lit(s->out, "}\n");
}

/* threads ID PID START */
void answer_threads(const struct server *s, const struct question *q) {
  struct span words = q->words;
  AUTO_CLOSE int dir = open_process(s, &words);
  AUTO_CLOSE int tasks = dir < 0 ? -1 : openat(dir, "task", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (tasks < 0) {
    gone(s, q->id);
    return;
  }
  AUTO_BUF struct buf tids = {0};
  size_t count = list_numbers(&tids, tasks);
  begin(s->out, q->id);
  json_lit(s->out, ",\"count\":");
  json_u64(s->out, count);
  json_lit(s->out, ",\"texts\":{");
  for (size_t i = 0; i < count && i < MOST_THREADS; i++) {
    char name[32];
    int n = snprintf(name, sizeof name, "%u/stat", number_at(&tids, i));
    put_file(s, s->out, (struct span){name, (size_t)n}, tasks, name);
  }
  json_lit(s->out, "}}\n");
}

/* holders ID NET INODE... */
void answer_holders(const struct server *s, const struct question *q) {
  struct span words = q->words;
  uint32_t net = 0;
  if (!parse_u32(next_word(&words), &net)) {
    bad_request(s, q->id);
    return;
  }
  begin(s->out, q->id);
  json_lit(s->out, ",\"holders\":");
  put_holders(s->out, s->proc, net, words);
  json_lit(s->out, "}\n");
}

/* usage ID: what every process has used so far, and what the kernel says of
 * the machine. */
void answer_usage(const struct server *s, const struct question *q) {
  static const char *const MACHINE[] = {"meminfo", "pressure/cpu", "pressure/io", "pressure/memory", "stat", "vmstat"};
  begin(s->out, q->id);
  json_lit(s->out, ",\"usage\":{\"pageSize\":");
  json_u64(s->out, (uint64_t)sysconf(_SC_PAGESIZE));
  json_lit(s->out, ",\"processes\":[");
  put_usage(s->out, s->proc);
  json_lit(s->out, "]},\"texts\":{");
  for (size_t i = 0; i < sizeof MACHINE / sizeof MACHINE[0]; i++) {
    put_file(s, s->out, (struct span){MACHINE[i], strlen(MACHINE[i])}, s->proc, MACHINE[i]);
  }
  json_lit(s->out, "}}\n");
}
