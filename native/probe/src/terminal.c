#include "terminal.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "descendants.h"
#include "report.h"
#include "safe_open.h"

#define CHUNK 65536U
/* Input that the program has not read yet; stdin waits beyond it. */
#define PENDING_LIMIT (256U * 1024U)
/* The last output may still be in the terminal when the program has ended. */
#define DRAIN_US 300000U
/* The client's first line may still be on its way when the program has ended,
 * and Podman drops the last output where nobody is attached yet: it is waited
 * for. */
#define FIRST_LINE_US 500000U

bool terminal_open(struct terminal *t, int proc, const struct winsize *size) {
  t->master = -1;
  t->slave = -1;
  int master = open_expected(proc, AT_FDCWD, "/dev/ptmx", EXPECT_PTMX, O_RDWR);
  int unlocked = 0;
  if (master < 0) return false;
  if (ioctl(master, TIOCSPTLCK, &unlocked) != 0) {
    close(master);
    return false;
  }
  t->slave = ioctl(master, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC);
  if (t->slave < 0) {
    close(master);
    return false;
  }
  t->master = master;
  (void)ioctl(master, TIOCSWINSZ, size);
  return true;
}

void tell(int control, char what, const char *text, size_t n, int fd) {
  if (fd < 0) {
    /* By write alone: a seccomp filter of the target's may forbid the rest. */
    AUTO_BUF struct buf message = {0};
    buf_put(&message, &what, 1);
    buf_put(&message, text, n);
    (void)RETRY(write(control, message.data, message.len));
    return;
  }
  char room[CMSG_SPACE(sizeof(int))] __attribute__((aligned(8))) = {0};
  struct iovec parts[2] = {{&what, 1}, {.iov_len = n}};
  memcpy(&parts[1].iov_base, &text, sizeof text);
  struct msghdr message = {.msg_iov = parts, .msg_iovlen = 2};
  message.msg_control = room;
  message.msg_controllen = sizeof room;
  struct cmsghdr *head = CMSG_FIRSTHDR(&message);
  head->cmsg_level = SOL_SOCKET;
  head->cmsg_type = SCM_RIGHTS;
  head->cmsg_len = CMSG_LEN(sizeof fd);
  memcpy(CMSG_DATA(head), &fd, sizeof fd);
  (void)sendmsg(control, &message, MSG_NOSIGNAL);
}

struct session {
  int control;
  struct life life;
  bool engine_ended;
  int master;
  bool stdin_open;
  bool begun;  /* the line before the first message was read */
  bool ended;  /* the program has */
  bool failed; /* it never began */
  int status;
  pid_t leader; /* of the program's session; 0 before it began */
  uint64_t ended_at;
  uint64_t heard_at;
  struct buf from; /* of stdin, not taken apart yet */
  struct buf in;   /* to the program */
  struct buf out;  /* from the program */
  size_t out_sent;
};

static void on_control(struct session *s) {
  char text[1024];
  char room[CMSG_SPACE(sizeof(int))] __attribute__((aligned(8)));
  struct iovec part = {text, sizeof text};
  struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1, .msg_control = room, .msg_controllen = sizeof room};
  ssize_t n = RETRY(recvmsg(s->control, &message, MSG_CMSG_CLOEXEC | MSG_DONTWAIT));
  if (n < 0 && errno == EAGAIN) return;
  if (n <= 0) {
    static const char LOST[] = "What started the program was killed, so how it ended is not known.";
    if (!s->ended && !s->failed) {
      s->failed = true;
      say_text("error", "message", (struct span){LOST, sizeof LOST - 1});
    }
    if (!s->ended) s->ended_at = monotonic_us();
    s->ended = true;
    close(s->control);
    s->control = -1;
    return;
  }
  struct span rest = {text + 1, (size_t)n - 1};
  struct cmsghdr *head = CMSG_FIRSTHDR(&message);
  switch (text[0]) {
    case 'M':
      if (head != NULL && head->cmsg_type == SCM_RIGHTS) {
        memcpy(&s->master, CMSG_DATA(head), sizeof s->master);
        (void)fcntl(s->master, F_SETFL, O_RDWR | O_NONBLOCK);
      }
      break;
    case 'S':
      say_text("started", "program", rest);
      break;
    case 'N':
      say_text("notice", "message", rest);
      break;
    case 'E':
      s->failed = true;
      say_text("error", "message", rest);
      break;
    case 'P':
      if (rest.n == sizeof s->leader) memcpy(&s->leader, rest.p, sizeof s->leader);
      break;
    case 'X':
      if (rest.n == sizeof s->status) memcpy(&s->status, rest.p, sizeof s->status);
      s->ended = true;
      s->ended_at = monotonic_us();
      break;
    default:
      break;
  }
}

static uint32_t big_endian(const char *p, size_t n) {
  uint32_t value = 0;
  for (size_t i = 0; i < n; i++) value = value << 8 | (unsigned char)p[i];
  return value;
}

static void on_message(struct session *s, char what, struct span body) {
  if (what == 'i') {
    buf_put(&s->in, body.p, body.n);
  } else if (what == 'r' && body.n == 4 && s->master >= 0) {
    struct winsize size = {.ws_col = (unsigned short)big_endian(body.p, 2),
                           .ws_row = (unsigned short)big_endian(body.p + 2, 2)};
    (void)ioctl(s->master, TIOCSWINSZ, &size);
  }
}

