#include "dir.h"

#include <sys/syscall.h>

#include "parse.h"

/* Up to the name, as the kernel lays it out (getdents64(2)). */
struct entry_head {
  uint64_t inode;
  int64_t offset;
  uint16_t length;
  uint8_t type;
} __attribute__((packed));

/* No entry of the kernel's is longer: a name has up to 255 bytes. */
#define ENTRY_LIMIT 280U

size_t list_numbers(struct buf *numbers, int dir) {
  numbers->len = 0;
  (void)lseek(dir, 0, SEEK_SET);
  /* getdents64 itself, because opendir allocates 32 KiB a directory. */
  _Alignas(8) char chunk[16384];
  for (;;) {
    long n = syscall(SYS_getdents64, dir, chunk, sizeof chunk);
    if (n <= 0) return numbers->len / sizeof(uint32_t);
    for (size_t at = 0; at < (size_t)n;) {
      struct entry_head head;
      memcpy(&head, chunk + at, sizeof head);
      const char *name = chunk + at + sizeof head;
      uint32_t number = 0;
      if (parse_u32((struct span){name, strlen(name)}, &number)) buf_put(numbers, (const char *)&number, sizeof number);
      at += head.length;
    }
    /* If one more entry would have fitted, the list is complete, and the call
     * that would say so is saved. */
    if ((size_t)n + ENTRY_LIMIT <= sizeof chunk) return numbers->len / sizeof(uint32_t);
  }
}
