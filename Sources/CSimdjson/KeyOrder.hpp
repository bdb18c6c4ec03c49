// Foretells which key comes next in an object. Internal to this target.
#pragma once
#include "Tokens.hpp"

namespace muster {

/// The keys that objects of one place had so far, as a tree of steps: what one program writes mostly has its keys in one of a few
/// orders. A foretold key is compared, not read and looked up. `Value` is what a key leads to.
template <class Value> class KeyOrder {
public:
  static constexpr uint32_t start = 0, lost = UINT32_MAX;

  /// Goes on from a step where one of the foretold keys and its closing quote stand at `text`; 64 bytes there must be readable.
  bool follow(uint32_t &step, const uint8_t *text) const {
    if (step == lost) return false;
    for (uint32_t next = steps[step].next; next; next = steps[next].other) {
      if (steps[next].is_at(text, texts.data())) return step = next, true;
    }
    return false;
  }

  const Value *value(uint32_t step) const { return steps[step].value; }

  /// Goes on from a step to the key, which cannot be followed and has no escapes; lost where there are too many steps already.
  void learn(uint32_t &step, Text key, const Value *value) {
    if (step == lost) return;
    uint32_t forks = 0, last = 0, added = uint32_t(steps.size());
    for (uint32_t next = steps[step].next; next; next = steps[next].other) last = next, forks++;
    if (forks == most_forks || steps.size() == most_steps || key.length > longest) return void(step = lost);
    (last ? steps[last].other : steps[step].next) = added;
    steps.emplace_back(key, value, uint32_t(texts.size()));
    texts.insert(texts.end(), key.bytes, key.bytes + key.length);
    step = added;
  }

private:
  // Names that somebody chose are no order that comes again.
  static constexpr uint32_t most_forks = 8, most_steps = 512, longest = 63;

  /// A key with its closing quote. The words that hold its first and its last bytes are compared at once; they are the same one where
  /// it is short.
  struct Step {
    uint64_t mask = 0, head = 0, tail = 0;
    uint32_t last = 0;             // where `tail` begins
    uint32_t text = 0;             // where the key stands in `texts`
    uint32_t next = 0, other = 0;  // the step after this one, and the one to try instead; 0 for none
    const Value *value = nullptr;

    Step() = default;
    Step(Text key, const Value *value, uint32_t text) : text(text), value(value) {
      last = key.length < 8 ? 0 : key.length - 7;
      mask = key.length < 7 ? (uint64_t(1) << 8 * (key.length + 1)) - 1 : UINT64_MAX;
      head = word(key.bytes) & mask, tail = word(key.bytes + last) & mask;
    }
    bool is_at(const uint8_t *at, const uint8_t *texts) const {
      if (((word(at) ^ head) | (word(at + last) ^ tail)) & mask) return false;
      for (uint32_t k = 8; k + 8 <= last; k += 8) {
        if (word(at + k) != word(texts + text + k)) return false;
      }
      return last <= 8 || word(at + last - 8) == word(texts + text + last - 8);
    }
    static uint64_t word(const uint8_t *at) {
      uint64_t word;
      return memcpy(&word, at, 8), word;
    }
  };

  std::vector<uint8_t> texts;
  std::vector<Step> steps = std::vector<Step>(1);
};

}  // namespace muster
