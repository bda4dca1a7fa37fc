#include "serve.h"

#include <errno.h>
#include <dirent.h>
#include <fcntl.h>
#include <linux/nsfs.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "dir.h"
#include "frames.h"
#include "json.h"
#include "nat.h"
#include "netlink.h"
#include "ns.h"
#include "parse.h"

/* A longer text is cut there, and said to be. */
#define TEXT_LIMIT (4U * 1024U * 1024U)
#define LINE_LIMIT 65536U
#define MOST_WORDS 64U
#define MOST_THREADS 512U
#define MOST_QUEUES 1024U

static const char BAD[] = "Known are: files, inside, network, sockets, threads. See the probe's README.";

struct question {
  struct span id;
  struct span words[MOST_WORDS];
  size_t count;
};

struct server {
  struct buf *out;
  int proc;
};

static void begin(struct buf *b, struct span id) {
  json_lit(b, "{\"t\":\"reply\",\"id\":");
  json_text(b, id);
}

/* A relative path below /proc/<pid>, as a C string with percent signs undone;
 * false for one that would leave it. */
static bool file_name(struct span word, char *name, size_t room) {
  size_t n = 0;
  for (size_t i = 0; i < word.n; i++) {
    char c = word.p[i];
    if (c == '%' && i + 2 < word.n) {
      char hex[3] = {word.p[i + 1], word.p[i + 2], '\0'};
      char *end = NULL;
      long value = strtol(hex, &end, 16);
      if (end != hex + 2 || value == 0) return false;
      c = (char)value;
      i += 2;
    }
    if (n + 1 >= room) return false;
    name[n++] = c;
  }
  name[n] = '\0';
  return n > 0 && strstr(name, "..") == NULL;
}

/* Appends `"name":text` for a file, a link or null. */
static void put_file(struct buf *b, struct span word, int dir, const char *name) {
  AUTO_BUF struct buf text = {0};
  if (b->data[b->len - 1] != '{') json_lit(b, ",");
  json_text(b, word);
  json_lit(b, ":");
  struct stat st;
  if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISLNK(st.st_mode) && strchr(name, '/') == NULL) {
    char target[4096];
    ssize_t n = readlinkat(dir, name, target, sizeof target);
    if (n >= 0) {
      json_text(b, (struct span){target, (size_t)n});
      return;
    }
  } else {
    ssize_t n = read_at(dir, name, &text, TEXT_LIMIT, true);
    if (n >= 0) {
      json_text(b, (struct span){text.data, (size_t)n});
      return;
    }
  }
  json_lit(b, "null");
}

