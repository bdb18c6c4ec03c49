/// Base64 (the encoders extension; RFC 4648).
enum EncoderLibrary {
  static let functions: [Function] = [
    Function(
      "base64.encode", "The bytes as base64", [Overload([.bytes], .string)],
      .unary {
        if case .bytes(let bytes) = $0 { return .string(encode(bytes)) }
        return nil
      }),
    Function(
      "base64.decode", "The bytes that the base64 text stands for, with or without padding",
      [Overload([.string], .bytes)],
      .unary {
        guard case .string(let text) = $0 else { return nil }
        return decode(text).map { .bytes($0) } ?? .failure("the text is not base64")
      }),
  ]

  private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

  private static func encode(_ bytes: [UInt8]) -> String {
    var out: [UInt8] = []
    for start in stride(from: 0, to: bytes.count, by: 3) {
      let chunk = bytes[start..<min(start + 3, bytes.count)]
      let bits = chunk.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - chunk.count))
      for place in 0..<4 {
        out.append(place <= chunk.count ? alphabet[bits >> (18 - 6 * place) & 63] : UInt8(ascii: "="))
      }
    }
    return String(decoding: out, as: UTF8.self)
  }

  private static func decode(_ text: String) -> [UInt8]? {
    var digits = Array(text.utf8)
    if digits.count % 4 == 0 {
      for _ in 0..<2 where digits.last == UInt8(ascii: "=") { digits.removeLast() }
    }
    if digits.count % 4 == 1 { return nil }
    var out: [UInt8] = []
    var (bits, count) = (0, 0)
    for digit in digits {
      guard let value = value(digit) else { return nil }
      bits = (bits << 6 | value) & 0xFFFF
      count += 6
      if count >= 8 {
        count -= 8
        out.append(UInt8(truncatingIfNeeded: bits >> count))
      }
    }
    return out
  }

  private static func value(_ digit: UInt8) -> Int? {
    switch digit {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): Int(digit) - 65
    case UInt8(ascii: "a")...UInt8(ascii: "z"): Int(digit) - 71
    case UInt8(ascii: "0")...UInt8(ascii: "9"): Int(digit) + 4
    case UInt8(ascii: "+"): 62
    case UInt8(ascii: "/"): 63
    default: nil
    }
  }
}
