/// Writes the elements of a part: numbers in base 128, least part first (LEB128, DWARF 5 §7.6), texts with their length.
struct PartWriter {
  private(set) var bytes: [UInt8] = []

  mutating func byte(_ value: UInt8) { bytes.append(value) }

  @inline(__always)
  mutating func number(_ value: UInt64) {
    var value = value
    while value >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: value) | 0x80)
      value >>= 7
    }
    bytes.append(UInt8(truncatingIfNeeded: value))
  }

  mutating func number(_ value: Int) { number(UInt64(value)) }
  mutating func number(_ value: UInt32) { number(UInt64(value)) }

  mutating func large(_ value: UInt128) {
    number(UInt64(truncatingIfNeeded: value))
    number(UInt64(truncatingIfNeeded: value >> 64))
  }

  /// Small for numbers near zero of either sign.
  mutating func signed(_ value: Int64) { number(UInt64(bitPattern: value << 1 ^ value >> 63)) }

  mutating func text(_ text: String) {
    number(text.utf8.count)
    bytes.append(contentsOf: text.utf8)
  }

  mutating func optional(_ text: String?) {
    byte(text == nil ? 0 : 1)
    if let text { self.text(text) }
  }

  mutating func raw(_ more: some Sequence<UInt8>) { bytes.append(contentsOf: more) }

  /// Eight bytes, the least first.
  mutating func fixed(_ value: UInt64) {
    for shift in stride(from: UInt64(0), to: 64, by: 8) { bytes.append(UInt8(truncatingIfNeeded: value >> shift)) }
  }

  mutating func clear() { bytes.removeAll(keepingCapacity: true) }
}
