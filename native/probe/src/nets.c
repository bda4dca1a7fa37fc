#include "nets.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

#include "dir.h"
#include "ns.h"
#include "parse.h"
#include "question.h"
#include "safe_open.h"

/* Each takes a descriptor. */
#define MOST_NETS 8192U

struct seen {
  uint32_t inode;
  uint32_t pid;
};

static int compare_seen(const void *left, const void *right) {
  struct seen a;
  struct seen b;
  memcpy(&a, left, sizeof a);
  memcpy(&b, right, sizeof b);
  return a.inode != b.inode ? (a.inode > b.inode) - (a.inode < b.inode) : (a.pid > b.pid) - (a.pid < b.pid);
}

static int compare_users(const void *left, const void *right) {
  const struct known_net *a = left;
  const struct known_net *b = right;
  return a->users != b->users ? (a->users < b->users) - (a->users > b->users)
                              : (a->inode > b->inode) - (a->inode < b->inode);
}

static void add(struct known_nets *nets, struct known_net net) {
  if (net.fd < 0) return;
  nets->items[nets->len++] = net;
}

static void allow_descriptors(void) {
  struct rlimit limit;
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  (void)setrlimit(RLIMIT_NOFILE, &limit);
}

int net_of(const struct known_nets *nets, uint32_t inode) {
  for (size_t i = 0; i < nets->len; i++) {
    if (nets->items[i].inode == inode) return nets->items[i].fd;
  }
  return -1;
}

void nets_open(struct known_nets *nets, int proc, struct span more) {
  AUTO_BUF struct buf pids = {0};
  AUTO_BUF struct buf seen = {0};
  allow_descriptors();
  *nets = (struct known_nets){xcalloc(MOST_NETS, sizeof *nets->items), 0};
  size_t count = list_numbers(&pids, proc);
  for (size_t i = 0; i < count; i++) {
    char name[32];
    (void)snprintf(name, sizeof name, "%u/ns/net", number_at(&pids, i));
    struct seen one = {ns_readlink(proc, name, NS_NET), number_at(&pids, i)};
    if (one.inode != 0) buf_put(&seen, (const char *)&one, sizeof one);
  }
  const struct seen *list = (const struct seen *)(const void *)seen.data;
  count = seen.len / sizeof *list;
  if (count > 1) qsort(seen.data, count, sizeof *list, compare_seen);
  for (size_t i = 0; i < count && nets->len < MOST_NETS;) {
    uint32_t inode = list[i].inode;
    size_t users = 0;
    int fd = -1;
    for (; i < count && list[i].inode == inode; i++, users++) {
      char name[32];
      (void)snprintf(name, sizeof name, "%u/ns/net", list[i].pid);
      if (fd < 0) fd = ns_open_path(proc, name, NS_NET, inode);
    }
    add(nets, (struct known_net){inode, fd, (uint32_t)users});
  }
  if (nets->len > 1) qsort(nets->items, nets->len, sizeof *nets->items, compare_users);
  for (struct span word = next_word(&more); word.n > 0 && nets->len < MOST_NETS; word = next_word(&more)) {
    uint32_t inode = 0;
    char name[4096];
    struct span path = next_word(&more);
    if (!parse_u32(word, &inode) || !file_name(path, name, sizeof name) || net_of(nets, inode) >= 0) continue;
    add(nets, (struct known_net){inode, ns_open_path(proc, name, NS_NET, inode), 0});
  }
}

void nets_close(struct known_nets *nets) {
  for (size_t i = 0; i < nets->len; i++) close(nets->items[i].fd);
  free(nets->items);
}
