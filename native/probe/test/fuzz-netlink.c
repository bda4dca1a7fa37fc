/* What the kernel's answers go through, and the lines of `serve`, fed with what no kernel sends: same seed, same run.
 * The sanitizers find what reads or writes where it must not; here it is checked that what is said holds. */
#include "../src/attributes.h"
#include "../src/json.h"
#include "../src/messages.h"
#include "../src/netlink.h"
#include "../src/question.h"

#include <linux/fib_rules.h>
#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <stdlib.h>

static uint64_t state;

static uint64_t next(void) {
  state ^= state << 13;
  state ^= state >> 7;
  state ^= state << 17;
  return state;
}

static void require(bool holds, const char *what) {
  if (holds) return;
  fprintf(stderr, "fuzz: %s\n", what);
  abort();
}

struct text {
  char bytes[2048];
  size_t n;
};

static void put(struct text *t, const void *bytes, size_t n) {
  if (t->n + n > sizeof t->bytes) return;
  memcpy(t->bytes + t->n, bytes, n);
  t->n += n;
}

static void put_random(struct text *t, size_t n) {
  for (size_t i = 0; i < n; i++) {
    char byte = (char)next();
    put(t, &byte, 1);
  }
}

/* Attributes of any type, many of them as long as they say. */
static void put_attributes(struct text *t, int depth) {
  for (uint64_t count = next() % 6; count > 0; count--) {
    size_t at = t->n;
    struct nlattr head = {.nla_len = sizeof head, .nla_type = (uint16_t)(next() % 70)};
    if (t->n + 64 > sizeof t->bytes) return;
    put(t, &head, sizeof head);
    if (depth < 3 && next() % 3 == 0) {
      put_attributes(t, depth + 1);
    } else {
      static const size_t SIZES[] = {0, 1, 2, 4, 4, 4, 6, 8, 16, 17};
      put_random(t, SIZES[next() % 10]);
    }
    head.nla_len = (uint16_t)(next() % 12 == 0 ? next() % 40 : t->n - at);
    memcpy(t->bytes + at, &head, sizeof head);
    while (t->n % 4 != 0) put(t, "", 1);
  }
}

static void make_datagram(struct text *t) {
  static const uint16_t TYPES[] = {RTM_NEWLINK, RTM_NEWADDR, RTM_NEWROUTE, RTM_NEWRULE,
                                   RTM_NEWNSID, NLMSG_DONE,  NLMSG_ERROR,  NLMSG_NOOP};
  static const size_t HEADS[] = {sizeof(struct ifinfomsg),
                                 sizeof(struct ifaddrmsg),
                                 sizeof(struct rtmsg),
                                 sizeof(struct fib_rule_hdr),
                                 4,
                                 4,
                                 20,
                                 0};
  t->n = 0;
  for (uint64_t count = 1 + next() % 4; count > 0; count--) {
    size_t at = t->n;
    size_t kind = next() % 8;
    struct nlmsghdr head = {.nlmsg_type = TYPES[kind],
                            .nlmsg_flags = next() % 8 == 0 ? (uint16_t)next() : NLM_F_MULTI,
                            .nlmsg_seq = next() % 8 == 0 ? 2 : 1};
    put(t, &head, sizeof head);
    if (kind < 4 && next() % 2 == 0) {
      /* A family whose messages are taken apart further. */
      unsigned char family = next() % 2 == 0 ? 2 : 10;
      put(t, &family, 1);
      put_random(t, HEADS[kind] - 1);
    } else {
      put_random(t, next() % 10 == 0 ? next() % 8 : HEADS[kind]);
    }
    put_attributes(t, 0);
    if (t->n - at < sizeof head) return;
    head.nlmsg_len = (uint32_t)(next() % 12 == 0 ? next() % 64 : t->n - at);
    memcpy(t->bytes + at, &head, sizeof head);
    while (t->n % 4 != 0) put(t, "", 1);
  }
  for (uint64_t edits = next() % 3; edits > 0 && t->n > 0; edits--) {
    if (next() % 3 == 0) {
      t->n = next() % t->n;
    } else {
      t->bytes[next() % t->n] = (char)next();
    }
  }
}

