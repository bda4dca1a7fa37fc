#include "process.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "held.h"
#include "json.h"
#include "ns.h"
#include "parse.h"

/* Enough to tell processes apart; a whole command line may be megabytes. */
#define ARGV_LIMIT 4096U

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

static enum read_result failed(ssize_t error) { return error == -EPERM || error == -EACCES ? READ_CLOSED : READ_GONE; }

/* The record's state letter stands at a fixed place, right after this. */
#define RECORD_HEAD "{\"t\":\"process\",\"state\":\""

enum read_result process_read(struct reader *r, struct process *p, struct buf *record) {
  char name[16];
  (void)snprintf(name, sizeof name, "%u", p->pid);
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
