// How damage costs as few records as possible: where the next one begins, and what is mended.
#include "CloudTrail.h"
#include "RecordScan.hpp"
#include <algorithm>

namespace muster {

/// Passes over a record that cannot be read; false where more of the log may end it.
bool RecordScan::resync(Cursor &cursor, uint32_t bias, uint32_t begin, bool last, int reason) {
  bool ended = cursor.fault >= cursor.length;
  auto soundness = cursor.skip_sound();
  if (!ended && soundness == Cursor::Sound::whole) return bad(begin, cursor.fault, reason, bias), state.value(false), true;
  // What is sound up to the end is unfinished: an object in it is not the next record, however it looks.
  bool is_unfinished = ended && soundness == Cursor::Sound::unfinished;
  Boundary next;
  if (!is_unfinished) {
    bool is_supposed = reader.first_keys.suppose(cursor.text + begin, cursor.text + cursor.length);
    next = boundary_after(cursor.text, begin + 1, cursor.length);
    if (is_supposed) reader.first_keys.suppose_nothing();
    if (!next && is_supposed && last) next = boundary_after(cursor.text, begin + 1, cursor.length);
  }
  if (ended && !next && !last) return false;
  uint32_t place = cursor.fault, limit = next ? next.at : cursor.length;
  uint32_t j = cursor.i;
  int depth = 0;
  do depth += grammar.depth[grammar.kind[cursor.text[cursor.at[j]]]];
  while (depth > 0 && cursor.at[++j] < limit);
  // An array's end where an object's was due: the array's that holds the record.
  bool is_closed = depth > 0 || cursor.text[cursor.at[j]] == '}';
  if (depth <= 0 && is_between(cursor, j + is_closed)) {
    cursor.i = j + is_closed;
    state.value(false);
  } else if (next || last) {
    go(cursor, bias, next);
  } else {
    return false;
  }
  if (ended || place >= limit) place = begin, reason = next ? muster_bad_open : muster_bad_cut_short;
  bad(begin, place, reason, bias);
  return true;
}

/// Whether what stands at the token can follow a record.
bool RecordScan::is_between(const Cursor &cursor, uint32_t token) const {
  uint8_t c = cursor.text[cursor.at[token]];
  if (cursor.at[token] >= cursor.length) return true;
  // On the same line it may be an inner object's.
  uint32_t last = cursor.at[token - 1];
  if (state.mode == Mode::top) return memchr(cursor.text + last, '\n', cursor.at[token] - last);
  return c == ']' || (c == ',' && cursor.text[cursor.at[token + 1]] != '"');
}

/// Goes to the boundary, or to the end where there is none.
void RecordScan::go(Cursor &cursor, uint32_t bias, Boundary next) {
  uint32_t limit = next ? next.at : cursor.length;
  while (cursor.here() < limit) cursor.i++;
  enter(next);
  // A lost quote makes texts of what is none up to the next one: tokens behind it are found anew.
  if (next && !(bias & muster_slice_in_arena)) resume = next.at;
}

/// Where the boundary stands, or nothing does any more.
void RecordScan::enter(Boundary next) {
  if (!next) is_cut = true;
  if (next.is_document) state = State();
  if (next.is_listed) state.enter(false);
  if (!next.is_document) state.value(true);
}

/// Passes over what stands in the array and belongs to no record; false where more of the log may tell where it ends.
bool RecordScan::debris(Cursor &cursor, uint32_t bias, bool last) {
  uint32_t here = cursor.here(), token = cursor.i;
  auto kind_of = [&](uint32_t token) { return grammar.kind[cursor.text[cursor.at[token]]]; };
  auto is_nothing = [](uint8_t kind) {
    return kind == Grammar::other || kind == Grammar::close_object || kind == Grammar::colon;
  };
  while (cursor.at[token] < cursor.length && is_nothing(kind_of(token))) token++;
  uint8_t kind = kind_of(token);
  if (state.mode == Mode::array && token > cursor.i && kind != Grammar::string && kind != Grammar::scalar) {
    // Braces too many, comments: what follows them is in order.
    cursor.i = token;
    state.value(kind == Grammar::open_object || kind == Grammar::open_array);
  } else {
    Boundary next = boundary_after(cursor.text, here + 1, cursor.length);
    if (!next && !last) return false;
    go(cursor, bias, next);
  }
  bad(here, here, muster_bad_syntax, bias);
  return true;
}

/// Reports damage; offsets in a mended copy are those that the window had.
void RecordScan::bad(uint32_t begin, uint32_t place, int reason, uint32_t bias) {
  if (!(bias & muster_slice_in_arena)) return reader.bad({bias + begin, bias + place, reason});
  uint32_t start = mending.origin(begin);
  reader.bad({start, mending.origin(std::max(begin, place)), reason});
}

/// Walks a window that simdjson refuses as a whole piece by piece, and mends the pieces that are to blame.
void RecordScan::pieces(uint8_t *text, uint32_t begin, uint32_t end, bool last, uint32_t &consumed) {
  consumed = begin;
  auto attempt = [&](uint32_t to) {
    Piece result = walk(text, begin, to, last && to == end, consumed);
    if (result == Piece::broken && (tokens_of.problem == simdjson::UTF8_ERROR || tokens_of.problem == simdjson::UNESCAPED_CHARS)) {
      result = repaired(text, begin, to, last && to == end, consumed);
    }
    begin = consumed;
    return result == Piece::resumed ? Piece::whole : result;
  };
  while (begin < end) {
    uint32_t start = begin;
    uint32_t head = state.mode == Mode::top ? head_end(text, begin, end) : 0;
    if (head && attempt(head) == Piece::whole) continue;
    while (begin < end && is_space(text[begin])) begin++;
    // A line that is whole is read at once: the rest of the window is looked at for others only.
    auto feed = state.mode == Mode::top ? static_cast<const uint8_t *>(memchr(text + begin, '\n', end - begin)) : nullptr;
    if (feed && attempt(uint32_t(feed - text) + 1) == Piece::whole) continue;
    reader.first_keys.suppose(text + begin, text + end);
    uint32_t to = begin;
    Piece result = Piece::incomplete;
    for (int tries = 0; result == Piece::incomplete && to < end && tries < 32; tries++) {
      Boundary next = boundary_after(text, std::max(to, begin) + 1, end, tries < 16 ? 1 : 1 << (tries - 15));
      to = next ? next.at : end;
      result = attempt(to);
    }
    // Where the beginning of the next record is damaged, it does not look like one: this one may be whole all the same.
    for (uint32_t tries = 0, at = begin; state.mode == Mode::array && result != Piece::whole && tries < 16; tries++) {
      if (!(at = object_after(text, std::max(at, begin) + 1, to))) break;
      result = attempt(at);
    }
    if (result == Piece::whole || begin > start) continue;
    Boundary next = boundary_after(text, begin + 1, end);
    reader.first_keys.suppose_nothing();
    // More of the log may end the record, unless a lost quote makes text of all that follows in its line.
    bool is_line = state.mode == Mode::top && next && tokens_of.problem == simdjson::UNESCAPED_CHARS;
    if (!last && (!next || (to == end && !is_line))) return;
    reader.bad({begin, begin, !next ? muster_bad_cut_short : muster_bad_syntax});
    enter(next);
    consumed = begin = next ? next.at : end;
  }
}

/// Length of the well-formed UTF-8 sequence at `p` (RFC 3629), 0 for none.
static uint32_t sequence(const uint8_t *p, const uint8_t *end) {
  uint8_t c = *p;
  if (c < 0x80) return 1;
  uint32_t size = c >= 0xF0 ? 4 : c >= 0xE0 ? 3 : 2;
  if (c < 0xC2 || c > 0xF4 || end - p < int(size)) return 0;
  for (uint32_t k = 1; k < size; k++) {
    if ((p[k] & 0xC0) != 0x80) return 0;
  }
  if ((c == 0xE0 && p[1] < 0xA0) || (c == 0xED && p[1] > 0x9F) || (c == 0xF0 && p[1] < 0x90) || (c == 0xF4 && p[1] > 0x8F)) {
    return 0;
  }
  return size;
}

uint32_t Mending::next(uint32_t &kept) {
  uint32_t size = sequence(at, end);
  if (*at == '"') in_string = !in_string;
  bool is_escape = in_string && *at == '\\' && at + 1 < end && at[1] >= 0x20 && at[1] < 0x80;
  bool is_none = !is_escape && (!size || (in_string && *at < 0x20 && *at != '\n'));
  kept = is_escape ? 2 : is_none ? 0 : size;
  at += is_none ? 1 : kept;
  return is_none ? 3 : 0;
}

uint32_t Mending::origin(uint32_t offset) {
  if (offset < copied) at = begin, copied = 0, in_string = false;
  for (uint32_t kept; copied < offset && at < end; copied += kept) copied += next(kept);
  return uint32_t(at - window);
}

/// Walks a mended copy, and keeps what is whole of it.
RecordScan::Piece RecordScan::repaired(const uint8_t *text, uint32_t begin, uint32_t end, bool last, uint32_t &consumed) {
  std::vector<uint8_t> &arena = reader.arena;
  size_t base = arena.size();
  arena.reserve(base + reader.arena_factor * size_t(end - begin) + 4096);
  uint32_t kept;
  mending = Mending(text, begin, end);
  for (Mending copy = mending; copy.at < copy.end;) {
    if (copy.next(kept)) arena.insert(arena.end(), {0xEF, 0xBF, 0xBD});
    else arena.insert(arena.end(), copy.at - kept, copy.at);
  }
  uint32_t length = uint32_t(arena.size() - base);
  arena.insert(arena.end(), 64, 0);
  if (!tokens_of.run_closed(arena.data() + base, length)) return Piece::broken;
  Cursor cursor(arena.data() + base, length, tokens_of.at(), arena);
  uint32_t bias = uint32_t(base) | muster_slice_in_arena, done = 0;
  Piece result = tokens(cursor, bias, last, true, done);
  consumed = mending.origin(done - bias);
  if (consumed == begin) arena.resize(base);
  return result;
}

/// Goes to the last byte before `at` that is no white space, and gives it; 0 where there is none.
uint8_t before(const uint8_t *text, uint32_t &at) {
  while (at > 0 && is_space(text[at - 1])) at--;
  return at > 0 ? text[--at] : 0;
}

/// Where the next record or document begins after `from`, or the last one of several, by its looks alone.
Boundary RecordScan::boundary_after(const uint8_t *text, uint32_t from, uint32_t end, uint32_t count) const {
  Boundary found;
  for (uint32_t at = std::max(from, 1u); count > 0 && at < end; at++) {
    auto brace = static_cast<const uint8_t *>(memchr(text + at, '{', end - at));
    if (!brace) break;
    at = uint32_t(brace - text);
    Boundary here = boundary_at(text, at, end);
    // A list's bracket may stand before that, with the brace behind it.
    if (here.at >= std::max(from, 1u)) found = here, count--;
  }
  return found;
}

/// Whether a record or a document looks to begin at the brace. One document never follows another's end within a third.
Boundary RecordScan::boundary_at(const uint8_t *text, uint32_t brace, uint32_t end) const {
  uint32_t at = brace, blanks = blanks_before(text, brace);
  uint8_t previous = before(text, at);
  bool is_list = state.mode == Mode::array, is_line = blanks < brace && text[brace - 1 - blanks] == '\n';
  if (is_list && state.is_listed && previous == ',' && head_end(text, brace, end)) return {brace, true, true};
  if (is_line && (is_list ? head_end(text, brace, end) > 0 : blanks == indent)) return {brace, true};
  if (previous == ',') return {is_list && reader.first_keys.know(text + brace, text + end) ? brace : 0};
  if (previous == '}' || previous == ']') return {brace, true};
  if (previous != '[') return {};
  uint32_t list = at;
  uint8_t outer = before(text, at);
  return {outer == ']' || outer == '}' ? list : 0, true};
}

/// Where the list of records begins that the document holds, by its looks; 0 for none.
uint32_t RecordScan::head_end(const uint8_t *text, uint32_t begin, uint32_t end) const {
  constexpr uint32_t longest = 4096;
  if (text[begin] == '[') return begin + 1;
  if (text[begin] != '{') return 0;
  for (uint32_t from = begin + 1, stop = std::min(end, begin + longest); from < stop;) {
    auto bracket = static_cast<const uint8_t *>(memchr(text + from, '[', stop - from));
    if (!bracket) break;
    uint32_t at = from = uint32_t(bracket - text);
    from++;
    if (before(text, at) != ':' || before(text, at) != '"') continue;
    uint32_t close = at;
    while (at > begin && text[at - 1] != '"') at--;
    if (reader.holds_list({text + at, close - at})) return from;
  }
  return 0;
}

/// Where the next object begins behind a comma; 0 for nowhere.
uint32_t RecordScan::object_after(const uint8_t *text, uint32_t from, uint32_t end) const {
  for (; from < end; from++) {
    auto brace = static_cast<const uint8_t *>(memchr(text + from, '{', end - from));
    if (!brace) break;
    from = uint32_t(brace - text);
    uint32_t at = from;
    if (before(text, at) == ',') return from;
  }
  return 0;
}

}  // namespace muster