/* Every string is closed, and brackets match. */
static void require_json(const struct buf *b) {
  char open[16];
  size_t depth = 0;
  bool quoted = false;
  for (size_t i = 0; i < b->len; i++) {
    char c = b->data[i];
    require((unsigned char)c >= 0x20, "a bare control character");
    if (quoted) {
      if (c == '\\') i++;
      if (c == '"') quoted = false;
    } else if (c == '"') {
      quoted = true;
    } else if (c == '{' || c == '[') {
      require(depth < sizeof open, "too deep");
      open[depth++] = c;
    } else if (c == '}' || c == ']') {
      require(depth > 0 && open[--depth] == (c == '}' ? '{' : '['), "brackets that do not meet");
    }
  }
  require(depth == 0 && !quoted, "an end in the middle");
}

static struct span datagram;

static void take(void *context, uint16_t type, struct span body) {
  require(type >= NLMSG_MIN_TYPE, "a control message was handed on");
  require(body.p >= datagram.p && body.p + body.n <= datagram.p + datagram.n, "a body lies outside");
  put_network_message(context, type, body);
}

static void try_datagram(struct span bytes) {
  struct buf b = {0};
  struct answer answer = {.state = ANSWER_MORE};
  datagram = bytes;
  json_lit(&b, "[");
  read_datagram(&answer, bytes, 1, take, &b);
  json_lit(&b, "]");
  require(answer.error == 0 || answer.state == ANSWER_FAILED, "an error that did not fail");
  require_json(&b);
  buf_free(&b);
  struct attribute one;
  for (struct span rest = bytes; next_attribute(&rest, &one);)
    require(one.value.p >= bytes.p && one.value.p + one.value.n <= bytes.p + bytes.n, "a value lies outside");
}

static void try_question(struct span line) {
  struct question q = parse_question(line);
  struct span words = q.words;
  for (struct span word = next_word(&words); word.n > 0; word = next_word(&words)) {
    char name[64];
    require(word.p >= line.p && word.p + word.n <= line.p + line.n, "a word lies outside");
    require(memchr(word.p, ' ', word.n) == NULL, "a word of two");
    if (!file_name(word, name, sizeof name)) continue;
    require(name[0] != '/' && name[0] != '\0' && strstr(name, "..") == NULL, "a name that leads out");
  }
}

static void make_line(struct text *t) {
  static const char *const PARTS[] = {"network",   "files", "1",       " ",   "  ",  "4026531840",
                                      "77/ns/net", "%2e",   "%2e%2e/", "%00", "%",   "%4",
                                      "root/",     "..",    "/",       "a b", "\xff"};
  t->n = 0;
  for (uint64_t count = next() % 12; count > 0; count--) {
    const char *part = PARTS[next() % (sizeof PARTS / sizeof *PARTS)];
    put(t, part, strlen(part));
    if (next() % 2 == 0) put(t, " ", 1);
  }
}

/* An allocation of just this length, so that one byte too far is seen. */
static void with_copy(const struct text *t, void (*try)(struct span)) {
  char *exact = xcalloc(t->n > 0 ? t->n : 1, 1);
  memcpy(exact, t->bytes, t->n);
  try((struct span){exact, t->n});
  free(exact);
}

int main(int argc, char **argv) {
  uint64_t rounds = argc > 1 ? strtoull(argv[1], NULL, 10) : 100000;
  state = argc > 2 ? strtoull(argv[2], NULL, 10) : 1;
  struct text text;
  for (uint64_t i = 0; i < rounds; i++) {
    make_datagram(&text);
    with_copy(&text, try_datagram);
    make_line(&text);
    with_copy(&text, try_question);
  }
  printf("%llu rounds\n", (unsigned long long)rounds);
  return 0;
}
