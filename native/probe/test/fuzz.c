/* Every parser of kernel text, fed with real text that was damaged at random: same seed, same run. The sanitizers find
 * what reads or writes where it must not; here it is checked that what is said holds. */
#include "../src/json.h"
#include "../src/parse.h"
#include "../src/usage.h"

#include <stdio.h>
#include <stdlib.h>

static uint64_t state;

static uint64_t next(void) {
  state ^= state << 13;
  state ^= state >> 7;
  state ^= state << 17;
  return state;
}

static const char *const SEEDS[] = {
    "1234 (a b) c) S 1 1234 1234 0 -1 4194560 1 0 0 0 0 0 0 0 20 0 3 0 987654 1 2 18446744073709551615",
    "Name:\tx\nUid:\t0\t1\t2\t3\nGid:\t0\t1\t2\t3\nNSpid:\t77\t5\t1\nCapEff:\t000001ffffffffff\nNoNewPrivs:"
    "\t1\nSeccomp:\t2\n",
    "12:devices:/docker/aa\n1:name=systemd:/docker/aa\n0::/system.slice/docker-aa.scope\n",
    "0::/\n",
    "3:pids:/docker/7d1e5b0c9a4f4c2e8b6d3f1a0e9c8b7a6d5e4f3c2b1a0f9e8d7c6b5a4f3e2d1c\n2:cpu:/a\n1:name=systemd:/a\n"
    "0::/system.slice/containerd.service\n",
    "net:[4026531833]",
    "pid_for_children:[1]",
    "36 35 98:0 /mnt1 /mnt\\0402 rw,noatime master:1 - ext3 /dev/root rw,errors=continue",
    "101 30 0:4 net:[4026532281] /run/netns/a rw shared:5 - nsfs nsfs rw",
    "interval 250",
    "rescan",
};
#define SEED_COUNT (sizeof SEEDS / sizeof *SEEDS)

/* Bytes that parsers split at or trip over. */
static const char EDGES[] = "\n\t :()[]/\\-0159\"\x00\x7f\x80\xc3\xff";

static size_t damaged(char *out, size_t room) {
  const char *seed = SEEDS[next() % SEED_COUNT];
  size_t n = strlen(seed);
  memcpy(out, seed, n);
  for (uint64_t edits = next() % 6; edits > 0; edits--) {
    size_t at = n > 0 ? next() % n : 0;
    char byte = EDGES[next() % (sizeof EDGES - 1)];
    switch (next() % 4) {
      case 0:
        if (n > 0) out[at] = byte;
        break;
      case 1:
        if (n + 1 < room) {
          memmove(out + at + 1, out + at, n - at);
          out[at] = byte;
          n++;
        }
        break;
      case 2:
        n = at;
        break;
      default: {
        size_t copy = n - at;
        if (n + copy < room) {
          memcpy(out + n, out + at, copy);
          n += copy;
        }
      }
    }
  }
  return n;
}

static void require(bool holds, const char *what) {
  if (holds) return;
  fprintf(stderr, "fuzz: %s\n", what);
  abort();
}

static bool inside(struct span part, const char *text, size_t n) {
  return part.n == 0 || (part.p >= text && part.p + part.n <= text + n);
}

static void try_parsers(const char *text, size_t n) {
  struct span span = {text, n};
  struct stat_facts stat;
  if (parse_stat(span, &stat)) require(inside(stat.comm, text, n), "comm lies outside");
  struct use use;
  (void)parse_use(span, &use);
  struct status_facts status;
  if (parse_status(span, &status)) require(status.levels <= MAX_PID_LEVELS, "too many levels");
  struct cgroup_facts cgroup;
  if (parse_cgroup(span, &cgroup)) {
    require(inside(cgroup.path, text, n), "cgroup lies outside");
    require(cgroup.other_count <= MAX_OTHER_CGROUPS, "too many other cgroups");
    for (size_t i = 0; i < cgroup.other_count; i++)
      require(inside(cgroup.others[i], text, n) && cgroup.others[i].n > 0, "another cgroup lies outside");
  }
  enum ns_kind kind;
  uint64_t inode;
  if (parse_ns_name(span, &kind, &inode)) require((size_t)kind < NS_KINDS, "no such kind");
  struct mount_facts mount;
  if (parse_mount(span, &mount)) {
    require(inside(mount.point, text, n) && inside(mount.root, text, n), "mount lies outside");
    char *out = xcalloc(mount.point.n, 1);
    require(unescape_mount(mount.point, out) <= mount.point.n, "unescaping grew");
    free(out);
  }
  struct command command = parse_command(span);
  if (command.kind == COMMAND_INTERVAL)
    require(command.interval_ms >= MIN_INTERVAL_MS && command.interval_ms <= MAX_INTERVAL_MS, "interval out of range");
  uint64_t number;
  if (parse_u64(span, &number)) require(n > 0, "a number of nothing");
}

/* The JSON string must be plain ASCII control-free UTF-8 without a bare quote, whatever the bytes. */
static void try_json(const char *text, size_t n) {
  struct buf b = {0};
  json_text(&b, (struct span){text, n});
  require(b.len >= 2 && b.data[0] == '"' && b.data[b.len - 1] == '"', "no quotes");
  for (size_t i = 1; i + 1 < b.len; i++) {
    unsigned char c = (unsigned char)b.data[i];
    require(c >= 0x20 && c != '"', "a bare control character or quote");
    if (c == '\\') i++;
  }
  buf_free(&b);
}

int main(int argc, char **argv) {
  uint64_t rounds = argc > 1 ? strtoull(argv[1], NULL, 10) : 100000;
  state = argc > 2 ? strtoull(argv[2], NULL, 10) : 1;
  char text[4096];
  for (uint64_t i = 0; i < rounds; i++) {
    size_t n = damaged(text, sizeof text);
    /* An allocation of just this length, so that one byte too far is seen. */
    char *exact = xcalloc(n > 0 ? n : 1, 1);
    memcpy(exact, text, n);
    try_parsers(exact, n);
    try_json(exact, n);
    free(exact);
  }
  printf("%llu rounds\n", (unsigned long long)rounds);
  return 0;
}
