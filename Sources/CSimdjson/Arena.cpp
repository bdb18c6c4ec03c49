#include "Arena.h"

#include <algorithm>
#include <cstring>
#include <memory>
#include <new>
#include <simdjson.h>
#include <random>
#include <string>
#include <tuple>
#include <vector>

// The walk reads simdjson's structural index instead of its on-demand values: each token is visited once, in order, the
// recursion is a vector, and every error has its byte offset, which the on-demand front end does not promise.

namespace {

constexpr uint32_t key_bit = 8, escape_bit = 16, style_shift = 5, count_shift = 8, count_max = 0xFFFFFF;

struct Frame {
  uint32_t record, opened, count;
  size_t keys;
  bool object;
};

struct Key {
  uint64_t hash;
  uint32_t record;
};

bool is_space(uint8_t c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; }
bool is_structural(uint8_t c) { return c == '{' || c == '}' || c == '[' || c == ']' || c == ':' || c == ','; }
bool is_digit(uint8_t c) { return static_cast<uint8_t>(c - '0') < 10; }

int hex(uint8_t c) {
  if (is_digit(c)) return c - '0';
  c |= 0x20;
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/// Tokens by simdjson's index.
struct Indexed {
  const uint8_t *bytes;
  uint32_t length;
  const uint32_t *at, *last;

  bool start(uint32_t &offset) {
    if (at == last) return false;
    offset = *at++;
    return true;
  }
  /// The end of the string or scalar that started at the offset given last.
  uint32_t end(uint32_t) const {
    uint32_t end = at == last ? length : *at;
    while (is_space(bytes[end - 1])) end--;
    return end;
  }
};

/// Tokens by looking at each byte; slow, but right up to the first error.
struct Scanned {
  const uint8_t *bytes;
  uint32_t length, position = 0;

  bool start(uint32_t &offset) {
    while (position < length && is_space(bytes[position])) position++;
    offset = position;
    if (position == length) return false;
    position = is_structural(bytes[position]) ? position + 1 : end(position);
    return true;
  }
  uint32_t end(uint32_t from) const {
    uint32_t i = from + 1;
    if (bytes[from] == '"') {
      while (i < length && bytes[i] != '"') i += bytes[i] == '\\' ? 2 : 1;
      return std::min(length, i + 1);
    }
    while (i < length && !is_space(bytes[i]) && !is_structural(bytes[i]) && bytes[i] != '"') i++;
    return i;
  }
};

}  // namespace

struct muster_json {
  std::unique_ptr<simdjson::internal::dom_parser_implementation> stage;
  std::vector<Frame> frames;
  std::vector<Key> keys;
  // Nobody can prepare keys that collide.
  uint64_t seed = std::random_device{}() * 0x9E3779B97F4A7C15u;
};

namespace {

muster_json_code check_escapes(const uint8_t *p, const uint8_t *end, const uint8_t *&where) {
  while ((p = static_cast<const uint8_t *>(memchr(p, '\\', end - p)))) {
    where = p;
    if (end - p < 2) return muster_json_bad_escape;
    if (p[1] == 'u') {
      if (end - p < 6) return muster_json_bad_escape;
      for (int i = 2; i < 6; i++)
        if (hex(p[i]) < 0) return muster_json_bad_escape;
      p += 6;
    } else {
      if (!p[1] || !strchr("\"\\/bfnrt", p[1])) return muster_json_bad_escape;
      p += 2;
    }
  }
  return muster_json_ok;
}

bool is_number(const uint8_t *p, const uint8_t *end) {
  if (p < end && *p == '-') p++;
  if (p == end || !is_digit(*p)) return false;
  if (*p == '0') p++;
  else while (p < end && is_digit(*p)) p++;
  if (p < end && *p == '.') {
    if (++p == end || !is_digit(*p)) return false;
    while (p < end && is_digit(*p)) p++;
  }
  if (p < end && (*p | 0x20) == 'e') {
    if (++p < end && (*p == '+' || *p == '-')) p++;
    if (p == end || !is_digit(*p)) return false;
    while (p < end && is_digit(*p)) p++;
  }
  return p == end;
}

void append_utf8(std::string &out, uint32_t c) {
  if (c < 0x80) out += char(c);
  else if (c < 0x800) out += {char(0xC0 | c >> 6), char(0x80 | (c & 63))};
  else if (c < 0x10000) out += {char(0xE0 | c >> 12), char(0x80 | (c >> 6 & 63)), char(0x80 | (c & 63))};
  else out += {char(0xF0 | c >> 18), char(0x80 | (c >> 12 & 63)), char(0x80 | (c >> 6 & 63)), char(0x80 | (c & 63))};
}

uint32_t unit(const uint8_t *p) { return hex(p[0]) << 12 | hex(p[1]) << 8 | hex(p[2]) << 4 | hex(p[3]); }

/// The text of a string whose escapes have been checked; half a surrogate pair becomes U+FFFD.
std::string decoded(const uint8_t *p, const uint8_t *end) {
  std::string out;
  while (p < end) {
    if (*p != '\\') { out += char(*p++); continue; }
    uint8_t c = p[1];
    p += 2;
    if (c != 'u') {
      static const char from[] = "bfnrt", to[] = "\b\f\n\r\t";
      const char *found = strchr(from, c);
      out += found ? to[found - from] : char(c);
      continue;
    }
    uint32_t value = unit(p);
    p += 4;
    if (value >= 0xD800 && value < 0xDC00 && end - p >= 6 && p[0] == '\\' && p[1] == 'u') {
      uint32_t low = unit(p + 2);
      if (low >= 0xDC00 && low < 0xE000) { value = 0x10000 + ((value - 0xD800) << 10) + (low - 0xDC00); p += 6; }
    }
    append_utf8(out, value >= 0xD800 && value < 0xE000 ? 0xFFFD : value);
  }
  return out;
}

uint64_t hash_of(const uint8_t *p, size_t n, uint64_t seed) {
  uint64_t h = seed ^ n, word;
  for (; n >= 8; p += 8, n -= 8) { memcpy(&word, p, 8); h = (h ^ word) * 0xFF51AFD7ED558CCDu; h ^= h >> 32; }
  word = 0;
  memcpy(&word, p, n);
  h = (h ^ word) * 0xC4CEB9FE1A85EC53u;
  return h ^ h >> 29;
}

/// One run over one text. With `Store` false only the grammar is checked.
template <class Tokens, bool Store>
struct Walk {
  muster_json &reader;
  Tokens tokens;
  const uint8_t *bytes;
  uint32_t length, base, first;
  muster_json_limits limits;
  muster_json_record *records;
  muster_json_problem *duplicates;
  size_t capacity, duplicate_count = 0;
  muster_json_problem problem = {muster_json_ok, 0, 0};
  uint32_t count = 0;

