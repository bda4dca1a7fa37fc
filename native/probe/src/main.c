/* The probe: reads every process and namespace below /proc and writes them as
 * lines of JSON. See ../README.md for the protocol. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/utsname.h>

#include "json.h"
#include "kinds.h"
#include "parse.h"
#include "util.h"

#define VERSION "0.1.0"
#define ARGV_LIMIT 4096U
#define NSIO 0xb7
#define GET_USERNS _IO(NSIO, 0x1)
#define GET_PARENT _IO(NSIO, 0x2)
#define GET_OWNER_UID _IO(NSIO, 0x4)

/* Records of the last batch by key, so that the next one sends what changed. */
struct sent {
  uint64_t key;   /* pid, or kind and inode */
  uint64_t start; /* processes: start time */
  uint64_t hash;
  uint64_t batch;
};

struct table {
  struct sent *slots;
  size_t cap, len;
};

struct ns {
  enum ns_kind kind;
  uint64_t inode, device;
  bool asked, has_owner_uid;
  uint64_t owner, parent; /* inodes; 0 unknown */
  uint32_t owner_uid;
};

struct namespaces {
  struct ns *items;
  size_t len, cap;
  size_t *index; /* open addressing into items, +1 */
  size_t slots;
};

struct probe {
  const char *root;
  struct buf out, file, record;
  struct table processes, namespaces;
  struct namespaces found;
  uint64_t batch, seen, unreadable, vanished;
  uint64_t device;
  uint64_t initial[NS_KINDS];
};

static uint64_t mix(uint64_t v) {
  v ^= v >> 33;
  v *= 0xff51afd7ed558ccdU;
  return v ^ (v >> 33);
}

static struct sent *table_at(struct table *t, uint64_t key) {
  if (t->len * 2 >= t->cap) {
    struct table bigger = {xcalloc(t->cap > 0 ? t->cap * 2 : 1024, sizeof(struct sent)), t->cap > 0 ? t->cap * 2 : 1024, 0};
    for (size_t i = 0; i < t->cap; i++)
      if (t->slots[i].batch > 0) *table_at(&bigger, t->slots[i].key) = t->slots[i], bigger.len++;
    free(t->slots);
    *t = bigger;
  }
  size_t i = (size_t)mix(key) & (t->cap - 1);
  while (t->slots[i].batch > 0 && t->slots[i].key != key) i = (i + 1) & (t->cap - 1);
  return &t->slots[i];
}

static struct ns *ns_find(struct namespaces *s, enum ns_kind kind, uint64_t inode) {
  if (s->len * 2 >= s->slots) {
    s->slots = s->slots > 0 ? s->slots * 2 : 256;
    free(s->index);
    s->index = xcalloc(s->slots, sizeof *s->index);
    for (size_t n = 0; n < s->len; n++) {
      size_t i = (size_t)mix(s->items[n].inode ^ ((uint64_t)s->items[n].kind << 40)) & (s->slots - 1);
      while (s->index[i] > 0) i = (i + 1) & (s->slots - 1);
      s->index[i] = n + 1;
    }
  }
  size_t i = (size_t)mix(inode ^ ((uint64_t)kind << 40)) & (s->slots - 1);
  while (s->index[i] > 0) {
    struct ns *n = &s->items[s->index[i] - 1];
    if (n->inode == inode && n->kind == kind) return n;
    i = (i + 1) & (s->slots - 1);
  }
  if (s->len == s->cap) {
    s->cap = s->cap > 0 ? s->cap * 2 : 64;
    s->items = xrealloc(s->items, s->cap, sizeof *s->items);
  }
  s->items[s->len] = (struct ns){.kind = kind, .inode = inode};
  s->index[i] = ++s->len;
  return &s->items[s->len - 1];
}

