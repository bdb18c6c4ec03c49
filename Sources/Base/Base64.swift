/// Base64 as RFC 4648 §4 has it, strictly: no line feeds, no white space, whole groups of four, padding only where it belongs, the
/// unused bits zero. So a text decodes in one way and one text stands for some bytes.
package enum Base64 {
  private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
  private static let padding = UInt8(ascii: "=")

  /// The bytes that a text stands for; `nil` for any other text.
  package static func decode(_ text: some Collection<UInt8>) -> [UInt8]? {
    let digits = Array(text)
    guard digits.count % 4 == 0 else { return nil }
    let padded = digits.reversed().prefix { $0 == padding }.count
    guard padded <= 2 else { return nil }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(digits.count / 4 * 3)
    var at = 0
    while at < digits.count {
      let used = at + 4 == digits.count ? 4 - padded : 4
      var bits: UInt32 = 0
      for place in 0..<used {
        guard let value = value(of: digits[at + place]) else { return nil }
        bits |= UInt32(value) << UInt32(18 - 6 * place)
      }
      // The bits that no byte takes must be zero: 24 bits hold used - 1 bytes.
      if bits << UInt32(8 + 8 * (used - 1)) != 0 { return nil }
      for place in 0..<used - 1 { bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(16 - 8 * place))) }
      at += 4
    }
    return bytes
  }

  /// As `decode`, of a string.
  package static func decode(_ text: some StringProtocol) -> [UInt8]? { decode(text.utf8) }

  /// The text that stands for some bytes, with padding unless told otherwise.
  package static func encode(_ bytes: some Collection<UInt8>, isPadded: Bool = true) -> String {
    var out: [UInt8] = []
    out.reserveCapacity((bytes.count + 2) / 3 * 4)
    var (bits, count): (UInt32, Int) = (0, 0)
    for byte in bytes {
      bits = bits << 8 | UInt32(byte)
      count += 8
      while count >= 6 {
        count -= 6
        out.append(alphabet[Int(bits >> UInt32(count) & 63)])
      }
    }
    if count > 0 { out.append(alphabet[Int(bits << UInt32(6 - count) & 63)]) }
    while isPadded && out.count % 4 != 0 { out.append(padding) }
    return String(decoding: out, as: UTF8.self)
  }

  private static func value(of digit: UInt8) -> UInt8? {
    switch digit {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): digit - UInt8(ascii: "A")
    case UInt8(ascii: "a")...UInt8(ascii: "z"): digit - UInt8(ascii: "a") + 26
    case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0") + 52
    case UInt8(ascii: "+"): 62
    case UInt8(ascii: "/"): 63
    default: nil
    }
  }
}
