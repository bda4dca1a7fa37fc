#include "parse.h"

bool parse_u64(struct span text, uint64_t *value) {
  if (text.n == 0) return false;
  uint64_t v = 0;
  for (size_t i = 0; i < text.n; i++) {
    unsigned digit = (unsigned)(unsigned char)text.p[i] - '0';
    if (digit > 9) return false;
    if (__builtin_mul_overflow(v, (uint64_t)10, &v) || __builtin_add_overflow(v, (uint64_t)digit, &v)) return false;
  }
  *value = v;
  return true;
}

bool parse_u32(struct span text, uint32_t *value) {
  uint64_t v = 0;
  if (!parse_u64(text, &v) || v > UINT32_MAX) return false;
  *value = (uint32_t)v;
  return true;
}

static bool parse_hex(struct span text, uint64_t *value) {
  if (text.n == 0 || text.n > 16) return false;
  uint64_t v = 0;
  for (size_t i = 0; i < text.n; i++) {
    unsigned c = (unsigned char)text.p[i];
    unsigned digit = 0;
    if (c >= '0' && c <= '9') {
      digit = c - '0';
    } else if (c >= 'a' && c <= 'f') {
      digit = c - 'a' + 10U;
    } else {
      return false;
    }
    v = v << 4 | digit;
  }
  *value = v;
  return true;
}

struct span take_until(struct span *rest, char stop) {
  const char *end = rest->n > 0 ? memchr(rest->p, stop, rest->n) : NULL;
  size_t n = end != NULL ? (size_t)(end - rest->p) : rest->n;
  struct span field = {rest->p, n};
  size_t used = end != NULL ? n + 1 : n;
  rest->p += used;
  rest->n -= used;
  return field;
}

#define PF_KTHREAD 0x00200000U

bool parse_stat(struct span text, struct stat_facts *facts) {
  const char *open = text.n > 0 ? memchr(text.p, '(', text.n) : NULL;
  const char *close = text.n > 0 ? memrchr(text.p, ')', text.n) : NULL;
  if (open == NULL || close == NULL || close < open) return false;
  facts->comm = (struct span){open + 1, (size_t)(close - open - 1)};

  struct span rest = {close + 1, text.n - (size_t)(close + 1 - text.p)};
  if (take_until(&rest, ' ').n != 0) return false;
  struct span state = take_until(&rest, ' ');
  if (state.n != 1 || (state.p[0] | 0x20) < 'a' || (state.p[0] | 0x20) > 'z') return false;
  facts->state = state.p[0];
  if (!parse_u32(take_until(&rest, ' '), &facts->ppid)) return false;
  for (int field = 5; field < 9; field++) (void)take_until(&rest, ' ');
  uint32_t flags = 0;
  if (!parse_u32(take_until(&rest, ' '), &flags)) return false;
  facts->kernel_thread = (flags & PF_KTHREAD) != 0;
  for (int field = 10; field < 20; field++) (void)take_until(&rest, ' ');
  if (!parse_u32(take_until(&rest, ' '), &facts->threads)) return false;
  (void)take_until(&rest, ' ');
  return parse_u64(take_until(&rest, ' '), &facts->start);
}

static struct span take_field(struct span *rest) {
  while (rest->n > 0 && (*rest->p == '\t' || *rest->p == ' ')) {
    rest->p++;
    rest->n--;
  }
  size_t n = 0;
  while (n < rest->n && rest->p[n] != '\t' && rest->p[n] != ' ') n++;
  struct span field = {rest->p, n};
  rest->p += n;
  rest->n -= n;
  return field;
}

static bool parse_four(struct span value, uint32_t ids[4]) {
  for (int i = 0; i < 4; i++) {
    if (!parse_u32(take_field(&value), &ids[i])) return false;
  }
  return true;
}

static void parse_levels(struct span value, struct status_facts *facts) {
  facts->levels = 0;
  while (facts->levels < MAX_PID_LEVELS) {
    struct span field = take_field(&value);
    if (field.n == 0) return;
    if (!parse_u32(field, &facts->ns_pids[facts->levels])) {
      facts->levels = 0;
      return;
    }
    facts->levels++;
  }
}

