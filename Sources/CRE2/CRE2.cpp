#include "CRE2.h"

#include <re2/re2.h>

#include <cstring>
#include <new>
#include <string>
#include <vector>

// Patterns come from strangers: a small program limits what one can cost, and nothing is logged.
struct muster_re2 {
  RE2 expression;
  muster_re2(re2::StringPiece pattern, const RE2::Options &options) : expression(pattern, options) {}
};

static re2::StringPiece piece(const uint8_t *bytes, size_t length) {
  return re2::StringPiece(length == 0 ? "" : reinterpret_cast<const char *>(bytes), length);
}

muster_re2 *muster_re2_new(const uint8_t *pattern, size_t length, char *message, size_t capacity) {
  RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(8 << 20);
  auto *made = new (std::nothrow) muster_re2(piece(pattern, length), options);
  if (made == nullptr) return nullptr;
  if (made->expression.ok()) return made;
  if (capacity > 0) {
    size_t count = made->expression.error().copy(message, capacity - 1);
    message[count] = 0;
  }
  delete made;
  return nullptr;
}

void muster_re2_free(muster_re2 *expression) { delete expression; }

int muster_re2_groups(const muster_re2 *expression) { return expression->expression.NumberOfCapturingGroups(); }

int muster_re2_match(
  const muster_re2 *expression, const uint8_t *text, size_t length, size_t start, intptr_t *found, size_t count) {
  auto whole = piece(text, length);
  if (start > length) return 0;
  if (count == 0) return expression->expression.Match(whole, start, length, RE2::UNANCHORED, nullptr, 0);
  std::vector<re2::StringPiece> groups(count);
  if (!expression->expression.Match(whole, start, length, RE2::UNANCHORED, groups.data(), int(count))) return 0;
  for (size_t i = 0; i < count; i++) {
    bool took = groups[i].data() != nullptr;
    found[2 * i] = took ? groups[i].data() - whole.data() : -1;
    found[2 * i + 1] = took ? found[2 * i] + intptr_t(groups[i].size()) : -1;
  }
  return 1;
}

intptr_t muster_find(const uint8_t *text, size_t length, const uint8_t *part, size_t part_length) {
  const void *found = memmem(text, length, part, part_length);
  return found == nullptr ? -1 : static_cast<const uint8_t *>(found) - text;
}
