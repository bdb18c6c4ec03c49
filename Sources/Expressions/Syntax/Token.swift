/// A piece of an expression's text.
struct Token {
  enum Kind {
    case end
    case name(String)
    /// A field name in backticks.
    case quoted(String)
    /// The magnitude: a sign is its own token.
    case int(UInt64)
    case uint(UInt64)
    case double(Double)
    case string(String)
    case bytes([UInt8])
    case mark(Mark)
  }

  enum Mark: UInt8 {
    case leftParenthesis = 0x28
    case rightParenthesis = 0x29
    case leftBracket = 0x5B
    case rightBracket = 0x5D
    case leftBrace = 0x7B
    case rightBrace = 0x7D
    case dot = 0x2E
    case comma = 0x2C
    case colon = 0x3A
    case question = 0x3F
    case plus = 0x2B
    case minus = 0x2D
    case star = 0x2A
    case slash = 0x2F
    case percent = 0x25
    case not = 0x21
    case less = 0x3C
    case more = 0x3E
    case and = 1
    case or = 2
    case equal = 3
    case notEqual = 4
    case lessOrEqual = 5
    case moreOrEqual = 6

    static let twoBytes: [(UInt8, UInt8, Mark)] = [
      (0x26, 0x26, .and), (0x7C, 0x7C, .or), (0x3D, 0x3D, .equal), (0x21, 0x3D, .notEqual),
      (0x3C, 0x3D, .lessOrEqual), (0x3E, 0x3D, .moreOrEqual),
    ]
  }

  let kind: Kind
  let start: Int
  let end: Int

  init(_ kind: Kind, _ start: Int, _ end: Int) {
    self.kind = kind
    self.start = start
    self.end = end
  }

  var range: SourceRange { SourceRange(start, end) }

  func `is`(_ mark: Mark) -> Bool {
    if case .mark(mark) = kind { return true }
    return false
  }
}
