// Which bytes of a text are of a kind, a bit a byte. Internal to this target.
#pragma once
#include <cstdint>
#include <cstring>

namespace muster {

typedef uint8_t Bytes __attribute__((ext_vector_type(16)));
typedef bool Bits __attribute__((ext_vector_type(16)));

/// Bit n tells whether `is` holds for byte n, of the `width` bytes (a multiple of 16) from there. The compiler makes of it what the
/// processor has: on x86-64 two instructions for 16 bytes.
template <int width, class F> inline uint64_t bits_where(const uint8_t *text, F &&is) {
  uint64_t bits = 0;
  for (int at = 0; at < width; at += 16) {
    Bytes bytes;
    memcpy(&bytes, text + at, 16);
    bits |= uint64_t(__builtin_bit_cast(uint16_t, __builtin_convertvector(is(bytes), Bits))) << at;
  }
  return bits;
}

/// As above, whether the byte is `c`.
template <int width> inline uint64_t bits_of(const uint8_t *text, uint8_t c) {
  return bits_where<width>(text, [c](Bytes bytes) { return bytes == c; });
}

}  // namespace muster
