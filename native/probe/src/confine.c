#include "confine.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/seccomp.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include "confine_cgroup.h"
#include "confine_filters.h"
#include "target.h"

#define CAP_COUNT 64U

/* --- the security module's label --- */

static bool read_label_file(struct confinement *c, int dir, const char *name) {
  AUTO_BUF struct buf b = {0};
  ssize_t n = read_at(dir, name, &b, 4096, false);
  if (n <= 0) return false;
  size_t length = (size_t)n;
  while (length > 0 && (b.data[length - 1] == '\n' || b.data[length - 1] == '\0')) length--;
  if (length == 0 || length >= sizeof c->label) return false;
  memcpy(c->label, b.data, length);
  c->label[length] = '\0';
  return true;
}

/* AppArmor says `docker-default (enforce)` or `unconfined`; SELinux and Smack
 * say what attr/exec takes as it is. Source: apparmor(7), selinux(8). */
static void read_label(struct confinement *c, int proc, int dir) {
  c->apparmor = read_label_file(c, dir, "attr/apparmor/current");
  if (!c->apparmor && !read_label_file(c, dir, "attr/current")) {
    c->label[0] = '\0';
    return;
  }
  char *mode = strrchr(c->label, '(');
  if (mode != NULL && mode > c->label && mode[-1] == ' ') {
    mode[-1] = '\0';
    c->apparmor = true;
  }
  if (strcmp(c->label, "unconfined") == 0) {
    c->label[0] = '\0';
    return;
  }
  struct confinement own = {.apparmor = false};
  if (!c->apparmor && read_label_file(&own, proc, "self/attr/current") && strcmp(own.label, c->label) == 0) {
    c->label[0] = '\0';
  }
}

static bool write_attribute(int proc, const char *name, const char *text) {
  AUTO_CLOSE int fd = openat(proc, name, O_WRONLY | O_CLOEXEC);
  if (fd < 0) return false;
  ssize_t n = RETRY(write(fd, text, strlen(text)));
  return n == (ssize_t)strlen(text);
}

static void take_label(struct confinement *c, int proc) {
  if (c->label[0] == '\0') return;
  bool taken = false;
  if (c->apparmor) {
    char text[sizeof c->label + 8];
    (void)snprintf(text, sizeof text, "exec %s", c->label);
    taken = write_attribute(proc, "self/attr/apparmor/exec", text) || write_attribute(proc, "self/attr/exec", text);
  } else {
    taken = write_attribute(proc, "self/attr/exec", c->label);
  }
  if (taken) return;
  add_notice(&c->notices, "The target's %s %s is not taken over (%s): the program is not confined by it.",
             c->apparmor ? "AppArmor profile" : "SELinux label", c->label, strerror(errno));
}

/* --- all of it --- */

bool confinement_read(struct confinement *c, int proc, int dir, uint32_t pid, const struct status_facts *status,
                      struct buf *error) {
  memcpy(c->caps, status->caps, sizeof c->caps);
  c->seccomp = status->has_seccomp ? status->seccomp : SECCOMP_MODE_DISABLED;
  if (!read_cgroups(c, proc, dir)) {
    error_text(error, "Process %u is frozen: its container is paused. Unpause it first.", pid);
    return false;
  }
  read_label(c, proc, dir);
  if (c->seccomp == SECCOMP_MODE_FILTER) read_filters(c, dir, pid);
  if (c->seccomp == SECCOMP_MODE_STRICT) {
    add_notice(
        &c->notices,
        "The target runs in strict seccomp mode, in which no program can be started: the program is not confined "
        "by it.");
  }
  return true;
}

void confine_outside(struct confinement *c, int proc) {
  join_cgroups(c);
  take_label(c, proc);
}

static bool get_capabilities(uint64_t *permitted, uint64_t *inheritable) {
  struct __user_cap_header_struct head = {.version = _LINUX_CAPABILITY_VERSION_3};
  struct __user_cap_data_struct data[2] = {{0}};
  if (syscall(SYS_capget, &head, data) != 0) return false;
  *permitted = (uint64_t)data[1].permitted << 32 | data[0].permitted;
  *inheritable = (uint64_t)data[1].inheritable << 32 | data[0].inheritable;
  return true;
}

static bool set_capabilities(uint64_t effective, uint64_t permitted, uint64_t inheritable) {
  struct __user_cap_header_struct head = {.version = _LINUX_CAPABILITY_VERSION_3};
  struct __user_cap_data_struct data[2] = {
      {(uint32_t)effective, (uint32_t)permitted, (uint32_t)inheritable},
      {(uint32_t)(effective >> 32), (uint32_t)(permitted >> 32), (uint32_t)(inheritable >> 32)},
  };
  return syscall(SYS_capset, &head, data) == 0;
}

void raise_capabilities(void) {
  uint64_t permitted = 0;
  uint64_t inheritable = 0;
  if (get_capabilities(&permitted, &inheritable)) (void)set_capabilities(permitted, permitted, inheritable);
}

/* The bounding set first: that takes CAP_SETPCAP. */
static bool drop_capabilities(struct confinement *c, bool foreign) {
  uint64_t want[CAP_SETS];
  uint64_t have = 0;
  uint64_t inherited = 0;
  for (size_t i = 0; i < CAP_SETS; i++) want[i] = foreign ? 0 : c->caps[i] & c->caps[CAP_BND];
  for (unsigned long cap = 0; cap < CAP_COUNT; cap++) {
    if ((want[CAP_BND] >> cap & 1) == 0 && prctl(PR_CAPBSET_READ, cap, 0, 0, 0) == 1 &&
        prctl(PR_CAPBSET_DROP, cap, 0, 0, 0) != 0) {
      return false;
    }
  }
  if (!get_capabilities(&have, &inherited)) return false;
  if ((want[CAP_PRM] & ~have) != 0)
    add_notice(&c->notices, "Not all of the target's capabilities can be given to it here.");
  uint64_t permitted = want[CAP_PRM] & have;
  uint64_t inheritable = want[CAP_INH] & (have | inherited);
  if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) != 0) return false;
  if (!set_capabilities(want[CAP_EFF] & permitted, permitted, inheritable)) return false;
  uint64_t ambient = want[CAP_AMB] & permitted & inheritable;
  for (unsigned long cap = 0; cap < CAP_COUNT; cap++) {
    if ((ambient >> cap & 1) != 0) (void)prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, cap, 0, 0);
  }
  return true;
}

bool confine_inside(struct confinement *c, bool foreign, struct buf *error) {
  if (!drop_capabilities(c, foreign)) {
    error_text(error, "The capabilities that the target has not cannot be dropped: %s.", strerror(errno));
    return false;
  }
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) {
    error_text(error, "no_new_privs cannot be set: %s.", strerror(errno));
    return false;
  }
  return true;
}

bool confine_system_calls(const struct confinement *c, struct buf *error) {
  if (install_filters(&c->filters)) return true;
  error_text(error, "The target's seccomp filter cannot be taken over: %s.", strerror(errno));
  return false;
}
