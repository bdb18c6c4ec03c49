import Base

/// A CSV text (RFC 4180) as rows of fields with their places; a carriage return before the line feed is optional.
struct CSVTable {
  struct Field {
    var text: String
    var location: SourceLocation
  }

  private(set) var rows: [[Field]] = []
  /// A quote that is never closed, or text after a closing one.
  private(set) var problem: (location: SourceLocation, message: String)?

  init(_ bytes: [UInt8], path: String, separator: UInt8 = UInt8(ascii: ",")) {
    var parser = Parser(bytes: bytes[...], path: path, separator: separator)
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { parser.bytes = bytes[3...] }
    while problem == nil, let row = parser.row() {
      if row.count > 1 || row.first?.text.isEmpty == false { rows.append(row) }
      problem = parser.problem
    }
  }

  private struct Parser {
    var bytes: ArraySlice<UInt8>
    let path: String
    let separator: UInt8
    var (line, column) = (1, 1)
    var problem: (location: SourceLocation, message: String)?

    init(bytes: ArraySlice<UInt8>, path: String, separator: UInt8) {
      self.bytes = bytes
      self.path = path
      self.separator = separator
    }

    var location: SourceLocation { SourceLocation(path: path, line: line, column: column) }

    mutating func row() -> [Field]? {
      if bytes.isEmpty { return nil }
      var fields: [Field] = []
      while true {
        fields.append(field())
        guard let next = take() else { return fields }
        if next == 0x0A { return fields }
        if problem != nil { return fields }
      }
    }

    /// One field; the comma or line feed after it stays.
    private mutating func field() -> Field {
      let start = location
      var text: [UInt8] = []
      if bytes.first == UInt8(ascii: "\"") {
        _ = take()
        while true {
          guard let byte = take() else {
            problem = (start, "the quote that opens here is never closed")
            break
          }
          if byte != UInt8(ascii: "\"") {
            text.append(byte)
          } else if bytes.first == UInt8(ascii: "\"") {
            text.append(byte)
            _ = take()
          } else {
            break
          }
        }
        if bytes.first == 0x0D { _ = take() }
        if let next = bytes.first, next != separator, next != 0x0A {
          problem = problem ?? (location, "expected a comma or the end of the line after the closing quote")
        }
      } else {
        while let next = bytes.first, next != separator, next != 0x0A {
          text.append(next)
          _ = take()
        }
        if text.last == 0x0D { text.removeLast() }
      }
      return Field(text: String(decoding: text, as: UTF8.self), location: start)
    }

    private mutating func take() -> UInt8? {
      guard let byte = bytes.popFirst() else { return nil }
      if byte == 0x0A {
        (line, column) = (line + 1, 1)
      } else if byte & 0xC0 != 0x80 {
        column += 1
      }
      return byte
    }
  }
}
