/* What the questions of `serve` have in common, and the questions themselves,
 * by what is asked about: a process (serve_process.c), or a namespace that a
 * child joins (serve_inside.c). */
#ifndef BULKHEAD_SERVER_H
#define BULKHEAD_SERVER_H

#include "question.h"
#include "util.h"

/* A process can block others in many ways, with a file system of its own for
 * example. A question that takes longer ends the probe, and a new probe is
 * started. */
#define ANSWER_MS 10000U

struct server {
  struct buf *out;
  int proc; /* of /proc */
  uint32_t silence_ms;
};

/* `{"t":"reply","id":ID`: who begins a reply ends it. */
void begin(struct buf *b, struct span id);
void gone(const struct server *s, struct span id);
void bad_request(const struct server *s, struct span id);

/* Appends `"word":text` for the file or link `name` in a directory, or null. */
void put_file(const struct server *s, struct buf *b, struct span word, int dir, const char *name);
/* An object with each of the files that the words name. */
void put_files(const struct server *s, struct buf *b, struct span words, int dir);

/* Answers to one question each; the probe's README has their words. */
void answer_files(const struct server *s, const struct question *q);
void answer_threads(const struct server *s, const struct question *q);
void answer_holders(const struct server *s, const struct question *q);
void answer_usage(const struct server *s, const struct question *q);
void answer_inside(const struct server *s, const struct question *q);
void answer_network(const struct server *s, const struct question *q);
void answer_wiring(const struct server *s, const struct question *q);
void answer_connect(const struct server *s, const struct question *q);

#endif
