import Base

extension Lexer {
  /// The length of `b`, `r` or `br` in front of a quote, and what they say.
  func stringPrefix() -> (length: Int, isRaw: Bool, isBytes: Bool)? {
    var (length, isRaw, isBytes) = (0, false, false)
    if peek() | 0x20 == UInt8(ascii: "b") { (length, isBytes) = (1, true) }
    if peek(length) | 0x20 == UInt8(ascii: "r") { (length, isRaw) = (length + 1, true) }
    let quote = peek(length)
    return quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\"") ? (length, isRaw, isBytes) : nil
  }

  mutating func string(after prefix: Int, isRaw: Bool, isBytes: Bool) throws(SyntaxError) -> Token.Kind {
    let start = at
    at += prefix
    let quote = bytes[at]
    let isTriple = peek(1) == quote && peek(2) == quote
    at += isTriple ? 3 : 1
    var out: [UInt8] = []
    while true {
      guard at < bytes.count, isTriple || (bytes[at] != 0x0A && bytes[at] != 0x0D) else {
        throw SyntaxError(
          "the string does not end",
          hint:
            "it begins with \(String(decoding: bytes[start..<start + prefix], as: UTF8.self))\(quoteText(quote, isTriple)) and needs the same at its end",
          at: SourceRange(start, at))
      }
      let byte = bytes[at]
      if byte == quote, !isTriple || (peek(1) == quote && peek(2) == quote) {
        at += isTriple ? 3 : 1
        break
      }
      if byte == UInt8(ascii: "\\"), !isRaw {
        try escape(into: &out, isBytes: isBytes)
      } else {
        out.append(byte)
        at += 1
      }
    }
    return isBytes ? .bytes(out) : .string(String(decoding: out, as: UTF8.self))
  }

  private func quoteText(_ quote: UInt8, _ isTriple: Bool) -> String {
    String(repeating: quote == UInt8(ascii: "'") ? "'" : "\"", count: isTriple ? 3 : 1)
  }

  private mutating func escape(into out: inout [UInt8], isBytes: Bool) throws(SyntaxError) {
    let start = at
    let letter = peek(1)
    at += 2
    switch letter {
    case UInt8(ascii: "a"): out.append(7)
    case UInt8(ascii: "b"): out.append(8)
    case UInt8(ascii: "f"): out.append(12)
    case UInt8(ascii: "n"): out.append(10)
    case UInt8(ascii: "r"): out.append(13)
    case UInt8(ascii: "t"): out.append(9)
    case UInt8(ascii: "v"): out.append(11)
    case UInt8(ascii: "\\"), UInt8(ascii: "?"), UInt8(ascii: "'"), UInt8(ascii: "\""), UInt8(ascii: "`"):
      out.append(letter)
    case UInt8(ascii: "x"), UInt8(ascii: "X"): try code(2, radix: 16, from: start, isBytes, &out)
    case UInt8(ascii: "0")...UInt8(ascii: "3"):
      at -= 1
      try code(3, radix: 8, from: start, isBytes, &out)
    case UInt8(ascii: "u") where !isBytes:
      if let scalar = surrogatePair() { return out.append(contentsOf: String(Character(scalar)).utf8) }
      try code(4, radix: 16, from: start, isBytes, &out)
    case UInt8(ascii: "U") where !isBytes: try code(8, radix: 16, from: start, isBytes, &out)
    default: throw badEscape(from: start, letter, isBytes: isBytes)
    }
  }

  private func badEscape(from start: Int, _ letter: UInt8, isBytes: Bool) -> SyntaxError {
    let unicode = isBytes && (letter | 0x20) == UInt8(ascii: "u")
    let shown = String(decoding: bytes[start..<min(start + 2, bytes.count)], as: UTF8.self).escapedOnOneLine
    return SyntaxError(
      unicode ? "a byte string has no Unicode escapes" : "unknown escape `\(shown)`",
      hint: unicode
        ? "write the bytes as `\\x…`" : "write `\\\\` for a backslash, or a raw string r'…' for a regular expression",
      at: SourceRange(start, min(start + 2, bytes.count)))
  }

  /// The character of `\uD83D\uDE00`, which stands behind the first `\u`; only then is it taken (CEL specification, "String and
  /// Bytes Values").
  private mutating func surrogatePair() -> Unicode.Scalar? {
    guard peek(4) == UInt8(ascii: "\\"), peek(5) == UInt8(ascii: "u"), let high = fourDigits(0), high >> 10 == 0x36,
      let low = fourDigits(6), low >> 10 == 0x37
    else { return nil }
    at += 10
    return Unicode.Scalar(0x10000 + (high & 0x3FF) << 10 + low & 0x3FF)
  }

  private func fourDigits(_ ahead: Int) -> UInt32? {
    var value: UInt32 = 0
    for place in ahead..<ahead + 4 {
      guard let digit = peek(place).hexValue else { return nil }
      value = value << 4 | digit
    }
    return value
  }

  /// Reads so many digits and appends the byte or the UTF-8 of the code point.
  private mutating func code(_ count: Int, radix: UInt32, from start: Int, _ isBytes: Bool, _ out: inout [UInt8])
    throws(SyntaxError)
  {
    var value: UInt32 = 0
    for _ in 0..<count {
      guard let digit = peek().hexValue, digit < radix else {
        throw SyntaxError("the escape needs \(count) digits", at: SourceRange(start, min(at + 1, bytes.count)))
      }
      value = value &* radix &+ digit
      at += 1
    }
    if isBytes {
      out.append(UInt8(truncatingIfNeeded: value))
    } else if let scalar = Unicode.Scalar(value) {
      out.append(contentsOf: Array(String(Character(scalar)).utf8))
    } else {
      throw SyntaxError("no character has this code", at: SourceRange(start, at))
    }
  }
}
