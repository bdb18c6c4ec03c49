#include "Fields.h"
#include "RecordScan.hpp"
#include <deque>
#include <new>

namespace {

using muster::Cursor;
using muster::Grammar;
using muster::Text;
using muster::Walked;

constexpr uint32_t nothing = UINT32_MAX;

/// The places as a tree of keys.
struct Node {
  std::string key;
  uint32_t field = nothing;
  uint32_t rank = 0;  // among the places, in their order
  muster_need need = muster_need_scalar;
  Node *element = nullptr, *inner = nullptr;
  std::vector<Node *> children;
  mutable uint32_t seen = 0;  // the record in which it stood last
  uint64_t lengths = 0;  // bit n is set where a child's key has n bytes; longer ones share bit 63

  bool is_leaf() const { return field != nothing; }
  Node *child(Text name) const {
    if (!(lengths >> (name.length < 63 ? name.length : 63) & 1)) return nullptr;
    for (Node *node : children) {
      if (node->key.size() == name.length && !memcmp(node->key.data(), name.bytes, name.length)) return node;
    }
    return nullptr;
  }
};

}  // namespace

struct muster_fields final : muster::RecordReader {
  muster::RecordScan scanner{*this};
  std::vector<muster_row> rows;
  std::vector<muster_slice> values;
  std::vector<muster_item> items;
  std::vector<muster_bad_record> faults;
  size_t kept[4] = {0, 0, 0, 0};

  muster_fields(const muster_place *places, size_t count, uint32_t fields, const char *const *lists, size_t list_count)
      : width(fields), ranks(fields) {
    arena_factor = 24;
    for (size_t i = 0; i < count; i++) add(places[i]);
    for (size_t i = 0; i < list_count; i++) list_keys.emplace_back(lists[i]);
  }

  Walked read(Cursor &c, uint32_t bias, bool may_hold_list, bool repaired) override;
  void place(uint32_t begin, uint32_t end) override { rows.back().begin = begin, rows.back().end = end; }
  void bad(muster::Fault f) override {
    faults.push_back({f.begin, f.place, muster_bad_reason(f.reason), uint32_t(rows.size())});
  }
  void keep() override { kept[0] = rows.size(), kept[1] = values.size(), kept[2] = items.size(), kept[3] = faults.size(); }
  void rewind() override {
    rows.resize(kept[0]), values.resize(kept[1]), items.resize(kept[2]), faults.resize(kept[3]);
  }

  void hold_on() {
    for (auto &each : held) show(each, false);
  }
  void forget_held() {
    for (auto &each : held) each.text.clear(), each.shown = {0, 0};
  }

private:
  /// What the object that holds the list says of all its records.
  struct Held {
    std::string key;
    uint32_t field;
    std::vector<uint8_t> text;
    muster_slice shown;
  };

  std::deque<Node> nodes{1};
  std::vector<Held> held;
  uint32_t width, places = 0;
  std::vector<uint32_t> ranks;  // of what stands in each field of the row
  muster::TokenIndex inner_tokens[2];
  size_t row = 0;  // where the row begins in `values`
  uint32_t serial = 0;
  uint32_t outer = 0;  // the element that holds the list which is being read
  bool is_list = false, repaired = false;

  /// A walk over one text: the record's, or one inside of it.
  struct Walk {
    Cursor &c;
    uint32_t bias;
    int depth;  // of texts in texts
  };

  Node *new_node(std::string key) {
    nodes.emplace_back();
    nodes.back().key = std::move(key);
    return &nodes.back();
  }
  void add(const muster_place &place);
  bool refuse(Cursor &c, uint32_t place, muster_bad_reason reason) {
    c.fault = place, fault_reason = reason;
    return false;
  }
  bool value(Walk &w, const Node &node, uint32_t element, bool listed);
  bool members(Walk &w, const Node &node, uint32_t element, bool listed);
  bool elements(Walk &w, const Node &node, uint32_t element);
  bool text_inside(Walk &w, const Node &node, uint32_t element, bool listed);
  bool take(Walk &w, const Node &node, uint32_t element, bool listed);
  bool store(Walk &w, const Node &node, uint32_t element, bool listed, muster_slice text, uint32_t here);
  void hold(Cursor &c, Text key);
  void show(Held &each, bool in_arena);
};

