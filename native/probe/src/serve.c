#include "serve.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "connect.h"
#include "dir.h"
#include "frames.h"
#include "json.h"
#include "nat.h"
#include "nft.h"
#include "nets.h"
#include "ns.h"
#include "parse.h"
#include "question.h"
#include "safe_open.h"
#include "sockets.h"
#include "usage.h"

/* A longer text is cut there, and said to be. */
#define TEXT_LIMIT (4U * 1024U * 1024U)
#define LINE_LIMIT (1U << 20)
#define MOST_THREADS 512U
#define MOST_QUEUES 1024U
/* A process can make others wait for it in many ways, a file system of its own
 * for one. What takes longer ends, with the probe: a new one is started. */
#define ANSWER_MS 10000U

static const char BAD[] = "Known are: connect, files, holders, inside, network, threads, usage, wiring. See the probe's README.";

struct server {
  struct buf *out;
  int proc;
  uint32_t silence_ms;
};

static void begin(struct buf *b, struct span id) {
  json_lit(b, "{\"t\":\"reply\",\"id\":");
  json_text(b, id);
}

static ssize_t read_regular(const struct server *s, int dir, const char *name, struct buf *text) {
  AUTO_CLOSE int fd = open_expected(s->proc, dir, name, EXPECT_REGULAR, O_RDONLY);
  return fd < 0 ? -errno : read_fd(fd, text, TEXT_LIMIT, true);
}

/* Appends `"name":text` for a file, a link or null. */
static void put_file(const struct server *s, struct buf *b, struct span word, int dir, const char *name) {
  AUTO_BUF struct buf text = {0};
  char target[4096];
  if (b->data[b->len - 1] != '{') json_lit(b, ",");
  json_text(b, word);
  json_lit(b, ":");
  ssize_t n = strchr(name, '/') == NULL ? readlinkat(dir, name, target, sizeof target) : -1;
  if (n >= 0) {
    json_text(b, (struct span){target, (size_t)n});
  } else if ((n = read_regular(s, dir, name, &text)) >= 0) {
    json_text(b, (struct span){text.data, (size_t)n});
  } else {
    json_lit(b, "null");
  }
}

static void put_files(const struct server *s, struct buf *b, struct span words, int dir) {
  json_lit(b, "{");
  for (struct span word = next_word(&words); word.n > 0; word = next_word(&words)) {
    char name[4096];
    if (file_name(word, name, sizeof name)) put_file(s, b, word, dir, name);
  }
  json_lit(b, "}");
}

/* The process's directory, checked to be that process's. Takes its pid and
 * start time from the words. */
static int open_process(const struct server *s, struct span *words) {
  char name[16];
  uint64_t wanted = 0;
  uint32_t number = 0;
  struct span pid = next_word(words);
  struct span start = next_word(words);
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
  struct span words = q->words;
  AUTO_CLOSE int dir = open_process(s, &words);
  if (dir < 0) {
    gone(s, q->id);
    return;
  }
  begin(s->out, q->id);
  json_lit(s->out, ",\"texts\":");
  put_files(s, s->out, words, dir);
  json_lit(s->out, "}\n");
}

/* threads ID PID START */
static void answer_threads(const struct server *s, const struct question *q) {
  struct span words = q->words;
  AUTO_CLOSE int dir = open_process(s, &words);
  AUTO_CLOSE int tasks = dir < 0 ? -1 : openat(dir, "task", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (tasks < 0) {
    gone(s, q->id);
    return;
  }
  AUTO_BUF struct buf tids = {0};
  size_t count = list_numbers(&tids, tasks);
  begin(s->out, q->id);
  json_lit(s->out, ",\"count\":");
  json_u64(s->out, count);
  json_lit(s->out, ",\"texts\":{");
  for (size_t i = 0; i < count && i < MOST_THREADS; i++) {
    char name[32];
    int n = snprintf(name, sizeof name, "%u/stat", number_at(&tids, i));
    put_file(s, s->out, (struct span){name, (size_t)n}, tasks, name);
  }
  json_lit(s->out, "}}\n");
}

/* holders ID NET INODE... */
static void answer_holders(const struct server *s, const struct question *q) {
  struct span words = q->words;
  uint32_t net = 0;
  if (!parse_u32(next_word(&words), &net)) {
    put_error(s->out, q->id, "bad-request", BAD);
    return;
  }
  begin(s->out, q->id);
  json_lit(s->out, ",\"holders\":");
  put_holders(s->out, s->proc, net, words);
  json_lit(s->out, "}\n");
}

/* usage ID: what every process has used so far, and what the kernel says of
 * the machine. */
static void answer_usage(const struct server *s, const struct question *q) {
  static const char *const MACHINE[] = {"meminfo", "pressure/cpu", "pressure/io", "pressure/memory", "stat", "vmstat"};
  begin(s->out, q->id);
  json_lit(s->out, ",\"usage\":{\"pageSize\":");
  json_u64(s->out, (uint64_t)sysconf(_SC_PAGESIZE));
  json_lit(s->out, ",\"processes\":[");
  put_usage(s->out, s->proc);
  json_lit(s->out, "]},\"texts\":{");
  for (size_t i = 0; i < sizeof MACHINE / sizeof MACHINE[0]; i++) {
    put_file(s, s->out, (struct span){MACHINE[i], strlen(MACHINE[i])}, s->proc, MACHINE[i]);
  }
  json_lit(s->out, "}}\n");
}

/* The POSIX queues of the present ipc namespace: `"mqueue":{name: status}`.
 * They are seen only through a file system that is mounted in it. */
static void put_queues(const struct server *s, struct buf *b) {
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
    put_file(s, b, (struct span){e->d_name, strlen(e->d_name)}, dirfd(dir), e->d_name);
    count++;
  }
  if (dir != NULL) closedir(dir);
  json_lit(b, "}");
}

