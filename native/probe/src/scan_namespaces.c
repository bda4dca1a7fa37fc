#include "scan_namespaces.h"

#include "frames.h"
#include "mounts.h"
#include "parse.h"

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

void scan_mounts(struct scanner *s) {
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

void scan_namespaces(struct scanner *s) {
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