void muster_fields::add(const muster_place &place) {
  Node *node = &nodes.front();
  const char *at = place.place;
  if (at[0] == '/' && at[1] == '/') return held.push_back({at + 2, place.field, {}, {0, 0}});
  while (*at) {
    std::string key;
    for (; *at && *at != '/'; at++) {
      if (at[0] == '~' && at[1] == '1') key += '/', at++;
      else if (at[0] == '~' && at[1] == '0') key += '~', at++;
      else key += *at;
    }
    if (*at == '/') at++;
    if (key == "*") {
      node = node->element ? node->element : (node->element = new_node(key));
    } else if (key == "@json") {
      node = node->inner ? node->inner : (node->inner = new_node(key));
    } else {
      Text name{reinterpret_cast<const uint8_t *>(key.data()), uint32_t(key.size())};
      Node *known = node->child(name);
      if (!known) {
        known = new_node(key);
        node->children.push_back(known);
        node->lengths |= uint64_t(1) << (key.size() < 63 ? key.size() : 63);
      }
      node = known;
    }
  }
  node->field = place.field, node->need = place.need, node->rank = places++;
}

bool muster_fields::members(Walk &w, const Node &node, uint32_t element, bool listed) {
  return w.c.object([&](Text key) {
    const Node *child = node.child(key);
    return child ? value(w, *child, element, listed) : w.c.skip();
  });
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

bool muster_fields::store(Walk &w, const Node &node, uint32_t element, bool listed, muster_slice text, uint32_t here) {
  if (listed) {
    items.push_back({text, node.field, element, outer});
    return true;
  }
  if (node.seen == serial) return refuse(w.c, here, muster_bad_duplicate);
  node.seen = serial;
  muster_slice &slot = values[row + node.field];
  // Of several places of a field that hold something the first in the table counts, wherever they stand in the record.
  if (text.length && (!slot.length || node.rank < ranks[node.field])) slot = text, ranks[node.field] = node.rank;
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
  if (muster::grammar.kind[kind] != Grammar::scalar) return c.skip();
  Text raw = c.scalar();
  if (raw.is("null")) return true;
  if (node.need == muster_need_text) return refuse(c, here, muster_bad_type);
  return store(w, node, element, listed, {uint32_t(raw.bytes - c.text) + w.bias, raw.length}, here);
}

/// Remembers the text at the cursor where the object's list may need it; the cursor stays.
void muster_fields::hold(Cursor &c, Text key) {
  for (auto &each : held) {
    bool is_held = key.length == each.key.size() && !memcmp(key.bytes, each.key.data(), key.length);
    if (!is_held || c.peek() != '"') continue;
    uint32_t start = c.i;
    Text raw = c.string();
    c.i = start;
    each.text.clear();
    if (raw.length <= 2048) muster::unescape(raw.bytes, raw.length, each.text);
  }
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
  outer = 0;
  fault_reason = muster_bad_syntax;
  serial++;
  row = values.size();
  size_t first = items.size();
  values.resize(row + width);
  rows.push_back({0, 0, uint32_t(first), 0});
  Walk walk{c, bias, 0};
  uint32_t begin = c.here();
  const Node &top = nodes.front();
  bool is_whole = c.object([&](Text key) {
    if (may_hold_list && c.peek() == '[' && holds_list(key)) return is_list = true, false;
    if (may_hold_list && !held.empty()) hold(c, key);
    const Node *child = top.child(key);
    return child ? value(walk, *child, 0, false) : c.skip();
  });
  if (!is_whole) {
    items.resize(first), values.resize(row), rows.pop_back();
    if (!is_list) return Walked::failed;
    for (auto &each : held) show(each, bias & muster_slice_in_arena);
    return Walked::list;
  }
  for (auto &each : held) {
    if (!may_hold_list && !values[row + each.field].length) values[row + each.field] = each.shown;
  }
  rows.back().items = uint32_t(items.size() - first);
  remember_first_key(c, begin);
  return Walked::record;
}

extern "C" muster_fields *muster_fields_open(
    const muster_place *places, size_t place_count, uint32_t field_count, const char *const *lists, size_t list_count) {
  return new (std::nothrow) muster_fields(places, place_count, field_count, lists, list_count);
}

extern "C" void muster_fields_close(muster_fields *fields) { delete fields; }

extern "C" void muster_fields_restart(muster_fields *fields) {
  fields->first_key.clear();
  fields->forget_held();
  fields->scanner.restart();
}

extern "C" void muster_fields_scan(
    muster_fields *fields, uint8_t *text, size_t length, bool last, muster_field_batch *batch) {
  fields->rows.clear(), fields->values.clear(), fields->items.clear(), fields->faults.clear(), fields->arena.clear();
  fields->hold_on();
  size_t consumed = fields->scanner.scan(text, length, last);
  *batch = {fields->rows.data(),   fields->rows.size(),   fields->values.data(), fields->items.data(),
            fields->arena.data(), fields->faults.data(), fields->faults.size(), consumed};
}

extern "C" void muster_fields_pass_over(muster_fields *fields) { fields->scanner.pass_over(); }
