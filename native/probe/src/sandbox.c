#include "sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <linux/sockios.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined(__x86_64__)
#define OUR_ARCH AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define OUR_ARCH AUDIT_ARCH_AARCH64
#else
#error "The probe is for amd64 and arm64."
#endif

/* Sanitizers do more than the program that they watch. */
#if defined(__SANITIZE_ADDRESS__)
#define SANITIZED true
#else
#define SANITIZED false
#endif

/* linux/nsfs.h: the type byte of its requests, all of which only ask. */
#define NSFS_TYPE 0xb7U
#ifndef SIOCGSKNS
#define SIOCGSKNS 0x894CU
#endif

#define FIELD(name) ((uint32_t)offsetof(struct seccomp_data, name))
/* The low half of an argument: both architectures are little endian. */
#define ARGUMENT(n) (FIELD(args) + (n)*8U)

#define LOAD(offset) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (offset))
#define MASK(bits) BPF_STMT(BPF_ALU | BPF_AND | BPF_K, (bits))
#define RETURN(action) BPF_STMT(BPF_RET | BPF_K, (action))
/* Skips so many instructions if the value is not that. */
#define UNLESS(value, skip) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)(value), 0, (skip))
#define ALLOW_ALWAYS(number) UNLESS(number, 1), RETURN(SECCOMP_RET_ALLOW)

/* One line a rule. */
// clang-format off
static const struct sock_filter FILTER[] = {
    LOAD(FIELD(arch)),
    UNLESS(OUR_ARCH, 1),
    BPF_JUMP(BPF_JMP | BPF_JA, 1, 0, 0),
    RETURN(SECCOMP_RET_KILL_PROCESS),
    LOAD(FIELD(nr)),
    /* The frequent ones first. */
    UNLESS(SYS_openat, 5),
    LOAD(ARGUMENT(2)),
    MASK(O_ACCMODE | O_CREAT | O_TRUNC),
    UNLESS(O_RDONLY, 1),
    RETURN(SECCOMP_RET_ALLOW),
    RETURN(SECCOMP_RET_KILL_PROCESS),
    ALLOW_ALWAYS(SYS_readlinkat),
    ALLOW_ALWAYS(SYS_read),
    ALLOW_ALWAYS(SYS_statx),
    /* The standard descriptors cannot be closed, so nothing else becomes
     * stdout. */
    UNLESS(SYS_close, 4),
    LOAD(ARGUMENT(0)),
    BPF_JUMP(BPF_JMP | BPF_JGT | BPF_K, STDERR_FILENO, 0, 1),
    RETURN(SECCOMP_RET_ALLOW),
    RETURN(SECCOMP_RET_KILL_PROCESS),
    ALLOW_ALWAYS(SYS_newfstatat),
    ALLOW_ALWAYS(SYS_fstat),
    ALLOW_ALWAYS(SYS_getdents64),
    ALLOW_ALWAYS(SYS_lseek),
    UNLESS(SYS_ioctl, 7),
    LOAD(ARGUMENT(1)),
    UNLESS(SIOCGSKNS, 1),
    RETURN(SECCOMP_RET_ALLOW),
    MASK(0xff00U),
    UNLESS(NSFS_TYPE << 8, 1),
    RETURN(SECCOMP_RET_ALLOW),
    RETURN(SECCOMP_RET_KILL_PROCESS),
    ALLOW_ALWAYS(SYS_clock_gettime),
    ALLOW_ALWAYS(SYS_fstatfs),
    ALLOW_ALWAYS(SYS_pidfd_open),
    ALLOW_ALWAYS(SYS_pidfd_getfd),
    UNLESS(SYS_write, 5),
    LOAD(ARGUMENT(0)),
    UNLESS(STDOUT_FILENO, 1),
    RETURN(SECCOMP_RET_ALLOW),
    UNLESS(STDERR_FILENO, 1),
    RETURN(SECCOMP_RET_ALLOW),
    LOAD(FIELD(nr)),
    /* Its flags are in memory, where no filter sees them: a file that it opens
     * for writing can still not be written to. */
    ALLOW_ALWAYS(SYS_openat2),
    /* The C library's: memory without code in it, waiting, and the end. */
    ALLOW_ALWAYS(SYS_brk),
    ALLOW_ALWAYS(SYS_munmap),
    ALLOW_ALWAYS(SYS_mremap),
    ALLOW_ALWAYS(SYS_madvise),
    UNLESS(SYS_mmap, 4),
    LOAD(ARGUMENT(2)),
    MASK(PROT_EXEC),
    UNLESS(0, 1),
    RETURN(SECCOMP_RET_ALLOW),
    LOAD(FIELD(nr)),
    UNLESS(SYS_mprotect, 4),
    LOAD(ARGUMENT(2)),
    MASK(PROT_EXEC),
    UNLESS(0, 1),
    RETURN(SECCOMP_RET_ALLOW),
    LOAD(FIELD(nr)),
#ifdef SYS_poll
    ALLOW_ALWAYS(SYS_poll),
    ALLOW_ALWAYS(SYS_readlink),
#endif
    ALLOW_ALWAYS(SYS_ppoll),
    ALLOW_ALWAYS(SYS_restart_syscall),
    ALLOW_ALWAYS(SYS_rt_sigreturn),
    /* The timer, which can only end the probe: see end_after. */
    ALLOW_ALWAYS(SYS_setitimer),
    ALLOW_ALWAYS(SYS_getpid),
    ALLOW_ALWAYS(SYS_uname),
    ALLOW_ALWAYS(SYS_sched_getaffinity),
    ALLOW_ALWAYS(SYS_getrandom),
    /* qsort asks how much memory there is, when it has much to sort. */
    ALLOW_ALWAYS(SYS_sysinfo),
    ALLOW_ALWAYS(SYS_exit_group),
    ALLOW_ALWAYS(SYS_exit),
    RETURN(SECCOMP_RET_KILL_PROCESS),
};
// clang-format on

/* If one of the three is closed, the next file that is opened would take its
 * place. */
static bool hold_standard_files(void) {
  for (int fd = 0; fd < 3; fd++) {
    if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", O_RDWR) != fd) return false;
  }
  return true;
}

bool allow_only_reading(void) {
  if (SANITIZED) return false;
  struct sock_filter code[sizeof FILTER / sizeof *FILTER];
  __builtin_memcpy(code, FILTER, sizeof FILTER);
  struct sock_fprog program = {.len = sizeof FILTER / sizeof *FILTER, .filter = code};
  if (!hold_standard_files() || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return false;
  /* Without the flag, older kernels slow a filtered process down against
   * speculation, which guards secrets that this one does not hold. */
  if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_SPEC_ALLOW, &program) == 0) return true;
  return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) == 0;
}