/* The process's directory, checked to be that process's. */
static int open_process(const struct server *s, struct span pid, struct span start) {
  char name[16];
  uint64_t wanted = 0;
  uint32_t number = 0;
  if (!parse_u32(pid, &number) || !parse_u64(start, &wanted)) return -1;
  (void)snprintf(name, sizeof name, "%u", number);
  int dir = openat(s->proc, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  AUTO_BUF struct buf b = {0};
  ssize_t n = dir < 0 ? -1 : read_at(dir, "stat", &b, 8192, false);
  struct stat_facts stat;
  if (n > 0 && parse_stat((struct span){b.data, (size_t)n}, &stat) && stat.start == wanted) return dir;
  if (dir >= 0) close(dir);
  return -1;
}

static void gone(const struct server *s, struct span id) {
  put_error(s->out, id, "gone", "It has ended, or another has its number by now.");
}

/* files ID PID START NAME... */
static void answer_files(const struct server *s, const struct question *q) {
  AUTO_CLOSE int dir = q->count < 3 ? -1 : open_process(s, q->words[0], q->words[1]);
  if (dir < 0) {
    gone(s, q->id);
    return;
  }
  begin(s->out, q->id);
  json_lit(s->out, ",\"texts\":{");
  for (size_t i = 2; i < q->count; i++) {
    char name[4096];
    if (file_name(q->words[i], name, sizeof name) && name[0] != '/') put_file(s->out, q->words[i], dir, name);
  }
  json_lit(s->out, "}}\n");
}

/* threads ID PID START */
static void answer_threads(const struct server *s, const struct question *q) {
  AUTO_CLOSE int dir = q->count < 2 ? -1 : open_process(s, q->words[0], q->words[1]);
  AUTO_CLOSE int tasks = dir < 0 ? -1 : openat(dir, "task", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (tasks < 0) {
    gone(s, q->id);
    return;
  }
  AUTO_BUF struct buf tids = {0};
  size_t count = list_numbers(&tids, tasks);
  begin(s->out, q->id);
  json_lit(s->out, ",\"texts\":{");
  for (size_t i = 0; i < count && i < MOST_THREADS; i++) {
    char name[32];
    int n = snprintf(name, sizeof name, "%u/stat", number_at(&tids, i));
    put_file(s->out, (struct span){name, (size_t)n}, tasks, name);
  }
  json_lit(s->out, "}}\n");
}

static void put_sockets_of(struct buf *b, int proc, uint32_t pid, bool *first) {
  char name[32];
  (void)snprintf(name, sizeof name, "%u/fd", pid);
  AUTO_CLOSE int dir = openat(proc, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (dir < 0) return;
  AUTO_BUF struct buf fds = {0};
  size_t count = list_numbers(&fds, dir);
  for (size_t i = 0; i < count; i++) {
    char link[64];
    (void)snprintf(name, sizeof name, "%u", number_at(&fds, i));
    ssize_t n = readlinkat(dir, name, link, sizeof link);
    if (n <= 9 || memcmp(link, "socket:[", 8) != 0 || link[n - 1] != ']') continue;
    uint64_t inode = 0;
    if (!parse_u64((struct span){link + 8, (size_t)n - 9}, &inode)) continue;
    if (!*first) json_lit(b, ",");
    *first = false;
    json_lit(b, "[");
    json_u64(b, inode);
    json_lit(b, ",");
    json_u64(b, pid);
    json_lit(b, "]");
  }
}

/* sockets ID INODE: who holds which socket, of all processes in that network
 * namespace. */
static void answer_sockets(const struct server *s, const struct question *q) {
  uint32_t inode = 0;
  if (q->count < 1 || !parse_u32(q->words[0], &inode)) {
    put_error(s->out, q->id, "bad-request", BAD);
    return;
  }
  AUTO_BUF struct buf pids = {0};
  size_t count = list_numbers(&pids, s->proc);
  bool first = true;
  begin(s->out, q->id);
  json_lit(s->out, ",\"sockets\":[");
  for (size_t i = 0; i < count; i++) {
    char name[32];
    (void)snprintf(name, sizeof name, "%u/ns/net", number_at(&pids, i));
    if (ns_readlink(s->proc, name, NS_NET) == inode) put_sockets_of(s->out, s->proc, number_at(&pids, i), &first);
  }
  json_lit(s->out, "]}\n");
}

/* The POSIX queues of the present ipc namespace: `"mqueue":{name: status}`.
 * They are seen only through a file system that is mounted in it. */
static void put_queues(struct buf *b) {
  if (b->data[b->len - 1] != '{') json_lit(b, ",");
  json_lit(b, "\"mqueue\":");
  if (unshare(CLONE_NEWNS) != 0 || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0 ||
      mount("mqueue", "/dev/mqueue", "mqueue", 0, NULL) != 0) {
    json_lit(b, "null");
    return;
  }
  json_lit(b, "{");
  DIR *dir = opendir("/dev/mqueue");
  size_t count = 0;
  for (const struct dirent *e = NULL; dir != NULL && (e = readdir(dir)) != NULL && count < MOST_QUEUES;) {
    if (e->d_name[0] == '.') continue;
    put_file(b, (struct span){e->d_name, strlen(e->d_name)}, dirfd(dir), e->d_name);
    count++;
  }
  if (dir != NULL) closedir(dir);
  json_lit(b, "}");
}

static bool is_of_kind(int fd, enum ns_kind kind) {
  static const int TYPES[NS_KINDS] = {
      [NS_CGROUP] = CLONE_NEWCGROUP, [NS_IPC] = CLONE_NEWIPC, [NS_MNT] = CLONE_NEWNS,   [NS_NET] = CLONE_NEWNET,
      [NS_PID] = CLONE_NEWPID,       [NS_TIME] = 0x80,        [NS_USER] = CLONE_NEWUSER, [NS_UTS] = CLONE_NEWUTS,
  };
  return ioctl(fd, NS_GET_NSTYPE) == TYPES[kind];
}

/* Opens a namespace by a path below /proc, checked to be the one that is meant. */
static int open_namespace(const struct server *s, enum ns_kind kind, struct span inode, struct span path) {
  char name[4096];
  uint64_t wanted = 0;
  struct stat st;
  if (!parse_u64(inode, &wanted) || !file_name(path, name, sizeof name) || name[0] == '/') return -1;
  int fd = openat(s->proc, name, O_RDONLY | O_CLOEXEC);
  if (fd >= 0 && fstat(fd, &st) == 0 && st.st_ino == wanted && is_of_kind(fd, kind)) return fd;
  if (fd >= 0) close(fd);
  return -1;
}

/* Runs in a child, since a namespace is joined for good. The answer comes
 * through a pipe. */
static void answer_inside(const struct server *s, const struct question *q, bool network) {
  enum ns_kind kind = NS_NET;
  size_t at = 0;
  if (!network) {
    while (at < NS_KINDS && q->count > 0 && !span_is(q->words[0], KINDS[at].name)) at++;
    kind = (enum ns_kind)at;
    at = 1;
  }
  if (q->count < at + 2 || kind >= NS_KINDS) {
    put_error(s->out, q->id, "bad-request", BAD);
    return;
  }
  AUTO_CLOSE int fd = open_namespace(s, kind, q->words[at], q->words[at + 1]);
  int ends[2];
  if (fd < 0 || pipe2(ends, O_CLOEXEC) != 0) {
    gone(s, q->id);
    return;
  }
  if (network) (void)nft_is_here();
  pid_t child = fork();
  if (child == 0) {
    AUTO_BUF struct buf b = {0};
    if (setns(fd, 0) != 0) {
      put_error(&b, q->id, "forbidden", "The namespace cannot be joined: this needs CAP_SYS_ADMIN.");
    } else {
      begin(&b, q->id);
      if (network) {
        json_lit(&b, ",\"network\":");
        if (!put_network(&b, s->proc)) json_lit(&b, "null");
        json_lit(&b, ",\"nat\":");
        put_nat(&b);
      } else {
        json_lit(&b, ",\"texts\":{");
        for (size_t i = at + 2; i < q->count; i++) {
          char name[4096];
          if (span_is(q->words[i], "mqueue")) {
            put_queues(&b);
          } else if (file_name(q->words[i], name, sizeof name) && name[0] != '/') {
            put_file(&b, q->words[i], s->proc, name);
          }
        }
        json_lit(&b, "}");
      }
      json_lit(&b, "}\n");
    }
    for (size_t sent = 0; sent < b.len;) {
      ssize_t n = write(ends[1], b.data + sent, b.len - sent);
      if (n < 0 && errno != EINTR) break;
      if (n > 0) sent += (size_t)n;
    }
    _exit(0);
  }
  close(ends[1]);
  AUTO_BUF struct buf b = {0};
  for (;;) {
    ssize_t n = read(ends[0], buf_room(&b, 65536), 65536);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) break;
    b.len += (size_t)n;
  }
  close(ends[0]);
  if (child > 0) (void)waitpid(child, NULL, 0);
  if (b.len > 0) {
    buf_put(s->out, b.data, b.len);
  } else {
    put_error(s->out, q->id, "failed", "No process could be started to look inside.");
  }
}

static void answer(const struct server *s, struct span line) {
  struct question q = {.count = 0};
  struct span rest = line;
  struct span verb = take_until(&rest, ' ');
  q.id = take_until(&rest, ' ');
  while (rest.n > 0 && q.count < MOST_WORDS) q.words[q.count++] = take_until(&rest, ' ');
  if (span_is(verb, "files")) {
    answer_files(s, &q);
  } else if (span_is(verb, "threads")) {
    answer_threads(s, &q);
  } else if (span_is(verb, "sockets")) {
    answer_sockets(s, &q);
  } else if (span_is(verb, "network")) {
    answer_inside(s, &q, true);
  } else if (span_is(verb, "inside")) {
    answer_inside(s, &q, false);
  } else if (line.n > 0) {
    put_error(s->out, q.id, "bad-request", BAD);
  }
  flush_out(s->out);
}

void serve(struct buf *out) {
  struct server s = {out, open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
  if (s.proc < 0) die("/proc cannot be opened: %s", strerror(errno));
  flush_out(out);
  static struct buf input;
  for (;;) {
    ssize_t n = read(STDIN_FILENO, buf_room(&input, 4096), 4096);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return;
    input.len += (size_t)n;
    size_t start = 0;
    for (;;) {
      const char *end = memchr(input.data + start, '\n', input.len - start);
      if (end == NULL) break;
      size_t length = (size_t)(end - input.data) - start;
      answer(&s, (struct span){input.data + start, length});
      start += length + 1;
    }
    memmove(input.data, input.data + start, input.len - start);
    input.len -= start;
    if (input.len > LINE_LIMIT) die("a question of more than %u bytes", LINE_LIMIT);
  }
}
