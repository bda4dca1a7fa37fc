#include "held.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>

#include "dir.h"
#include "json.h"
#include "ns.h"
#include "parse.h"
#include "safe_open.h"
#include "sockets.h"

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

static struct known_socket *known_socket(struct reader *r, const struct statx *st) {
  return &r->sockets[st->stx_ino % KNOWN_SOCKETS];
}

/* The inode of the network namespace in which a socket was made, or 0. */
static uint32_t net_of_socket(struct reader *r, const struct process *p, int *pidfd, uint32_t number) {
  if (*pidfd < 0) *pidfd = (int)syscall(SYS_pidfd_open, p->pid, 0);
  struct statx asked;
  AUTO_CLOSE int net = *pidfd < 0 ? -1 : open_net_of_socket(*pidfd, number, &asked);
  struct stat st;
  /* A refusal is not kept: about another process that holds it, the kernel
   * may answer. */
  if (net < 0 || fstat(net, &st) != 0 || st.st_ino > UINT32_MAX) return 0;
  /* Under the socket that was asked about: the number may lead to another one
   * than a moment ago. */
  *known_socket(r, &asked) = (struct known_socket){
      .device = makedev(asked.stx_dev_major, asked.stx_dev_minor),
      .inode = asked.stx_ino,
      .batch = r->batch,
      .net = (uint32_t)st.st_ino,
  };
  return (uint32_t)st.st_ino;
}

/* A socket stays in the network namespace where it was made, wherever its
 * process goes. One is told for each process and namespace. */
static void note_socket(struct reader *r, struct process *p, int *pidfd, const struct statx *st, struct pin pin) {
  uint64_t device = makedev(st->stx_dev_major, st->stx_dev_minor);
  const struct known_socket *known = known_socket(r, st);
  bool again = known->batch == r->batch && known->inode == st->stx_ino && known->device == device;
  pin.inode = again ? known->net : net_of_socket(r, p, pidfd, pin.number);
  if (pin.inode == 0 || pin.inode == p->links[LINK_NET]) return;
  for (size_t i = 0; i < p->fds.len; i++) {
    if (p->fds.items[i].socket && p->fds.items[i].inode == pin.inode) return;
  }
  pin.kind = NS_NET;
  pin.socket = true;
  pin_add(&p->fds, pin);
}

/* False when there is no such descriptor. */
static bool note_fd(struct reader *r, struct process *p, int dir, int *pidfd, uint32_t number) {
  char name[24];
  struct statx st;
  (void)snprintf(name, sizeof name, "fd/%u", number);
  /* What the kernel has at hand is enough: a file system whose server does not
   * answer must not make the probe wait. */
  if (statx(dir, name, AT_STATX_DONT_SYNC, STATX_TYPE | STATX_INO, &st) != 0) return errno != ENOENT;
  struct pin pin = {.number = number};
  if (makedev(st.stx_dev_major, st.stx_dev_minor) == r->nsfs_device) {
    note_namespace(r, p, dir, name, pin);
  } else if (r->asks_sockets && S_ISSOCK(st.stx_mode)) {
    note_socket(r, p, pidfd, &st, pin);
  }
  return true;
}

/* A few descriptors without a gap, as most processes have them, are read
 * without listing them: since Linux 6.2 their directory tells how many there
 * are. False when there are more, or gaps, or an older kernel. */
static bool read_few_fds(struct reader *r, struct process *p, int dir, int *pidfd) {
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

void read_fds(struct reader *r, struct process *p, int dir) {
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
  (void)snprintf(name, sizeof name, "%u/ns", tid);
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
      (void)snprintf(name, sizeof name, "%u/comm", tid);
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

void read_tasks(struct reader *r, struct process *p, int dir) {
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

bool read_links(struct process *p, int dir) {
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
