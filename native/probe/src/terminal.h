/* A program with a terminal of its own, driven through stdin and stdout.
 *
 * stdin: a line, which is skipped, since Podman lets a part of the client's
 * own request through; then messages of one byte (what), four bytes (length, big endian) and so
 * many bytes: `i` input, `r` size (columns and rows, two bytes each, big
 * endian), `p` a sign of life (empty). Its end is the end of the program.
 * stdout: what the program writes, byte by byte. It is written only as fast
 * as it is read, so a flood waits in the program and not in memory.
 * stderr: one JSON object a line, see native/probe/README.md. */
#ifndef BULKHEAD_TERMINAL_H
#define BULKHEAD_TERMINAL_H

#include <sys/ioctl.h>

#include "util.h"

struct terminal {
  int master;
  int slave;
};

/* A new terminal of the /dev/pts below the present root directory. False
 * where there is none; nothing else that a hostile tree has there is opened.
 * `proc` is a directory of /proc that is ours. */
bool terminal_open(struct terminal *t, int proc, const struct winsize *size);

/* What the one that starts the program tells, as one message each: `M` with
 * the terminal's master as a descriptor, `P` and the session leader's pid (an
 * int, as seen from here), `S` and the program's name, `E` and
 * a sentence, `X` and the wait status (an int). */
void tell(int control, char what, const char *text, size_t n, int fd);

/* How we notice that the client has gone, other than by the end of stdin. An
 * engine that was killed leaves stdin open, because containerd's shim holds
 * it too; the engine's own end is noticed at once. A client that is only
 * slow is silent for a while. */
struct life {
  int engine;          /* a pidfd; -1: not known */
  uint64_t silence_us; /* the longest time without a sign of life; 0: any */
};

/* Serves the terminal until the program or stdin ends, or `life` shows that
 * the client has gone. `control` is where the messages arrive. All
 * descendants are ended. Returns the exit code. */
int terminal_serve(int control, const struct life *life);

#endif
