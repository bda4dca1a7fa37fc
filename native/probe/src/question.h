/* The lines that `serve` is asked. Pure: any bytes in, spans out. */
#ifndef BULKHEAD_QUESTION_H
#define BULKHEAD_QUESTION_H

#include "util.h"

/* A line: VERB ID WORD... The spans point into it. */
struct question {
  struct span verb;
  struct span id;
  struct span words; /* what is left of it; see next_word */
};

struct question parse_question(struct span line);

/* The next word of a question; empty where there is none. */
struct span next_word(struct span *words);

/* A relative path, as a C string with percent signs undone. False for one
 * that is empty, longer than `room`, absolute, or that could lead up. */
bool file_name(struct span word, char *name, size_t room);

#endif
