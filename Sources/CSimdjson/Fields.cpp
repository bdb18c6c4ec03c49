#include "Fields.h"
#include "PlaceTree.hpp"
#include "RecordScan.hpp"
#include "WholeNumber.hpp"
#include <new>

using muster::Cursor;
using muster::Grammar;
using muster::grammar;
using muster::nothing;
using muster::Text;
using muster::Walked;
using Node = muster::PlaceTree::Node;

struct muster_fields final : muster::RecordReader {
  muster::RecordScan scanner{*this};
  std::vector<muster_row> rows;
  std::vector<muster_value> values;  // only the first `filled` count
  size_t filled = 0;
  std::vector<muster_item> items;
  std::vector<muster_bad_record> faults;

  muster_fields(const muster_place *places, size_t count, uint32_t fields, const char *const *lists, size_t list_count)
      : tree(places, count, lists, list_count), held(tree.held_fields.size()), cells(fields) {
    arena_factor = 24;
    list_keys.assign(lists, lists + list_count);
    flattens = tree.flattens;
    for (size_t i = 0; i < held.size(); i++) held[i].field = tree.held_fields[i];
  }

  Walked read(Cursor &c, uint32_t bias, bool may_hold_list, bool repaired) override;
  void place(uint32_t begin, uint32_t end, uint32_t origin) override {
    rows.back().begin = begin, rows.back().end = end, rows.back().origin = origin;
  }
  void bad(muster::Fault f) override {
    faults.push_back({f.begin, f.place, muster_bad_reason(f.reason), uint32_t(rows.size())});
  }

  void enter_bare_list() override { forget_held(); }
  void hold_on() {
    for (auto &each : held) show(each, false);
  }
  void forget_held() {
    for (auto &each : held) each.text.clear(), each.shown = {0, 0};
  }

private:
  /// What the object that holds the list says of all its records.
  struct Held {
    uint32_t field;
    std::vector<uint8_t> text;
    muster_slice shown;
  };

  muster::PlaceTree tree;
  std::vector<Held> held;
  /// What was found last for a field.
  struct Cell {
    uint32_t serial = 0, rank = 0;  // the record, and the rank of the place
    size_t at = 0;                  // in `values`
  };
  std::vector<Cell> cells;
  muster::TokenIndex inner_tokens[2];
  uint32_t serial = 0;
  uint32_t outer = 0;  // the element that holds the list which is being read
  bool is_list = false, repaired = false;

  /// A walk over one text: the record's, or one inside of it.
  struct Walk {
    Cursor &c;
    uint32_t bias;
    int depth;  // of texts in texts
  };

  bool refuse(Cursor &c, uint32_t place, muster_bad_reason reason) {
    c.fault = place, fault_reason = reason;
    return false;
  }
  bool value(Walk &w, const Node &node, uint32_t element, bool listed);
  bool members(Walk &w, const Node &node, uint32_t element, bool listed, bool may_hold_list = false);
  bool list_inside(Walk &w, const Node &node, uint32_t element, bool listed);
  const Node *member(Cursor &c, const Node &node, uint32_t &step);
  bool elements(Walk &w, const Node &node, uint32_t element);
  bool text_inside(Walk &w, const Node &node, uint32_t element, bool listed);
  bool take_text(Cursor &c, uint32_t bias, const Node &node, bool listed);
  void fill(const Node &node, muster_slice text);
  void fill(uint32_t field, uint32_t rank, muster_slice text);
  bool take(Walk &w, const Node &node, uint32_t element, bool listed);
  bool store(Walk &w, const Node &node, uint32_t element, bool listed, muster_slice text, uint32_t here);
  muster_slice number(Walk &w, Text raw);
  void hold(Cursor &c, Held &each);
  void show(Held &each, bool in_arena);
};

/// Reads a name that was not foretold.
const Node *muster_fields::member(Cursor &c, const Node &node, uint32_t &step) {
  uint32_t before = uint32_t(arena.size());
  Text key = c.name();
  const Node *child = node.child(key);
  if (arena.size() > before) step = node.order.lost;
  node.order.learn(step, key, child);
  return child;
}

