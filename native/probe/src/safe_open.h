/* Opening what others control. A path in a container's tree, or one below
 * /proc that leads into it, may be a FIFO (opening it waits), a device
 * (opening it can act), or something else by the time it is used. */
#ifndef BULKHEAD_SAFE_OPEN_H
#define BULKHEAD_SAFE_OPEN_H

#include "util.h"

/* What the opened file must be. */
enum expected {
  EXPECT_DIRECTORY,
  EXPECT_REGULAR,   /* a regular file of any file system, /proc's too */
  EXPECT_NAMESPACE, /* of nsfs: what /proc/PID/ns leads to */
  EXPECT_PTMX,      /* the device that makes terminals, 5:2 */
};

/* Looks at the file without opening it (open(2), O_PATH), and opens that very
 * file if it is what was expected. Never waits for a FIFO, and never opens a
 * device but the one that is expected.
 * `proc` is a directory of /proc that is ours: a hostile tree may have another.
 * `name` is relative to `dir`; links are followed. `access` is O_RDONLY,
 * O_WRONLY or O_RDWR; the file is opened with O_NONBLOCK. The descriptor, or -1
 * with errno set: EINVAL where the file is something else. */
int open_expected(int proc, int dir, const char *name, enum expected what, int access);

/* Reads a regular file that way, at most `limit` bytes of it. The length, or
 * -errno. */
ssize_t read_expected(int proc, int dir, const char *name, struct buf *b, size_t limit);

/* The second half of it: opens the file that `seen`, opened with O_PATH, is. */
int reopen_expected(int proc, int seen, enum expected what, int access);

#endif
