// Numbers of JSON (RFC 8259, section 6) as their value: `403.0`, `4.03e2` and `403` are one.
#pragma once
#include "Tokens.hpp"
#include <vector>

namespace muster {

/// Whether a number or literal may be a whole number in other than plain digits. Most are plain.
inline bool may_be_spelled(Text number) {
  if (!number.length || number.bytes[0] > '9') return false;  // a literal
  for (uint32_t i = 0; i < number.length; i++) {
    uint8_t c = number.bytes[i];
    if (c == '.' || (c | 0x20) == 'e') return true;
  }
  return number.is("-0");
}

/// The digits of a whole number below 10^19 to the end of `out`; false, and nothing happens, for any other number and what is none.
bool append_whole(Text number, std::vector<uint8_t> &out);

}  // namespace muster
