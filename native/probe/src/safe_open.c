#include "safe_open.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>

#include "util.h"

/* linux/magic.h; nsfs is not in all versions of it. */
#define PROC_MAGIC 0x9fa0
#define NSFS_MAGIC 0x6e736673

/* Documentation/admin-guide/devices.txt */
#define PTMX_MAJOR 5U
#define PTMX_MINOR 2U

static bool is_in(int fd, long magic) {
  struct statfs fs;
  return fstatfs(fd, &fs) == 0 && (long)fs.f_type == magic;
}

bool is_expected(int fd, enum expected what) {
  struct stat st;
  if (fstat(fd, &st) != 0) return false;
  switch (what) {
    case EXPECT_DIRECTORY:
      return S_ISDIR(st.st_mode);
    case EXPECT_REGULAR:
      return S_ISREG(st.st_mode);
    case EXPECT_PROC_FILE:
      return S_ISREG(st.st_mode) && is_in(fd, PROC_MAGIC);
    case EXPECT_NAMESPACE:
      return S_ISREG(st.st_mode) && is_in(fd, NSFS_MAGIC);
    case EXPECT_PTMX:
      return S_ISCHR(st.st_mode) && major(st.st_rdev) == PTMX_MAJOR && minor(st.st_rdev) == PTMX_MINOR;
  }
  return false;
}

int reopen_expected(int proc, int seen, enum expected what, int access) {
  if (!is_expected(seen, what)) {
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