/* What a child does in a namespace, which it joins for good; it writes its
 * answers itself. */
typedef void (*look_inside)(const struct server *s, const struct question *q, void *context);

/* Runs in a child. True when that ended well; else its answer is that it
 * failed, on a line of its own, since the child may have written half of one. */
static bool look(const struct server *s, const struct question *q, look_inside inside, void *context) {
  flush_out(s->out);
  pid_t parent = getpid();
  pid_t child = fork();
  if (child == 0) {
    /* It must not outlive the probe, whatever it waits for. */
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) _exit(1);
    end_after(ANSWER_MS);
    inside(s, q, context);
    flush_out(s->out);
    _exit(0);
  }
  /* The child has a limit of its own. */
  end_after(0);
  int status = -1;
  while (child > 0 && waitpid(child, &status, 0) < 0 && errno == EINTR) continue;
  if (status == 0) return true;
  json_lit(s->out, "\n");
  if (child < 0) {
    put_error(s->out, q->id, "failed", "No process could be started to look inside.");
  } else {
    put_error(s->out, q->id, "failed", "Looking inside took too long, or ended half way.");
  }
  return false;
}

static const char FORBIDDEN[] = "The namespace cannot be joined: this needs CAP_SYS_ADMIN.";

struct place {
  int fd;
  struct span names;
};

static void list_inside(const struct server *s, const struct question *q, void *context) {
  const struct place *place = context;
  struct buf *b = s->out;
  struct span names = place->names;
  if (setns(place->fd, 0) != 0) {
    put_error(b, q->id, "forbidden", FORBIDDEN);
    return;
  }
  begin(b, q->id);
  json_lit(b, ",\"texts\":{");
  for (struct span word = next_word(&names); word.n > 0; word = next_word(&names)) {
    char name[4096];
    if (span_is(word, "mqueue")) {
      if (b->data[b->len - 1] != '{') json_lit(b, ",");
      json_lit(b, "\"mqueue\":");
      put_queues(s, b);
    } else if (file_name(word, name, sizeof name)) {
      put_file(s, b, word, s->proc, name);
    }
  }
  json_lit(b, "}}\n");
}

static int open_place(const struct server *s, enum ns_kind kind, struct span *words) {
  char name[4096];
  uint32_t inode = 0;
  struct span number = next_word(words);
  struct span path = next_word(words);
  if (!parse_u32(number, &inode) || !file_name(path, name, sizeof name)) return -1;
  return ns_open_path(s->proc, name, kind, inode);
}

/* inside ID KIND INODE PATH NAME... */
static void answer_inside(const struct server *s, const struct question *q) {
  struct span words = q->words;
  struct span kind = next_word(&words);
  size_t at = 0;
  while (at < NS_KINDS && !span_is(kind, KINDS[at].name)) at++;
  if (at == NS_KINDS) {
    put_error(s->out, q->id, "bad-request", BAD);
    return;
  }
  AUTO_CLOSE int fd = open_place(s, (enum ns_kind)at, &words);
  if (fd < 0) {
    gone(s, q->id);
    return;
  }
  struct place place = {fd, words};
  (void)look(s, q, list_inside, &place);
}

static const char NET_FILES[] =
    "net/tcp net/tcp6 net/udp net/udp6 net/udplite net/udplite6 net/raw net/raw6 net/sctp/eps net/unix";

struct machine {
  struct known_nets nets;
  int fd;
};

