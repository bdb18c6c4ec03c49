#include "Routes.h"

#include "ByteBits.hpp"

using namespace muster;

namespace {

/// What the bytes of a part of a path are, to be summed up: decimal digits, and what no number or UUID has.
struct PathBytes {
  uint64_t of[256];
  constexpr PathBytes() : of() {
    for (int c = 0; c < 256; c++) {
      bool is_letter = (c | 0x20) >= 'a' && (c | 0x20) <= 'f';
      of[c] = c >= '0' && c <= '9' ? 1 : is_letter || c == '-' ? 0 : uint64_t(1) << 32;
    }
  }
};
constexpr PathBytes path_bytes;

/// Whether a part of a path names one of many things.
inline bool is_id(size_t length, uint64_t sum) {
  uint64_t digits = uint32_t(sum), others = sum >> 32;
  if (digits == 0) return false;
  if (digits == length || (others == 0 && length >= 8)) return true;
  return digits >= 4 && length >= 20;
}

/// Writes the route of the path.
void write_route(const uint8_t *path, size_t length, uint8_t *&route) {
  const uint8_t *end = path + length;
  uint8_t *out = route;
  while (path < end) {
    const uint8_t *part = path;
    uint64_t sum = 0;
    for (; path < end && *path != '/'; path++) sum += path_bytes.of[*out++ = *path];
    if (is_id(size_t(path - part), sum)) {
      out -= path - part;
      *out++ = '{', *out++ = '}';
    }
    if (path < end) *out++ = *path++;
  }
  route = out;
}

/// As above of a path of less than 64 bytes that begins with `/`, without a branch a byte: 64 bytes behind the path must be readable, and
/// behind the route writable. False, and nothing is written, where more is to be told than which parts are numbers.
bool write_short_route(const uint8_t *path, size_t length, uint8_t *&route) {
  uint64_t all = (uint64_t(1) << length) - 1;
  uint64_t slashes = bits_of<64>(path, '/') & all;
  uint64_t digits = bits_where<64>(path, [](Bytes c) { return c - '0' < 10; }) & all;
  uint64_t letters = bits_where<64>(path, [](Bytes c) { return ((c | 0x20) - 'a' < 6) | (c == '-'); }) & all;
  uint64_t starts = slashes << 1, bounds = slashes | (all + 1);
  // A part's first bit, added, is carried through all that are set, and comes out behind the part where that is the whole of it.
  auto ends_of_parts_of = [=](uint64_t bytes) { return (bytes + (starts & bytes)) & ~bytes & bounds; };
  uint64_t numbers = ends_of_parts_of(digits), hexadecimal = ends_of_parts_of(digits | letters) & ~numbers;
  uint64_t long_parts = all & ~slashes;  // of 16 bytes or more
  for (int length = 1; length < 16; length *= 2) long_parts &= long_parts >> length;
  if (hexadecimal | long_parts) return false;
  size_t from = 0;
  for (; numbers; numbers &= numbers - 1) {
    size_t end = size_t(__builtin_ctzll(numbers));
    size_t start = 64 - size_t(__builtin_clzll(slashes & ((uint64_t(1) << end) - 1)));
    memcpy(route, path + from, 64);
    route += start - from;
    *route++ = '{', *route++ = '}';
    from = end;
  }
  memcpy(route, path + from, 64);
  route += length - from;
  return true;
}

}  // namespace

size_t muster_path_route(const uint8_t *path, size_t length, uint8_t *route) {
  uint8_t *out = route;
  write_route(path, length, out);
  return size_t(out - route);
}

size_t muster_request_action(const uint8_t *request, size_t length, uint8_t *action, size_t *path, size_t *path_length) {
  memcpy(action, "http:", 5);
  uint8_t *out = action + 5;
  auto is_of_method = [](uint8_t c) { return (c >= 'A' && c <= 'Z') || c == '-' || c == '_'; };
  size_t at = 0;
  while (at < length && at < 20 && is_of_method(request[at])) *out++ = request[at++];
  if (at == 0 || at == 20 || at + 1 >= length || request[at] != ' ' || request[at + 1] != '/') return 0;
  *out++ = request[at++];
  const uint8_t *start = request + at;
  uint64_t ends = bits_where<64>(start, [](Bytes c) { return (c == ' ') | (c == '?'); });
  size_t most = length - at, count = ends ? size_t(__builtin_ctzll(ends)) : 64;
  while (!ends && count < most && start[count] != ' ' && start[count] != '?') count++;
  if (count > most) count = most;
  if (count >= 64 || !write_short_route(start, count, out)) write_route(start, count, out);
  *path = at, *path_length = count;
  return size_t(out - action);
}
