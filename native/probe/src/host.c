#include "host.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/utsname.h>

#include "json.h"
#include "ns.h"
#include "parse.h"
#include "safe_open.h"

#define KTHREADD 2U
#define CAP_SYS_PTRACE 19U

bool host_is_initial(const struct host *host, enum ns_kind kind, uint32_t inode) {
  return inode == KINDS[kind].initial || (inode != 0 && inode == host->initial[kind]);
}

static void read_kinds(int proc, const char *process, uint32_t inodes[NS_KINDS]) {
  for (size_t k = 0; k < NS_KINDS; k++) {
    char link[48];
    (void)snprintf(link, sizeof link, "%s/ns/%s", process, KINDS[k].name);
    inodes[k] = ns_readlink(proc, link, (enum ns_kind)k);
  }
}

/* Pid 2 of the initial pid namespace is kthreadd, the parent of all kernel
 * threads. It never leaves the initial namespaces; pid 1 may have left them. */
static bool is_kthreadd(int proc, struct buf *text) {
  struct stat_facts stat;
  ssize_t n = read_at(proc, "2/stat", text, 8192, false);
  return n > 0 && parse_stat((struct span){text->data, (size_t)n}, &stat) && stat.kernel_thread && stat.ppid == 0;
}

static void find_initial(struct host *host, int proc, struct buf *text) {
  uint32_t kthreadd[NS_KINDS] = {0};
  if (is_kthreadd(proc, text)) read_kinds(proc, "2", kthreadd);
  for (size_t k = 0; k < NS_KINDS; k++) {
    if (KINDS[k].always_fixed) {
      host->initial[k] = (uint32_t)KINDS[k].initial;
    } else if (kthreadd[k] != 0) {
      host->initial[k] = kthreadd[k];
    } else if (host->self[k] == KINDS[k].initial) {
      host->initial[k] = host->self[k];
    }
  }
}

static void put_kinds(struct buf *b, const uint32_t inodes[NS_KINDS]) {
  for (size_t k = 0; k < NS_KINDS; k++) {
    if (k == 0) {
      json_lit(b, "{");
    } else {
      json_lit(b, ",");
    }
    json_cstr(b, KINDS[k].name);
    json_lit(b, ":");
    put_ns_id(b, (enum ns_kind)k, inodes[k]);
  }
  json_lit(b, "}");
}

static void put_u64_or_null(struct buf *b, uint64_t value) {
  if (value != 0) {
    json_u64(b, value);
  } else {
    json_lit(b, "null");
  }
}

static uint64_t boot_time(int proc, struct buf *text) {
  static const char KEY[] = "\nbtime ";
  uint64_t seconds = 0;
  if (read_at(proc, "stat", text, 1U << 20, true) <= 0) return 0;
  const char *at = memmem(text->data, text->len, KEY, sizeof KEY - 1);
  if (at == NULL) return 0;
  at += sizeof KEY - 1;
  struct span rest = {at, text->len - (size_t)(at - text->data)};
  return parse_u64(take_until(&rest, '\n'), &seconds) ? seconds : 0;
}

/* Whether the mount of /proc hides processes, and the probe is not one of
 * those that see them all the same. */
static bool is_hidden(int proc, struct buf *text) {
  if (read_at(proc, "self/status", text, 1U << 20, false) <= 0) return false;
  struct status_facts status;
  if (!parse_status((struct span){text->data, text->len}, &status)) return false;
  if ((status.caps[CAP_EFF] >> CAP_SYS_PTRACE & 1U) != 0) return false;
  if (read_at(proc, "self/mountinfo", text, 8U << 20, true) <= 0) return false;
  struct span rest = {text->data, text->len};
  bool hidden = false;
  while (rest.n > 0) {
    struct span line = take_until(&rest, '\n');
    struct mount_facts mount;
    /* The last mount on /proc is the one in force. */
    if (!parse_mount(line, &mount) || !span_is(mount.point, "/proc") || !span_is(mount.type, "proc")) continue;
    const char *option = memmem(line.p, line.n, "hidepid=", 8);
    struct span left = {option, option != NULL ? (size_t)(line.p + line.n - option) : 0};
    struct span value = take_until(&left, ',');
    hidden = value.n > 0 && !span_is(value, "hidepid=0") && !span_is(value, "hidepid=off");
  }
  return hidden;
}

static void put_cgroup_version(struct buf *out, int proc, struct buf *text) {
  struct cgroup_facts cgroup;
  ssize_t n = read_at(proc, "self/cgroup", text, 1U << 16, false);
  bool known = n > 0 && parse_cgroup((struct span){text->data, (size_t)n}, &cgroup);
  if (known && cgroup.v1 && cgroup.v2) {
    json_lit(out, "\"hybrid\"");
  } else if (known && cgroup.v2) {
    json_lit(out, "2");
  } else if (known && cgroup.v1) {
    json_lit(out, "1");
  } else {
    json_lit(out, "null");
  }
}

