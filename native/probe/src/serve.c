#include "serve.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "fields.h"
#include "frames.h"
#include "json.h"
#include "safe_open.h"
#include "server.h"

/* Where a longer text is cut; the answer says so. */
#define TEXT_LIMIT (4U * 1024U * 1024U)
#define LINE_LIMIT (1U << 20)

void begin(struct buf *b, struct span id) {
  json_lit(b, "{\"t\":\"reply\",\"id\":");
  json_text(b, id);
}

void gone(const struct server *s, struct span id) {
  put_error(s->out, id, "gone", "It has ended, or another has its number by now.");
}

void bad_request(const struct server *s, struct span id) {
  put_error(s->out, id, "bad-request",
            "Known are: connect, files, holders, inside, network, threads, usage, wiring. See the probe's README.");
}

void put_file(const struct server *s, struct buf *b, struct span word, int dir, const char *name) {
  AUTO_BUF struct buf text = {0};
  char target[4096];
  put_separator(b);
  json_text(b, word);
  json_lit(b, ":");
  ssize_t n = strchr(name, '/') == NULL ? readlinkat(dir, name, target, sizeof target) : -1;
  if (n >= 0) {
    json_text(b, (struct span){target, (size_t)n});
  } else if ((n = read_expected(s->proc, dir, name, &text, TEXT_LIMIT)) >= 0) {
    json_text(b, (struct span){text.data, (size_t)n});
  } else {
    json_lit(b, "null");
  }
}

void put_files(const struct server *s, struct buf *b, struct span words, int dir) {
  json_lit(b, "{");
  for (struct span word = next_word(&words); word.n > 0; word = next_word(&words)) {
    char name[4096];
    if (file_name(word, name, sizeof name)) put_file(s, b, word, dir, name);
  }
  json_lit(b, "}");
}

static void answer(const struct server *s, struct span line) {
  static const struct {
    const char *verb;
    void (*answer)(const struct server *s, const struct question *q);
  } VERBS[] = {
      {"connect", answer_connect}, {"files", answer_files},     {"holders", answer_holders}, {"inside", answer_inside},
      {"network", answer_network}, {"threads", answer_threads}, {"usage", answer_usage},     {"wiring", answer_wiring},
  };
  if (line.n == 0) return;
  struct question q = parse_question(line);
  size_t i = 0;
  while (i < sizeof VERBS / sizeof *VERBS && !span_is(q.verb, VERBS[i].verb)) i++;
  end_after(ANSWER_MS);
  if (i < sizeof VERBS / sizeof *VERBS) {
    VERBS[i].answer(s, &q);
  } else {
    bad_request(s, q.id);
  }
  end_after(s->silence_ms);
  flush_out(s->out);
}

void serve(struct buf *out, uint32_t silence_ms) {
  struct server s = {out, open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC), silence_ms};
  if (s.proc < 0) die("/proc cannot be opened: %s", strerror(errno));
  flush_out(out);
  static struct buf input;
  for (;;) {
    end_after(silence_ms);
    ssize_t n = RETRY(read(STDIN_FILENO, buf_room(&input, 4096), 4096));
    if (n <= 0) return;
    input.len += (size_t)n;
    size_t start = 0;
    for (;;) {
      const char *end = memchr(input.data + start, '\n', input.len - start);
      if (end == NULL) break;
      size_t length = (size_t)(end - input.data) - start;
      answer(&s, (struct span){input.data + start, length});
      start += length + 1;
    }
    memmove(input.data, input.data + start, input.len - start);
    input.len -= start;
    if (input.len > LINE_LIMIT) die("a question of more than %u bytes", LINE_LIMIT);
  }
}
