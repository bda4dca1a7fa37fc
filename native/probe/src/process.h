/* One process: everything read below one /proc/<pid>, and what is remembered
 * of it from one batch to the next. */
#ifndef BULKHEAD_PROCESS_H
#define BULKHEAD_PROCESS_H

#include "kinds.h"
#include "util.h"

/* A namespace that a process holds by other means than being in it. */
struct pin {
  enum ns_kind kind;
  uint32_t inode;
  uint32_t number;   /* the descriptor, or the thread */
  enum ns_link link; /* of a thread: which of its links leads there */
  bool socket;       /* the descriptor is a socket of that network namespace */
};

struct pin_list {
  struct pin *items;
  size_t len;
  size_t cap;
};

struct process {
  uint32_t pid;
  uint32_t ppid;
  uint32_t threads;
  uint64_t start;           /* with pid, its identity: clock ticks since boot */
  uint64_t cpu;             /* nanoseconds it had run when it was last read */
  uint64_t hash;            /* of the record that was sent last; 0 before */
  uint32_t links[NS_LINKS]; /* inodes; 0 unknown */
  bool forbidden;
  bool kernel_thread;
  bool whole_root; /* its root is the root of its mount namespace */
  bool ran;        /* it may have run since the batch before */
  bool moved;      /* new, or its links are not those of the batch before */
  struct pin_list fds;
  struct pin_list tasks;
  struct buf task_text; /* the threadNamespaces of its record */
  uint64_t fds_due;     /* batches from which on they are read again */
  uint64_t tasks_due;
};

/* In which network namespace a socket was made, as the kernel said in this
 * batch. A socket is often held by many: what a service manager hands to all
 * processes of a service, what a server leaves to its workers. */
struct known_socket {
  uint64_t device;
  uint64_t inode;
  uint64_t batch;
  uint32_t net;
};

#define KNOWN_SOCKETS 1024U

/* What all reads of one batch share. */
struct reader {
  int proc; /* the directory /proc */
  uint32_t self;
  uint64_t nsfs_device; /* as stat has it; 0 unknown */
  /* The kernel tells the namespaces of other processes' sockets: see
   * open_net_of_socket. */
  bool asks_sockets;
  uint64_t batch;
  struct buf file;  /* the file being read */
  struct buf dents; /* the directory being listed */
  /* A table by inode: where two share a place, the later one has it. */
  struct known_socket sockets[KNOWN_SOCKETS];
};

enum read_result {
  READ_OK,
  READ_GONE,
  READ_CLOSED, /* not even its stat may be read (hidepid) */
};

/* Reads process p->pid whole and writes its record into `record`. `p` is zero
 * but for the pid, or holds what the last read left; a start time that
 * differs afterwards means that the pid is another process's now. */
enum read_result process_read(struct reader *r, struct process *p, struct buf *record);

/* The hash by which a record counts as changed: whether the process happens
 * to be on a CPU at this moment does not count. */
uint64_t process_hash(const struct buf *record);

/* The nanoseconds that all threads of a process ran so far. A process that
 * did not run cannot have called setns or unshare, nor exec, nor open. One
 * system call, open to everybody. False when the process is gone. */
bool process_cpu(uint32_t pid, uint64_t *nanoseconds);

void process_forget(struct process *p);

#endif
