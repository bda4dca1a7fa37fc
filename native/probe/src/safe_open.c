#include "safe_open.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

/* Documentation/admin-guide/devices.txt */
#define PTMX_MAJOR 5U
#define PTMX_MINOR 2U

/* All files of nsfs are on one device. Zero where it cannot be told. */
static dev_t nsfs(int proc) {
  struct stat st;
  return fstatat(proc, "self/ns/mnt", &st, 0) == 0 ? st.st_dev : 0;
}

/* Asks only what the kernel has at hand: a file system whose server does not
 * answer would make the probe wait, beyond the reach of any signal. */
static bool is_expected(int proc, int fd, enum expected what) {
  struct statx st;
  if (statx(fd, "", AT_EMPTY_PATH | AT_STATX_DONT_SYNC, STATX_TYPE, &st) != 0) return false;
  switch (what) {
    case EXPECT_DIRECTORY:
      return S_ISDIR(st.stx_mode);
    case EXPECT_REGULAR:
      return S_ISREG(st.stx_mode);
    case EXPECT_NAMESPACE:
      return S_ISREG(st.stx_mode) && makedev(st.stx_dev_major, st.stx_dev_minor) == nsfs(proc);
    case EXPECT_PTMX:
      return S_ISCHR(st.stx_mode) && st.stx_rdev_major == PTMX_MAJOR && st.stx_rdev_minor == PTMX_MINOR;
  }
  return false;
}

int reopen_expected(int proc, int seen, enum expected what, int access) {
  if (!is_expected(proc, seen, what)) {
    errno = EINVAL;
    return -1;
  }
  char link[32];
  (void)snprintf(link, sizeof link, "self/fd/%d", seen);
  /* The link leads to the file that was looked at, whatever has its name by
   * now. */
  return openat(proc, link, access | O_CLOEXEC | O_NOCTTY | O_NONBLOCK | (what == EXPECT_DIRECTORY ? O_DIRECTORY : 0));
}

int open_expected(int proc, int dir, const char *name, enum expected what, int access) {
  AUTO_CLOSE int seen = openat(dir, name, O_PATH | O_CLOEXEC);
  return seen < 0 ? -1 : reopen_expected(proc, seen, what, access);
}

ssize_t read_expected(int proc, int dir, const char *name, struct buf *b, size_t limit) {
  AUTO_CLOSE int fd = open_expected(proc, dir, name, EXPECT_REGULAR, O_RDONLY);
  return fd < 0 ? -errno : read_fd(fd, b, limit, true);
}
