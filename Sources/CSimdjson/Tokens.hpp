// Walking JSON over the structural index of simdjson's first stage. Internal to this target.
#pragma once
#include <cstdint>
#include <cstring>
#include <vector>

namespace muster {

inline bool is_space(uint8_t c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; }

/// Classes of the first bytes of tokens, and which class may follow which. Objects and arrays are not told apart when values
/// are passed over: what stands inside an unread value is checked for its punctuation, not for its spelling.
struct Grammar {
  enum { open_object, open_array, close_object, close_array, colon, comma, string, scalar, other };
  uint8_t kind[256];
  int8_t depth[9] = {1, 1, -1, -1, 0, 0, 0, 0, 0};
  uint16_t follows[9];

  constexpr Grammar() : kind(), follows() {
    for (auto &k : kind) k = other;
    kind['{'] = open_object, kind['['] = open_array, kind['}'] = close_object, kind[']'] = close_array;
    kind[':'] = colon, kind[','] = comma, kind['"'] = string;
    for (char c : {'-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 't', 'f', 'n'}) kind[uint8_t(c)] = scalar;
    constexpr uint16_t value = 1 << open_object | 1 << open_array | 1 << string | 1 << scalar;
    constexpr uint16_t end = 1 << close_object | 1 << close_array | 1 << comma;
    follows[open_object] = 1 << string | 1 << close_object;
    follows[open_array] = value | 1 << close_array;
    follows[close_object] = follows[close_array] = follows[scalar] = end;
    follows[colon] = follows[comma] = value;
    follows[string] = end | 1 << colon;
    follows[other] = 0;
  }
};
inline constexpr Grammar grammar;

/// The bytes of a token.
struct Text {
  const uint8_t *bytes;
  uint32_t length;
  template <size_t N> bool is(const char (&name)[N]) const { return length == N - 1 && !memcmp(bytes, name, N - 1); }
};

/// Decodes the escapes of a JSON string to the end of `out`. Lone surrogates become U+FFFD; false if there were any, or an
/// escape that JSON does not have (its backslash stays).
bool unescape(const uint8_t *text, uint32_t length, std::vector<uint8_t> &out);

/// Reads tokens in order. Past the last one all offsets are `length`, where the text holds a zero byte.
struct Cursor {
  const uint8_t *text;
  const uint32_t *at;
  uint32_t length, i = 0;
  std::vector<uint8_t> &arena;
  uint32_t next_escape = 0;  // no backslash stands between what was looked at and here
  uint32_t fault = 0;        // the offset where the walk failed

  Cursor(const uint8_t *text, uint32_t length, const uint32_t *at, std::vector<uint8_t> &arena)
      : text(text), at(at), length(length), arena(arena) {}

  uint32_t here() const { return at[i]; }
  uint8_t peek() const { return text[at[i]]; }
  bool ended() const { return at[i] >= length; }
  bool fail() { return fault = at[i], false; }
  /// Goes to where a copy of this cursor went.
  void follow(const Cursor &copy) { i = copy.i, next_escape = copy.next_escape; }

  /// The string at the cursor, without quotes, escapes as they stand.
  Text string() {
    uint32_t open = at[i++], close = at[i];
    while (text[--close] != '"') {}
    return {text + open + 1, close - open - 1};
  }

  /// The number or literal at the cursor.
  Text scalar() {
    uint32_t from = at[i++], to = at[i];
    while (is_space(text[to - 1])) to--;
    return {text + from, to - from};
  }

  /// Whether the string just read has escapes. Asked of strings in the order of the text only.
  bool has_escape(Text s) {
    uint32_t from = uint32_t(s.bytes - text);
    if (next_escape < from) {
      auto found = static_cast<const uint8_t *>(memchr(s.bytes, '\\', length - from));
      next_escape = found ? uint32_t(found - text) : length;
    }
    return next_escape < from + s.length;
  }

  /// A member's name, escapes decoded.
  Text name() {
    Text raw = string();
    if (!has_escape(raw)) return raw;
    size_t start = arena.size();
    unescape(raw.bytes, raw.length, arena);
    return {arena.data() + start, uint32_t(arena.size() - start)};
  }

  /// Passes over a value.
  bool skip() {
    uint8_t kind = grammar.kind[peek()];
    if (kind == Grammar::string || kind == Grammar::scalar) return i++, true;
    if (kind != Grammar::open_object && kind != Grammar::open_array) return fail();
    int depth = 1;
    uint32_t token = i + 1;  // in a register, where `i` may be what `text` points to
    do {
      uint8_t next = grammar.kind[text[at[token]]];
      if (!(grammar.follows[kind] >> next & 1)) return i = token, fail();
      depth += grammar.depth[next];
      kind = next;
      token++;
    } while (depth > 0);
    return i = token, true;
  }

  enum class Sound { whole, unfinished, broken };
  /// As `skip`, where all punctuation is in its place: brackets match, names stand in objects only. Else it stays where it is.
  Sound skip_sound();

  /// Calls `each(name)` for every member of the object at the cursor; it must consume the value and return true.
  template <class F> bool object(F &&each) {
    i++;
    if (peek() == '}') return i++, true;
    while (true) {
      if (peek() != '"') return fail();
      Text key = name();
      if (peek() != ':') return fail();
      i++;
      if (!each(key)) return false;
      uint8_t c = peek();
      if (c == '}') return i++, true;
      if (c != ',') return fail();
      i++;
    }
  }

  /// As `object`, where the value may be something else: that is passed over.
  template <class F> bool object_if_any(F &&each) { return peek() == '{' ? object(each) : skip(); }

  /// Calls `each()` for every element of the array at the cursor.
  template <class F> bool array(F &&each) {
    i++;
    if (peek() == ']') return i++, true;
    while (true) {
      if (!each()) return false;
      uint8_t c = peek();
      if (c == ']') return i++, true;
      if (c != ',') return fail();
      i++;
    }
  }
};

}  // namespace muster
