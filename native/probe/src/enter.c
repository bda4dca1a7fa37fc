#include "enter.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "confine.h"
#include "parse.h"
#include "plan.h"
#include "target.h"
#include "terminal.h"

/* A limit for when the engine's end cannot be noticed: before Linux 5.3, or
 * when the engine has been restarted. */
#define SHORT_SILENCE_US 3000000U

static int usage(void) {
  warn(
      "usage: bulkhead-probe enter --pid PID [--start TICKS] [--exe NAME] "
      "[--base PID [--base-start TICKS] [--base-exe NAME]] [--engine PID --engine-start TICKS] [--silence MS] "
      "[--ns KIND,...] [--root] [--user root|target] [--size COLSxROWS] [--shell FILE] [-- COMMAND...]");
  return 2;
}

/* Nothing of the target's own environment: it may name what shells and loaders
 * run or load (ENV, BASH_ENV, PROMPT_COMMAND, LD_PRELOAD), and reading it can
 * block on the target. */
static char **environment(void) {
  static char path[] = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
  static char term[] = "TERM=xterm-256color";
  static char lang[] = "LANG=C.UTF-8";
  static char home[] = "HOME=/root";
  static char user[] = "USER=root";
  static char logname[] = "LOGNAME=root";
  static char slash[] = "HOME=/";
  static char *root[] = {path, term, lang, home, user, logname, NULL};
  static char *other[] = {path, term, lang, slash, NULL};
  return geteuid() == 0 ? root : other;
}

static void fail(int control, const struct buf *error) {
  tell(control, 'E', error->data, error->len, -1);
  _exit(1);
}

/* The first shell that is there; at last our own, which needs no file in the
 * tree that was joined. */
static void run_shell(int control, int shell, char **env) {
  static const char *const SHELLS[] = {"/bin/bash", "/usr/bin/bash", "/bin/sh", "/bin/ash", "/bin/busybox"};
  for (size_t i = 0; i < sizeof SHELLS / sizeof SHELLS[0]; i++) {
    if (access(SHELLS[i], X_OK) != 0) continue;
    tell(control, 'S', SHELLS[i], strlen(SHELLS[i]), -1);
    char name[] = "sh";
    char *argv[] = {name, NULL};
    (void)execve(SHELLS[i], argv, env);
  }
  if (shell >= 0) {
    tell(control, 'S', "", 0, -1);
    char name[] = "sh";
    char *argv[] = {name, NULL};
    (void)syscall(SYS_execveat, shell, "", argv, env, AT_EMPTY_PATH);
  }
}

static void reset_signals(void) {
  for (int number = 1; number < NSIG; number++) (void)signal(number, SIG_DFL);
  sigset_t none;
  sigemptyset(&none);
  (void)sigprocmask(SIG_SETMASK, &none, NULL);
}

/* The target's user and, as that, no more than the target may. */
static bool become_user(const struct plan *plan, const struct target *t, struct confinement *c, int proc,
                        struct buf *error) {
  if (plan->own_user) confine_outside(c, proc);
  if (!target_become(t, plan->own_user, &c->notices, error)) return false;
  return !plan->own_user || confine_inside(c, t->foreign, error);
}

/* The program's own process: in all namespaces, with the terminal. */
static void become(const struct plan *plan, const struct target *t, struct confinement *c, int control, int proc,
                   const struct terminal *terminal, int shell) {
  AUTO_BUF struct buf error = {0};
  reset_signals();
  (void)setsid();
  (void)ioctl(terminal->slave, TIOCSCTTY, 0);
  if (plan->own_user && fchown(terminal->slave, t->uid, t->gid) != 0) {
    add_notice(&c->notices, "The terminal stays ours: what opens it by its name is refused.");
  }
  for (int fd = 0; fd < 3; fd++) (void)dup2(terminal->slave, fd);
  if (!become_user(plan, t, c, proc, &error)) fail(control, &error);
  for (size_t at = 0; at < c->notices.len; at += strlen(c->notices.data + at) + 1) {
    tell(control, 'N', c->notices.data + at, strlen(c->notices.data + at), -1);
  }
  if (plan->own_user && !confine_system_calls(c, &error)) fail(control, &error);
  char **env = environment();
  if (plan->command[0] == NULL) {
    run_shell(control, shell, env);
    error_text(&error, "There is no shell in this tree, and Bulkhead has none for this architecture. Give a command.");
  } else {
    tell(control, 'S', plan->command[0], strlen(plan->command[0]), -1);
    (void)putenv(env[0]);
    (void)execvpe(plan->command[0], plan->command, env);
    /* The tree may lack the program and our shell may have it. */
    if (errno == ENOENT && shell >= 0 && strchr(plan->command[0], '/') == NULL) {
      (void)syscall(SYS_execveat, shell, "", plan->command, env, AT_EMPTY_PATH);
    }
    error_text(&error, "%s cannot be run: %s.", plan->command[0], strerror(errno));
  }
  fail(control, &error);
}

/* Joins, then starts the program as a child, since a pid namespace takes
 * effect only there; waits for it and tells how it ended. */