  bool fail(muster_json_code code, uint32_t offset, uint32_t other = 0) {
    problem = {code, base + offset, base + other};
    return false;
  }

  bool fail_at_end() {
    if (reader.frames.empty()) return fail(muster_json_empty, 0);
    const Frame &top = reader.frames.back();
    return fail(top.object ? muster_json_ends_in_object : muster_json_ends_in_array, length, top.opened);
  }

  bool add(uint32_t start, uint32_t end, uint32_t meta) {
    if (count >= limits.nodes) return fail(muster_json_too_many_nodes, start);
    if (Store) records[count] = {base + start, base + end, first + count + 1, meta};
    count++;
    return true;
  }

  bool open(uint32_t at, bool object) {
    if (reader.frames.size() >= limits.depth) return fail(muster_json_too_deep, at);
    reader.frames.push_back({count, at, 0, reader.keys.size(), object});
    const uint32_t kind = object ? muster_json_mapping : muster_json_sequence;
    return add(at, at + 1, kind | muster_json_style_flow << style_shift);
  }

  void close(uint32_t at) {
    Frame top = reader.frames.back();
    if (Store) {
      if (top.object && top.count > 1) top.count -= override_duplicates(top);
      muster_json_record &record = records[top.record];
      record.end = base + at + 1;
      record.next = first + count;
      record.meta |= std::min(top.count, count_max) << count_shift;
      reader.keys.resize(top.keys);
    }
    reader.frames.pop_back();
  }

