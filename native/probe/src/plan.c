#include "plan.h"

#include "parse.h"

static bool parse_kinds(struct plan *plan, struct span list) {
  while (list.n > 0) {
    struct span name = take_until(&list, ',');
    size_t k = 0;
    while (k < NS_KINDS && !span_is(name, KINDS[k].name)) k++;
    if (k == NS_KINDS) return false;
    plan->kinds[k] = true;
  }
  return true;
}

static bool parse_size(struct plan *plan, struct span text) {
  struct span columns = take_until(&text, 'x');
  uint32_t c = 0;
  uint32_t r = 0;
  if (!parse_u32(columns, &c) || !parse_u32(text, &r) || c < 1 || r < 1 || c > 1000 || r > 1000) return false;
  plan->size.ws_col = (unsigned short)c;
  plan->size.ws_row = (unsigned short)r;
  return true;
}

static bool parse_option(struct plan *plan, const char *name, const char *value) {
  struct span text = span_of(value);
  if (strcmp(name, "--pid") == 0) return parse_u32(text, &plan->pid) && plan->pid > 0;
  if (strcmp(name, "--start") == 0) return parse_u64(text, &plan->start);
  if (strcmp(name, "--base") == 0) return parse_u32(text, &plan->base);
  if (strcmp(name, "--base-start") == 0) return parse_u64(text, &plan->base_start);
  if (strcmp(name, "--engine") == 0) return parse_u32(text, &plan->engine);
  if (strcmp(name, "--engine-start") == 0) return parse_u64(text, &plan->engine_start);
  if (strcmp(name, "--silence") == 0) return parse_u32(text, &plan->silence);
  if (strcmp(name, "--ns") == 0) return parse_kinds(plan, text);
  if (strcmp(name, "--size") == 0) return parse_size(plan, text);
  const char **word = strcmp(name, "--shell") == 0      ? &plan->shell
                      : strcmp(name, "--exe") == 0      ? &plan->exe
                      : strcmp(name, "--base-exe") == 0 ? &plan->base_exe
                                                        : NULL;
  if (word != NULL) {
    *word = value;
    return true;
  }
  if (strcmp(name, "--user") != 0) return false;
  plan->own_user = strcmp(value, "target") == 0;
  return plan->own_user || strcmp(value, "root") == 0;
}

bool parse_plan(struct plan *plan, int argc, char **argv) {
  static char *no_command[] = {NULL};
  plan->command = no_command;
  plan->size = (struct winsize){.ws_col = 80, .ws_row = 24};
  for (int i = 0; i < argc; i++) {
    if (strcmp(argv[i], "--") == 0) {
      plan->command = argv + i + 1;
      break;
    }
    if (strcmp(argv[i], "--root") == 0) {
      plan->root = true;
    } else if (i + 1 >= argc || !parse_option(plan, argv[i], argv[i + 1])) {
      return false;
    } else {
      i++;
    }
  }
  return plan->pid > 0;
}
