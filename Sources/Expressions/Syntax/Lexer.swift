import Base

/// Cuts an expression's text into tokens (CEL specification, "Lexis").
struct Lexer {
  let bytes: [UInt8]
  /// Where the next token is looked for.
  var at: Int

  init(_ bytes: [UInt8], at start: Int = 0) {
    self.bytes = bytes
    at = start
  }

  func peek(_ ahead: Int = 0) -> UInt8 { at + ahead < bytes.count ? bytes[at + ahead] : 0 }

  mutating func next() throws(SyntaxError) -> Token {
    skipBlanks()
    let start = at
    guard at < bytes.count else { return Token(.end, start, start) }
    let kind = try kind()
    return Token(kind, start, at)
  }

  private mutating func kind() throws(SyntaxError) -> Token.Kind {
    let byte = bytes[at]
    if let (prefix, isRaw, isBytes) = stringPrefix() {
      return try string(after: prefix, isRaw: isRaw, isBytes: isBytes)
    }
    if byte.isNameStart { return .name(name()) }
    if byte.isDigit || (byte == UInt8(ascii: ".") && peek(1).isDigit) { return try number() }
    if byte == UInt8(ascii: "`") { return try quotedName() }
    for mark in Token.Mark.twoBytes where mark.0 == byte && mark.1 == peek(1) {
      at += 2
      return .mark(mark.2)
    }
    if let mark = Token.Mark(rawValue: byte) {
      at += 1
      return .mark(mark)
    }
    throw unexpected()
  }

  private func unexpected() -> SyntaxError {
    let byte = bytes[at]
    var end = at + 1
    while end < bytes.count, bytes[end] & 0xC0 == 0x80 { end += 1 }
    let text = String(decoding: bytes[at..<end], as: UTF8.self).escapedOnOneLine
    let hint =
      switch byte {
      case UInt8(ascii: "&"): "write `&&`"
      case UInt8(ascii: "|"): "write `||`"
      case UInt8(ascii: "="): "write `==` to compare"
      case UInt8(ascii: "#"): "comments begin with `//`"
      case 0x80...: "text goes inside quotes; typographic quotes are not quotes"
      default: ""
      }
    return SyntaxError("unexpected character `\(text)`", hint: hint, at: SourceRange(at, end))
  }

  private mutating func skipBlanks() {
    while at < bytes.count {
      switch bytes[at] {
      case 0x20, 0x09, 0x0A, 0x0C, 0x0D: at += 1
      case UInt8(ascii: "/") where peek(1) == UInt8(ascii: "/"):
        while at < bytes.count, bytes[at] != 0x0A { at += 1 }
      default: return
      }
    }
  }

  private mutating func name() -> String {
    let start = at
    while at < bytes.count, bytes[at].isNameStart || bytes[at].isDigit { at += 1 }
    return String(decoding: bytes[start..<at], as: UTF8.self)
  }

  private mutating func quotedName() throws(SyntaxError) -> Token.Kind {
    let start = at
    at += 1
    while at < bytes.count, bytes[at] != UInt8(ascii: "`") {
      let byte = bytes[at]
      let allowed = byte.isNameStart || byte.isDigit || "./- ".utf8.contains(byte)
      if !allowed {
        throw SyntaxError(
          "a quoted field name has only letters, digits, `_`, `.`, `-`, `/` and spaces", at: SourceRange(at, at + 1))
      }
      at += 1
    }
    guard at < bytes.count, at > start + 1 else {
      throw SyntaxError("the quoted field name does not end", at: SourceRange(start, at))
    }
    at += 1
    return .quoted(String(decoding: bytes[start + 1..<at - 1], as: UTF8.self))
  }

  private mutating func number() throws(SyntaxError) -> Token.Kind {
    let start = at
    let isHex = bytes[at] == UInt8(ascii: "0") && (peek(1) | 0x20) == UInt8(ascii: "x")
    var isDouble = false
    if isHex {
      at += 2
      while peek().isHexDigit { at += 1 }
    } else {
      while peek().isDigit { at += 1 }
      if peek() == UInt8(ascii: "."), peek(1).isDigit {
        isDouble = true
        at += 1
        while peek().isDigit { at += 1 }
      }
      isDouble = try exponent(from: start) || isDouble
    }
    let digits = String(decoding: bytes[isHex ? start + 2..<at : start..<at], as: UTF8.self)
    let isUnsigned = !isDouble && (peek() | 0x20) == UInt8(ascii: "u")
    if isUnsigned { at += 1 }
    if peek().isNameStart || peek().isDigit {
      throw SyntaxError(
        "a number runs into a name", hint: "put a space or an operator between", at: SourceRange(start, at + 1))
    }
    if isDouble, let value = Double(digits) {
      if value.isFinite { return .double(value) }
      throw SyntaxError("the number does not fit in a double", at: SourceRange(start, at))
    }
    guard let value = UInt64(digits, radix: isHex ? 16 : 10) else {
      throw SyntaxError("the number does not fit in 64 bits", at: SourceRange(start, at))
    }
    return isUnsigned ? .uint(value) : .int(value)
  }

  private mutating func exponent(from start: Int) throws(SyntaxError) -> Bool {
    guard peek() | 0x20 == UInt8(ascii: "e") else { return false }
    let sign = peek(1) == UInt8(ascii: "+") || peek(1) == UInt8(ascii: "-") ? 1 : 0
    guard peek(1 + sign).isDigit else {
      throw SyntaxError("the exponent has no digits", at: SourceRange(start, at + 1 + sign))
    }
    at += 1 + sign
    while peek().isDigit { at += 1 }
    return true
  }
}

extension UInt8 {
  var isDigit: Bool { self &- 0x30 < 10 }
  var isHexDigit: Bool { isDigit || (self | 0x20) &- 0x61 < 6 }
  var isNameStart: Bool { (self | 0x20) &- 0x61 < 26 || self == UInt8(ascii: "_") }

  var hexValue: UInt32? {
    if isDigit { return UInt32(self &- 0x30) }
    return (self | 0x20) &- 0x61 < 6 ? UInt32((self | 0x20) &- 0x61) + 10 : nil
  }
}