  bool string(uint32_t at, uint32_t extra) {
    uint32_t end = tokens.end(at);
    if (end - at < 2 || bytes[end - 1] != '"' || ends_escaped(at, end)) return fail(muster_json_ends_in_string, at);
    if (!Store)
      for (uint32_t i = at; i < end; i++)
        if (bytes[i] < 0x20) return fail(muster_json_control_character, i);
    const uint8_t *from = bytes + at + 1, *to = bytes + end - 1, *where = nullptr;
    if (check_escapes(from, to, where) != muster_json_ok) return fail(muster_json_bad_escape, uint32_t(where - bytes));
    uint32_t escape = where ? escape_bit : 0;
    if (Store && extra) {
      uint64_t hash;
      if (escape) {
        std::string text = decoded(from, to);
        hash = hash_of(reinterpret_cast<const uint8_t *>(text.data()), text.size(), reader.seed);
      } else {
        hash = hash_of(from, to - from, reader.seed);
      }
      reader.keys.push_back({hash, count});
    }
    return add(at, end, muster_json_string | escape | extra | muster_json_style_quoted << style_shift);
  }

  /// Only the byte-by-byte tokens can end at an escaped quote: at the end of a truncated text.
  bool ends_escaped(uint32_t at, uint32_t end) const {
    uint32_t i = end - 1;
    while (i > at + 1 && bytes[i - 1] == '\\') i--;
    return (end - 1 - i) % 2 == 1;
  }

  bool scalar(uint32_t at) {
    uint32_t end = tokens.end(at);
    const char *text = reinterpret_cast<const char *>(bytes + at);
    auto is = [&](const char *word) { return end - at == strlen(word) && memcmp(text, word, end - at) == 0; };
    if (is_digit(bytes[at]) || bytes[at] == '-') {
      if (!is_number(bytes + at, bytes + end)) return fail(muster_json_bad_number, at);
      return add(at, end, muster_json_number);
    }
    if (is("true") || is("false")) return add(at, end, muster_json_bool);
    if (is("null")) return add(at, end, muster_json_null);
    bool word = bytes[at] >= 0x80 || uint8_t((bytes[at] | 0x20) - 'a') < 26;
    return fail(word ? muster_json_bad_literal : muster_json_expected_value, at);
  }

  /// A value that starts at `at`; a container is only opened.
  bool value(uint32_t at) {
    switch (bytes[at]) {
      case '{': return open(at, true);
      case '[': return open(at, false);
      case '"': return string(at, 0);
      case '}': case ']': case ':': case ',': return fail(muster_json_expected_value, at);
      default: return scalar(at);
    }
  }

  bool member(uint32_t at) {
    if (bytes[at] != '"') return fail(muster_json_expected_key, at);
    if (!string(at, key_bit)) return false;
    uint32_t colon;
    if (!tokens.start(colon)) return fail_at_end();
    if (bytes[colon] != ':') return fail(muster_json_expected_colon, colon);
    uint32_t next;
    if (!tokens.start(next)) return fail_at_end();
    return value(next);
  }

  bool run() {
    reader.frames.clear();
    reader.keys.clear();
    uint32_t at;
    if (!tokens.start(at)) return fail_at_end();
    if (!value(at)) return false;
    while (!reader.frames.empty()) {
      Frame &top = reader.frames.back();
      const uint8_t closing = top.object ? '}' : ']';
      if (!tokens.start(at)) return fail_at_end();
      if (bytes[at] == closing) { close(at); continue; }
      if (top.count > 0) {
        if (bytes[at] != ',') {
          return fail(top.object ? muster_json_expected_comma_or_brace : muster_json_expected_comma_or_bracket, at,
                      top.opened);
        }
        if (!tokens.start(at)) return fail_at_end();
      }
      top.count++;
      if (!(top.object ? member(at) : value(at))) return false;
    }
    return !tokens.start(at) || fail(muster_json_trailing, at);
  }