static void stage(const struct plan *plan, struct target *t, const struct target *base, int control, int proc,
                  struct terminal own) {
  AUTO_BUF struct buf error = {0};
  static struct confinement confinement;
  int shell = plan->shell == NULL ? -1 : open(plan->shell, O_PATH | O_CLOEXEC);
  if (plan->own_user && !confinement_read(&confinement, proc, t->dir, t->pid, &t->status, &error))
    fail(control, &error);
  if (base != NULL && !target_join(base, &error)) fail(control, &error);
  if (!target_join(t, &error)) fail(control, &error);
  /* One of the tree's own, so that `tty` and what opens it by name work. */
  struct terminal terminal = own;
  struct terminal theirs;
  if (terminal_open(&theirs, proc, &plan->size)) terminal = theirs;
  if (terminal.master < 0) {
    error_text(&error, "There is no terminal to be had: neither here nor there is a /dev/ptmx.");
    fail(control, &error);
  }
  tell(control, 'M', "", 0, terminal.master);
  /* What is still open must not be had through /proc/<pid>/fd. */
  (void)prctl(PR_SET_DUMPABLE, 0);
  pid_t child = fork();
  if (child < 0) {
    error_text(&error, "A process cannot be started: %s.", strerror(errno));
    fail(control, &error);
  }
  if (child == 0) {
    close(terminal.master);
    become(plan, t, &confinement, control, proc, &terminal, shell);
  }
  char bytes[sizeof(int)];
  memcpy(bytes, &child, sizeof bytes);
  tell(control, 'P', bytes, sizeof bytes, -1);
  close(terminal.master);
  close(terminal.slave);
  int status = 0;
  if (RETRY(waitpid(child, &status, 0)) < 0) {
    error_text(&error, "How the program ended is not known: %s.", strerror(errno));
    fail(control, &error);
  }
  memcpy(bytes, &status, sizeof status);
  tell(control, 'X', bytes, sizeof bytes, -1);
  _exit(0);
}

/* A descriptor that names one process for ever: what is checked after it was
 * opened is what it reaches (pidfd_open(2)). -1 with a sentence. */
static int open_process(int proc, uint32_t pid, uint64_t start, struct buf *error) {
  int fd = (int)syscall(SYS_pidfd_open, pid, 0);
  int failure = errno;
  AUTO_CLOSE int dir = target_find(proc, pid, start, error);
  if (fd >= 0 && dir >= 0) return fd;
  close_fd(&fd);
  errno = dir >= 0 ? failure : ESRCH;
  return -1;
}

int enter_main(int argc, char **argv) {
  static struct plan plan;
  static struct target target;
  static struct target base;
  AUTO_BUF struct buf error = {0};
  if (!parse_plan(&plan, argc, argv)) return usage();
  int pair[2];
  if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) != 0) die("no socket pair: %s", strerror(errno));
  AUTO_CLOSE int proc = open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (proc < 0) die("/proc cannot be opened: %s", strerror(errno));
  bool has_base = plan.base > 0 && !plan.kinds[NS_MNT];
  bool mnt_only[NS_KINDS] = {[NS_MNT] = true};
  bool ready = target_open(&target, proc, plan.pid, plan.start, plan.kinds, plan.root, &error) &&
               target_runs(&target, plan.exe, &error) &&
               (!has_base || (target_open(&base, proc, plan.base, plan.base_start, mnt_only, true, &error) &&
                              target_runs(&base, plan.base_exe, &error)));
  struct life life = {.engine = -1, .silence_us = (uint64_t)plan.silence * 1000U};
  if (plan.engine > 0) {
    AUTO_BUF struct buf why = {0};
    life.engine = open_process(proc, plan.engine, plan.engine_start, &why);
    if (life.engine < 0) life.silence_us = SHORT_SILENCE_US;
  }
  if (!ready) tell(pair[1], 'E', error.data, error.len, -1);
  (void)prctl(PR_SET_CHILD_SUBREAPER, 1);
  if (ready) {
    struct terminal own;
    (void)terminal_open(&own, proc, &plan.size);
    pid_t child = fork();
    if (child == 0) {
      close(pair[0]);
      stage(&plan, &target, has_base ? &base : NULL, pair[1], proc, own);
    }
    if (own.master >= 0) close(own.master);
    if (own.slave >= 0) close(own.slave);
  }
  close(pair[1]);
  return terminal_serve(pair[0], &life);
}

int signal_main(int argc, char **argv) {
  uint32_t pid = 0;
  uint64_t start = 0;
  uint32_t number = 0;
  if (argc != 3 || !parse_u32(span_of(argv[0]), &pid) || !parse_u64(span_of(argv[1]), &start) ||
      !parse_u32(span_of(argv[2]), &number) || pid == 0 || number == 0 || number >= NSIG) {
    warn("usage: bulkhead-probe signal PID START NUMBER");
    return 2;
  }
  AUTO_CLOSE int proc = open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  AUTO_BUF struct buf error = {0};
  AUTO_CLOSE int fd = open_process(proc, pid, start, &error);
  bool old_kernel = fd < 0 && errno == ENOSYS;
  if (fd < 0 && !old_kernel) {
    warn("Process %u has ended.", pid);
    return 3;
  }
  long sent = old_kernel ? kill((pid_t)pid, (int)number) : syscall(SYS_pidfd_send_signal, fd, (int)number, NULL, 0);
  if (sent == 0) {
    /* If we are killed before this line, whoever reads it must not assume that
     * the signal was sent. */
    return write(STDOUT_FILENO, "sent\n", 5) == 5 ? 0 : 1;
  }
  warn("The signal was not sent: %s.", strerror(errno));
  return 1;
}
