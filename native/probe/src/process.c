#include "process.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <time.h>

#include "dir.h"
#include "json.h"
#include "ns.h"
#include "parse.h"
#include "safe_open.h"
#include "sockets.h"

/* Enough to tell processes apart; a whole command line may be megabytes. */
#define ARGV_LIMIT 4096U

/* A process that keeps running is read in every batch, but its threads and
 * descriptors only so often that, over time, about this many a batch are. */
#define TASKS_PER_BATCH 64U
#define FDS_PER_BATCH 64U
#define FEW_FDS 8

static void pin_add(struct pin_list *list, struct pin pin) {
  if (list->len == list->cap) {
    list->cap = list->cap > 0 ? list->cap * 2 : 4;
    list->items = xrealloc(list->items, list->cap, sizeof *list->items);
  }
  list->items[list->len++] = pin;
}

/* What a descriptor that is a file of nsfs leads to. One that was opened where a
 * namespace is mounted has that path as its link, and only the kernel knows
 * which kind it is. */
static void note_namespace(const struct reader *r, struct process *p, int dir, const char *name, struct pin pin) {
  char target[64];
  uint64_t inode = 0;
  ssize_t n = readlinkat(dir, name, target, sizeof target);
  if (n < 0) return;
  if (target[0] == '/' || !parse_ns_name((struct span){target, (size_t)n}, &pin.kind, &inode)) {
    AUTO_CLOSE int fd = open_expected(r->proc, dir, name, EXPECT_NAMESPACE, O_RDONLY);
    struct stat st;
    if (fd < 0 || fstat(fd, &st) != 0 || !ns_kind_of(fd, &pin.kind)) return;
    inode = st.st_ino;
  }
  if (inode == 0 || inode > UINT32_MAX) return;
  pin.inode = (uint32_t)inode;
  pin_add(&p->fds, pin);
}

/* A socket stays in the network namespace where it was made, wherever its
 * process goes. One is told for each process and namespace. */
static void note_socket(struct process *p, int *pidfd, struct pin pin) {
  if (*pidfd < 0) *pidfd = (int)syscall(SYS_pidfd_open, p->pid, 0);
  AUTO_CLOSE int net = *pidfd < 0 ? -1 : open_net_of_socket(*pidfd, pin.number);
  struct stat st;
  if (net < 0 || fstat(net, &st) != 0 || st.st_ino > UINT32_MAX || st.st_ino == p->links[LINK_NET]) return;
  for (size_t i = 0; i < p->fds.len; i++) {
    if (p->fds.items[i].socket && p->fds.items[i].inode == st.st_ino) return;
  }
  pin.kind = NS_NET;
  pin.inode = (uint32_t)st.st_ino;
  pin.socket = true;
  pin_add(&p->fds, pin);
}

/* False when there is no such descriptor. */
static bool note_fd(const struct reader *r, struct process *p, int dir, int *pidfd, uint32_t number) {
  char name[24];
  struct statx st;
  (void)snprintf(name, sizeof name, "fd/%u", number);
  /* What the kernel has at hand is enough: a file system whose server does not
   * answer must not make the probe wait. */
  if (statx(dir, name, AT_STATX_DONT_SYNC, STATX_TYPE, &st) != 0) return errno != ENOENT;
  struct pin pin = {.number = number};
  if (makedev(st.stx_dev_major, st.stx_dev_minor) == r->nsfs_device) {
    note_namespace(r, p, dir, name, pin);
  } else if (r->asks_sockets && S_ISSOCK(st.stx_mode)) {
    note_socket(p, pidfd, pin);
  }
  return true;
}

/* A few descriptors without a gap, as most processes have them, are read
 * without listing them: since Linux 6.2 their directory tells how many there
 * are. False when there are more, or gaps, or an older kernel. */
static bool read_few_fds(const struct reader *r, struct process *p, int dir, int *pidfd) {
  struct stat st;
  if (fstatat(dir, "fd", &st, 0) != 0 || st.st_size < 1 || st.st_size > FEW_FDS) return false;
  for (uint32_t number = 0; number < st.st_size; number++) {
    if (!note_fd(r, p, dir, pidfd, number)) {
      p->fds.len = 0;
      return false;
    }
  }
  return true;
}

