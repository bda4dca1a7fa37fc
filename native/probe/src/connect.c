#include "connect.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "json.h"
#include "parse.h"
#include "question.h"

#define CONNECT_MS 2000
/* A proxy accepts a connection before it knows its server, and closes it when
 * the server cannot be reached. */
#define CLOSE_MS 500

bool parse_destination(struct span *words, struct destination *destination) {
  struct span protocol = next_word(words);
  struct span address = next_word(words);
  uint32_t port = 0;
  char text[INET6_ADDRSTRLEN] = {0};
  if (!parse_u32(next_word(words), &port) || port == 0 || port > UINT16_MAX) return false;
  if (address.n == 0 || address.n >= sizeof text) return false;
  memcpy(text, address.p, address.n);
  *destination = (struct destination){.udp = span_is(protocol, "udp"), .port = (uint16_t)port};
  if (!destination->udp && !span_is(protocol, "tcp")) return false;
  destination->v6 = strchr(text, ':') != NULL;
  return inet_pton(destination->v6 ? AF_INET6 : AF_INET, text, destination->address) == 1;
}

static int64_t now_ms(void) {
  struct timespec t;
  (void)clock_gettime(CLOCK_MONOTONIC, &t);
  return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* The events that poll(2) reports within the time; 0 for none. */
static short wait_for(int fd, short events, int ms) {
  int64_t end = now_ms() + ms;
  for (;;) {
    struct pollfd p = {.fd = fd, .events = events};
    int64_t left = end - now_ms();
    int n = poll(&p, 1, left > 0 ? (int)left : 0);
    if (n > 0) return p.revents;
    if (n == 0 || errno != EINTR) return 0;
  }
}

static int connect_to(int fd, const struct destination *d) {
  if (d->v6) {
    struct sockaddr_in6 to = {.sin6_family = AF_INET6, .sin6_port = htons(d->port)};
    memcpy(&to.sin6_addr, d->address, sizeof to.sin6_addr);
    return connect(fd, (const struct sockaddr *)&to, sizeof to);
  }
  struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(d->port)};
  memcpy(&to.sin_addr, d->address, sizeof to.sin_addr);
  return connect(fd, (const struct sockaddr *)&to, sizeof to);
}

static int try_tcp(int fd, const struct destination *d, bool *closed) {
  if (connect_to(fd, d) != 0) {
    /* An interrupted connect goes on by itself, and calling it again would
     * only say so (EALREADY). */
    if (errno != EINPROGRESS && errno != EINTR) return errno;
    if (wait_for(fd, POLLOUT, CONNECT_MS) == 0) return ETIMEDOUT;
    int error = 0;
    socklen_t size = sizeof error;
    if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) != 0) return errno;
    if (error != 0) return error;
  }
  char byte;
  *closed = wait_for(fd, POLLIN | POLLRDHUP, CLOSE_MS) != 0 && recv(fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) <= 0;
  return 0;
}

static int try_udp(int fd, const struct destination *d, bool *answered) {
  if (connect_to(fd, d) != 0 || send(fd, "", 0, 0) < 0) return errno;
  if (wait_for(fd, POLLIN, CONNECT_MS) == 0) return 0;
  char byte;
  if (recv(fd, &byte, 1, MSG_DONTWAIT) < 0) return errno;
  *answered = true;
  return 0;
}

void put_connect(struct buf *b, const struct destination *d) {
  bool closed = false;
  bool answered = false;
  int type = (d->udp ? SOCK_DGRAM : SOCK_STREAM) | SOCK_NONBLOCK | SOCK_CLOEXEC;
  AUTO_CLOSE int fd = socket(d->v6 ? AF_INET6 : AF_INET, type, 0);
  int error = fd < 0 ? errno : d->udp ? try_udp(fd, d, &answered) : try_tcp(fd, d, &closed);
  json_lit(b, "{\"connected\":");
  json_bool(b, error == 0);
  json_lit(b, ",\"error\":");
  if (error == 0) {
    json_lit(b, "null");
  } else {
    json_cstr(b, strerror(error));
  }
  json_lit(b, ",\"closed\":");
  json_bool(b, closed);
  json_lit(b, ",\"answered\":");
  json_bool(b, answered);
  json_lit(b, "}");
}
