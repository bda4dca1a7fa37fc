#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "connect.h"
#include "fields.h"
#include "frames.h"
#include "json.h"
#include "nat.h"
#include "nets.h"
#include "nft.h"
#include "ns.h"
#include "parse.h"
#include "server.h"
#include "sockets.h"

#define MOST_QUEUES 1024U

/* The POSIX queues of the present ipc namespace: `"mqueue":{name: status}`.
 * They are seen only through a file system that is mounted in it. */
static void put_queues(const struct server *s, struct buf *b) {
  if (unshare(KINDS[NS_MNT].flag) != 0 || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0 ||
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
  if (child > 0) (void)RETRY(waitpid(child, &status, 0));
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
      put_key(b, "mqueue");
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
void answer_inside(const struct server *s, const struct question *q) {
  struct span words = q->words;
  struct span kind = next_word(&words);
  size_t at = 0;
  while (at < NS_KINDS && !span_is(kind, KINDS[at].name)) at++;
  if (at == NS_KINDS) {
    bad_request(s, q->id);
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
  if (setns(machine->fd, KINDS[NS_NET].flag) != 0) {
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
  /* The child's own directory of /proc: it has joined the namespace, so this
   * works for one without processes, too. */
  AUTO_CLOSE int self = openat(s->proc, "thread-self", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  json_lit(b, ",\"texts\":");
  put_files(s, b, (struct span){NET_FILES, sizeof NET_FILES - 1}, self);
  json_lit(b, "}\n");
}

/* network ID INODE PATH [INODE PATH]...: looks into the first; the others may be
 * where links lead. */
void answer_network(const struct server *s, const struct question *q) {
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
    if (fd < 0 || setns(fd, KINDS[NS_NET].flag) != 0 || !put_network(b, &machine->nets, NETWORK_WIRING))
      json_lit(b, "null");
    json_lit(b, "}\n");
    flush_out(b);
  }
}

/* wiring ID INODE PATH [INODE PATH]...: a reply for each as it comes, then one
 * without `of`. */
void answer_wiring(const struct server *s, const struct question *q) {
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
  if (setns(attempt->fd, KINDS[NS_NET].flag) != 0) {
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
void answer_connect(const struct server *s, const struct question *q) {
  struct span words = q->words;
  struct attempt attempt = {0};
  AUTO_CLOSE int fd = open_place(s, NS_NET, &words);
  attempt.fd = fd;
  if (fd < 0) {
    gone(s, q->id);
  } else if (!parse_destination(&words, &attempt.destination)) {
    bad_request(s, q->id);
  } else {
    (void)look(s, q, connect_inside, &attempt);
  }
}
