#include "question.h"

#include <stdlib.h>

#include "parse.h"

struct question parse_question(struct span line) {
  struct question q;
  q.verb = take_until(&line, ' ');
  q.id = take_until(&line, ' ');
  q.words = line;
  return q;
}

struct span next_word(struct span *words) {
  struct span word = {words->p, 0};
  while (words->n > 0 && word.n == 0) word = take_until(words, ' ');
  return word;
}

static int digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool file_name(struct span word, char *name, size_t room) {
  size_t n = 0;
  for (size_t i = 0; i < word.n; i++) {
    char c = word.p[i];
    if (c == '%' && i + 2 < word.n) {
      int high = digit(word.p[i + 1]);
      int low = digit(word.p[i + 2]);
      if (high < 0 || low < 0) return false;
      c = (char)(high * 16 + low);
      i += 2;
    }
    if (c == '\0' || n + 1 >= room) return false;
    name[n++] = c;
  }
  name[n] = '\0';
  return n > 0 && name[0] != '/' && strstr(name, "..") == NULL;
}
