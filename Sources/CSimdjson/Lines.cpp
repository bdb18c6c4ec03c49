#include "Lines.h"

#include "ByteBits.hpp"

using namespace muster;

namespace {

/// The offset of the next `c`; `length` where there is none. `width` is how much to look at together: more than most tokens have, so
/// that the processor guesses right when it is found.
template <int width> inline size_t find(const uint8_t *line, size_t from, size_t length, uint8_t c) {
  for (; from < length; from += width) {
    if (uint64_t found = bits_of<width>(line + from, c)) {
      size_t at = from + __builtin_ctzll(found);
      if (__builtin_expect(at >= length, 0)) return length;
      return at;
    }
  }
  return length;
}

/// The offset of the quote that closes; `length` where there is none.
inline size_t quote_end(const uint8_t *line, size_t start, size_t length) {
  for (size_t from = start;;) {
    size_t end = find<64>(line, from, length, '"'), slashes = 0;
    if (end == length) return length;
    while (end - slashes > start && line[end - slashes - 1] == '\\') slashes++;
    if (slashes % 2 == 0) return end;
    from = end + 1;
  }
}

}  // namespace

size_t muster_window_lines(const uint8_t *window, size_t count, bool is_last, muster_line *lines, size_t capacity,
                           size_t *start) {
  size_t found = 0, from = *start;
  auto add = [&](size_t feed) {
    size_t end = feed > from && window[feed - 1] == '\r' ? feed - 1 : feed;
    if (end > from && window[from] != '#') {
      if (found < capacity) lines[found] = {uint32_t(from), uint32_t(end - from)};
      found++;
    }
    from = feed + 1;
  };
  for (size_t block = from; block < count; block += 64) {
    uint64_t feeds = bits_of<64>(window + block, '\n');
    if (count - block < 64) feeds &= (uint64_t(1) << (count - block)) - 1;
    for (; feeds; feeds &= feeds - 1) add(block + size_t(__builtin_ctzll(feeds)));
  }
  if (is_last && from < count) add(count);
  *start = from < count ? from : count;
  return found;
}

int64_t muster_line_tokens(const uint8_t *line, size_t length, muster_token *tokens, size_t capacity) {
  size_t count = 0;
  auto add = [&](muster_token_kind kind, size_t start, size_t end) {
    if (count < capacity) tokens[count] = {uint32_t(start), uint32_t(end - start), kind};
    count++;
    return end + 1;
  };
  for (size_t at = 0; at < length;) {
    uint8_t first = line[at];
    if (first == ' ' || first == '\t') {
      at++;
    } else if (first == '"') {
      size_t end = quote_end(line, at + 1, length);
      if (end == length) return -1;
      at = add(muster_token_quoted, at + 1, end);
    } else if (first == '[') {
      size_t end = find<32>(line, at + 1, length, ']');
      if (end == length) return -1;
      at = add(muster_token_bracketed, at + 1, end);
    } else {
      at = add(muster_token_plain, at, find<16>(line, at, length, ' '));
    }
  }
  return int64_t(count);
}
