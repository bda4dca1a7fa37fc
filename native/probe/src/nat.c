#include "nat.h"

#include <fcntl.h>
#include <stdio.h>

#include "json.h"
#include "nft.h"
#include "xtables.h"

/* What decides, besides rules, whether packets are sent on, and whether those
 * that a bridge sends on meet the rules of IP. */
static const char *const SETTINGS[] = {
    "net/ipv4/ip_forward",
    "net/ipv6/conf/all/forwarding",
    "net/bridge/bridge-nf-call-iptables",
    "net/bridge/bridge-nf-call-ip6tables",
};

/* Below /proc/sys/net stands what is true for the namespace of who reads. */
static void put_setting(struct buf *b, int proc, const char *name) {
  char path[64];
  char text[16];
  (void)snprintf(path, sizeof path, "sys/%s", name);
  json_cstr(b, name);
  json_lit(b, ":");
  AUTO_CLOSE int fd = openat(proc, path, O_RDONLY | O_CLOEXEC);
  ssize_t n = fd < 0 ? -1 : read(fd, text, sizeof text);
  if (n <= 0) {
    json_lit(b, "null");
    return;
  }
  size_t length = (size_t)n;
  while (length > 0 && text[length - 1] == '\n') length--;
  json_text(b, (struct span){text, length});
}

void put_nat(struct buf *b, int proc) {
  json_lit(b, "{");
  put_nft(b);
  json_lit(b, ",");
  put_xtables(b);
  json_lit(b, ",\"settings\":{");
  for (size_t i = 0; i < sizeof SETTINGS / sizeof *SETTINGS; i++) {
    if (i > 0) json_lit(b, ",");
    put_setting(b, proc, SETTINGS[i]);
  }
  json_lit(b, "}}");
}
