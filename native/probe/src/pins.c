#include "pins.h"

#include <stdlib.h>

static void add(struct pin_report *r, struct pin_entry entry) {
  if (entry.inode == 0) return;
  if (r->len == r->cap) {
    r->cap = r->cap > 0 ? r->cap * 2 : 64;
    r->items = xrealloc(r->items, r->cap, sizeof *r->items);
  }
  r->items[r->len++] = entry;
}

static void add_of_process(struct pin_report *r, const struct process *p) {
  for (size_t i = 0; i < p->fds.len; i++) {
    const struct pin *pin = &p->fds.items[i];
    add(r, (struct pin_entry){pin->kind, pin->inode, PIN_FD, p->pid, pin->number, pin->socket, {0}});
  }
  for (size_t i = 0; i < p->tasks.len; i++) {
    const struct pin *pin = &p->tasks.items[i];
    add(r, (struct pin_entry){pin->kind, pin->inode, PIN_THREAD, p->pid, pin->number, false, {0}});
  }
  static const enum ns_link FOR_CHILDREN[][2] = {
      {LINK_PID_FOR_CHILDREN, LINK_PID},
      {LINK_TIME_FOR_CHILDREN, LINK_TIME},
  };
  for (size_t i = 0; i < 2; i++) {
    uint32_t inode = p->links[FOR_CHILDREN[i][0]];
    if (inode == p->links[FOR_CHILDREN[i][1]]) continue;
    add(r, (struct pin_entry){LINKS[FOR_CHILDREN[i][0]].kind, inode, PIN_FOR_CHILDREN, p->pid, 0, false, {0}});
  }
}

static int compare_namespace(const struct pin_entry *a, const struct pin_entry *b) {
  if (a->kind != b->kind) return a->kind < b->kind ? -1 : 1;
  return (a->inode > b->inode) - (a->inode < b->inode);
}

/* A total order, so that the record of a namespace does not change by itself. */
static int compare(const void *left, const void *right) {
  const struct pin_entry *a = left;
  const struct pin_entry *b = right;
  int order = compare_namespace(a, b);
  if (order != 0) return order;
  if (a->type != b->type) return a->type < b->type ? -1 : 1;
  if (a->pid != b->pid) return a->pid < b->pid ? -1 : 1;
  if (a->number != b->number) return a->number < b->number ? -1 : 1;
  size_t n = a->path.n < b->path.n ? a->path.n : b->path.n;
  int text = n > 0 ? memcmp(a->path.p, b->path.p, n) : 0;
  return text != 0 ? text : (a->path.n > b->path.n) - (a->path.n < b->path.n);
}

uint64_t pins_collect(struct pin_report *report, const struct process *processes, size_t count,
                      const struct ns_table *namespaces, uint64_t batch) {
  for (size_t i = 0; i < count; i++) add_of_process(report, &processes[i]);
  for (size_t i = 0; i < namespaces->len; i++) {
    const struct ns *n = &namespaces->items[i];
    if (n->live != batch) continue;
    for (size_t m = 0; m < n->mount_count; m++) {
      const struct mount_pin *pin = &n->mounts[m];
      add(report, (struct pin_entry){pin->kind, pin->inode, PIN_MOUNT, n->inode, 0, false, pin->path});
    }
  }
  if (report->len > 1) qsort(report->items, report->len, sizeof *report->items, compare);
  uint64_t cut = 0;
  size_t run = 0;
  for (size_t i = 0; i < report->len; i++) {
    run = i > 0 && compare_namespace(&report->items[i - 1], &report->items[i]) == 0 ? run + 1 : 1;
    if (run > PINS_PER_NAMESPACE) cut++;
  }
  return cut;
}

const struct pin_entry *pins_of(const struct pin_report *report, enum ns_kind kind, uint32_t inode, size_t *count) {
  struct pin_entry wanted = {.kind = kind, .inode = inode};
  size_t low = 0;
  size_t high = report->len;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    if (compare_namespace(&report->items[middle], &wanted) < 0) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  size_t end = low;
  while (end < report->len && compare_namespace(&report->items[end], &wanted) == 0) end++;
  *count = end - low;
  return *count > 0 ? &report->items[low] : NULL;
}

void pins_free(struct pin_report *report) { free(report->items); }
