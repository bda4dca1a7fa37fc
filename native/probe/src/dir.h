/* Directories whose entries are numbers: processes, threads, descriptors. */
#ifndef BULKHEAD_DIR_H
#define BULKHEAD_DIR_H

#include "util.h"

/* Reads the numbered entries of `dir`, from its start, into `numbers`
 * (replacing its content), as uint32_t in the kernel's order. Returns how
 * many. */
size_t list_numbers(struct buf *numbers, int dir);

static inline uint32_t number_at(const struct buf *numbers, size_t i) {
  uint32_t number = 0;
  memcpy(&number, numbers->data + i * sizeof number, sizeof number);
  return number;
}

#endif
