#include "scan.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <stdlib.h>

#include "dir.h"
#include "frames.h"
#include "json.h"
#include "parse.h"
#include "scan_namespaces.h"

/* Facts that others can change while a process sleeps (its cgroup, its root,
 * a mount table) are read again at least every so many batches. */
#define ROTATION 32U

bool rotates(const struct scanner *s, uint32_t number) { return (s->reader.batch + number) % ROTATION == 0; }

static int compare_u32(const void *a, const void *b) {
  uint32_t x = 0;
  uint32_t y = 0;
  memcpy(&x, a, sizeof x);
  memcpy(&y, b, sizeof y);
  return (x > y) - (x < y);
}

static bool has_capability(struct scanner *s, unsigned number) {
  struct status_facts status;
  ssize_t n = read_at(s->reader.proc, "self/status", &s->reader.file, 1U << 20, false);
  if (n <= 0 || !parse_status((struct span){s->reader.file.data, (size_t)n}, &status)) return false;
  return (status.caps[CAP_EFF] >> number & 1U) != 0;
}

void scanner_open(struct scanner *s, struct buf *out) {
  s->out = out;
  s->reader.self = (uint32_t)getpid();
  s->reader.proc = open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (s->reader.proc < 0) die("cannot open /proc: %s", strerror(errno));
  host_read(&s->host, s->reader.proc, out);
  s->reader.nsfs_device = s->host.nsfs_device;
  s->reader.asks_sockets = s->host.own_pids && has_capability(s, CAP_NET_ADMIN) && has_capability(s, CAP_SYS_PTRACE);
}

static void forget(struct scanner *s, struct process *p) {
  if (p->hash != 0) put_process_gone(s->out, p->pid, p->start);
  buf_put(&s->gone, (const char *)&p->pid, sizeof p->pid);
  process_forget(p);
  s->changed = true;
}

/* False when the process is no more, or cannot be seen. */
static bool read_one(struct scanner *s, struct process *p) {
  uint64_t start = p->start;
  bool sent = p->hash != 0;
  size_t pins = p->fds.len + p->tasks.len;
  p->moved = false;
  p->ran = true;
  enum read_result result = process_read(&s->reader, p, &s->record);
  if (sent && p->start != start) {
    put_process_gone(s->out, p->pid, start);
    s->changed = true;
  }
  switch (result) {
    case READ_GONE:
      s->vanished++;
      break;
    case READ_CLOSED:
      s->closed++;
      break;
    case READ_OK: {
      uint64_t hash = process_hash(&s->record);
      if (hash != p->hash) buf_put(s->out, s->record.data, s->record.len);
      p->hash = hash;
      if (p->moved || pins + p->fds.len + p->tasks.len > 0) s->changed = true;
      if (s->out->len > FLUSH_AT) flush_out(s->out);
      return true;
    }
  }
  forget(s, p);
  return false;
}

/* One process of the list. False when it is no more. */
static bool look_at(struct scanner *s, struct process *p) {
  /* Taken before the files are read: what the process does while it is being
   * read shows as a difference in the next batch. */
  uint64_t cpu = 0;
  bool known = !s->once && s->host.own_pids && process_cpu(p->pid, &cpu);
  if (known && p->hash != 0 && cpu == p->cpu && !rotates(s, p->pid)) {
    p->ran = false;
    p->moved = false;
    return true;
  }
  p->cpu = cpu;
  return read_one(s, p);
}

/* Merges the list of now with the processes known, both ascending. */
static void scan_processes(struct scanner *s) {
  size_t n = list_numbers(&s->pids, s->reader.proc);
  for (size_t i = 1; i < n; i++) {
    if (number_at(&s->pids, i - 1) > number_at(&s->pids, i)) {
      qsort(s->pids.data, n, sizeof(uint32_t), compare_u32);
      break;
    }
  }
  struct process *next = xcalloc(n, sizeof *next);
  size_t count = 0;
  size_t old = 0;
  for (size_t i = 0; i < n; i++) {
    uint32_t pid = number_at(&s->pids, i);
    while (old < s->count && s->processes[old].pid < pid) forget(s, &s->processes[old++]);
    next[count] = (struct process){.pid = pid};
    if (old < s->count && s->processes[old].pid == pid) next[count] = s->processes[old++];
    if (look_at(s, &next[count])) count++;
  }
  while (old < s->count) forget(s, &s->processes[old++]);
  free(s->processes);
  s->processes = next;
  s->count = count;
}

/* A process gets a new parent when its own ends, without running itself. */
static void read_orphans(struct scanner *s) {
  size_t kept = 0;
  for (size_t i = 0; i < s->count; i++) {
    struct process *p = &s->processes[i];
    bool orphan =
        !p->ran && bsearch(&p->ppid, s->gone.data, s->gone.len / sizeof p->ppid, sizeof p->ppid, compare_u32) != NULL;
    if (orphan && !read_one(s, p)) continue;
    if (kept != i) s->processes[kept] = *p;
    kept++;
  }
  s->count = kept;
}

static void put_end(struct scanner *s, uint64_t wall, uint64_t cpu) {
  struct end_facts end = {
      .batch = s->reader.batch,
      .duration_us = wall,
      .cpu_us = cpu,
      .processes = s->count,
      .unreadable = s->closed,
      .vanished = s->vanished,
      .pins_cut = s->pins_cut,
      .mounts_cut = s->mounts_cut,
      .hidden = s->host.hidden,
  };
  for (size_t i = 0; i < s->count; i++) {
    if (s->processes[i].forbidden) end.unreadable++;
  }
  put_end_frame(s->out, &end);
}

void scanner_batch(struct scanner *s) {
  uint64_t started = monotonic_us();
  uint64_t cpu = cpu_us();
  s->reader.batch++;
  s->closed = 0;
  s->vanished = 0;
  s->mounts_cut = 0;
  s->gone.len = 0;
  scan_processes(s);
  if (s->gone.len > 0) read_orphans(s);
  scan_mounts(s);
  if (s->changed) scan_namespaces(s);
  put_end(s, monotonic_us() - started, cpu_us() - cpu);
  flush_out(s->out);
}
