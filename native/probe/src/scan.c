#include "scan.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <stdlib.h>

#include "dir.h"
#include "frames.h"
#include "json.h"
#include "mounts.h"
#include "parse.h"

/* Facts that others can change while a process sleeps (its cgroup, its root,
 * a mount table) are read again at least every so many batches. */
#define ROTATION 32U

#define FLUSH_AT 60000U

static bool rotates(const struct scanner *s, uint32_t number) { return (s->reader.batch + number) % ROTATION == 0; }

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

/* The process whose view of a mount namespace is widest: a kernel thread's
 * root may lie below what was mounted over it, a chrooted one's inside. */
static uint8_t rank_of(const struct process *p) {
  if (!p->whole_root) return 1;
  return p->kernel_thread ? 2 : 3;
}

/* Offers a process, or one of its threads, as who shows a mount namespace. */
static struct ns *offer_reader(struct scanner *s, struct ns *n, const struct process *p, uint32_t inode, uint32_t tid) {
  uint64_t batch = s->reader.batch;
  uint8_t rank = rank_of(p);
  if (n == NULL || n->inode != inode) n = ns_add(&s->namespaces, NS_MNT, inode);
  if (n->reader_batch != batch) {
    n->reader_batch = batch;
    n->reader_rank = 0;
    n->touched = false;
  }
  if (p->ran) n->touched = true;
  if (rank > n->reader_rank) {
    n->reader_rank = rank;
    n->reader = p->pid;
    n->reader_task = tid;
  }
  return n;
}

static void scan_mounts(struct scanner *s) {
  struct ns_table *t = &s->namespaces;
  uint64_t batch = s->reader.batch;
  struct ns *n = NULL;
  for (size_t i = 0; i < s->count; i++) {
    const struct process *p = &s->processes[i];
    if (p->links[LINK_MNT] != 0) n = offer_reader(s, n, p, p->links[LINK_MNT], 0);
    for (size_t k = 0; k < p->tasks.len; k++) {
      const struct pin *task = &p->tasks.items[k];
      if (task->kind == NS_MNT) n = offer_reader(s, n, p, task->inode, task->number);
    }
  }
  for (size_t i = 0; i < t->len; i++) {
    n = &t->items[i];
    if (n->kind != NS_MNT || n->reader_batch != batch || batch < n->mounts_due) continue;
    if (!n->touched && n->mounts_due != 0 && !rotates(s, n->inode)) continue;
    bool cut = false;
    if (mounts_read(s->reader.proc, n, &s->reader.file, batch, &cut)) s->changed = true;
    if (cut) s->mounts_cut++;
  }
}

/* `kept` says that this holder held it in the batch before, too: without one
 * the number may be another namespace's by now, and the kernel is asked. */
static void hold(struct scanner *s, enum ns_kind kind, uint32_t inode, bool kept, struct holder holder) {
  if (inode == 0) return;
  struct ns *n = ns_add(&s->namespaces, kind, inode);
  if (n->live != s->reader.batch) {
    n->live = s->reader.batch;
    n->holder = holder;
  }
  if (kept) n->kept = s->reader.batch;
}

static void hold_by_process(struct scanner *s, const struct process *p) {
  for (size_t i = 0; i < NS_LINKS; i++) {
    hold(s, LINKS[i].kind, p->links[i], !p->moved,
         (struct holder){.how = HOLD_PROCESS, .pid = p->pid, .link = (enum ns_link)i});
  }
}

static void hold_by_pins(struct scanner *s, const struct process *p) {
  for (size_t i = 0; i < p->tasks.len; i++) {
    const struct pin *pin = &p->tasks.items[i];
    hold(s, pin->kind, pin->inode, !p->ran,
         (struct holder){.how = HOLD_TASK, .pid = p->pid, .number = pin->number, .link = pin->link});
  }
  for (size_t i = 0; i < p->fds.len; i++) {
    const struct pin *pin = &p->fds.items[i];
    hold(s, pin->kind, pin->inode, !p->ran, (struct holder){.how = HOLD_FD, .pid = p->pid, .number = pin->number});
  }
}

static void hold_by_mounts(struct scanner *s) {
  for (size_t i = 0; i < s->namespaces.len; i++) {
    /* Adding may move the table: everything is fetched anew. */
    for (size_t m = 0; m < s->namespaces.items[i].mount_count; m++) {
      const struct ns *inside = &s->namespaces.items[i];
      if (inside->reader_batch != s->reader.batch) break;
      struct mount_pin pin = inside->mounts[m];
      hold(s, pin.kind, pin.inode, inside->mounts_due > s->reader.batch + 1,
           (struct holder){.how = HOLD_MOUNT, .pid = inside->reader, .number = inside->reader_task, .path = pin.path});
    }
  }
}

/* A namespace that has a child, or owns a namespace, is kept alive by it. */
static void mark_up(struct scanner *s, const struct ns *n) {
  struct ns *above[2] = {ns_find(&s->namespaces, NS_USER, n->owner), ns_find(&s->namespaces, n->kind, n->parent)};
  for (size_t i = 0; i < 2; i++) {
    if (above[i] == NULL || above[i]->live == s->reader.batch) continue;
    above[i]->live = s->reader.batch;
    above[i]->holder = (struct holder){0};
    mark_up(s, above[i]);
  }
}

static void ask_all(struct scanner *s) {
  struct ns_table *t = &s->namespaces;
  uint64_t batch = s->reader.batch;
  for (size_t i = 0; i < t->len; i++) {
    struct ns *n = &t->items[i];
    if (n->live != batch || (n->asked && n->kept == batch)) continue;
    AUTO_CLOSE int fd = ns_open(s->reader.proc, n);
    if (fd >= 0) {
      ns_ask(t, fd, batch);
    } else if (n->failures < 3) {
      n->failures++;
    }
  }
  for (size_t i = 0; i < t->len; i++) {
    if (t->items[i].live == batch) mark_up(s, &t->items[i]);
  }
}

static void namespace_gone(void *context, const struct ns *n) {
  struct scanner *s = context;
  if (n->hash != 0) put_namespace_gone(s->out, n);
}

static void scan_namespaces(struct scanner *s) {
  struct ns_table *t = &s->namespaces;
  for (size_t i = 0; i < s->count; i++) hold_by_process(s, &s->processes[i]);
  for (size_t i = 0; i < s->count; i++) hold_by_pins(s, &s->processes[i]);
  hold_by_mounts(s);
  ask_all(s);

  struct pin_report pins = {0};
  s->pins_cut = pins_collect(&pins, s->processes, s->count, t, s->reader.batch);
  s->changed = false;
  for (size_t i = 0; i < t->len; i++) {
    struct ns *n = &t->items[i];
    if (n->live != s->reader.batch) continue;
    put_namespace(&s->record, n, &s->host, &pins);
    uint64_t hash = hash_bytes(s->record.data, s->record.len) | 1U;
    if (hash != n->hash) buf_put(s->out, s->record.data, s->record.len);
    n->hash = hash;
    /* Its holder may have ended meanwhile: another one may lead to it in the
     * next batch. */
    if (!n->asked && n->failures < 3) s->changed = true;
    if (s->out->len > FLUSH_AT) flush_out(s->out);
  }
  pins_free(&pins);
  ns_sweep(t, s->reader.batch, namespace_gone, s);
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
