#include "frames.h"

#include "json.h"

#define PROTOCOL 1U
#define VERSION "0.1.0"

#if defined __x86_64__
#define ARCH "amd64"
#elif defined __aarch64__
#define ARCH "arm64"
#else
#error "the probe is built for amd64 and arm64"
#endif

void put_hello(struct buf *out, const char *mode) {
  json_lit(out, "{\"t\":\"hello\",\"protocol\":");
  json_u64(out, PROTOCOL);
  json_lit(out, ",\"version\":\"" VERSION "\",\"mode\":");
  json_cstr(out, mode);
  json_lit(out, ",\"arch\":\"" ARCH "\",\"pid\":");
  json_i64(out, getpid());
  json_lit(out, "}\n");
}

void put_process_gone(struct buf *out, uint32_t pid, uint64_t start) {
  json_lit(out, "{\"t\":\"process-gone\",\"pid\":");
  json_u64(out, pid);
  json_lit(out, ",\"startTime\":");
  json_u64(out, start);
  json_lit(out, "}\n");
}

void put_namespace_gone(struct buf *out, const struct ns *n) {
  json_lit(out, "{\"t\":\"namespace-gone\",\"id\":");
  put_ns_id(out, n->kind, n->inode);
  json_lit(out, "}\n");
}

static void put_pin(struct buf *b, const struct pin_entry *pin) {
  switch (pin->type) {
    case PIN_MOUNT:
      json_lit(b, "{\"type\":\"mount\",\"path\":");
      json_text(b, pin->path);
      json_lit(b, ",\"mnt\":");
      put_ns_id(b, NS_MNT, pin->pid);
      break;
    case PIN_FD:
      json_lit(b, "{\"type\":\"fd\",\"pid\":");
      json_u64(b, pin->pid);
      json_lit(b, ",\"fd\":");
      json_u64(b, pin->number);
      if (pin->socket) json_lit(b, ",\"socket\":true");
      break;
    case PIN_THREAD:
      json_lit(b, "{\"type\":\"thread\",\"pid\":");
      json_u64(b, pin->pid);
      json_lit(b, ",\"tid\":");
      json_u64(b, pin->number);
      break;
    case PIN_FOR_CHILDREN:
      json_lit(b, "{\"type\":\"for_children\",\"pid\":");
      json_u64(b, pin->pid);
      break;
  }
  json_lit(b, "}");
}

void put_namespace(struct buf *record, const struct ns *n, const struct host *host, const struct pin_report *pins) {
  struct buf *b = record;
  b->len = 0;
  json_lit(b, "{\"t\":\"namespace\",\"id\":");
  put_ns_id(b, n->kind, n->inode);
  json_lit(b, ",\"kind\":");
  json_cstr(b, KINDS[n->kind].name);
  json_lit(b, ",\"inode\":");
  json_u64(b, n->inode);
  json_lit(b, ",\"device\":");
  if (n->has_device) {
    json_u64(b, n->device);
  } else {
    json_lit(b, "null");
  }
  json_lit(b, ",\"initial\":");
  json_bool(b, host_is_initial(host, n->kind, n->inode));
  json_lit(b, ",\"owner\":");
  put_ns_id(b, NS_USER, n->owner);
  json_lit(b, ",\"parent\":");
  put_ns_id(b, n->kind, n->parent);
  json_lit(b, ",\"ownerUid\":");
  if (n->has_owner_uid) {
    json_u64(b, n->owner_uid);
  } else {
    json_lit(b, "null");
  }
  json_lit(b, ",\"uniqueId\":");
  if (n->has_unique) {
    json_lit(b, "\"");
    json_u64(b, n->unique);
    json_lit(b, "\"");
  } else {
    json_lit(b, "null");
  }
  json_lit(b, ",\"pins\":[");
  size_t count = 0;
  const struct pin_entry *first = pins_of(pins, n->kind, n->inode, &count);
  for (size_t i = 0; i < count && i < PINS_PER_NAMESPACE; i++) {
    if (i > 0) json_lit(b, ",");
    put_pin(b, &first[i]);
  }
  json_lit(b, "]}\n");
}

static void put_problem(struct buf *out, bool *first, const char *code, const char *message, uint64_t count) {
  if (!*first) json_lit(out, ",");
  *first = false;
  json_lit(out, "{\"code\":");
  json_cstr(out, code);
  json_lit(out, ",\"message\":");
  json_cstr(out, message);
  json_lit(out, ",\"count\":");
  json_u64(out, count);
  json_lit(out, "}");
}

void put_end_frame(struct buf *out, const struct end_facts *end) {
  json_lit(out, "{\"t\":\"end\",\"batch\":");
  json_u64(out, end->batch);
  json_lit(out, ",\"durationUs\":");
  json_u64(out, end->duration_us);
  json_lit(out, ",\"cpuUs\":");
  json_u64(out, end->cpu_us);
  json_lit(out, ",\"processes\":");
  json_u64(out, end->processes);
  json_lit(out, ",\"unreadable\":");
  json_u64(out, end->unreadable);
  json_lit(out, ",\"vanished\":");
  json_u64(out, end->vanished);
  json_lit(out, ",\"problems\":[");
  bool first = true;
  if (end->hidden) {
    put_problem(out, &first, "hidepid",
                "/proc hides processes of other users (hidepid); run as root, or mount /proc without it.", 1);
  }
  if (end->pins_cut > 0) {
    put_problem(out, &first, "pins-cut", "Some namespaces are held by more than what is told.", end->pins_cut);
  }
  if (end->mounts_cut > 0) {
    put_problem(out, &first, "mounts-cut", "Some mount tables are too long to be read whole.", end->mounts_cut);
  }
  json_lit(out, "]}\n");
}

void put_error(struct buf *out, struct span id, const char *error, const char *message) {
  json_lit(out, "{\"t\":\"reply\",\"id\":");
  json_text(out, id);
  json_lit(out, ",\"error\":");
  json_cstr(out, error);
  json_lit(out, ",\"message\":");
  json_cstr(out, message);
  json_lit(out, "}\n");
}