/// Takes a text where nothing needs a closer look.
inline bool muster_fields::take_text(Cursor &c, uint32_t bias, const Node &node, bool listed) {
  if (listed || repaired || node.seen == serial) return false;
  Text raw = c.string();
  if (c.has_escape(raw)) return c.i--, false;
  fill(node, {uint32_t(raw.bytes - c.text) + bias, raw.length});
  return true;
}

/// The object at the cursor. With `may_hold_list` the walk stops at the list of records.
bool muster_fields::members(Walk &w, const Node &node, uint32_t element, bool listed, bool may_hold_list) {
  // A copy that nothing else knows can live in registers.
  Cursor c = w.c;
  uint32_t step = node.order.start;
  c.i++;
  if (c.peek() == '}') return w.c.i = c.i + 1, true;
  while (true) {
    if (c.peek() != '"') return w.c.follow(c), w.c.fail();
    const Node *child;
    if (node.order.follow(step, c.text + c.here() + 1)) {
      child = node.order.value(step);
      c.i++;
    } else {
      w.c.follow(c);
      child = member(w.c, node, step);
      c.follow(w.c);
    }
    if (c.peek() != ':') return w.c.follow(c), w.c.fail();
    c.i++;
    uint8_t kind = grammar.kind[c.peek()];
    if (!child && (kind == Grammar::string || kind == Grammar::scalar)) {
      c.i++;
    } else if (kind == Grammar::string && child->is_plain && take_text(c, w.bias, *child, listed)) {
    } else {
      w.c.follow(c);
      if (may_hold_list && child) {
        if (kind == Grammar::open_array && child->is_list) return is_list = true, false;
        if (kind == Grammar::string && child->held != nothing) hold(w.c, held[child->held]);
      }
      if (may_hold_list && child && kind == Grammar::open_object && child->leads_to_list) {
        if (!list_inside(w, *child, element, listed)) return false;
      } else if (!(child ? value(w, *child, element, listed) : w.c.skip())) {
        return false;
      }
      c.follow(w.c);
    }
    uint8_t mark = c.peek();
    c.i++;
    if (mark == '}') return w.c.follow(c), true;
    if (mark != ',') return c.i--, w.c.follow(c), w.c.fail();
  }
}

/// The object at the cursor, which may hold the list of records.
bool muster_fields::list_inside(Walk &w, const Node &node, uint32_t element, bool listed) {
  uint32_t start = w.c.i;
  if (node.is_leaf() && !take(w, node, element, listed)) return false;
  w.c.i = start;
  list_depth++;
  if (!members(w, node, element, listed, true)) return false;
  list_depth--;
  return true;
}

bool muster_fields::elements(Walk &w, const Node &node, uint32_t element) {
  uint32_t number = 0, around = outer;
  outer = element;
  bool is_whole = w.c.array([&] { return value(w, *node.element, number++, true); });
  outer = around;
  return is_whole;
}

/// The value at the cursor, which belongs to the node.
bool muster_fields::value(Walk &w, const Node &node, uint32_t element, bool listed) {
  uint8_t kind = w.c.peek();
  if (kind == '{' && !node.children.empty()) {
    if (!node.is_leaf()) return members(w, node, element, listed);
    uint32_t start = w.c.i;
    if (!take(w, node, element, listed)) return false;
    w.c.i = start;
    return members(w, node, element, listed);
  }
  if (kind == '[' && node.element) {
    if (!node.is_leaf()) return elements(w, node, element);
    uint32_t start = w.c.i;
    if (!take(w, node, element, listed)) return false;
    w.c.i = start;
    return elements(w, node, element);
  }
  if (kind == '{' && node.inner && !node.inner->children.empty()) return members(w, *node.inner, element, listed);
  if (kind == '[' && node.inner && node.inner->element) return elements(w, *node.inner, element);
  if (kind == '"' && node.inner) {
    if (node.is_leaf()) {
      uint32_t start = w.c.i;
      if (!take(w, node, element, listed)) return false;
      w.c.i = start;
    }
    return text_inside(w, node, element, listed);
  }
  return node.is_leaf() ? take(w, node, element, listed) : w.c.skip();
}

