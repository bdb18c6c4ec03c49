// What stands where in a log: records, lists of them, what holds the lists. Damage is left to RecordRecovery.cpp.
#include "RecordScan.hpp"
#include "CloudTrail.h"
#include <algorithm>
#include <utility>

namespace muster {

size_t RecordScan::scan(uint8_t *text, size_t size, bool last) {
  size_t consumed = scan_window(text, size, last);
  // Many kinds of log may look at one large window.
  tokens_of.shrink();
  return consumed;
}

size_t RecordScan::scan_window(uint8_t *text, size_t size, bool last) {
  uint32_t length = uint32_t(size), begin = 0;
  while (!seeking && begin < length && is_space(text[begin])) begin++;
  if (state.mode == Mode::top) learn_indent(text, begin);
  uint32_t end = last ? length : std::max(begin, last_boundary(text, length));
  if (seeking) {
    Boundary next = boundary_after(text, 1, length);
    if (!next && !last) return length > 256 ? length - 256 : 0;
    begin = next ? next.at : length;
    end = std::max(begin, end);
    seeking = false;
    enter(next);
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

bool TokenIndex::run_closed(uint8_t *text, uint32_t &length) {
  if (run(text, length)) return true;
  if (problem != simdjson::UNCLOSED_STRING) return false;
  text[length++] = '"', text[length] = 0;
  return run(text, length);
}

RecordScan::Piece RecordScan::walk(uint8_t *text, uint32_t begin, uint32_t end, bool last, uint32_t &consumed) {
  uint8_t saved[2] = {text[end], text[end + 1]};
  text[end] = 0;
  Piece result = Piece::broken;
  uint32_t length = end - begin;
  if (tokens_of.run_closed(text + begin, length)) {
    Cursor cursor(text + begin, length, tokens_of.at(), reader.arena);
    result = tokens(cursor, begin, last, false, consumed);
    consumed = std::min(consumed, end);
  }
  text[end] = saved[0], text[end + 1] = saved[1];
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
      whole = cursor.peek() == ',' || cursor.peek() == ']' || state.after_value ? separator(cursor, bias, last)
                                                                               : other(cursor, bias, last);
    } else if (c == '[') {
      state.enter(false);
      reader.enter_bare_list();
      cursor.i++;
    } else {
      whole = junk(cursor, bias, last);
    }
    if (!whole) return consumed = bias + begin, Piece::incomplete;
    if (resume) return consumed = bias + std::exchange(resume, 0), Piece::resumed;
  }
  return consumed = bias + cursor.length, Piece::whole;
}

bool RecordScan::record(Cursor &cursor, uint32_t bias, bool last, bool repaired) {
  uint32_t start = cursor.i, begin = cursor.here();
  reader.fault_reason = muster_bad_syntax;
  bool is_listed = state.mode == Mode::array;
  switch (reader.read(cursor, bias, !is_listed || state.may_list_documents, repaired)) {
  case Walked::record:
    reader.place(
        bias + begin, bias + cursor.at[cursor.i - 1] + 1,
        bias & muster_slice_in_arena ? mending.origin(begin) : bias + begin);
    state.value(false);
    state.may_list_documents = false;
    if (!is_listed) learn_indent(cursor.text, begin);
    return true;
  case Walked::list:
    state.depth = reader.list_depth, state.is_listed = is_listed;
    if (list(cursor, bias)) return true;
    state.mode = is_listed ? Mode::array : Mode::top;
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
  if ((reader.flattens || !state.is_wrapped) && cursor.peek() == '[') {
    state.inner++;
    state.has_comma = false;
    cursor.i++;
    return true;
  }
  if (cursor.skip()) {
    uint8_t next = cursor.peek();
    if (cursor.ended() && !last) return cursor.i = start, false;
    if (cursor.ended() || next == ',' || next == ']') {
      bad(begin, begin, muster_bad_not_object, bias);
      state.value(false);
      return true;
    }
  } else if (cursor.fault >= cursor.length || cursor.fault != begin) {
    cursor.i = start;
    return resync(cursor, bias, begin, last, muster_bad_syntax);
  }
  cursor.i = start;
  return debris(cursor, bias, last);
}

/// A comma or the end of the array.
bool RecordScan::separator(Cursor &cursor, uint32_t bias, bool last) {
  uint32_t here = cursor.here();
  uint8_t c = cursor.peek();
  if (c == ',') {
    if (!state.after_value) bad(here, here, muster_bad_separator, bias);
    state.after_value = false, state.has_comma = true;
  } else if (c == ']') {
    if (state.has_comma) bad(here, here, muster_bad_separator, bias);
    if (state.inner) state.inner--;
    else state.mode = state.is_wrapped ? Mode::wrapper : Mode::top, state.had_list = true;
    state.value(false);
  } else if (c == '{') {
    bad(here, here, muster_bad_separator, bias);
    state.after_value = false;
    // The list was not closed, and the next document begins.
    if (state.is_wrapped && head_end(cursor.text, here, cursor.length)) state = State();
    return true;
  } else {
    return debris(cursor, bias, last);
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
    else if (state.is_listed) state.enter(false), state.value(false);
    else state.mode = Mode::top;
    cursor.i++;
    return true;
  }
  cursor.fail();
  if (c == ',') {
    cursor.i++;
    if (cursor.peek() == '{') {
      // The list was closed too early.
      bad(here, here, muster_bad_separator, bias);
      state.enter(true), state.value(true);
      return true;
    }
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
  if (cursor.i == start && c != '{' && c != '[') cursor.i++;
  return true;
}

/// What stands between documents and begins none.
bool RecordScan::junk(Cursor &cursor, uint32_t bias, bool last) {
  uint32_t here = cursor.here();
  uint8_t kind = grammar.kind[cursor.peek()];
  if (kind == Grammar::string || kind == Grammar::scalar) {
    // Another word may lie beyond the window.
    if (cursor.at[cursor.i + 1] >= cursor.length && !last) return false;
    uint8_t next = cursor.text[cursor.at[cursor.i + 1]];
    if (next == ':' || next == ',') return debris(cursor, bias, last);
    bad(here, here, muster_bad_not_object, bias);
    cursor.i++;
    return true;
  }
  bool is_remnant = kind == Grammar::comma || kind == Grammar::colon || kind == Grammar::close_object || kind == Grammar::close_array;
  if (kind == Grammar::comma && state.had_list && cursor.text[cursor.at[cursor.i + 1]] == '{') {
    // The list was closed too early.
    bad(here, here, muster_bad_syntax, bias);
    state.enter(false), state.value(true);
    cursor.i++;
    return true;
  }
  // Of a record without its beginning an object is none, however it looks.
  if (is_remnant && !state.had_list) return debris(cursor, bias, last);
  bad(here, here, muster_bad_syntax, bias);
  while (!cursor.ended() && cursor.peek() != '{' && cursor.peek() != '[') cursor.i++;
  return true;
}

/// Remembers how far from the beginning of its line the document stands.
void RecordScan::learn_indent(const uint8_t *text, uint32_t begin) {
  uint32_t blanks = blanks_before(text, begin);
  if (blanks > 0 || (begin > 0 && text[begin - 1] == '\n')) indent = blanks;
}

/// A place as far back as possible where a record may begin; 0 for none.
uint32_t RecordScan::last_boundary(const uint8_t *text, uint32_t end) const {
  for (uint32_t p = end; p > 4; p--) {
    if (text[p - 1] == '\n') return p;
    if (text[p - 1] != '"') continue;
    uint32_t brace = p - 1, comma;
    if (before(text, brace) != '{') continue;
    comma = brace;
    if (before(text, comma) == ',' && before(text, comma) == '}') return brace;
  }
  return 0;
}

}  // namespace muster
