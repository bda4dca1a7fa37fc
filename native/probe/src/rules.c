#include <linux/fib_rules.h>
#include <linux/rtnetlink.h>

#include "fields.h"
#include "json.h"
#include "messages.h"

/* Of newer kernels than the headers may be. */
enum { RULE_SPORT_MASK = 28, RULE_DPORT_MASK = 29 };

static void put_range(struct buf *b, const char *key, struct span value) {
  struct fib_rule_port_range range;
  put_key(b, key);
  if (value.p == NULL || value.n < sizeof range) {
    json_lit(b, "null");
    return;
  }
  memcpy(&range, value.p, sizeof range);
  json_lit(b, "[");
  json_u64(b, range.start);
  json_lit(b, ",");
  json_u64(b, range.end);
  json_lit(b, "]");
}

/* Whether a rule has a condition that is not written below: it then matches
 * less than what is written says. */
static bool has_more_conditions(const struct attributes *a) {
  for (unsigned type = 0; type < ATTRIBUTE_TYPES; type++) {
    if (a->of[type].p == NULL) continue;
    switch (type) {
      case FRA_DST:
      case FRA_SRC:
      case FRA_IIFNAME:
      case FRA_OIFNAME:
      case FRA_GOTO:
      case FRA_PRIORITY:
      case FRA_FWMARK:
      case FRA_FWMASK:
      case FRA_SUPPRESS_IFGROUP:
      case FRA_SUPPRESS_PREFIXLEN:
      case FRA_TABLE:
      case FRA_PAD:
      case FRA_L3MDEV:
      case FRA_UID_RANGE:
      case FRA_PROTOCOL:
      case FRA_IP_PROTO:
      case FRA_SPORT_RANGE:
      case FRA_DPORT_RANGE:
        continue;
      case RULE_SPORT_MASK:
      case RULE_DPORT_MASK: {
        /* Beside each single port, and all ones unless somebody asked for more. */
        uint16_t mask = UINT16_MAX;
        if (a->of[type].n >= sizeof mask) memcpy(&mask, a->of[type].p, sizeof mask);
        if (mask != UINT16_MAX) return true;
        continue;
      }
      default:
        /* The kernel writes the empty ones, too. */
        for (size_t i = 0; i < a->of[type].n; i++) {
          if (a->of[type].p[i] != 0) return true;
        }
    }
  }
  return false;
}

void put_rule(struct buf *b, struct span body) {
  static const char *const ACTIONS[] = {"unknown", "lookup",    "goto",        "nop",     "unknown",
                                        "unknown", "blackhole", "unreachable", "prohibit"};
  struct fib_rule_hdr rule;
  struct attributes a;
  if (!split_body(body, &rule, sizeof rule, &a) || !is_ip(rule.family)) return;
  uint32_t table = rule.table;
  (void)attribute_u32(&a, FRA_TABLE, &table);
  uint32_t priority = 0;
  (void)attribute_u32(&a, FRA_PRIORITY, &priority);
  uint32_t suppressed = 0;
  uint8_t byte = 0;
  put_separator(b);
  json_lit(b, "{");
  put_family(b, rule.family);
  put_number(b, "priority", true, priority);
  put_flag(b, "invert", (rule.flags & FIB_RULE_INVERT) != 0);
  put_address(b, "from", a.of[FRA_SRC], rule.family);
  put_number(b, "fromPrefix", true, rule.src_len);
  put_address(b, "to", a.of[FRA_DST], rule.family);
  put_number(b, "toPrefix", true, rule.dst_len);
  put_text(b, "iif", attribute_text(&a, FRA_IIFNAME));
  put_text(b, "oif", attribute_text(&a, FRA_OIFNAME));
  put_attribute(b, "mark", &a, FRA_FWMARK);
  put_attribute(b, "mask", &a, FRA_FWMASK);
  put_number(b, "tos", rule.tos != 0, rule.tos);
  bool has_protocol = attribute_u8(&a, FRA_IP_PROTO, &byte);
  put_number(b, "protocol", has_protocol, byte);
  put_range(b, "sourcePorts", a.of[FRA_SPORT_RANGE]);
  put_range(b, "ports", a.of[FRA_DPORT_RANGE]);
  struct fib_rule_uid_range uids;
  put_key(b, "uids");
  if (a.of[FRA_UID_RANGE].p != NULL && a.of[FRA_UID_RANGE].n >= sizeof uids) {
    memcpy(&uids, a.of[FRA_UID_RANGE].p, sizeof uids);
    json_lit(b, "[");
    json_u64(b, uids.start);
    json_lit(b, ",");
    json_u64(b, uids.end);
    json_lit(b, "]");
  } else {
    json_lit(b, "null");
  }
  byte = 0;
  put_flag(b, "l3mdev", attribute_u8(&a, FRA_L3MDEV, &byte) && byte != 0);
  put_flag(b, "other", has_more_conditions(&a));
  put_key(b, "action");
  json_cstr(b, rule.action < sizeof ACTIONS / sizeof *ACTIONS ? ACTIONS[rule.action] : ACTIONS[0]);
  put_number(b, "table", true, table);
  put_attribute(b, "goto", &a, FRA_GOTO);
  /* ~0 is none. */
  bool suppresses = attribute_u32(&a, FRA_SUPPRESS_PREFIXLEN, &suppressed) && suppressed != UINT32_MAX;
  put_number(b, "suppressPrefix", suppresses, suppressed);
  suppresses = attribute_u32(&a, FRA_SUPPRESS_IFGROUP, &suppressed) && suppressed != UINT32_MAX;
  put_number(b, "suppressGroup", suppresses, suppressed);
  json_lit(b, "}");
}
