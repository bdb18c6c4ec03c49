// The places of fields as a tree of keys. Internal to this target.
#pragma once
#include "Fields.h"
#include "KeyOrder.hpp"
#include <deque>
#include <string>

namespace muster {

constexpr uint32_t nothing = UINT32_MAX;

class PlaceTree {
public:
  struct Node {
    std::string key;
    uint32_t field = nothing;
    uint32_t rank = 0;  // among the places, in their order
    muster_need need = muster_need_scalar;
    Node *element = nullptr, *inner = nullptr;
    std::vector<Node *> children;
    uint64_t lengths = 0;  // bit n is set where a child's key has n bytes; longer ones share bit 63
    mutable KeyOrder<Node> order;
    mutable uint32_t seen = 0;  // the record in which it stood last
    // Of the keys at the top:
    uint32_t held = nothing;  // which of the texts before the list it is
    bool is_list = false;     // it may hold the list of records
    bool leads_to_list = false;  // an object there may hold it
    bool is_plain = false;    // a text there is one field and nothing else

    bool is_leaf() const { return field != nothing; }
    Node *child(Text name) const {
      if (!(lengths >> (name.length < 63 ? name.length : 63) & 1)) return nullptr;
      for (Node *node : children) {
        if (node->key.size() == name.length && !memcmp(node->key.data(), name.bytes, name.length)) return node;
      }
      return nullptr;
    }
  };

  PlaceTree(const muster_place *places, size_t count, const char *const *lists, size_t list_count) {
    for (size_t i = 0; i < count; i++) add(places[i]);
    for (size_t i = 0; i < list_count; i++) add_list(lists[i]);
    for (Node &node : nodes) {
      node.is_plain = node.is_leaf() && !node.inner && !node.element && node.children.empty() && node.held == nothing;
    }
  }

  const Node &top() const { return nodes.front(); }
  /// The fields of texts in the object that holds the list of records.
  std::vector<uint32_t> held_fields;
  /// Whether lists in the list of records are part of it.
  bool flattens = false;

private:
  std::deque<Node> nodes{1};
  uint32_t count = 0;

  Node *child(Node &node, const std::string &key) {
    Node *known = node.child({reinterpret_cast<const uint8_t *>(key.data()), uint32_t(key.size())});
    if (known) return known;
    node.children.push_back(&nodes.emplace_back());
    node.lengths |= uint64_t(1) << (key.size() < 63 ? key.size() : 63);
    node.children.back()->key = key;
    return node.children.back();
  }

  /// The next key of a place, which may have escapes.
  static std::string next_key(const char *&at) {
    std::string key;
    for (; *at && *at != '/'; at++) {
      if (at[0] == '~' && at[1] == '1') key += '/', at++;
      else if (at[0] == '~' && at[1] == '0') key += '~', at++;
      else key += *at;
    }
    if (*at == '/') at++;
    return key;
  }

  void add_list(const char *at) {
    Node *node = &nodes.front();
    while (*at) {
      std::string key = next_key(at);
      if (key == "*") flattens = true;
      else node->leads_to_list = true, node = child(*node, key);
    }
    node->is_list = node != &nodes.front();
  }

  void add(const muster_place &place) {
    Node *node = &nodes.front();
    const char *at = place.place;
    if (at[0] == '/' && at[1] == '/') {
      child(*node, at + 2)->held = uint32_t(held_fields.size());
      return held_fields.push_back(place.field);
    }
    while (*at) {
      std::string key = next_key(at);
      if (key == "*") node = node->element ? node->element : (node->element = &nodes.emplace_back());
      else if (key == "@json") node = node->inner ? node->inner : (node->inner = &nodes.emplace_back());
      else node = child(*node, key);
    }
    node->field = place.field, node->need = place.need, node->rank = count++;
  }
};

}  // namespace muster
