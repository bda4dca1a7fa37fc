/* Messages of nftables as no kernel sends them: same seed, same run. The sanitizers find what reads or writes where it
 * must not; here it is checked that what is written is JSON of hex digits, and that it stays within its limit. */
#include "../src/json.h"
#include "../src/nft.h"

#include <linux/netfilter/nf_tables.h>
#include <linux/netlink.h>
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

/* Names that tables really have, so that what comes later is of a known one. */
static void put_attributes(struct text *t) {
  static const char *const NAMES[] = {"nat", "mine", "", "nat\0x", "a name without its end"};
  for (uint64_t count = next() % 9; count > 0; count--) {
    size_t at = t->n;
    struct nlattr head = {.nla_len = sizeof head, .nla_type = (uint16_t)(next() % 10 == 0 ? next() : 1 + next() % 8)};
    put(t, &head, sizeof head);
    const char *name = NAMES[next() % 5];
    put(t, name, strlen(name) + (next() % 8 == 0 ? 0 : 1));
    while (next() % 4 == 0) {
      uint64_t bytes = next();
      put(t, &bytes, next() % 9);
    }
    head.nla_len = (uint16_t)(next() % 16 == 0 ? next() : t->n - at);
    if (at + sizeof head <= sizeof t->bytes) memcpy(t->bytes + at, &head, sizeof head);
    while (t->n % 4 != 0 && t->n < sizeof t->bytes) put(t, "", 1);
  }
}

static void require_hex(const struct buf *b) {
  bool quoted = false;
  size_t quotes = 0;
  for (size_t i = 0; i < b->len; i++) {
    char c = b->data[i];
    require(c >= 0x20 && c < 0x7f && c != '\\', "a character that JSON or hex does not have");
    if (c == '"') {
      quoted = !quoted;
      quotes++;
    }
  }
  require(!quoted && quotes % 6 == 0, "an end in the middle");
}

int main(int argc, char **argv) {
  static const uint16_t TYPES[] = {NFT_MSG_NEWCHAIN, NFT_MSG_NEWCHAIN,   NFT_MSG_NEWRULE,
                                   NFT_MSG_NEWSET,   NFT_MSG_NEWSETELEM, 255};
  uint64_t rounds = argc > 1 ? strtoull(argv[1], NULL, 10) : 100000;
  state = argc > 2 ? strtoull(argv[2], NULL, 10) : 1;
  for (uint64_t i = 0; i < rounds;) {
    struct nft_rules rules = {.generation = -1};
    for (uint64_t messages = 1 + next() % 40; messages > 0 && i < rounds; messages--, i++) {
      struct text t = {.n = 0};
      const char head[4] = {(char)(next() % 2 == 0 ? 2 : next()), 0, 0, (char)(next() % 16 == 0)};
      put(&t, head, next() % 16 == 0 ? next() % 4 : sizeof head);
      put_attributes(&t);
      if (next() % 16 == 0 && t.n > 0) t.n = next() % t.n;
      /* An allocation of just this length, so that one byte too far is seen. */
      char *exact = xcalloc(t.n > 0 ? t.n : 1, 1);
      memcpy(exact, t.bytes, t.n);
      nft_take(&rules, TYPES[next() % 6], (struct span){exact, t.n});
      free(exact);
    }
    require(rules.chains.len + rules.sets.len + rules.rules.len <= 4 * (4U << 20), "no limit");
    require_hex(&rules.chains);
    require_hex(&rules.sets);
    require_hex(&rules.rules);
    nft_rules_free(&rules);
  }
  printf("%llu rounds\n", (unsigned long long)rounds);
  return 0;
}
