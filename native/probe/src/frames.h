/* The records of the protocol other than those of the host and of processes. */
#ifndef BULKHEAD_FRAMES_H
#define BULKHEAD_FRAMES_H

#include "host.h"
#include "pins.h"

struct end_facts {
  uint64_t batch;
  uint64_t duration_us;
  uint64_t cpu_us;
  uint64_t processes;
  uint64_t unreadable;
  uint64_t vanished;
  uint64_t pins_cut;
  uint64_t mounts_cut;
  bool hidden;
};

void put_hello(struct buf *out, const char *mode);
void put_process_gone(struct buf *out, uint32_t pid, uint64_t start);
void put_namespace_gone(struct buf *out, const struct ns *n);
/* Replaces the content of `record`. */
void put_namespace(struct buf *record, const struct ns *n, const struct host *host, const struct pin_report *pins);
void put_end_frame(struct buf *out, const struct end_facts *end);
/* An error answer to a request or to a line that is no command. */
void put_error(struct buf *out, struct span id, const char *error, const char *message);

#endif