static void put_id(struct buf *b, enum ns_kind kind, uint64_t inode) {
  if (inode == 0) {
    json_lit(b, "null");
    return;
  }
  json_lit(b, "\"");
  buf_put(b, KINDS[kind].name, strlen(KINDS[kind].name));
  json_lit(b, ":[");
  json_u64(b, inode);
  json_lit(b, "]\"");
}

static void flush(struct probe *p) {
  size_t done = 0;
  while (done < p->out.len) {
    ssize_t n = write(STDOUT_FILENO, p->out.data + done, p->out.len - done);
    if (n < 0 && errno == EINTR) continue;
    /* The parent is gone: nobody is left to tell. */
    if (n < 0) exit(0);
    done += (size_t)n;
  }
  p->out.len = 0;
}

/* The inode behind an ioctl that answers with a namespace's fd; 0 for none. */
static uint64_t related(int fd, unsigned long request) {
  AUTO_CLOSE int other = ioctl(fd, request);
  struct stat st;
  return other >= 0 && fstat(other, &st) == 0 ? (uint64_t)st.st_ino : 0;
}

static void ask(struct probe *p, struct ns *n, int dir, const char *link) {
  n->asked = true;
  AUTO_CLOSE int fd = openat(dir, link, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return;
  struct stat st;
  if (fstat(fd, &st) == 0) n->device = p->device = (uint64_t)st.st_dev;
  n->owner = related(fd, GET_USERNS);
  if (n->kind == NS_USER) {
    uid_t uid = 0;
    n->has_owner_uid = ioctl(fd, GET_OWNER_UID, &uid) == 0;
    n->owner_uid = uid;
  }
  if (n->kind == NS_USER || n->kind == NS_PID) n->parent = related(fd, GET_PARENT);
}

static void emit(struct probe *p, struct table *t, uint64_t key, uint64_t start) {
  uint64_t hash = hash_bytes(p->record.data, p->record.len);
  struct sent *s = table_at(t, key);
  bool same = s->batch > 0 && s->hash == hash && s->start == start;
  if (s->batch == 0) t->len++;
  *s = (struct sent){key, start, hash, p->batch};
  if (!same) {
    buf_put(&p->out, p->record.data, p->record.len);
    if (p->out.len > 60000) flush(p);
  }
}

static void put_argv(struct buf *b, const struct buf *raw) {
  json_lit(b, ",\"argv\":[");
  size_t n = raw->len > ARGV_LIMIT ? ARGV_LIMIT : raw->len;
  size_t at = 0;
  while (at < n) {
    const char *end = memchr(raw->data + at, 0, n - at);
    size_t len = end != NULL ? (size_t)(end - raw->data) - at : n - at;
    if (at > 0) json_lit(b, ",");
    json_text(b, (struct span){raw->data + at, len});
    at += len + 1;
  }
  json_lit(b, "]");
  if (raw->len > ARGV_LIMIT) json_lit(b, ",\"argvTruncated\":true");
}

static void put_four(struct buf *b, const uint32_t v[4]) {
  for (size_t i = 0; i < 4; i++) {
    if (i > 0) json_lit(b, ",");
    json_i64(b, (int32_t)v[i] == -1 ? -1 : (int64_t)v[i]);
  }
}

static void scan_process(struct probe *p, int proc, uint64_t pid) {
  char name[24];
  snprintf(name, sizeof name, "%llu", (unsigned long long)pid);
  AUTO_CLOSE int dir = openat(proc, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  struct stat_facts stat;
  AUTO_BUF struct buf stat_text = {0};
  if (dir < 0 || read_at(dir, "stat", &stat_text, 8192, false) <= 0 ||
      !parse_stat((struct span){stat_text.data, stat_text.len}, &stat)) {
    p->vanished++;
    return;
  }
  struct status_facts status;
  if (read_at(dir, "status", &p->file, 1U << 20, false) <= 0 ||
      !parse_status((struct span){p->file.data, p->file.len}, &status)) {
    p->vanished++;
    return;
  }
  struct buf *b = &p->record;
  b->len = 0;
  json_lit(b, "{\"t\":\"process\",\"pid\":");
  json_u64(b, pid);
  json_lit(b, ",\"startTime\":");
  json_u64(b, stat.start);
  json_lit(b, ",\"ppid\":");
  json_u64(b, stat.ppid);
  json_lit(b, ",\"comm\":");
  json_text(b, stat.comm);
  if (stat.kernel_thread || read_at(dir, "cmdline", &p->file, ARGV_LIMIT + 1, false) < 0) p->file.len = 0;
  put_argv(b, &p->file);
  json_lit(b, ",\"uid\":[");
  put_four(b, status.uid);
  json_lit(b, "],\"gid\":[");
  put_four(b, status.gid);
  json_lit(b, "],\"nsPids\":[");
  for (size_t i = 0; i < status.levels; i++) {
    if (i > 0) json_lit(b, ",");
    json_u64(b, status.ns_pids[i]);
  }
  json_lit(b, "],\"state\":");
  json_text(b, (struct span){&stat.state, 1});
  json_lit(b, ",\"threads\":");
  json_u64(b, stat.threads);
  json_lit(b, ",\"cgroup\":");
  struct cgroup_facts cgroup;
  if (read_at(dir, "cgroup", &p->file, 1U << 16, false) > 0 &&
      parse_cgroup((struct span){p->file.data, p->file.len}, &cgroup))
    json_text(b, cgroup.path);
  else
    json_lit(b, "null");
  static const char *const SETS[CAP_SETS] = {"inh", "prm", "eff", "bnd", "amb"};
  for (size_t i = 0; i < CAP_SETS; i++) {
    if (i == 0) json_lit(b, ",\"caps\":{");
    else json_lit(b, ",");
    json_cstr(b, SETS[i]);
    json_lit(b, ":");
    json_hex64(b, status.caps[i]);
  }
  json_lit(b, "},\"seccomp\":");
  if (status.has_seccomp) json_u64(b, status.seccomp);
  else json_lit(b, "null");
  json_lit(b, ",\"noNewPrivs\":");
  if (status.has_no_new_privs) json_bool(b, status.no_new_privs);
  else json_lit(b, "null");
  json_lit(b, ",\"root\":");
  char target[4096];
  ssize_t n = readlinkat(dir, "root", target, sizeof target);
  if (n > 0) json_text(b, (struct span){target, (size_t)n});
  else json_lit(b, "null");
  if (stat.kernel_thread) json_lit(b, ",\"kernelThread\":true");
  bool forbidden = false;
  json_lit(b, ",\"namespaces\":{");
  for (size_t i = 0; i < NS_LINKS; i++) {
    char link[32];
    snprintf(link, sizeof link, "ns/%s", LINKS[i].name);
    n = readlinkat(dir, link, target, sizeof target);
    if (n < 0 && (errno == EACCES || errno == EPERM)) forbidden = true;
    enum ns_kind kind;
    uint64_t inode = 0;
    if (n <= 0 || !parse_ns_name((struct span){target, (size_t)n}, &kind, &inode)) inode = 0;
    if (i > 0) json_lit(b, ",");
    json_cstr(b, LINKS[i].name);
    json_lit(b, ":");
    put_id(b, LINKS[i].kind, inode);
    if (inode != 0) {
      struct ns *found = ns_find(&p->found, LINKS[i].kind, inode);
      if (!found->asked) ask(p, found, dir, link);
    }
    /* kthreadd is in the initial namespaces, whatever they are numbered. */
    if (pid == 2 && stat.ppid == 0 && stat.kernel_thread && inode != 0) p->initial[LINKS[i].kind] = inode;
  }
  json_lit(b, "}");
  if (forbidden) {
    json_lit(b, ",\"unreadable\":true");
    p->unreadable++;
  }
  json_lit(b, "}\n");
  p->seen++;
  emit(p, &p->processes, pid, stat.start);
}

static void scan_namespaces(struct probe *p) {
  for (size_t i = 0; i < p->found.len; i++) {
    /* Owners and parents are namespaces too, also when no process is in them. */
    struct ns n = p->found.items[i];
    if (n.owner != 0) ns_find(&p->found, NS_USER, n.owner);
    if (n.parent != 0) ns_find(&p->found, n.kind, n.parent);
    struct buf *b = &p->record;
    b->len = 0;
    json_lit(b, "{\"t\":\"namespace\",\"id\":");
    put_id(b, n.kind, n.inode);
    json_lit(b, ",\"kind\":");
    json_cstr(b, KINDS[n.kind].name);
    json_lit(b, ",\"inode\":");
    json_u64(b, n.inode);
    json_lit(b, ",\"device\":");
    if (p->device != 0) json_u64(b, p->device);
    else json_lit(b, "null");
    json_lit(b, ",\"initial\":");
    json_bool(b, p->initial[n.kind] == n.inode);
    json_lit(b, ",\"owner\":");
    put_id(b, NS_USER, n.owner);
    json_lit(b, ",\"parent\":");
    put_id(b, n.kind, n.parent);
    json_lit(b, ",\"ownerUid\":");
    if (n.has_owner_uid) json_u64(b, n.owner_uid);
    else json_lit(b, "null");
    json_lit(b, ",\"uniqueId\":null,\"pins\":[]}\n");
    emit(p, &p->namespaces, n.inode << 4 | (uint64_t)n.kind, 0);
  }
}

static void drop_gone(struct probe *p) {
  for (size_t i = 0; i < p->processes.cap; i++) {
    struct sent *s = &p->processes.slots[i];
    if (s->batch == 0 || s->batch == p->batch || s->hash == 0) continue;
    json_lit(&p->out, "{\"t\":\"process-gone\",\"pid\":");
    json_u64(&p->out, s->key);
    json_lit(&p->out, ",\"startTime\":");
    json_u64(&p->out, s->start);
    json_lit(&p->out, "}\n");
    s->hash = 0;
  }
  for (size_t i = 0; i < p->namespaces.cap; i++) {
    struct sent *s = &p->namespaces.slots[i];
    if (s->batch == 0 || s->batch == p->batch || s->hash == 0) continue;
    json_lit(&p->out, "{\"t\":\"namespace-gone\",\"id\":");
    put_id(&p->out, (enum ns_kind)(s->key & 15), s->key >> 4);
    json_lit(&p->out, "}\n");
    s->hash = 0;
  }
}

static void put_kinds(struct buf *b, const uint64_t inodes[NS_KINDS]) {
  for (size_t k = 0; k < NS_KINDS; k++) {
    json_lit(b, ",");
    if (k == 0) b->len--;
    json_cstr(b, KINDS[k].name);
    json_lit(b, ":");
    put_id(b, (enum ns_kind)k, inodes[k]);
  }
}

static void put_host(struct probe *p, int proc) {
  struct buf *b = &p->out;
  struct utsname uts;
  if (uname(&uts) != 0) die("uname: %s", strerror(errno));
  json_lit(b, "{\"t\":\"host\",\"hostname\":");
  json_cstr(b, uts.nodename);
  json_lit(b, ",\"kernel\":");
  json_cstr(b, uts.release);
  json_lit(b, ",\"arch\":");
  json_cstr(b, uts.machine);
  json_lit(b, ",\"bootId\":");
  if (read_at(proc, "sys/kernel/random/boot_id", &p->file, 128, false) > 1)
    json_text(b, (struct span){p->file.data, p->file.len - 1});
  else json_lit(b, "null");
  uint64_t boot = 0;
  if (read_at(proc, "stat", &p->file, 1U << 20, true) > 0) {
    char *at = memmem(p->file.data, p->file.len, "\nbtime ", 7);
    if (at != NULL) {
      struct span rest = {at + 7, p->file.len - (size_t)(at + 7 - p->file.data)};
      if (!parse_u64(take_until(&rest, '\n'), &boot)) boot = 0;
    }
  }
  json_lit(b, ",\"bootTime\":");
  if (boot > 0) json_u64(b, boot);
  else json_lit(b, "null");
  json_lit(b, ",\"clockTicks\":");
  json_i64(b, sysconf(_SC_CLK_TCK));
  uint64_t self[NS_KINDS] = {0};
  char target[256];
  for (size_t i = 0; i < NS_LINKS; i++) {
    char link[40];
    snprintf(link, sizeof link, "self/ns/%s", LINKS[i].name);
    ssize_t n = readlinkat(proc, link, target, sizeof target);
    enum ns_kind kind;
    uint64_t inode = 0;
    if (n > 0 && parse_ns_name((struct span){target, (size_t)n}, &kind, &inode) &&
        i != LINK_PID_FOR_CHILDREN && i != LINK_TIME_FOR_CHILDREN)
      self[kind] = inode;
    snprintf(link, sizeof link, "2/ns/%s", LINKS[i].name);
    n = readlinkat(proc, link, target, sizeof target);
    if (self[NS_PID] == KINDS[NS_PID].initial && n > 0 &&
        parse_ns_name((struct span){target, (size_t)n}, &kind, &inode))
      p->initial[kind] = inode;
  }
  AUTO_CLOSE int user = openat(proc, "self/ns/user", O_RDONLY | O_CLOEXEC);
  struct stat st;
  if (user >= 0 && fstat(user, &st) == 0) p->device = (uint64_t)st.st_dev;
  for (size_t k = 0; k < NS_KINDS; k++) {
    if (KINDS[k].always_fixed) p->initial[k] = KINDS[k].initial;
    else if (p->initial[k] == 0 && self[k] == KINDS[k].initial) p->initial[k] = self[k];
  }
  json_lit(b, ",\"nsfsDevice\":");
  if (p->device != 0) json_u64(b, p->device);
  else json_lit(b, "null");
  json_lit(b, ",\"initial\":{");
  put_kinds(b, p->initial);
  json_lit(b, "},\"self\":{");
  put_kinds(b, self);
  json_lit(b, "},\"pidNamespaceInitial\":");
  json_bool(b, self[NS_PID] == KINDS[NS_PID].initial);
  json_lit(b, ",\"userNamespaceInitial\":");
  json_bool(b, self[NS_USER] == KINDS[NS_USER].initial);
  struct cgroup_facts cgroup = {0};
  bool known = read_at(proc, "self/cgroup", &p->file, 1U << 16, false) > 0 &&
               parse_cgroup((struct span){p->file.data, p->file.len}, &cgroup);
  json_lit(b, ",\"cgroupVersion\":");
  if (known && cgroup.v1 && cgroup.v2) json_lit(b, "\"hybrid\"");
  else if (known && cgroup.v2) json_lit(b, "2");
  else if (known && cgroup.v1) json_lit(b, "1");
  else json_lit(b, "null");
  json_lit(b, "}\n");
}

static void scan(struct probe *p) {
  uint64_t start = monotonic_us();
  uint64_t cpu = cpu_us();
  p->batch++;
  p->seen = p->unreadable = p->vanished = 0;
  p->found.len = 0;
  if (p->found.slots > 0) memset(p->found.index, 0, p->found.slots * sizeof *p->found.index);
  DIR *d = opendir(p->root);
  if (d == NULL) die("cannot read %s: %s", p->root, strerror(errno));
  int proc = dirfd(d);
  if (p->batch == 1) put_host(p, proc);
  for (struct dirent *entry = readdir(d); entry != NULL; entry = readdir(d)) {
    uint64_t pid = 0;
    if (parse_u64((struct span){entry->d_name, strlen(entry->d_name)}, &pid)) scan_process(p, proc, pid);
  }
  scan_namespaces(p);
  drop_gone(p);
  closedir(d);
  struct buf *b = &p->out;
  json_lit(b, "{\"t\":\"end\",\"batch\":");
  json_u64(b, p->batch);
  json_lit(b, ",\"durationUs\":");
  json_u64(b, monotonic_us() - start);
  json_lit(b, ",\"cpuUs\":");
  json_u64(b, cpu_us() - cpu);
  json_lit(b, ",\"processes\":");
  json_u64(b, p->seen);
  json_lit(b, ",\"unreadable\":");
  json_u64(b, p->unreadable);
  json_lit(b, ",\"vanished\":");
  json_u64(b, p->vanished);
  json_lit(b, ",\"problems\":[]}\n");
  flush(p);
}

static void watch(struct probe *p, uint32_t interval) {
  struct buf input = {0};
  uint64_t due = 0;
  for (;;) {
    uint64_t now = monotonic_us();
    if (now >= due) {
      scan(p);
      now = monotonic_us();
      due = now + (uint64_t)interval * 1000;
    }
    struct pollfd in = {.fd = STDIN_FILENO, .events = POLLIN};
    if (poll(&in, 1, (int)((due - now + 999) / 1000)) <= 0) continue;
    ssize_t n = read(STDIN_FILENO, buf_room(&input, 4096), 4096);
    if (n < 0 && (errno == EINTR || errno == EAGAIN)) continue;
    /* stdin closed: the parent is gone. */
    if (n <= 0) exit(0);
    input.len += (size_t)n;
    char *end = memchr(input.data, '\n', input.len);
    while (end != NULL) {
      size_t len = (size_t)(end - input.data);
      struct command c = parse_command((struct span){input.data, len});
      if (c.kind == COMMAND_RESCAN) due = 0;
      if (c.kind == COMMAND_INTERVAL) interval = c.interval_ms;
      if (c.kind == COMMAND_REQUEST) {
        json_lit(&p->out, "{\"t\":\"reply\",\"id\":");
        json_text(&p->out, c.id);
        json_lit(&p->out, ",\"error\":\"unsupported\",\"message\":\"This probe answers no requests yet.\"}\n");
        flush(p);
      }
      memmove(input.data, end + 1, input.len - len - 1);
      input.len -= len + 1;
      end = memchr(input.data, '\n', input.len);
    }
    if (input.len > 65536) input.len = 0;
  }
}

int main(int argc, char **argv) {
  struct probe p = {.root = "/proc"};
  uint32_t interval = 1000;
  if (argc == 2 && strcmp(argv[1], "--version") == 0) return puts("bulkhead-probe " VERSION) < 0;
  bool watching = argc >= 2 && strcmp(argv[1], "watch") == 0;
  bool usable = argc >= 2 && (watching || strcmp(argv[1], "scan") == 0);
  for (int i = 2; usable && i < argc; i += 2) {
    const char *value = argv[i + 1];
    if (value != NULL && strcmp(argv[i], "--proc") == 0) p.root = value;
    else if (!(value != NULL && watching && strcmp(argv[i], "--interval") == 0 &&
               parse_u32((struct span){value, strlen(value)}, &interval) && interval >= MIN_INTERVAL_MS &&
               interval <= MAX_INTERVAL_MS))
      usable = false;
  }
  if (!usable) {
    warn("usage: bulkhead-probe scan|watch [--proc DIR] [--interval MS]");
    return 2;
  }
  json_lit(&p.out, "{\"t\":\"hello\",\"protocol\":1,\"version\":\"" VERSION "\",\"mode\":");
  json_cstr(&p.out, argv[1]);
#ifdef __aarch64__
  json_lit(&p.out, ",\"arch\":\"arm64\",\"pid\":");
#else
  json_lit(&p.out, ",\"arch\":\"amd64\",\"pid\":");
#endif
  json_i64(&p.out, getpid());
  json_lit(&p.out, "}\n");
  if (watching) watch(&p, interval);
  else scan(&p);
  return 0;
}
