/* A process on a file system whose server has stopped answering: its arguments are in a file there, a thread waits for
 * another page of it, it holds that file open, and a namespace's place is beside it. stuck DIRECTORY; needs root.
 * The first process is the server: it prints the other's pid, and all ends with it. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/fuse.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#define PAGE 4096UL
#define FILE_NODE 2

static void check(int failed, const char *what) {
  if (!failed) return;
  fprintf(stderr, "stuck: %s: %s\n", what, strerror(errno));
  exit(1);
}

static void reply(int device, uint64_t unique, int error, const void *body, size_t n) {
  char out[512];
  struct fuse_out_header head = {.len = (uint32_t)(sizeof head + n), .error = error, .unique = unique};
  memcpy(out, &head, sizeof head);
  if (n > 0) memcpy(out + sizeof head, body, n);
  /* Who asked may have given up. */
  (void)!write(device, out, sizeof head + n);
}

static struct fuse_attr attributes(uint64_t node) {
  bool folder = node == FUSE_ROOT_ID;
  return (struct fuse_attr){
      .ino = node, .mode = folder ? S_IFDIR | 0755 : S_IFREG | 0755, .nlink = 1, .size = 16 * PAGE};
}

/* Answers what leads to an open file, and then nothing any more. */
static void serve(int device) {
  static char in[1 << 20];
  for (bool silent = false; read(device, in, sizeof in) > 0;) {
    const struct fuse_in_header *head = (const void *)in;
    struct fuse_init_out init = {.major = FUSE_KERNEL_VERSION, .minor = 31, .max_write = PAGE};
    struct fuse_entry_out entry = {.nodeid = FILE_NODE, .attr = attributes(FILE_NODE)};
    struct fuse_attr_out attr = {.attr = attributes(head->nodeid)};
    struct fuse_open_out opened = {.fh = 1};
    if (head->opcode == FUSE_READ) silent = true;
    if (silent || head->opcode == FUSE_FORGET || head->opcode == FUSE_INTERRUPT) continue;
    switch (head->opcode) {
      case FUSE_INIT:
        reply(device, head->unique, 0, &init, sizeof init);
        break;
      case FUSE_LOOKUP:
        reply(device, head->unique, 0, &entry, sizeof entry);
        break;
      case FUSE_GETATTR:
        reply(device, head->unique, 0, &attr, sizeof attr);
        break;
      case FUSE_OPEN:
        reply(device, head->unique, 0, &opened, sizeof opened);
        break;
      default:
        reply(device, head->unique, -ENOSYS, NULL, 0);
    }
  }
}

static void *touch(void *page) {
  (void)*(volatile const char *)page;
  return NULL;
}

/* Never returns to what lies in its arguments: their page is the file's. */
static _Noreturn void wait_there(const char *folder, char *first) {
  char path[PAGE];
  (void)snprintf(path, sizeof path, "%s/file", folder);
  int fd = open(path, O_RDONLY);
  check(fd < 0, "open");
  char *pages = mmap(NULL, 2 * PAGE, PROT_READ, MAP_PRIVATE, fd, 0);
  check(pages == MAP_FAILED, "mmap");
  char *own = (char *)((uintptr_t)first & ~(PAGE - 1));
  check(mmap(own, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_FIXED, fd, 0) == MAP_FAILED, "mmap of the arguments");
  pthread_t thread;
  check(pthread_create(&thread, NULL, touch, pages + PAGE) != 0, "pthread_create");
  /* By now the server is silent, or it will be at once. */
  usleep(100000);
  printf("%d %d\n", (int)getpid(), fd);
  fflush(stdout);
  for (;;) pause();
}

int main(int argc, char **argv) {
  check(argc != 2, "usage: stuck DIRECTORY");
  int device = open("/dev/fuse", O_RDWR | O_CLOEXEC);
  check(device < 0, "/dev/fuse");
  char options[100];
  (void)snprintf(options, sizeof options, "fd=%d,rootmode=40000,user_id=0,group_id=0", device);
  check(mount("stuck", argv[1], "fuse.stuck", 0, options) != 0, "mount");
  pid_t child = fork();
  check(child < 0, "fork");
  if (child == 0) {
    /* Else the file system would live on with the one that waits for it. */
    close(device);
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    wait_there(argv[1], argv[0]);
  }
  serve(device);
  return 0;
}