/// JSON in a text: unescaped into the arena and walked there. A text that is no JSON object or list counts as absent.
bool muster_fields::text_inside(Walk &w, const Node &node, uint32_t element, bool listed) {
  Text raw = w.c.string();
  uint32_t here = w.c.at[w.c.i - 1];
  if (w.depth == 2 || raw.length == 0) return true;
  // No text that is being walked may move while others are unescaped behind it: there must be room for all of its own.
  size_t start = arena.size(), room = start + 16 * size_t(raw.length) + 512;
  bool is_in_arena = w.bias & muster_slice_in_arena;
  if (!is_in_arena) arena.reserve(room);
  else if (room + 3 * size_t(w.c.length) > arena.capacity()) return refuse(w.c, here, muster_bad_nested);
  muster::unescape(raw.bytes, raw.length, arena);
  uint32_t length = uint32_t(arena.size() - start);
  arena.insert(arena.end(), 64, 0);
  const uint8_t *text = arena.data() + start;
  muster::TokenIndex &tokens = inner_tokens[w.depth];
  if (!tokens.run(text, length)) return refuse(w.c, here, muster_bad_nested);
  Cursor inner(text, length, tokens.at(), arena);
  if (inner.ended() || (inner.peek() != '{' && inner.peek() != '[')) return true;
  Walk walk{inner, uint32_t(start) | muster_slice_in_arena, w.depth + 1};
  bool is_whole = value(walk, *node.inner, element, listed);
  if (is_whole && inner.ended()) return true;
  return refuse(w.c, here, fault_reason == muster_bad_duplicate ? muster_bad_duplicate : muster_bad_nested);
}

inline void muster_fields::fill(const Node &node, muster_slice text) {
  node.seen = serial;
  fill(node.field, node.rank, text);
}

/// Of several places of a field that hold something the first in the table counts, wherever they stand in the record.
inline void muster_fields::fill(uint32_t field, uint32_t rank, muster_slice text) {
  if (!text.length) return;
  Cell &cell = cells[field];
  if (cell.serial != serial) {
    cell = {serial, rank, filled};
    values[filled++] = {text, field};
  } else if (rank < cell.rank) {
    values[cell.at].text = text, cell.rank = rank;
  }
}

bool muster_fields::store(Walk &w, const Node &node, uint32_t element, bool listed, muster_slice text, uint32_t here) {
  if (listed) {
    items.push_back({text, node.field, element, outer});
    return true;
  }
  if (node.seen == serial) return refuse(w.c, here, muster_bad_duplicate);
  fill(node, text);
  return true;
}

/// The value at the cursor into its field. A null leaves it empty.
bool muster_fields::take(Walk &w, const Node &node, uint32_t element, bool listed) {
  Cursor &c = w.c;
  uint32_t here = c.here();
  uint8_t kind = c.peek();
  if (kind == '"') {
    Text raw = c.string();
    muster_slice slice;
    if (c.has_escape(raw)) {
      uint32_t start = uint32_t(arena.size());
      bool whole = muster::unescape(raw.bytes, raw.length, arena);
      if (!whole && node.need != muster_need_caller) return refuse(c, here, muster_bad_text);
      slice = {start | muster_slice_in_arena, uint32_t(arena.size()) - start};
    } else {
      slice = {uint32_t(raw.bytes - c.text) + w.bias, raw.length};
    }
    if (repaired && node.need == muster_need_text && memmem(raw.bytes, raw.length, "\xEF\xBF\xBD", 3)) {
      return refuse(c, here, muster_bad_text);
    }
    return store(w, node, element, listed, slice, here);
  }
  if (kind == '{' || kind == '[') {
    if (node.need == muster_need_text) return refuse(c, here, muster_bad_type);
    if (!c.skip()) return false;
    if (node.need != muster_need_any) return true;
    uint32_t end = c.at[c.i - 1] + 1;
    return store(w, node, element, listed, {here + w.bias, end - here}, here);
  }
  if (grammar.kind[kind] != Grammar::scalar) return c.skip();
  Text raw = c.scalar();
  if (raw.is("null")) return true;
  if (node.need == muster_need_text) return refuse(c, here, muster_bad_type);
  return store(w, node, element, listed, number(w, raw), here);
}

