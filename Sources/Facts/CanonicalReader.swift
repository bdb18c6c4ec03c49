import Base
import Model

/// Reads canonical JSON Lines field after field, in the order in which they are written.
///
/// A reader of its own, beside the Documents room's, because facts are this program's own text: the order of the fields is known, so
/// that one pass over the bytes without any tree between reads 100,000 identities in the time that building the tree alone takes.
/// What is not in that form is an error with its place.
struct CanonicalReader {
  private let bytes: UnsafeBufferPointer<UInt8>
  private let path: String
  private let pool: GrantPool
  private var at = 0
  private var lineStart = 0
  private(set) var line = 1
  /// Whether no field or element of the innermost object or list has been read.
  private var isFirst = true

  /// The bytes must outlive the reader.
  init(_ bytes: UnsafeBufferPointer<UInt8>, path: String, pool: GrantPool) {
    self.bytes = bytes
    self.path = path
    self.pool = pool
  }

  /// Whether all lines have been read.
  var isAtEnd: Bool { at == bytes.count }

  /// Where the line that is being read stands.
  var lineLocation: SourceLocation { SourceLocation(path: path, line: line, column: 1) }

  /// Goes on after the line's last byte, which must be a line feed.
  mutating func endLine() throws(FactsError) {
    if at < bytes.count, peek != 0x0A { throw error("expected the end of the line, found \(found)") }
    try skipLine()
  }

  /// Goes to the next line.
  mutating func skipLine() throws(FactsError) {
    while at < bytes.count, bytes[at] != 0x0A { at += 1 }
    if at == bytes.count { throw error("the line has no end; the file may be cut off") }
    at += 1
    line += 1
    lineStart = at
  }

  mutating func beginObject() throws(FactsError) {
    try expect(UInt8(ascii: "{"), "an object")
    isFirst = true
  }

  /// Ends the object; an error where a field follows that nobody asked for.
  mutating func endObject() throws(FactsError) {
    if let name = nextField() { throw error("unknown or misplaced field `\(name)`") }
    try expect(UInt8(ascii: "}"), "the end of the object")
    isFirst = false
  }

  /// Whether the field comes next; then its value is next.
  mutating func has(_ name: StaticString) -> Bool {
    let start = isFirst ? at : at + 1
    let length = name.utf8CodeUnitCount
    guard start + length + 3 <= bytes.count, isFirst || peek == UInt8(ascii: ","), bytes[start] == UInt8(ascii: "\""),
      bytes[start + length + 1] == UInt8(ascii: "\""), bytes[start + length + 2] == UInt8(ascii: ":")
    else { return false }
    for index in 0..<length where name.utf8Start[index] != bytes[start + 1 + index] { return false }
    at = start + length + 3
    isFirst = false
    return true
  }

  /// Throws where the field does not come next.
  mutating func require(_ name: StaticString) throws(FactsError) {
    if has(name) { return }
    let next = nextField().map { "unknown or misplaced field `\($0)`, expected `\(name)`" }
    throw error(next ?? "the field `\(name)` is missing")
  }

  /// A list; `body` reads each element.
  mutating func list<Element>(
    _ body: (inout CanonicalReader) throws(FactsError) -> Element
  ) throws(FactsError) -> [Element] {
    var elements: [Element] = []
    try expect(UInt8(ascii: "["), "a list")
    if peek == UInt8(ascii: "]") {
      at += 1
      return elements
    }
    while true {
      elements.append(try body(&self))
      if peek != UInt8(ascii: ",") { break }
      at += 1
    }
    try expect(UInt8(ascii: "]"), "the end of the list")
    isFirst = false
    return elements
  }

  /// A text, lent as bytes: those between the quotes, with the escapes undone.
  mutating func withText<Value>(
    _ body: (UnsafeBufferPointer<UInt8>) -> Value?, orSay expected: StaticString
  ) throws(FactsError) -> Value {
    let quote = at
    try expect(UInt8(ascii: "\""), expected)
    let start = at
    at = endOfPlainText(from: at)
    let value: Value?
    if at < bytes.count, bytes[at] == UInt8(ascii: "\"") {
      value = body(UnsafeBufferPointer(rebasing: bytes[start..<at]))
      at += 1
    } else {
      at = start
      let text = try unescaped()
      value = text.withUnsafeBufferPointer(body)
    }
    guard let value else {
      at = quote
      throw error("expected \(expected), found \(found)")
    }
    return value
  }

  /// The first byte of a text that is not simply part of it: a quote, a backslash, a control character.
  private func endOfPlainText(from start: Int) -> Int {
    let raw = UnsafeRawBufferPointer(bytes)
    var at = start
    // Eight bytes at a time; "Bit Twiddling Hacks", "Determine if a word has a byte less than n".
    while at + 8 <= raw.count {
      let word = raw.loadUnaligned(fromByteOffset: at, as: UInt64.self)
      let (quote, backslash) = (word ^ 0x2222_2222_2222_2222, word ^ 0x5C5C_5C5C_5C5C_5C5C)
      let ones: UInt64 = 0x0101_0101_0101_0101
      let isEnd = ((quote &- ones) & ~quote) | ((backslash &- ones) & ~backslash) | ((word &- ones &* 0x20) & ~word)
      if isEnd & 0x8080_8080_8080_8080 != 0 { break }
      at += 8
    }
    while at < raw.count, raw[at] != UInt8(ascii: "\""), raw[at] != UInt8(ascii: "\\"), raw[at] >= 0x20 { at += 1 }
    return at
  }