static void read_fds(struct reader *r, struct process *p, int dir) {
  if (r->batch < p->fds_due) return;
  p->fds.len = 0;
  /* The probe's own descriptors come and go with what it looks at. */
  if (p->kernel_thread || p->pid == r->self) return;
  AUTO_CLOSE int pidfd = -1;
  if (read_few_fds(r, p, dir, &pidfd)) return;
  AUTO_CLOSE int fd = openat(dir, "fd", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return;
  size_t count = list_numbers(&r->dents, fd);
  p->fds_due = r->batch + 1 + count / FDS_PER_BATCH;
  for (size_t i = 0; i < count; i++) (void)note_fd(r, p, dir, &pidfd, number_at(&r->dents, i));
}

/* Threads of one process cannot differ in these: setns(2) and unshare(2)
 * demand a process of one thread for user and time, and a thread is always
 * made in its leader's pid namespace. */
static bool shared_by_threads(size_t link) { return link == LINK_USER || link == LINK_TIME || link == LINK_PID; }

static void read_task(struct reader *r, struct process *p, int tasks, uint32_t tid) {
  char name[32];
  snprintf(name, sizeof name, "%u/ns", tid);
  AUTO_CLOSE int ns = openat(tasks, name, O_PATH | O_DIRECTORY | O_CLOEXEC);
  if (ns < 0) return;
  /* A leader that has ended has no links any more, its threads do. */
  bool leader_ended = p->links[LINK_NET] == 0;
  bool differs = false;
  for (size_t i = 0; i < NS_LINKS; i++) {
    if (shared_by_threads(i) && !leader_ended) continue;
    uint32_t inode = ns_readlink(ns, LINKS[i].name, LINKS[i].kind);
    if (inode == 0 || inode == p->links[i]) continue;
    struct buf *b = &p->task_text;
    if (!differs) {
      if (b->len > 0) json_lit(b, ",");
      json_lit(b, "{\"tid\":");
      json_u64(b, tid);
      json_lit(b, ",\"comm\":");
      snprintf(name, sizeof name, "%u/comm", tid);
      ssize_t n = read_at(tasks, name, &r->file, 256, false);
      json_text(b, (struct span){r->file.data, n > 0 ? (size_t)n - 1 : 0});
      json_lit(b, ",\"namespaces\":{");
    } else {
      json_lit(b, ",");
    }
    differs = true;
    json_cstr(b, LINKS[i].name);
    json_lit(b, ":");
    put_ns_id(b, LINKS[i].kind, inode);
    pin_add(&p->tasks, (struct pin){.kind = LINKS[i].kind, .inode = inode, .number = tid, .link = (enum ns_link)i});
  }
  if (differs) json_lit(&p->task_text, "}}");
}

static void read_tasks(struct reader *r, struct process *p, int dir) {
  if (r->batch < p->tasks_due) return;
  p->tasks.len = 0;
  p->task_text.len = 0;
  if (p->threads < 2 || p->forbidden) return;
  AUTO_CLOSE int tasks = openat(dir, "task", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (tasks < 0) return;
  size_t count = list_numbers(&r->dents, tasks);
  p->tasks_due = r->batch + 1 + count / TASKS_PER_BATCH;
  for (size_t i = 0; i < count; i++) {
    uint32_t tid = number_at(&r->dents, i);
    if (tid != p->pid) read_task(r, p, tasks, tid);
  }
}

static bool read_links(struct process *p, int dir) {
  p->forbidden = false;
  AUTO_CLOSE int ns = openat(dir, "ns", O_PATH | O_DIRECTORY | O_CLOEXEC);
  if (ns < 0) return false;
  for (size_t i = 0; i < NS_LINKS; i++) {
    uint32_t inode = ns_readlink(ns, LINKS[i].name, LINKS[i].kind);
    if (inode == 0 && errno == ESRCH) return false;
    if (inode == 0 && (errno == EACCES || errno == EPERM)) {
      p->forbidden = true;
      /* One check guards all of them (ptrace(2), PTRACE_MODE_READ). */
      for (; i < NS_LINKS; i++) {
        if (p->links[i] != 0) p->moved = true;
        p->links[i] = 0;
      }
      return true;
    }
    if (p->links[i] != inode) p->moved = true;
    p->links[i] = inode;
  }
  return true;
}

static void put_argv(struct buf *b, const struct buf *raw) {
  json_lit(b, ",\"argv\":[");
  size_t n = raw->len > ARGV_LIMIT ? ARGV_LIMIT : raw->len;
  for (size_t at = 0; at < n;) {
    const char *end = memchr(raw->data + at, 0, n - at);
    size_t len = end != NULL ? (size_t)(end - raw->data) - at : n - at;
    if (at > 0) json_lit(b, ",");
    json_text(b, (struct span){raw->data + at, len});
    at += len + 1;
  }
  json_lit(b, "]");
  if (raw->len > ARGV_LIMIT) json_lit(b, ",\"argvTruncated\":true");
}

static void put_ids(struct buf *b, const uint32_t *ids, size_t n) {
  for (size_t i = 0; i < n; i++) {
    if (i > 0) json_lit(b, ",");
    json_u64(b, ids[i]);
  }
}

static void put_status(struct buf *b, const struct status_facts *status) {
  static const char *const SETS[CAP_SETS] = {
      [CAP_INH] = "inh", [CAP_PRM] = "prm", [CAP_EFF] = "eff", [CAP_BND] = "bnd", [CAP_AMB] = "amb",
  };
  json_lit(b, ",\"uid\":[");
  put_ids(b, status->uid, 4);
  json_lit(b, "],\"gid\":[");
  put_ids(b, status->gid, 4);
  json_lit(b, "],\"nsPids\":[");
  put_ids(b, status->ns_pids, status->levels);
  json_lit(b, "],\"caps\":{");
  for (size_t i = 0; i < CAP_SETS; i++) {
    if (i > 0) json_lit(b, ",");
    json_cstr(b, SETS[i]);
    json_lit(b, ":");
    json_hex64(b, status->caps[i]);
  }
  json_lit(b, "},\"seccomp\":");
  if (status->has_seccomp) {
    json_u64(b, status->seccomp);
  } else {
    json_lit(b, "null");
  }
  json_lit(b, ",\"noNewPrivs\":");
  if (status->has_no_new_privs) {
    json_bool(b, status->no_new_privs);
  } else {
    json_lit(b, "null");
  }
}

static void put_cgroups(struct buf *b, const struct cgroup_facts *cgroup) {
  json_text(b, cgroup->path);
  if (cgroup->other_count == 0) return;
  json_lit(b, ",\"otherCgroups\":[");
  for (size_t i = 0; i < cgroup->other_count; i++) {
    if (i > 0) json_lit(b, ",");
    json_text(b, cgroup->others[i]);
  }
  json_lit(b, "]");
}

static void put_root(struct buf *b, struct process *p, int dir) {
  char target[4096];
  json_lit(b, ",\"root\":");
  ssize_t n = readlinkat(dir, "root", target, sizeof target);
  p->whole_root = n == 1 && target[0] == '/';
  if (n > 0) {
    json_text(b, (struct span){target, (size_t)n});
  } else {
    json_lit(b, "null");
  }
}

static void put_links(struct buf *b, const struct process *p) {
  json_lit(b, ",\"namespaces\":{");
  for (size_t i = 0; i < NS_LINKS; i++) {
    if (i > 0) json_lit(b, ",");
    json_cstr(b, LINKS[i].name);
    json_lit(b, ":");
    put_ns_id(b, LINKS[i].kind, p->links[i]);
  }
  json_lit(b, "}");
  if (p->forbidden) json_lit(b, ",\"unreadable\":true");
  if (p->task_text.len > 0) {
    json_lit(b, ",\"threadNamespaces\":[");
    buf_put(b, p->task_text.data, p->task_text.len);
    json_lit(b, "]");
  }
  json_lit(b, "}\n");
}

static enum read_result failed(ssize_t error) {
  return error == -EPERM || error == -EACCES ? READ_CLOSED : READ_GONE;
}

/* The record's state letter stands at a fixed place, right after this. */
#define RECORD_HEAD "{\"t\":\"process\",\"state\":\""

enum read_result process_read(struct reader *r, struct process *p, struct buf *record) {
  char name[16];
  snprintf(name, sizeof name, "%u", p->pid);
  /* All reads are relative to this: it stays with the process, not with the
   * number. */
  AUTO_CLOSE int dir = openat(r->proc, name, O_PATH | O_DIRECTORY | O_CLOEXEC);
  if (dir < 0) return failed(-errno);

  ssize_t n = read_at(dir, "stat", &r->file, 8192, false);
  struct stat_facts stat;
  if (n <= 0) return failed(n);
  if (!parse_stat((struct span){r->file.data, (size_t)n}, &stat)) return READ_GONE;
  if (stat.start != p->start) {
    process_forget(p);
    p->start = stat.start;
    p->moved = true;
  }
  p->ppid = stat.ppid;
  p->threads = stat.threads;
  p->kernel_thread = stat.kernel_thread;

  struct buf *b = record;
  b->len = 0;
  json_lit(b, RECORD_HEAD);
  buf_put(b, &stat.state, 1);
  json_lit(b, "\",\"pid\":");
  json_u64(b, p->pid);
  json_lit(b, ",\"startTime\":");
  json_u64(b, p->start);
  json_lit(b, ",\"ppid\":");
  json_u64(b, p->ppid);
  json_lit(b, ",\"threads\":");
  json_u64(b, p->threads);
  if (p->kernel_thread) json_lit(b, ",\"kernelThread\":true");
  json_lit(b, ",\"comm\":");
  json_text(b, stat.comm);

  n = read_at(dir, "status", &r->file, 1U << 20, false);
  struct status_facts status;
  if (n <= 0) return failed(n);
  if (!parse_status((struct span){r->file.data, (size_t)n}, &status)) return READ_GONE;
  put_status(b, &status);

  if (p->kernel_thread || read_at(dir, "cmdline", &r->file, ARGV_LIMIT + 1, false) < 0) r->file.len = 0;
  put_argv(b, &r->file);

  struct cgroup_facts cgroup;
  json_lit(b, ",\"cgroup\":");
  n = read_at(dir, "cgroup", &r->file, 1U << 16, false);
  if (n > 0 && parse_cgroup((struct span){r->file.data, (size_t)n}, &cgroup)) {
    put_cgroups(b, &cgroup);
  } else {
    json_lit(b, "null");
  }

  put_root(b, p, dir);
  if (!read_links(p, dir)) return READ_GONE;
  read_tasks(r, p, dir);
  if (!p->forbidden) read_fds(r, p, dir);
  put_links(b, p);
  return READ_OK;
}

uint64_t process_hash(const struct buf *record) {
  char *state = record->data + sizeof RECORD_HEAD - 1;
  char shown = *state;
  if (shown == 'R' || shown == 'D' || shown == 'I') *state = 'S';
  uint64_t hash = hash_bytes(record->data, record->len);
  *state = shown;
  return hash > 0 ? hash : 1;
}

bool process_cpu(uint32_t pid, uint64_t *nanoseconds) {
  /* clock_getcpuclockid(3) without its extra system call: the scheduler's
   * clock (2) of a whole process. */
  clockid_t clock = (clockid_t)(~pid << 3 | 2U);
  struct timespec t;
  if (clock_gettime(clock, &t) != 0) return false;
  *nanoseconds = (uint64_t)t.tv_sec * 1000000000U + (uint64_t)t.tv_nsec;
  return true;
}

void process_forget(struct process *p) {
  free(p->fds.items);
  free(p->tasks.items);
  buf_free(&p->task_text);
  *p = (struct process){.pid = p->pid, .cpu = p->cpu, .ran = p->ran};
}