  bool same(uint32_t a, uint32_t b) const {
    const muster_json_record &x = records[a], &y = records[b];
    const uint8_t *p = bytes + (x.start - base) + 1, *q = bytes + (y.start - base) + 1;
    size_t n = x.end - x.start - 2, m = y.end - y.start - 2;
    if ((x.meta | y.meta) & escape_bit) return decoded(p, p + n) == decoded(q, q + m);
    return n == m && memcmp(p, q, n) == 0;
  }

  /// Marks each key that a later one overrides (the readers of AWS's own tools take the last); returns how many.
  uint32_t override_duplicates(const Frame &frame) {
    Key *from = reader.keys.data() + frame.keys, *to = reader.keys.data() + reader.keys.size();
    uint32_t found = 0;
    if (to - from > 16) {
      std::sort(from, to, [](const Key &a, const Key &b) {
        return std::tie(a.hash, a.record) < std::tie(b.hash, b.record);
      });
      for (Key *key = from; key + 1 < to; key++)
        for (Key *other = key + 1; other < to && other->hash == key->hash; other++)
          if (same(key->record, other->record)) { mark(key->record, other->record); found++; break; }
      return found;
    }
    for (Key *key = from; key < to; key++)
      for (Key *other = key + 1; other < to; other++)
        if (key->hash == other->hash && same(key->record, other->record)) {
          mark(key->record, other->record);
          found++;
          break;
        }
    return found;
  }

  void mark(uint32_t earlier, uint32_t later) {
    records[earlier].meta |= muster_json_style_overridden << style_shift;
    if (duplicate_count < capacity)
      duplicates[duplicate_count] = {muster_json_duplicate_key, records[later].start, records[earlier].start};
    duplicate_count++;
  }
};

}  // namespace

extern "C" muster_json *muster_json_open(void) { return new (std::nothrow) muster_json; }

extern "C" void muster_json_close(muster_json *reader) { delete reader; }

extern "C" int64_t muster_json_index(muster_json *reader, const uint8_t *bytes, size_t length) {
  const size_t capacity = std::max<size_t>(length, 4096);
  if (!reader->stage) {
    if (simdjson::get_active_implementation()->create_dom_parser_implementation(capacity, 1, reader->stage)) return -1;
  } else if (reader->stage->capacity() < capacity) {
    // Doubled, or a file of ever longer lines would allocate at each line.
    const size_t doubled = std::min<size_t>(2 * reader->stage->capacity(), simdjson::SIMDJSON_MAXSIZE_BYTES);
    if (reader->stage->allocate(std::max(capacity, doubled), 1)) return -1;
  }
  if (reader->stage->stage1(bytes, length, simdjson::stage1_mode::regular)) return -1;
  return reader->stage->n_structural_indexes;
}

extern "C" int64_t muster_json_walk(muster_json *reader, const uint8_t *bytes, size_t length, uint32_t base,
                                    uint32_t first, muster_json_limits limits, muster_json_record *records,
                                    muster_json_problem *duplicates, size_t capacity, size_t *duplicate_count,
                                    muster_json_problem *problem) {
  const uint32_t *index = reader->stage->structural_indexes.get();
  Indexed tokens = {bytes, uint32_t(length), index, index + reader->stage->n_structural_indexes};
  Walk<Indexed, true> walk = {*reader, tokens, bytes,   uint32_t(length), base,
                              first,   limits, records, duplicates,       capacity};
  bool whole = walk.run();
  *duplicate_count = walk.duplicate_count;
  *problem = walk.problem;
  return whole ? int64_t(walk.count) : -1;
}

extern "C" muster_json_problem muster_json_locate(muster_json *reader, const uint8_t *bytes, size_t length,
                                                  uint32_t base, muster_json_limits limits) {
  Walk<Scanned, false> walk = {*reader, {bytes, uint32_t(length)}, bytes, uint32_t(length), base, 0, limits};
  walk.run();
  return walk.problem;
}
