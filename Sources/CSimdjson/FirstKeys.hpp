// What the records of a log begin with, to find the next one behind a broken one. Internal to this target.
#pragma once
#include "Tokens.hpp"
#include <algorithm>
#include <string>
#include <vector>

namespace muster {

class FirstKeys {
public:
  void clear() { keys.clear(), guess.clear(), latest = 0, are_varied = false; }

  /// Remembers the first key of the record that was read. 64 bytes behind its end must be readable.
  void learn(const uint8_t *brace, const uint8_t *end) {
    const uint8_t *name = key(brace, end);
    if (!name || are_varied || (latest < keys.size() && begins(name, keys[latest]))) return;
    for (size_t k = 0; k < keys.size(); k++) {
      if (begins(name, keys[k])) return void(latest = k);
    }
    auto quote = static_cast<const uint8_t *>(memchr(name, '"', longest));
    if (!quote || quote == name) return;
    if (keys.size() == most) return are_varied = true, keys.clear();
    latest = keys.size();
    keys.emplace_back(reinterpret_cast<const char *>(name), quote + 1 - name);
  }

  /// While nothing is known, records are taken to begin as the damaged one does at the brace. False where nothing tells more.
  bool suppose(const uint8_t *brace, const uint8_t *end) {
    if (!keys.empty() || !guess.empty() || are_varied) return false;
    const uint8_t *name = key(brace, end);
    size_t room = name ? std::min(longest, size_t(end - name)) : 0;
    auto quote = room ? static_cast<const uint8_t *>(memchr(name, '"', room)) : nullptr;
    guess.assign(reinterpret_cast<const char *>(name), quote ? quote + 1 - name : 0);
    return quote;
  }
  void suppose_nothing() { guess.clear(); }

  /// Whether the object at the brace begins as records do: with one of a few keys, else with any.
  bool know(const uint8_t *brace, const uint8_t *end) const {
    const uint8_t *name = key(brace, end);
    if (!name || keys.empty()) return name && (guess.empty() || begins(name, guess));
    for (auto &known : keys) {
      if (begins(name, known)) return true;
    }
    return false;
  }

private:
  static constexpr size_t longest = 40, most = 16;

  static const uint8_t *key(const uint8_t *brace, const uint8_t *end) {
    do brace++;
    while (brace < end && is_space(*brace));
    return brace < end && *brace == '"' ? brace + 1 : nullptr;
  }
  static bool begins(const uint8_t *name, const std::string &known) { return !memcmp(name, known.data(), known.size()); }

  /// With the quote that ends them.
  std::vector<std::string> keys;
  std::string guess;
  size_t latest = 0;
  bool are_varied = false;
};

}  // namespace muster