/// The number or literal: whole numbers in digits. Where the text that is being walked would move, they stay as they are.
muster_slice muster_fields::number(Walk &w, Text raw) {
  uint32_t start = uint32_t(arena.size());
  bool has_room = !(w.bias & muster_slice_in_arena) || arena.capacity() - start >= 20;
  if (has_room && muster::append_whole(raw, arena)) {
    return {start | muster_slice_in_arena, uint32_t(arena.size()) - start};
  }
  return {uint32_t(raw.bytes - w.c.text) + w.bias, raw.length};
}

/// Remembers the text at the cursor, which stays, where the object's list may need it.
void muster_fields::hold(Cursor &c, Held &each) {
  uint32_t start = c.i;
  Text raw = c.string();
  c.i = start;
  each.text.clear();
  if (raw.length <= 2048) muster::unescape(raw.bytes, raw.length, each.text);
}

/// Puts what is held into the arena, unless a text that is being walked there would move.
void muster_fields::show(Held &each, bool in_arena) {
  each.shown = {0, 0};
  if (each.text.empty() || (in_arena && arena.capacity() - arena.size() < each.text.size())) return;
  each.shown = {uint32_t(arena.size()) | muster_slice_in_arena, uint32_t(each.text.size())};
  arena.insert(arena.end(), each.text.begin(), each.text.end());
}

Walked muster_fields::read(Cursor &c, uint32_t bias, bool may_hold_list, bool repaired) {
  if (may_hold_list) forget_held();
  this->repaired = repaired;
  is_list = false;
  list_depth = 1;
  outer = 0;
  fault_reason = muster_bad_syntax;
  serial++;
  size_t first_value = filled, first_item = items.size();
  if (values.size() < filled + cells.size()) values.resize(2 * (filled + cells.size()));
  rows.push_back({0, 0, 0, uint32_t(first_value), 0, uint32_t(first_item), 0});
  Walk walk{c, bias, 0};
  uint32_t begin = c.here();
  bool is_whole = members(walk, tree.top(), 0, false, may_hold_list);
  if (!is_whole) {
    items.resize(first_item), filled = first_value, rows.pop_back();
    if (!is_list) return Walked::failed;
    for (auto &each : held) show(each, bias & muster_slice_in_arena);
    return Walked::list;
  }
  for (auto &each : held) {
    if (!may_hold_list) fill(each.field, nothing, each.shown);
  }
  rows.back().values = uint32_t(filled - first_value);
  rows.back().items = uint32_t(items.size() - first_item);
  first_keys.learn(c.text + begin, c.text + c.length);
  return Walked::record;
}

extern "C" muster_fields *muster_fields_open(
    const muster_place *places, size_t place_count, uint32_t field_count, const char *const *lists, size_t list_count) {
  return new (std::nothrow) muster_fields(places, place_count, field_count, lists, list_count);
}

extern "C" void muster_fields_close(muster_fields *fields) { delete fields; }

extern "C" void muster_fields_restart(muster_fields *fields) {
  fields->first_keys.clear();
  fields->forget_held();
  fields->scanner.restart();
}

extern "C" void muster_fields_scan(
    muster_fields *fields, uint8_t *text, size_t length, bool last, muster_field_batch *batch) {
  fields->rows.clear(), fields->filled = 0, fields->items.clear(), fields->faults.clear(), fields->arena.clear();
  fields->hold_on();
  size_t consumed = fields->scanner.scan(text, length, last);
  *batch = {fields->rows.data(),   fields->rows.size(),   fields->values.data(), fields->items.data(),
            fields->arena.data(), fields->faults.data(), fields->faults.size(), consumed};
}

extern "C" void muster_fields_pass_over(muster_fields *fields) { fields->scanner.pass_over(); }
