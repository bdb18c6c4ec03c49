/// Writes JSON text (RFC 8259) in the order of the calls; the caller decides the order, so equal calls give equal bytes.
///
/// Strings are escaped to be safe inside HTML and JavaScript too (`<`, `>`, `&`, U+2028, U+2029 as `\u…`).
package struct JSONWriter: Sendable {
  /// The bytes so far.
  package private(set) var bytes: [UInt8] = []
  private let isPretty: Bool
  private var depth = 0
  private var needsComma = false
  private var afterKey = false

  /// With `pretty`, two spaces a level and a line an element.
  package init(pretty: Bool = false) { isPretty = pretty }

  package var text: String { String(decoding: bytes, as: UTF8.self) }

  package mutating func object(_ body: (inout JSONWriter) throws -> Void) rethrows {
    try nest(UInt8(ascii: "{"), UInt8(ascii: "}"), body)
  }

  package mutating func array(_ body: (inout JSONWriter) throws -> Void) rethrows {
    try nest(UInt8(ascii: "["), UInt8(ascii: "]"), body)
  }

  /// The key of the next value; only inside `object`.
  package mutating func key(_ name: String) {
    separate()
    quote(name)
    bytes.append(UInt8(ascii: ":"))
    if isPretty { bytes.append(0x20) }
    afterKey = true
  }

  package mutating func string(_ value: String) {
    separate()
    quote(value)
  }

  package mutating func integer(_ value: some BinaryInteger) { raw(String(value)) }
  package mutating func bool(_ value: Bool) { raw(value ? "true" : "false") }
  package mutating func null() { raw("null") }

  /// The shortest text that reads back as the same double; `null` for what JSON has no number for.
  package mutating func double(_ value: Double) {
    raw(value.isFinite ? (value == value.rounded() && abs(value) < 1e15 ? String(Int64(value)) : "\(value)") : "null")
  }

  /// Text that already is one JSON value.
  package mutating func raw(_ json: String) {
    separate()
    bytes.append(contentsOf: json.utf8)
  }

  /// A key with its text; left out when the text is `nil`.
  package mutating func field(_ name: String, _ value: String?) {
    guard let value else { return }
    key(name)
    string(value)
  }

  package mutating func field(_ name: String, _ value: (some BinaryInteger)?) {
    guard let value else { return }
    key(name)
    integer(value)
  }

  package mutating func field(_ name: String, _ value: Bool?) {
    guard let value else { return }
    key(name)
    bool(value)
  }

  /// A key with a list of texts; left out when the list is empty.
  package mutating func field(_ name: String, _ values: [String]) {
    guard !values.isEmpty else { return }
    key(name)
    array { writer in for value in values { writer.string(value) } }
  }

  /// Ends a JSON Lines record.
  package mutating func endLine() {
    bytes.append(0x0A)
    needsComma = false
  }

  private mutating func nest(_ open: UInt8, _ close: UInt8, _ body: (inout JSONWriter) throws -> Void) rethrows {
    separate()
    bytes.append(open)
    depth += 1
    needsComma = false
    try body(&self)
    depth -= 1
    if isPretty && needsComma { newline() }
    bytes.append(close)
    needsComma = true
  }

  private mutating func separate() {
    if afterKey {
      afterKey = false
    } else {
      if needsComma { bytes.append(UInt8(ascii: ",")) }
      if isPretty && depth > 0 { newline() }
    }
    needsComma = true
  }

  private mutating func newline() {
    bytes.append(0x0A)
    bytes.append(contentsOf: repeatElement(0x20, count: depth * 2))
  }

  private mutating func quote(_ value: String) {
    bytes.append(UInt8(ascii: "\""))
    var value = value
    value.withUTF8 { text in
      // What needs no escape is copied in runs: nearly all of every text.
      var start = 0
      for (at, byte) in text.enumerated() where JSONWriter.needsEscape[Int(byte)] {
        guard let escape = JSONWriter.escape(text, at) else { continue }
        bytes.append(contentsOf: text[start..<at])
        bytes.append(contentsOf: escape.text.utf8)
        start = at + escape.length
      }
      bytes.append(contentsOf: text[start...])
    }
    bytes.append(UInt8(ascii: "\""))
  }

  /// Bytes that are escaped, or that may begin a character that is.
  private static let needsEscape: [Bool] = {
    var table = [Bool](repeating: false, count: 256)
    for byte in 0..<0x20 { table[byte] = true }
    for byte in "\"\\<>&\u{7F}".utf8 { table[Int(byte)] = true }
    table[0xE2] = true
    return table
  }()

  /// The escape of the character at the place, and the number of bytes that it stands for; `nil` for none.
  private static func escape(_ text: UnsafeBufferPointer<UInt8>, _ at: Int) -> (text: String, length: Int)? {
    switch text[at] {
    case UInt8(ascii: "\""): return ("\\\"", 1)
    case UInt8(ascii: "\\"): return ("\\\\", 1)
    case 0x0A: return ("\\n", 1)
    case 0x0D: return ("\\r", 1)
    case 0x09: return ("\\t", 1)
    case 0xE2:
      guard at + 2 < text.count, text[at + 1] == 0x80, text[at + 2] & 0xFE == 0xA8 else { return nil }
      return (text[at + 2] == 0xA8 ? "\\u2028" : "\\u2029", 3)
    case let byte: return ("\\u00" + [byte].hex, 1)
    }
  }
}
