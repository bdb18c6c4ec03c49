#include "WholeNumber.hpp"

namespace muster {

namespace {

/// A number as digits without zeros at their ends, and so many zeros behind them.
struct Decimal {
  static constexpr uint32_t most = 19;
  const uint8_t *at, *end;
  uint8_t digits[most];
  uint32_t count = 0;
  int64_t zeros = 0;

  bool is_digit() const { return at < end && uint8_t(*at - '0') < 10; }
  bool take(uint8_t c, uint8_t other) { return at < end && (*at == c || *at == other) && ++at; }

  /// The digits at the cursor; how many, -1 where there are too many that count.
  int64_t read() {
    const uint8_t *start = at;
    for (; is_digit(); at++) {
      if (*at == '0') {
        zeros++;
        continue;
      }
      if (count == 0) zeros = 0;
      if (zeros >= most - count) return -1;
      for (; zeros > 0; zeros--) digits[count++] = '0';
      digits[count++] = *at;
    }
    return at - start;
  }

  /// The exponent at the cursor, cut where it is beyond any number that is kept; false where there is none.
  bool shift() {
    bool is_negative = at < end && *at == '-';
    take('-', '+');
    if (!is_digit()) return false;
    int64_t value = 0;
    for (; is_digit(); at++) value = value < 1'000'000'000'000 ? 10 * value + (*at - '0') : value;
    zeros += is_negative ? -value : value;
    return true;
  }
};

}  // namespace

bool append_spelled(Text number, std::vector<uint8_t> &out) {
  Decimal d{number.bytes, number.bytes + number.length, {}};
  bool is_negative = d.take('-', '-');
  if (d.read() <= 0) return false;
  if (d.take('.', '.')) {
    int64_t places = d.read();
    if (places <= 0) return false;
    d.zeros -= places;
  }
  if (d.take('e', 'E') && !d.shift()) return false;
  if (d.at != d.end) return false;
  if (d.count == 0) return out.push_back('0'), true;
  if (d.zeros < 0 || d.zeros > Decimal::most - d.count) return false;
  if (is_negative) out.push_back('-');
  out.insert(out.end(), d.digits, d.digits + d.count);
  out.insert(out.end(), size_t(d.zeros), '0');
  return true;
}

}  // namespace muster
