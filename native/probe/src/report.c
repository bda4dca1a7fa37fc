#include "report.h"

#include <sys/wait.h>

#include "json.h"

static void say(const struct buf *line) {
  size_t sent = 0;
  while (sent < line->len) {
    ssize_t n = RETRY(write(STDERR_FILENO, line->data + sent, line->len - sent));
    if (n < 0) return;
    sent += (size_t)n;
  }
}

void say_text(const char *what, const char *key, struct span text) {
  AUTO_BUF struct buf line = {0};
  json_lit(&line, "{\"t\":");
  json_cstr(&line, what);
  json_lit(&line, ",");
  json_cstr(&line, key);
  json_lit(&line, ":");
  json_text(&line, text);
  json_lit(&line, "}\n");
  say(&line);
}

void say_exit(int status) {
  AUTO_BUF struct buf line = {0};
  json_lit(&line, "{\"t\":\"exit\",\"code\":");
  if (WIFEXITED(status)) {
    json_i64(&line, WEXITSTATUS(status));
    json_lit(&line, ",\"signal\":null}\n");
  } else {
    json_lit(&line, "null,\"signal\":");
    json_i64(&line, WTERMSIG(status));
    json_lit(&line, "}\n");
  }
  say(&line);
}
