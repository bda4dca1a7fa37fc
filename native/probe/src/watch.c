#include "watch.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>

#include "frames.h"
#include "parse.h"

/* A line that never ends must not take memory without end. */
#define LINE_LIMIT 65536U

struct watcher {
  struct scanner *scanner;
  uint64_t interval_us;
  uint32_t silence_ms;
  uint64_t due; /* when the next batch starts; 0 at once */
  struct buf input;
  bool skipping; /* inside a line that was too long */
};

static void obey(struct watcher *w, struct span line) {
  struct command command = parse_command(line);
  switch (command.kind) {
    case COMMAND_NONE:
      break;
    case COMMAND_BAD:
      put_error(w->scanner->out, line, "bad-command", "Known are: rescan, interval <ms>.");
      break;
    case COMMAND_RESCAN:
      w->due = 0;
      break;
    case COMMAND_INTERVAL:
      w->interval_us = (uint64_t)command.interval_ms * 1000U;
      w->due = 0;
      break;
  }
}

static void obey_lines(struct watcher *w) {
  struct buf *input = &w->input;
  size_t start = 0;
  for (;;) {
    const char *end = memchr(input->data + start, '\n', input->len - start);
    if (end == NULL) break;
    size_t length = (size_t)(end - input->data) - start;
    if (!w->skipping) obey(w, (struct span){input->data + start, length});
    w->skipping = false;
    start += length + 1;
  }
  memmove(input->data, input->data + start, input->len - start);
  input->len -= start;
  if (input->len > LINE_LIMIT) {
    w->skipping = true;
    input->len = 0;
  }
  if (w->scanner->out->len > 0) flush_out(w->scanner->out);
}

/* False when stdin is closed: the parent is gone. */
static bool read_commands(struct watcher *w) {
  ssize_t n = RETRY(read(STDIN_FILENO, buf_room(&w->input, 4096), 4096));
  if (n < 0) return errno == EAGAIN;
  if (n == 0) return false;
  end_after(w->silence_ms);
  w->input.len += (size_t)n;
  obey_lines(w);
  return true;
}

void watch(struct scanner *s, uint32_t interval_ms, uint32_t silence_ms) {
  struct watcher w = {.scanner = s, .interval_us = (uint64_t)interval_ms * 1000U, .silence_ms = silence_ms};
  end_after(silence_ms);
  for (;;) {
    uint64_t now = monotonic_us();
    if (now >= w.due) {
      scanner_batch(s);
      now = monotonic_us();
      w.due = now + w.interval_us;
    }
    struct pollfd input = {.fd = STDIN_FILENO, .events = POLLIN};
    /* Rounded up: waking a moment too early would only mean waiting again. */
    int ready = poll(&input, 1, (int)((w.due - now + 999) / 1000));
    if (ready > 0 && !read_commands(&w)) break;
  }
  buf_free(&w.input);
}
