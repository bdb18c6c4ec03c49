/// A part of an expression's text, in UTF-8 bytes from its start.
package struct SourceRange: Hashable, Sendable {
  /// The first byte.
  package let start: Int
  /// The byte after the last.
  package let end: Int

  /// From a byte up to, not with, another.
  package init(_ start: Int, _ end: Int) {
    self.start = start
    self.end = end
  }

  func contains(_ other: SourceRange) -> Bool { start <= other.start && other.end <= end }
}

/// The text of an expression and where its lines begin.
package struct Source: Sendable {
  /// As written.
  package let text: String
  let bytes: [UInt8]

  init(_ text: String) {
    self.text = text
    bytes = Array(text.utf8)
  }

  /// The 1-based line and column of a byte; columns count Unicode scalars.
  package func position(of offset: Int) -> (line: Int, column: Int) {
    var (line, column) = (1, 1)
    for byte in bytes.prefix(offset) {
      if byte == 0x0A {
        line += 1
        column = 1
      } else if byte & 0xC0 != 0x80 {
        column += 1
      }
    }
    return (line, column)
  }

  /// The text of a part.
  package func text(_ range: SourceRange) -> String {
    let start = min(max(range.start, 0), bytes.count)
    return String(decoding: bytes[start..<min(max(range.end, start), bytes.count)], as: UTF8.self)
  }
}