static void describe_network(const struct server *s, const struct question *q, void *context) {
  const struct machine *machine = context;
  struct buf *b = s->out;
  if (setns(machine->fd, CLONE_NEWNET) != 0) {
    put_error(b, q->id, "forbidden", FORBIDDEN);
    return;
  }
  begin(b, q->id);
  json_lit(b, ",\"network\":");
  if (!put_network(b, &machine->nets, NETWORK_ALL)) json_lit(b, "null");
  json_lit(b, ",\"nat\":");
  put_nat(b, s->proc);
  json_lit(b, ",\"unix\":");
  put_unix_sockets(b);
  /* Its own, since it has joined: so they are there without a process, too. */
  AUTO_CLOSE int self = openat(s->proc, "thread-self", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  json_lit(b, ",\"texts\":");
  put_files(s, b, (struct span){NET_FILES, sizeof NET_FILES - 1}, self);
  json_lit(b, "}\n");
}

/* network ID INODE PATH [INODE PATH]...: looks into the first; the others may be
 * where links lead. */
static void answer_network(const struct server *s, const struct question *q) {
  struct span words = q->words;
  AUTO_CLOSE int fd = open_place(s, NS_NET, &words);
  if (fd < 0) {
    gone(s, q->id);
    return;
  }
  (void)nft_is_here();
  (void)unix_sockets_are_told();
  struct machine machine = {.fd = fd};
  nets_open(&machine.nets, s->proc, q->words);
  (void)look(s, q, describe_network, &machine);
  nets_close(&machine.nets);
}

static void describe_wiring(const struct server *s, const struct question *q, void *context) {
  const struct machine *machine = context;
  struct buf *b = s->out;
  struct span words = q->words;
  for (struct span word = next_word(&words); word.n > 0; word = next_word(&words)) {
    uint32_t inode = 0;
    (void)next_word(&words);
    if (!parse_u32(word, &inode)) continue;
    end_after(ANSWER_MS);
    begin(b, q->id);
    json_lit(b, ",\"of\":");
    put_ns_id(b, NS_NET, inode);
    int fd = net_of(&machine->nets, inode);
    json_lit(b, ",\"network\":");
    if (fd < 0 || setns(fd, CLONE_NEWNET) != 0 || !put_network(b, &machine->nets, NETWORK_WIRING)) json_lit(b, "null");
    json_lit(b, "}\n");
    flush_out(b);
  }
}

/* wiring ID INODE PATH [INODE PATH]...: a reply for each as it comes, then one
 * without `of`. */
static void answer_wiring(const struct server *s, const struct question *q) {
  struct machine machine = {.fd = -1};
  nets_open(&machine.nets, s->proc, q->words);
  if (look(s, q, describe_wiring, &machine)) {
    begin(s->out, q->id);
    json_lit(s->out, "}\n");
  }
  nets_close(&machine.nets);
}

struct attempt {
  int fd;
  struct destination destination;
};

static void connect_inside(const struct server *s, const struct question *q, void *context) {
  const struct attempt *attempt = context;
  if (setns(attempt->fd, CLONE_NEWNET) != 0) {
    put_error(s->out, q->id, "forbidden", FORBIDDEN);
    return;
  }
  begin(s->out, q->id);
  json_lit(s->out, ",\"connect\":");
  put_connect(s->out, &attempt->destination);
  json_lit(s->out, "}\n");
}

/* connect ID INODE PATH PROTOCOL ADDRESS PORT: one attempt from that network
 * namespace. */
static void answer_connect(const struct server *s, const struct question *q) {
  struct span words = q->words;
  struct attempt attempt = {0};
  AUTO_CLOSE int fd = open_place(s, NS_NET, &words);
  attempt.fd = fd;
  if (fd < 0) {
    gone(s, q->id);
  } else if (!parse_destination(&words, &attempt.destination)) {
    put_error(s->out, q->id, "bad-request", BAD);
  } else {
    (void)look(s, q, connect_inside, &attempt);
  }
}

static void answer(const struct server *s, struct span line) {
  static const struct {
    const char *verb;
    void (*answer)(const struct server *s, const struct question *q);
  } VERBS[] = {
      {"connect", answer_connect}, {"files", answer_files},     {"holders", answer_holders}, {"inside", answer_inside},
      {"network", answer_network}, {"threads", answer_threads}, {"usage", answer_usage},
      {"wiring", answer_wiring},
  };
  if (line.n == 0) return;
  struct question q = parse_question(line);
  size_t i = 0;
  while (i < sizeof VERBS / sizeof *VERBS && !span_is(q.verb, VERBS[i].verb)) i++;
  end_after(ANSWER_MS);
  if (i < sizeof VERBS / sizeof *VERBS) {
    VERBS[i].answer(s, &q);
  } else {
    put_error(s->out, q.id, "bad-request", BAD);
  }
  end_after(s->silence_ms);
  flush_out(s->out);
}

void serve(struct buf *out, uint32_t silence_ms) {
  struct server s = {out, open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC), silence_ms};
  if (s.proc < 0) die("/proc cannot be opened: %s", strerror(errno));
  flush_out(out);
  static struct buf input;
  for (;;) {
    end_after(silence_ms);
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