static void put_level(struct buf *out, const struct host *host, enum ns_kind kind) {
  if (host->self[kind] != 0) {
    json_bool(out, host->self[kind] == host->initial[kind]);
  } else {
    json_lit(out, "null");
  }
}

/* The first line of a small file, or null. Those of /sys may be missing: no
 * firmware tells them everywhere, and containers do not always see them. */
static void put_line(struct buf *out, int proc, const char *key, const char *const *paths, struct buf *text) {
  json_lit(out, ",");
  json_cstr(out, key);
  json_lit(out, ":");
  for (; *paths != NULL; paths++) {
    /* One of these paths leads into the tree of process 1, which in a
     * container may be any program. */
    if (read_expected(proc, AT_FDCWD, *paths, text, 4096) <= 0) continue;
    struct span rest = {text->data, text->len};
    struct span line = take_until(&rest, '\n');
    while (line.n > 0 && line.p[line.n - 1] == ' ') line.n--;
    if (line.n == 0) continue;
    json_text(out, line);
    return;
  }
  json_lit(out, "null");
}

/* Bytes; 0 unknown. */
static uint64_t memory_total(int proc, struct buf *text) {
  static const char KEY[] = "MemTotal:";
  if (read_at(proc, "meminfo", text, 65536, false) <= 0 || text->len < sizeof KEY) return 0;
  if (memcmp(text->data, KEY, sizeof KEY - 1) != 0) return 0;
  struct span rest = {text->data + sizeof KEY - 1, text->len - (sizeof KEY - 1)};
  while (rest.n > 0 && *rest.p == ' ') {
    rest.p++;
    rest.n--;
  }
  uint64_t kilobytes = 0;
  return parse_u64(take_until(&rest, ' '), &kilobytes) ? kilobytes * 1024U : 0;
}

static void put_machine(struct buf *out, int proc, struct buf *text) {
  static const char *const VENDOR[] = {"/sys/class/dmi/id/sys_vendor", NULL};
  static const char *const PRODUCT[] = {"/sys/class/dmi/id/product_name", NULL};
  static const char *const LSM[] = {"/sys/kernel/security/lsm", "/proc/1/root/sys/kernel/security/lsm", NULL};
  json_lit(out, ",\"memory\":");
  put_u64_or_null(out, memory_total(proc, text));
  json_lit(out, ",\"cpus\":");
  long cpus = sysconf(_SC_NPROCESSORS_ONLN);
  put_u64_or_null(out, cpus > 0 ? (uint64_t)cpus : 0);
  put_line(out, proc, "lsms", LSM, text);
  put_line(out, proc, "vendor", VENDOR, text);
  put_line(out, proc, "product", PRODUCT, text);
}

void host_read(struct host *host, int proc, struct buf *out) {
  AUTO_BUF struct buf text = {0};
  struct utsname uts;
  if (uname(&uts) != 0) die("uname failed: %s", strerror(errno));

  char target[16];
  uint32_t pid = 0;
  ssize_t n = readlinkat(proc, "self", target, sizeof target);
  host->own_pids = n > 0 && parse_u32((struct span){target, (size_t)n}, &pid) && pid == (uint32_t)getpid();
  host->hidden = is_hidden(proc, &text);
  read_kinds(proc, "self", host->self);
  find_initial(host, proc, &text);
  AUTO_CLOSE int own = openat(proc, "self/ns/user", O_RDONLY | O_CLOEXEC);
  struct stat st;
  if (own >= 0 && fstat(own, &st) == 0) host->nsfs_device = (uint64_t)st.st_dev;

  json_lit(out, "{\"t\":\"host\",\"hostname\":");
  json_cstr(out, uts.nodename);
  json_lit(out, ",\"kernel\":");
  json_cstr(out, uts.release);
  json_lit(out, ",\"arch\":");
  json_cstr(out, uts.machine);
  json_lit(out, ",\"bootId\":");
  if (read_at(proc, "sys/kernel/random/boot_id", &text, 128, false) > 1) {
    json_text(out, (struct span){text.data, text.len - 1});
  } else {
    json_lit(out, "null");
  }
  json_lit(out, ",\"bootTime\":");
  put_u64_or_null(out, boot_time(proc, &text));
  json_lit(out, ",\"clockTicks\":");
  json_i64(out, sysconf(_SC_CLK_TCK));
  json_lit(out, ",\"nsfsDevice\":");
  put_u64_or_null(out, host->nsfs_device);
  json_lit(out, ",\"initial\":");
  put_kinds(out, host->initial);
  json_lit(out, ",\"self\":");
  put_kinds(out, host->self);
  json_lit(out, ",\"pidNamespaceInitial\":");
  put_level(out, host, NS_PID);
  json_lit(out, ",\"userNamespaceInitial\":");
  put_level(out, host, NS_USER);
  json_lit(out, ",\"cgroupVersion\":");
  put_cgroup_version(out, proc, &text);
  put_machine(out, proc, &text);
  json_lit(out, "}\n");
}
