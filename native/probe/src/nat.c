#include "nat.h"

#include <dirent.h>
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

/* Room for the longest name of a link, which has fewer than 16 bytes. */
#define NAME_SIZE 64
#define VALUE_SIZE 16

/* /proc/sys/net shows the settings of the network namespace of whoever reads
 * it. Empty where there is no such setting. */
static struct span read_setting(char *text, int proc, const char *name) {
  char path[NAME_SIZE + sizeof "sys/"];
  (void)snprintf(path, sizeof path, "sys/%s", name);
  AUTO_CLOSE int fd = openat(proc, path, O_RDONLY | O_CLOEXEC);
  ssize_t n = fd < 0 ? -1 : read(fd, text, VALUE_SIZE);
  size_t length = n < 0 ? 0 : (size_t)n;
  while (length > 0 && text[length - 1] == '\n') length--;
  return (struct span){text, length};
}

static void put_setting(struct buf *b, const char *name, struct span value) {
  json_cstr(b, name);
  json_lit(b, ":");
  if (value.n == 0) {
    json_lit(b, "null");
  } else {
    json_text(b, value);
  }
}

/* The links by which addresses of the loopback may pass: those where it is
 * on, and in any case `all`, which shows that the settings were read. */
static void put_localnet(struct buf *b, int proc) {
  int fd = openat(proc, "sys/net/ipv4/conf", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  DIR *dir = fd < 0 ? NULL : fdopendir(fd);
  if (dir == NULL) {
    if (fd >= 0) (void)close(fd);
    return;
  }
  for (struct dirent *entry = readdir(dir); entry != NULL; entry = readdir(dir)) {
    if (entry->d_name[0] == '.') continue;
    char name[NAME_SIZE];
    char text[VALUE_SIZE];
    int length = snprintf(name, sizeof name, "net/ipv4/conf/%s/route_localnet", entry->d_name);
    if (length < 0 || (size_t)length >= sizeof name) continue;
    struct span value = read_setting(text, proc, name);
    bool off = value.n == 1 && value.p[0] == '0';
    if (off && strcmp(entry->d_name, "all") != 0) continue;
    json_lit(b, ",");
    put_setting(b, name, value);
  }
  (void)closedir(dir);
}

void put_nat(struct buf *b, int proc) {
  json_lit(b, "{");
  put_nft(b);
  json_lit(b, ",");
  put_xtables(b);
  json_lit(b, ",\"settings\":{");
  for (size_t i = 0; i < sizeof SETTINGS / sizeof *SETTINGS; i++) {
    if (i > 0) json_lit(b, ",");
    char text[VALUE_SIZE];
    put_setting(b, SETTINGS[i], read_setting(text, proc, SETTINGS[i]));
  }
  put_localnet(b, proc);
  json_lit(b, "}}");
}
