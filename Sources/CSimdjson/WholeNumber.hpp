// Numbers of JSON (RFC 8259, section 6) as their value: `403.0`, `4.03e2` and `403` are one.
#pragma once
#include "Tokens.hpp"
#include <cstring>
#include <vector>

namespace muster {

/// Whether a number or literal can be nothing else than what it is spelled as: a literal, or digits alone. Behind it 8 bytes can be read.
inline bool is_plain(Text number) {
  if (number.length && number.bytes[0] > '9') return true;
  for (uint32_t i = 0; i < number.length; i += 8) {
    uint64_t eight;
    memcpy(&eight, number.bytes + i, 8);
    uint64_t others = (eight & 0xF0F0F0F0F0F0F0F0u) ^ 0x3030303030303030u;
    uint32_t left = number.length - i;
    if (left < 8) others <<= 64 - 8 * left;
    if (others) return false;
  }
  return true;
}

/// As below, for numbers that are not plain.
bool append_spelled(Text number, std::vector<uint8_t> &out);

/// The digits of a whole number below 10^19 to the end of `out`; false, and nothing happens, for one that has them already, any other
/// number and what is none.
inline bool append_whole(Text number, std::vector<uint8_t> &out) {
  return !is_plain(number) && append_spelled(number, out);
}

}  // namespace muster
