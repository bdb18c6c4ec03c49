package import Base

extension Node {
  /// The place of the n-th Unicode scalar of a scalar's text: through quotes, escapes, folded lines and block scalars, so that
  /// a message about a part of the text can point into the file. Past the end it is the end; of a container, its start.
  package func at(scalarOffset: Int) -> SourceLocation {
    guard let text, !record.isContainer else { return location }
    var walk = ScalarWalk(self, text: text)
    return arena.location(of: walk.offset(of: max(0, scalarOffset)))
  }
}

/// Walks a scalar's text and its source side by side. The text, as libyaml gave it, says how lines were folded.
private struct ScalarWalk {
  private let bytes: [UInt8]
  private let style: Record.Style
  private let isJSON: Bool
  private let text: [Unicode.Scalar]
  private let end: Int
  private var at: Int
  /// Columns that a block scalar's lines are indented by.
  private var indentation = 0

  init(_ node: Node, text: String) {
    bytes = node.arena.bytes
    style = node.record.style
    isJSON = !node.arena.isYAML
    self.text = Array(text.unicodeScalars)
    let isQuoted = style == .double || style == .single
    at = node.range.lowerBound + (isQuoted ? 1 : 0)
    end = node.range.upperBound - (isQuoted ? 1 : 0)
    if style == .literal || style == .folded { enterBlock() }
  }

  /// Goes behind the header and the first line's indentation, which is what the text's first line lacks.
  private mutating func enterBlock() {
    skipLine()
    var line = at
    while line < end, let next = endOfLine(line), next < end,
      bytes[line..<next].allSatisfy({ $0 == 0x20 || $0 == 0x0D })
    {
      line = next + 1
    }
    let first = text.drop { $0 == "\n" }
    let spaces = bytes[line..<end].prefix { $0 == 0x20 }.count
    indentation = spaces - first.prefix { $0 == " " }.count
    skipIndentation()
  }

  mutating func offset(of scalar: Int) -> Int {
    var i = 0
    while i < scalar, i < text.count, at < end {
      let step = self.step(at: i)
      if i + step > scalar { return at }
      i += step
    }
    skipEscapedBreaks()
    return min(at, end)
  }

  /// Goes past the source of the next scalars of the text and says how many they are. Several stand at one place where line
  /// breaks were folded; the source does not move then until the last.
  private mutating func step(at i: Int) -> Int {
    skipEscapedBreaks()
    let byte = at < end ? bytes[at] : 0
    if isJSON { return byte == UInt8(ascii: "\\") ? escape() : plainScalar() }
    switch style {
    case .literal: return literal(byte)
    case .folded: return byte == 0x0A || byte == 0x0D ? fold(at: i) : plainScalar()
    default: break
    }
    if isBeforeBreak { return fold(at: i) }
    if style == .double, byte == UInt8(ascii: "\\") { return escape() }
    if style == .single, byte == UInt8(ascii: "'") {
      at += 2
      return 1
    }
    return plainScalar()
  }

  private mutating func plainScalar() -> Int {
    at += 1
    while at < end, bytes[at] & 0xC0 == 0x80 { at += 1 }
    return 1
  }

  private mutating func literal(_ byte: UInt8) -> Int {
    guard byte == 0x0A || byte == 0x0D else { return plainScalar() }
    skipLine()
    skipIndentation()
    return 1
  }

  /// Line breaks that the text has as one space or as line feeds.
  private mutating func fold(at i: Int) -> Int {
    let feeds = text[i...].prefix { $0 == "\n" }.count
    let isBlock = style == .folded
    while at < end, bytes[at] == 0x20 || bytes[at] == 0x09 || bytes[at] == 0x0A || bytes[at] == 0x0D {
      if isBlock, bytes[at] == 0x20 || bytes[at] == 0x09 { break }
      if isBlock { skipLine() } else { at += 1 }
      if isBlock { skipIndentation() }
    }
    return max(1, feeds)
  }

  /// Whether only blanks stand between here and a line break: flow scalars drop them.
  private var isBeforeBreak: Bool {
    var i = at
    while i < end, bytes[i] == 0x20 || bytes[i] == 0x09 { i += 1 }
    return i < end && (bytes[i] == 0x0A || bytes[i] == 0x0D)
  }

  /// A backslash before a line break joins the lines: no character of the text stands there.
  private mutating func skipEscapedBreaks() {
    guard style == .double, !isJSON else { return }
    while at + 1 < end, bytes[at] == UInt8(ascii: "\\"), bytes[at + 1] == 0x0A || bytes[at + 1] == 0x0D {
      at += 1
      skipLine()
      while at < end, bytes[at] == 0x20 || bytes[at] == 0x09 { at += 1 }
    }
  }

  private mutating func escape() -> Int {
    if isJSON {
      let (scalar, length) = bytes.withUnsafeBufferPointer { jsonEscape(.init(rebasing: $0[..<end]), at: at) }
      _ = scalar
      at += length
      return 1
    }
    guard at + 1 < end else {
      at = end
      return 1
    }
    switch bytes[at + 1] {
    case UInt8(ascii: "x"): at += 4
    case UInt8(ascii: "u"): at += 6
    case UInt8(ascii: "U"): at += 10
    default: at += 2
    }
    return 1
  }

  private func endOfLine(_ from: Int) -> Int? { bytes[from...].firstIndex(of: 0x0A) }

  private mutating func skipLine() {
    while at < end, bytes[at] != 0x0A, bytes[at] != 0x0D { at += 1 }
    if at + 1 < end, bytes[at] == 0x0D, bytes[at + 1] == 0x0A { at += 1 }
    if at < end { at += 1 }
  }

  private mutating func skipIndentation() {
    var left = indentation
    while left > 0, at < end, bytes[at] == 0x20 {
      at += 1
      left -= 1
    }
  }
}