static void parse_cap(struct span key, struct span value, struct status_facts *facts) {
  static const char *const NAMES[CAP_SETS] = {
      [CAP_INH] = "CapInh", [CAP_PRM] = "CapPrm", [CAP_EFF] = "CapEff", [CAP_BND] = "CapBnd", [CAP_AMB] = "CapAmb",
  };
  for (int set = 0; set < CAP_SETS; set++) {
    if (span_is(key, NAMES[set])) {
      uint64_t bits = 0;
      if (parse_hex(take_field(&value), &bits)) facts->caps[set] = bits;
      return;
    }
  }
}

bool parse_status(struct span text, struct status_facts *facts) {
  *facts = (struct status_facts){0};
  bool uids = false;
  bool gids = false;
  while (text.n > 0) {
    /* Only lines that start with one of these letters are of interest; the
     * rest is skipped without a look. No value can forge a line: the kernel
     * escapes newlines in Name. */
    char first = *text.p;
    struct span line = take_until(&text, '\n');
    if (first != 'U' && first != 'G' && first != 'N' && first != 'C' && first != 'S') continue;
    struct span key = take_until(&line, ':');
    if (first == 'C') {
      parse_cap(key, line, facts);
    } else if (span_is(key, "Uid")) {
      uids = parse_four(line, facts->uid);
    } else if (span_is(key, "Gid")) {
      gids = parse_four(line, facts->gid);
    } else if (span_is(key, "NSpid")) {
      parse_levels(line, facts);
    } else if (span_is(key, "Seccomp")) {
      uint32_t mode = 0;
      facts->has_seccomp = parse_u32(take_field(&line), &mode) && mode <= 2;
      facts->seccomp = (uint8_t)(facts->has_seccomp ? mode : 0);
      /* The last line of interest: what follows is about CPUs and memory. */
      break;
    } else if (span_is(key, "NoNewPrivs")) {
      uint32_t flag = 0;
      facts->has_no_new_privs = parse_u32(take_field(&line), &flag) && flag <= 1;
      facts->no_new_privs = flag == 1;
    }
  }
  return uids && gids;
}

bool parse_ns_name(struct span text, enum ns_kind *kind, uint64_t *inode) {
  if (text.n < 5 || text.p[text.n - 1] != ']') return false;
  text.n--;
  struct span name = take_until(&text, ':');
  if (text.n < 2 || text.p[0] != '[') return false;
  text.p++;
  text.n--;
  for (int k = 0; k < NS_KINDS; k++) {
    if (span_is(name, KINDS[k].name)) {
      *kind = (enum ns_kind)k;
      return parse_u64(text, inode) && *inode != 0;
    }
  }
  return false;
}

bool parse_mount(struct span line, struct mount_facts *facts) {
  for (int field = 1; field < 4; field++) {
    if (take_until(&line, ' ').n == 0) return false;
  }
  facts->root = take_until(&line, ' ');
  facts->point = take_until(&line, ' ');
  if (facts->root.n == 0 || facts->point.n == 0) return false;
  /* Mount options, then any number of optional fields up to a lone hyphen. */
  while (line.n > 0) {
    if (span_is(take_until(&line, ' '), "-")) {
      facts->type = take_until(&line, ' ');
      return facts->type.n > 0;
    }
  }
  return false;
}

size_t unescape_mount(struct span text, char *out) {
  size_t n = 0;
  for (size_t i = 0; i < text.n; i++) {
    const char *p = text.p + i;
    if (*p == '\\' && text.n - i >= 4 && p[1] >= '0' && p[1] <= '3' && p[2] >= '0' && p[2] <= '7' && p[3] >= '0' &&
        p[3] <= '7') {
      out[n++] = (char)((p[1] - '0') * 64 + (p[2] - '0') * 8 + (p[3] - '0'));
      i += 3;
    } else {
      out[n++] = *p;
    }
  }
  return n;
}

struct command parse_command(struct span line) {
  struct command command = {.kind = COMMAND_BAD};
  if (line.n > 0 && line.p[line.n - 1] == '\r') line.n--;
  struct span word = take_field(&line);
  if (word.n == 0) {
    command.kind = COMMAND_NONE;
  } else if (span_is(word, "rescan")) {
    if (take_field(&line).n == 0) command.kind = COMMAND_RESCAN;
  } else if (span_is(word, "interval")) {
    uint32_t ms = 0;
    bool good = parse_u32(take_field(&line), &ms) && take_field(&line).n == 0;
    if (good && ms >= MIN_INTERVAL_MS && ms <= MAX_INTERVAL_MS) {
      command.kind = COMMAND_INTERVAL;
      command.interval_ms = ms;
    }
  }
  return command;
}