  /// A statement: from the pool where its bytes were read before, else by `read`.
  mutating func pooled(
    _ read: (inout CanonicalReader) throws(FactsError) -> GrantFact
  ) throws(FactsError) -> GrantFact {
    guard let end = endOfFlatObject() else { return try read(&self) }
    let text = UnsafeBufferPointer(rebasing: bytes[at..<end])
    let hash = GrantPool.hash(text)
    if let known = pool.known(text, hash) {
      at = end
      isFirst = false
      return known
    }
    let grant = try read(&self)
    pool.keep(grant, text, hash)
    return grant
  }

  /// The byte after the object that begins here; `nil` where it holds another, or escapes, or does not end.
  private func endOfFlatObject() -> Int? {
    var end = at + 1
    while end < bytes.count {
      switch bytes[end] {
      case UInt8(ascii: "\""):
        end = endOfPlainText(from: end + 1)
        if end == bytes.count || bytes[end] != UInt8(ascii: "\"") { return nil }
      case UInt8(ascii: "}"): return end + 1
      case UInt8(ascii: "{"), 0x0A: return nil
      default: break
      }
      end += 1
    }
    return nil
  }

  private mutating func unescaped() throws(FactsError) -> [UInt8] {
    var text: [UInt8] = []
    while at < bytes.count {
      let byte = bytes[at]
      if byte == UInt8(ascii: "\"") {
        at += 1
        return text
      }
      if byte < 0x20 { break }
      if byte == UInt8(ascii: "\\") {
        text.append(contentsOf: String(Character(try escape())).utf8)
      } else {
        text.append(byte)
        at += 1
      }
    }
    throw error("the text is not closed")
  }

  private mutating func escape() throws(FactsError) -> Unicode.Scalar {
    let kind = at + 1 < bytes.count ? bytes[at + 1] : 0
    at += 2
    switch kind {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"): return Unicode.Scalar(kind)
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"):
      // Only characters that stand for themselves are written so, never halves of a pair.
      if at + 4 <= bytes.count, let value = UInt32(String(decoding: bytes[at..<at + 4], as: UTF8.self), radix: 16),
        let scalar = Unicode.Scalar(value)
      {
        at += 4
        return scalar
      }
    default: break
    }
    at -= 2
    throw error("unknown escape in a text")
  }

  /// Decimal digits.
  mutating func count() throws(FactsError) -> UInt64 {
    let start = at
    var value: UInt64 = 0
    while at < bytes.count, bytes[at] &- 0x30 < 10 {
      let (product, overflow) = value.multipliedReportingOverflow(by: 10)
      let (sum, overflow2) = product.addingReportingOverflow(UInt64(bytes[at] &- 0x30))
      if overflow || overflow2 { throw error("the count is too large") }
      value = sum
      at += 1
    }
    if at == start { throw error("expected a count, found \(found)") }
    return value
  }

  mutating func flag() throws(FactsError) -> Bool {
    for (word, value) in [("true", true), ("false", false)] as [(StaticString, Bool)] {
      let length = word.utf8CodeUnitCount
      guard at + length <= bytes.count else { continue }
      if (0..<length).allSatisfy({ bytes[at + $0] == word.utf8Start[$0] }) {
        at += length
        return value
      }
    }
    throw error("expected true or false, found \(found)")
  }

  var peek: UInt8 { at < bytes.count ? bytes[at] : 0 }

  private mutating func expect(_ byte: UInt8, _ what: StaticString) throws(FactsError) {
    if at == bytes.count || bytes[at] != byte { throw error("expected \(what), found \(found)") }
    at += 1
  }

  mutating func expectComma() throws(FactsError) { try expect(UInt8(ascii: ","), "a comma") }
  mutating func beginPair() throws(FactsError) { try expect(UInt8(ascii: "["), "a pair") }
  mutating func endPair() throws(FactsError) { try expect(UInt8(ascii: "]"), "the end of the pair") }

  /// The name of the field that comes next, if one does.
  private func nextField() -> String? {
    let start = isFirst ? at : at + 1
    guard start < bytes.count, isFirst || peek == UInt8(ascii: ","), bytes[start] == UInt8(ascii: "\"") else {
      return nil
    }
    return String(
      decoding: bytes[(start + 1)...].prefix { $0 != UInt8(ascii: "\"") && $0 >= 0x20 }.prefix(40), as: UTF8.self)
  }

  private var found: String {
    if at >= bytes.count { return "the end of the file" }
    return "`\(String(decoding: bytes[at...].prefix(24).prefix { $0 >= 0x20 }, as: UTF8.self))`"
  }

  /// An error at the place that has been reached.
  func error(_ message: String) -> FactsError {
    let column = bytes[lineStart..<min(at, bytes.count)].count { $0 & 0xC0 != 0x80 } + 1
    let place = SourceLocation(path: path, line: line, column: column)
    return FactsError(.malformed, "read the facts", at: place, message)
  }
}