static void on_stdin(struct session *s) {
  ssize_t n = RETRY(read(STDIN_FILENO, buf_room(&s->from, CHUNK), CHUNK));
  if (n < 0 && errno == EAGAIN) return;
  if (n <= 0) {
    s->stdin_open = false;
    return;
  }
  s->from.len += (size_t)n;
  s->heard_at = monotonic_us();
  if (!s->begun) {
    const char *end = memchr(s->from.data, '\n', s->from.len);
    size_t skipped = end == NULL ? s->from.len : (size_t)(end - s->from.data) + 1;
    s->begun = end != NULL;
    memmove(s->from.data, s->from.data + skipped, s->from.len - skipped);
    s->from.len -= skipped;
    if (!s->begun) return;
  }
  size_t at = 0;
  while (s->from.len - at >= 5) {
    size_t length = big_endian(s->from.data + at + 1, 4);
    /* No client of ours sends so much at once, so this is none of ours. */
    if (length > PENDING_LIMIT) {
      s->stdin_open = false;
      return;
    }
    if (s->from.len - at - 5 < length) break;
    on_message(s, s->from.data[at], (struct span){s->from.data + at + 5, length});
    at += 5 + length;
  }
  memmove(s->from.data, s->from.data + at, s->from.len - at);
  s->from.len -= at;
}

static void write_input(struct session *s) {
  bool full = s->in.len >= PENDING_LIMIT;
  ssize_t n = RETRY(write(s->master, s->in.data, s->in.len));
  if (n <= 0) {
    if (n < 0 && errno != EAGAIN) s->in.len = 0;
    return;
  }
  memmove(s->in.data, s->in.data + n, s->in.len - (size_t)n);
  s->in.len -= (size_t)n;
  if (full && s->in.len < PENDING_LIMIT) s->heard_at = monotonic_us();
}

/* False when there is nothing more to read: every process has closed it. */
static bool read_output(struct session *s) {
  s->out.len = 0;
  s->out_sent = 0;
  ssize_t n = RETRY(read(s->master, buf_room(&s->out, CHUNK), CHUNK));
  if (n > 0) s->out.len = (size_t)n;
  return n > 0 || (n < 0 && errno == EAGAIN);
}

static void write_output(struct session *s) {
  ssize_t n = RETRY(write(STDOUT_FILENO, s->out.data + s->out_sent, s->out.len - s->out_sent));
  if (n > 0) {
    s->out_sent += (size_t)n;
  } else if (n < 0 && errno != EAGAIN) {
    /* Nobody reads any more. */
    s->stdin_open = false;
  }
}

static bool has_output(const struct session *s) { return s->out_sent < s->out.len; }

static void turn(struct session *s) {
  struct pollfd p[5] = {
      {.fd = s->stdin_open && s->in.len < PENDING_LIMIT ? STDIN_FILENO : -1, .events = POLLIN},
      {.fd = s->control, .events = POLLIN},
      {.fd = s->master, .events = 0},
      {.fd = has_output(s) ? STDOUT_FILENO : -1, .events = POLLOUT},
      {.fd = s->life.engine, .events = POLLIN},
  };
  if (!has_output(s)) p[2].events |= POLLIN;
  if (s->in.len > 0) p[2].events |= POLLOUT;
  /* poll(2) reports a hang-up even when it is not asked for, and the loop would
   * spin. */
  if (p[2].events == 0) p[2].fd = -1;
  if (poll(p, 5, s->ended ? 20 : 250) < 0) return;
  if (p[4].revents != 0) s->engine_ended = true;
  if (p[1].revents != 0) on_control(s);
  if (p[0].revents != 0) on_stdin(s);
  if (s->master >= 0 && (p[2].revents & POLLOUT) != 0) write_input(s);
  if (s->master >= 0 && (p[2].revents & (POLLIN | POLLHUP | POLLERR)) != 0 && !has_output(s) && !read_output(s)) {
    close(s->master);
    s->master = -1;
  }
  if (has_output(s)) write_output(s);
}

static bool done(const struct session *s) {
  uint64_t now = monotonic_us();
  /* While the program takes no input nothing more is read, so signs of life are
   * not seen either. */
  bool listening = s->in.len < PENDING_LIMIT;
  bool silent = s->life.silence_us > 0 && now - s->heard_at > s->life.silence_us;
  if (!s->stdin_open || s->engine_ended || (listening && silent)) return true;
  if (!s->ended) return false;
  if (has_output(s)) return false;
  if (!s->begun && now - s->ended_at < FIRST_LINE_US) return false;
  return s->master < 0 || now - s->ended_at > DRAIN_US;
}

static void set_nonblocking(int fd) {
  int flags = fcntl(fd, F_GETFL);
  if (flags >= 0) (void)fcntl(fd, F_SETFL, flags | O_NONBLOCK);
}

int terminal_serve(int control, const struct life *life) {
  struct session s = {.control = control, .life = *life, .master = -1, .stdin_open = true, .heard_at = monotonic_us()};
  set_nonblocking(STDIN_FILENO);
  set_nonblocking(STDOUT_FILENO);
  while (!done(&s)) turn(&s);
  if (s.master >= 0) {
    /* The terminal's end is SIGHUP to what runs in its foreground: time for a
     * program to say goodbye. */
    close(s.master);
    if (!s.ended) (void)poll(NULL, 0, 100);
  }
  end_all(s.leader);
  if (s.ended && !s.failed) say_exit(s.status);
  return s.failed ? 1 : 0;
}
