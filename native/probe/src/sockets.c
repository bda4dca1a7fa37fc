#include "sockets.h"

#include <fcntl.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <linux/sockios.h>
#include <linux/unix_diag.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include "attributes.h"
#include "dir.h"
#include "fields.h"
#include "json.h"
#include "kernel.h"
#include "netlink.h"
#include "ns.h"
#include "parse.h"
#include "question.h"

#define MOST_UNIX 100000U

bool unix_sockets_are_told(void) {
  static int known = -1;
  if (known < 0) known = kernel_has("unix_diag", "unix_diag_dump");
  return known != 0;
}

struct unix_listing {
  struct buf *b;
  size_t count;
};

static void take_unix(void *context, uint16_t type, struct span body) {
  struct unix_listing *l = context;
  struct unix_diag_msg head;
  struct attributes a;
  if (type != SOCK_DIAG_BY_FAMILY || body.n < sizeof head || l->count == MOST_UNIX) return;
  memcpy(&head, body.p, sizeof head);
  read_attributes(&a, (struct span){body.p + sizeof head, body.n - sizeof head});
  struct span name = a.of[UNIX_DIAG_NAME];
  if (l->count++ > 0) json_lit(l->b, ",");
  json_lit(l->b, "[");
  json_u64(l->b, head.udiag_ino);
  json_lit(l->b, ",");
  json_bool(l->b, head.udiag_state == TCP_LISTEN);
  json_lit(l->b, ",");
  if (name.p == NULL || name.n == 0) {
    json_lit(l->b, "null");
  } else if (name.p[0] != '\0') {
    json_text(l->b, (struct span){name.p, strnlen(name.p, name.n)});
  } else {
    /* An abstract name may hold zero bytes; the kernel's own tables, too, show
     * each as @. Some programs fill all of its 107 bytes with them. */
    while (name.n > 1 && name.p[name.n - 1] == '\0') name.n--;
    char *shown = xcalloc(name.n, 1);
    for (size_t i = 0; i < name.n; i++) shown[i] = name.p[i] == '\0' ? '@' : name.p[i];
    json_text(l->b, (struct span){shown, name.n});
    free(shown);
  }
  json_lit(l->b, "]");
}

void put_unix_sockets(struct buf *b) {
  struct netlink n;
  struct unix_diag_req request = {.sdiag_family = AF_UNIX, .udiag_states = UINT32_MAX, .udiag_show = UDIAG_SHOW_NAME};
  size_t start = b->len;
  struct answer answer = {.state = ANSWER_FAILED};
  if (unix_sockets_are_told() && netlink_open(&n, NETLINK_SOCK_DIAG)) {
    struct unix_listing list = {b, 0};
    json_lit(b, "[");
    answer = netlink_ask(&n, SOCK_DIAG_BY_FAMILY, NLM_F_DUMP, (struct span){(const char *)&request, sizeof request},
                         take_unix, &list);
    json_lit(b, "]");
    close(n.fd);
  }
  if (answer.state == ANSWER_DONE) return;
  b->len = start;
  json_lit(b, "null");
}

static int compare_u64(const void *left, const void *right) {
  uint64_t a = 0;
  uint64_t b = 0;
  memcpy(&a, left, sizeof a);
  memcpy(&b, right, sizeof b);
  return (a > b) - (a < b);
}

struct wanted {
  const uint64_t *inodes; /* ascending */
  bool *held;
  size_t count;
  size_t left; /* how many have no holder yet */
};

static void put_held_by(struct buf *b, int proc, uint32_t pid, struct wanted *wanted) {
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
    const uint64_t *found = bsearch(&inode, wanted->inodes, wanted->count, sizeof inode, compare_u64);
    if (found == NULL) continue;
    if (!wanted->held[found - wanted->inodes]) wanted->left--;
    wanted->held[found - wanted->inodes] = true;
    put_separator(b);
    json_lit(b, "[");
    json_u64(b, inode);
    json_lit(b, ",");
    json_u64(b, pid);
    json_lit(b, "]");
  }
}

void put_holders(struct buf *b, int proc, uint32_t net, struct span inodes) {
  AUTO_BUF struct buf list = {0};
  AUTO_BUF struct buf pids = {0};
  for (struct span word = next_word(&inodes); word.n > 0; word = next_word(&inodes)) {
    uint64_t inode = 0;
    if (parse_u64(word, &inode)) buf_put(&list, (const char *)&inode, sizeof inode);
  }
  size_t count = list.len / sizeof(uint64_t);
  struct wanted wanted = {(const uint64_t *)(const void *)list.data, xcalloc(count, sizeof(bool)), count, count};
  if (count > 0) qsort(list.data, count, sizeof(uint64_t), compare_u64);
  size_t processes = count > 0 ? list_numbers(&pids, proc) : 0;
  bool *inside = xcalloc(processes, sizeof *inside);
  json_lit(b, "[");
  for (size_t i = 0; i < processes; i++) {
    char name[32];
    (void)snprintf(name, sizeof name, "%u/ns/net", number_at(&pids, i));
    inside[i] = ns_readlink(proc, name, NS_NET) == net;
    if (inside[i]) put_held_by(b, proc, number_at(&pids, i), &wanted);
  }
  /* Looking at everybody is dear on a large machine. */
  for (size_t i = 0; i < processes && wanted.left > 0; i++) {
    if (!inside[i]) put_held_by(b, proc, number_at(&pids, i), &wanted);
  }
  json_lit(b, "]");
  free(inside);
  free(wanted.held);
}

int open_net_of_socket(int pidfd, uint32_t number, struct statx *found) {
  AUTO_CLOSE int sock = (int)syscall(SYS_pidfd_getfd, pidfd, number, 0);
  /* The descriptor may be another file by now, and a device might take this
   * request for one of its own. */
  if (sock < 0 || statx(sock, "", AT_EMPTY_PATH | AT_STATX_DONT_SYNC, STATX_TYPE | STATX_INO, found) != 0 ||
      !S_ISSOCK(found->stx_mode))
    return -1;
  return ioctl(sock, SIOCGSKNS);
}
