import Base

/// What is wrong with one text, gathered with places; bounded, so that a hostile file gives no endless report.
struct Problems {
  let path: String
  let bytes: [UInt8]
  let kind: Diagnostic.Kind
  private(set) var diagnostics: [Diagnostic] = []
  private(set) var index: TextIndex?
  private var left = 0
  static let most = 100

  init(path: String, bytes: [UInt8], kind: Diagnostic.Kind) {
    self.path = path
    self.bytes = bytes
    self.kind = kind
  }

  mutating func place(_ offset: Int) -> SourceLocation {
    let index = index ?? TextIndex(bytes)
    self.index = index
    let (line, column) = index.place(of: offset, in: bytes)
    return SourceLocation(path: path, line: line, column: column)
  }

  mutating func add(_ message: String, at offset: Int, hint: String = "", kind: Diagnostic.Kind? = nil) {
    if diagnostics.count >= Problems.most {
      left += 1
    } else {
      diagnostics.append(Diagnostic(kind ?? self.kind, at: place(offset), message, hint: hint))
    }
  }

  /// Counts problems that were not worth keeping one by one.
  mutating func addUnlisted(_ count: Int) { left += count }

  /// Everything, sorted by place, with a last word on what was left out.
  func all() -> [Diagnostic] {
    var all = diagnostics.sorted()
    if left > 0 {
      let worst = all.map(\.kind).max() ?? kind
      all.append(Diagnostic(worst, at: SourceLocation(path: path), "\(left) more problems of this file are not listed"))
    }
    return all
  }

  /// Whether the text is larger than allowed or not UTF-8; says so.
  mutating func refusesBytes(_ range: Range<Int>, limits: Limits) -> Bool {
    if range.count > limits.bytes {
      let message = "the file is larger than \(limits.bytes) bytes: it has \(range.count)"
      diagnostics.append(Diagnostic(kind, at: SourceLocation(path: path), message))
      return true
    }
    guard let bad = bytes.withUnsafeBufferPointer({ firstInvalidUTF8($0, range) }) else { return false }
    addBadUTF8(at: bad)
    return true
  }

  mutating func addBadUTF8(at bad: Int) {
    let isUTF16 = bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF])
    add(
      "byte 0x\(hexadecimal(bytes[bad])) at offset \(bad) is not UTF-8", at: bad,
      hint: isUTF16 ? "the file looks like UTF-16; save it as UTF-8" : "save the file as UTF-8")
  }
}

func hexadecimal(_ byte: UInt8) -> String {
  let digits = String(byte, radix: 16, uppercase: true)
  return digits.count < 2 ? "0" + digits : digits
}
