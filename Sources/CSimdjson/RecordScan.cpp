#include "RecordScan.hpp"
#include "CloudTrail.h"
#include <algorithm>
#include <utility>

namespace muster {

/// Where the byte stands that is the last one before `at` but for white space, if it is that one; 0 for another.
static uint32_t before(const uint8_t *text, uint32_t at, uint8_t byte) {
  while (at > 0 && is_space(text[at - 1])) at--;
  return at > 0 && text[at - 1] == byte ? at - 1 : 0;
}

size_t RecordScan::scan(uint8_t *text, size_t size, bool last) {
  uint32_t length = uint32_t(size), begin = 0;
  while (!seeking && begin < length && is_space(text[begin])) begin++;
  uint32_t end = last ? length : std::max(begin, last_boundary(text, length));
  if (seeking) {
    uint32_t next = boundary_after(text, 1, length);
    if (!next && !last) return length > 256 ? length - 256 : 0;
    begin = next ? next : length;
    end = std::max(begin, end);
    seeking = false;
    state.value(true);
  }
  uint32_t consumed = begin;
  while (end > consumed) {
    Piece result = walk(text, consumed, end, last, consumed);
    if (result == Piece::broken) pieces(text, consumed, end, last, consumed);
    if (result != Piece::resumed) break;
  }
  if (!last) return consumed;
  if (state.mode != Mode::top && !is_cut) reader.bad({length, length, muster_bad_cut_short});
  return length;
}

bool TokenIndex::run(const uint8_t *text, uint32_t length) {
  if (!stage || stage->capacity() < length) {
    size_t capacity = std::max<size_t>(1 << 18, size_t(length) + length / 2);
    stage.reset();
    problem = simdjson::get_active_implementation()->create_dom_parser_implementation(capacity, 1, stage);
    if (problem) return false;
  }
  stage->n_structural_indexes = 0;
  problem = stage->stage1(text, length, simdjson::stage1_mode::regular);
  if (problem && problem != simdjson::EMPTY) return false;
  uint32_t *at = stage->structural_indexes.get(), n = problem ? 0 : stage->n_structural_indexes;
  at[n] = at[n + 1] = at[n + 2] = length;
  return true;
}

RecordScan::Piece RecordScan::walk(uint8_t *text, uint32_t begin, uint32_t end, bool last, uint32_t &consumed) {
  uint8_t saved = text[end];
  text[end] = 0;
  Piece result = Piece::broken;
  if (tokens_of.run(text + begin, end - begin)) {
    Cursor cursor(text + begin, end - begin, tokens_of.at(), reader.arena);
    result = tokens(cursor, begin, last, false, consumed);
  }
  text[end] = saved;
  return result;
}

RecordScan::Piece RecordScan::tokens(Cursor &cursor, uint32_t bias, bool last, bool repaired, uint32_t &consumed) {
  while (!cursor.ended()) {
    uint32_t begin = cursor.here();
    uint8_t c = cursor.peek();
    bool whole = true;
    if (state.mode == Mode::wrapper) {
      whole = wrapper(cursor, bias, last);
    } else if (c == '{' && !(state.mode == Mode::array && state.after_value)) {
      whole = record(cursor, bias, last, repaired);
    } else if (state.mode == Mode::array) {
      whole = separator(cursor, bias) || other(cursor, bias, last);
    } else if (c == '[') {
      state.enter(false);
      reader.enter_bare_list();
      cursor.i++;
    } else {
      junk(cursor, bias);
    }
    if (!whole) return consumed = bias + begin, Piece::incomplete;
    if (resume) return consumed = bias + std::exchange(resume, 0), Piece::resumed;
  }
  return consumed = bias + cursor.length, Piece::whole;
}

bool RecordScan::record(Cursor &cursor, uint32_t bias, bool last, bool repaired) {
  uint32_t start = cursor.i, begin = cursor.here();
  reader.fault_reason = muster_bad_syntax;
  switch (reader.read(cursor, bias, state.mode == Mode::top, repaired)) {
  case Walked::record:
    reader.place(bias + begin, bias + cursor.at[cursor.i - 1] + 1);
    state.value(false);
    return true;
  case Walked::list:
    state.depth = reader.list_depth;
    if (list(cursor, bias)) return true;
    state.mode = Mode::top;
    break;
  case Walked::failed: break;
  }
  int reason = reader.fault_reason;
  cursor.i = start;
  return resync(cursor, bias, begin, last, reason);
}

/// Enters the list at the cursor; false where what stands there goes beyond the window.
bool RecordScan::list(Cursor &cursor, uint32_t bias) {
  if (cursor.peek() == '[') {
    state.enter(true);
    cursor.i++;
    return true;
  }
  uint32_t here = cursor.here();
  if (!cursor.skip()) return false;
  state.mode = Mode::wrapper, state.value(false);
  bad(here, here, muster_bad_records, bias);
  return true;
}

/// A value of the array that is no object.
bool RecordScan::other(Cursor &cursor, uint32_t bias, bool last) {
  uint32_t begin = cursor.here(), start = cursor.i;
  if (reader.flattens && cursor.peek() == '[') {
    state.inner++;
    state.has_comma = false;
    cursor.i++;
    return true;
  }
  if (cursor.skip()) {
    bad(begin, begin, muster_bad_not_object, bias);
    state.value(false);
    return true;
  }
  if (cursor.fault >= cursor.length || cursor.fault != begin) {
    cursor.i = start;
    return resync(cursor, bias, begin, last, muster_bad_syntax);
  }
  // No token of JSON: pass over it and its kin.
  bad(begin, begin, muster_bad_syntax, bias);
  while (!cursor.ended() && cursor.peek() != '{' && cursor.peek() != '[' && cursor.peek() != ',' && cursor.peek() != ']') {
    cursor.i++;
  }
  return true;
}

bool RecordScan::resync(Cursor &cursor, uint32_t bias, uint32_t begin, bool last, int reason) {
  bool ended = cursor.fault >= cursor.length;
  auto soundness = cursor.skip_sound();
  if (!ended && soundness == Cursor::Sound::whole) return bad(begin, cursor.fault, reason, bias), state.value(false), true;
  uint32_t next = boundary_after(cursor.text, begin + 1, cursor.length);
  if (ended && soundness == Cursor::Sound::unfinished && state.mode != Mode::top) next = 0;
  if (ended && !next && !last) return false;
  uint32_t place = cursor.fault, limit = next ? next : cursor.length;
  uint32_t j = cursor.i;
  int depth = 0;
  do depth += grammar.depth[grammar.kind[cursor.text[cursor.at[j]]]];
  while (depth > 0 && cursor.at[++j] < limit);
  if (depth <= 0) {
    cursor.i = j + 1;
    state.value(false);
  } else if (next || last) {
    while (cursor.here() < limit) cursor.i++;
    state.value(true);
    if (!next) is_cut = true;
    // A lost quote makes texts of what is none up to the next one: tokens behind it are found anew.
    if (next && !(bias & muster_slice_in_arena)) resume = next;
  } else {
    return false;
  }
  if (ended) place = begin, reason = next ? muster_bad_open : muster_bad_cut_short;
  bad(begin, place, reason, bias);
  return true;
}

/// A comma or the end of the array.
bool RecordScan::separator(Cursor &cursor, uint32_t bias) {
  uint32_t here = cursor.here();
  uint8_t c = cursor.peek();
  if (c == ',') {
    if (!state.after_value) bad(here, here, muster_bad_separator, bias);
    state.after_value = false, state.has_comma = true;
  } else if (c == ']') {
    if (state.has_comma) bad(here, here, muster_bad_separator, bias);
    if (state.inner) state.inner--;
    else state.mode = state.is_wrapped ? Mode::wrapper : Mode::top;
    state.value(false);
  } else if (state.after_value) {
    bad(here, here, muster_bad_separator, bias);
    state.after_value = false;
    return true;
  } else {
    return false;
  }
  cursor.i++;
  return true;
}

/// What follows a list inside the object that holds it.
bool RecordScan::wrapper(Cursor &cursor, uint32_t bias, bool last) {
  uint32_t start = cursor.i, here = cursor.here();
  uint8_t c = cursor.peek();
  if (c == '}') {
    if (state.depth > 1) state.depth--;
    else state.mode = Mode::top;
    cursor.i++;
    return true;
  }
  cursor.fail();
  if (c == ',') {
    cursor.i++;
    if (cursor.peek() == '"') {
      Text key = cursor.name();
      bool is_list = reader.holds_list(key);
      if (cursor.peek() == ':') {
        cursor.i++;
        if (is_list ? !cursor.ended() && list(cursor, bias) : cursor.skip()) return true;
      }
    }
    cursor.fail();
  }
  if (cursor.fault >= cursor.length) {
    if (!last) return cursor.i = start, false;
    bad(here, cursor.length, muster_bad_cut_short, bias);
    is_cut = true;
    while (!cursor.ended()) cursor.i++;
    return true;
  }
  bad(here, cursor.fault, muster_bad_syntax, bias);
  state.mode = Mode::top;
  if (cursor.i == start) cursor.i++;
  return true;
}

/// What stands between documents and begins none.
void RecordScan::junk(Cursor &cursor, uint32_t bias) {
  uint32_t here = cursor.here();
  uint8_t kind = grammar.kind[cursor.peek()];
  if (kind == Grammar::string || kind == Grammar::scalar) {
    bad(here, here, muster_bad_not_object, bias);
    cursor.i++;
    return;
  }
  bad(here, here, muster_bad_syntax, bias);
  while (!cursor.ended() && cursor.peek() != '{' && cursor.peek() != '[') cursor.i++;
}

/// Offsets in a mended copy say about where in the window it was.
void RecordScan::bad(uint32_t begin, uint32_t place, int reason, uint32_t bias) {
  if (!(bias & muster_slice_in_arena)) return reader.bad({bias + begin, bias + place, reason});
  reader.bad({std::min(mended + begin, mended_end), std::min(mended + place, mended_end), reason});
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
    uint32_t to = begin, start = begin;
    Piece result = Piece::incomplete;
    for (int tries = 0; result == Piece::incomplete && to < end && tries < 32; tries++) {
      uint32_t next = boundary_after(text, to + 1, end, tries < 16 ? 1 : 1 << (tries - 15));
      to = next ? next : end;
      result = attempt(to);
    }
    // Where the beginning of the next record is damaged, it does not look like one: this one may be whole all the same.
    for (uint32_t tries = 0, at = begin; result != Piece::whole && tries < 16; tries++) {
      if (!(at = object_after(text, at + 1, to))) break;
      result = attempt(at);
    }
    if (result == Piece::whole || begin > start) continue;
    auto feed = static_cast<const uint8_t *>(memchr(text + begin, '\n', to - begin));
    uint32_t line = feed ? uint32_t(feed - text) + 1 : to;
    uint32_t resume = line;
    bool is_one_of_several = state.mode == Mode::top && line < to;
    if (to == end && !last) {
      // More of the log may end the record, unless a lost quote makes text of all that follows.
      if (tokens_of.problem != simdjson::UNESCAPED_CHARS || !is_one_of_several) return;
    }
    if (is_one_of_several) {
      // Several lines, one of them to blame: the first one may be whole.
      if (attempt(line) == Piece::whole) continue;
      reader.bad({begin, begin, muster_bad_syntax});
    } else {
      uint32_t next = boundary_after(text, begin + 1, end);
      reader.bad({begin, begin, to == end && last ? muster_bad_cut_short : muster_bad_syntax});
      if (!next && last) is_cut = true;
      resume = next ? next : end;
    }
    state.value(true);
    consumed = begin = resume;
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

/// A text in which U+FFFD stands for what is none. A line feed inside a string stays: there a string was not closed.
struct Mending {
  const uint8_t *at, *end;
  bool in_string = false;

  /// How many bytes the next ones become; 0 where they stay as they are, `kept` of them.
  uint32_t next(uint32_t &kept) {
    uint32_t size = sequence(at, end);
    if (*at == '"') in_string = !in_string;
    bool is_escape = in_string && *at == '\\' && at + 1 < end && at[1] >= 0x20 && at[1] < 0x80;
    bool is_none = !is_escape && (!size || (in_string && *at < 0x20 && *at != '\n'));
    kept = is_escape ? 2 : is_none ? 0 : size;
    at += is_none ? 1 : kept;
    return is_none ? 3 : 0;
  }
};

/// Walks a mended copy, and keeps what is whole of it.
RecordScan::Piece RecordScan::repaired(const uint8_t *text, uint32_t begin, uint32_t end, bool last, uint32_t &consumed) {
  std::vector<uint8_t> &arena = reader.arena;
  size_t base = arena.size();
  arena.reserve(base + reader.arena_factor * size_t(end - begin) + 4096);
  uint32_t kept;
  for (Mending text_of{text + begin, text + end}; text_of.at < text_of.end;) {
    if (text_of.next(kept)) arena.insert(arena.end(), {0xEF, 0xBF, 0xBD});
    else arena.insert(arena.end(), text_of.at - kept, text_of.at);
  }
  uint32_t length = uint32_t(arena.size() - base);
  arena.insert(arena.end(), 64, 0);
  if (!tokens_of.run(arena.data() + base, length)) return Piece::broken;
  Cursor cursor(arena.data() + base, length, tokens_of.at(), arena);
  mended = begin, mended_end = end;
  uint32_t bias = uint32_t(base) | muster_slice_in_arena, done = 0;
  Piece result = tokens(cursor, bias, last, true, done);
  Mending passed{text + begin, text + end};
  for (uint32_t copied = 0; copied < done - bias; copied += kept) copied += passed.next(kept);
  consumed = uint32_t(passed.at - text);
  if (consumed == begin) arena.resize(base);
  return result;
}

/// Where the next record begins after `from`, or the last one of several, by its looks alone; 0 for nowhere.
uint32_t RecordScan::boundary_after(const uint8_t *text, uint32_t from, uint32_t end, uint32_t count) const {
  uint32_t found = 0, at = std::max(from, 1u) - 1;
  if (state.mode == Mode::top) {
    auto line = at < end ? static_cast<const uint8_t *>(memmem(text + at, end - at, "\n{\"", 3)) : nullptr;
    return line ? uint32_t(line - text) + 1 : 0;
  }
  while (count > 0 && (at = object_after(text, at + 1, end))) {
    if (reader.first_keys.know(text + at, text + end)) found = at, count--;
  }
  return found;
}

/// Where the next object begins behind a comma; 0 for nowhere.
uint32_t RecordScan::object_after(const uint8_t *text, uint32_t from, uint32_t end) const {
  while (from < end) {
    auto brace = static_cast<const uint8_t *>(memchr(text + from, '{', end - from));
    if (!brace) break;
    uint32_t at = uint32_t(brace - text);
    if (before(text, at, ',')) return at;
    from = at + 1;
  }
  return 0;
}

/// A place as far back as possible where a record may begin; 0 for none.
uint32_t RecordScan::last_boundary(const uint8_t *text, uint32_t end) const {
  for (uint32_t p = end; p > 4; p--) {
    if (text[p - 1] == '\n') return p;
    if (text[p - 1] != '"') continue;
    uint32_t brace = before(text, p - 1, '{'), comma = brace ? before(text, brace, ',') : 0;
    if (comma && before(text, comma, '}')) return brace;
  }
  return 0;
}

}  // namespace muster
