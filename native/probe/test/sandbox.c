/* sandbox CALL: turns the filter of scanning and watching on, makes one call,
 * and ends with 0 where it is still there. */
#include "../src/sandbox.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

static void call(const char *name, int file) {
  char byte = 0;
  char *const words[] = {(char *)"true", NULL};
  if (strcmp(name, "read") == 0) {
    (void)!read(open("/proc/self/stat", O_RDONLY), &byte, 1);
    (void)!write(STDOUT_FILENO, "", 0);
    free(malloc(1U << 24));
  }
  if (strcmp(name, "open-to-write") == 0) (void)open("/dev/null", O_WRONLY);
  if (strcmp(name, "create") == 0) (void)open("/dev/null", O_RDONLY | O_CREAT, 0600);
  if (strcmp(name, "truncate") == 0) (void)open("/dev/null", O_RDONLY | O_TRUNC);
  if (strcmp(name, "write-elsewhere") == 0) (void)!write(file, "", 0);
  if (strcmp(name, "close-stdout") == 0) close(STDOUT_FILENO);
  if (strcmp(name, "dup2") == 0) (void)dup2(file, STDOUT_FILENO);
  if (strcmp(name, "socket") == 0) (void)socket(AF_UNIX, SOCK_STREAM, 0);
  if (strcmp(name, "fork") == 0) (void)syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);
  if (strcmp(name, "exec") == 0) (void)execv("/bin/true", words);
  if (strcmp(name, "kill") == 0) (void)kill(getpid(), 0);
  if (strcmp(name, "ptrace") == 0) (void)syscall(SYS_ptrace, 0, 0, 0, 0);
  if (strcmp(name, "setns") == 0) (void)syscall(SYS_setns, file, 0);
  if (strcmp(name, "code") == 0) (void)mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (strcmp(name, "ioctl") == 0) (void)ioctl(STDIN_FILENO, TIOCSTI, &byte);
}

int main(int argc, char **argv) {
  int file = open("/dev/null", O_RDWR);
  if (argc != 2 || !allow_only_reading()) return 1;
  call(argv[1], file);
  _exit(0);
}
