/// An expression that is being written, with the cursor in it.
struct Draft {
  enum Place {
    /// Inside an open string.
    case string
    /// After a dot.
    case member
    /// Where a value begins.
    case start
    /// After a value.
    case operation
  }

  /// Stands for what is not written yet: a name that nothing has.
  static let marker = "muster_cursor_"

  let place: Place
  /// Where what was begun begins, and it.
  let start: Int
  let begun: String
  private let before: [UInt8]
  private let after: [UInt8]
  private let closers: [UInt8]

  /// `nil` where nothing can be said: after text that is no expression, or in a number or comment.
  init?(_ bytes: [UInt8], _ cursor: Int) {
    let prefix = Array(bytes[..<cursor])
    var lexer = Lexer(prefix)
    var tokens: [Token] = []
    var open: Int?
    reading: while true {
      do {
        let token = try lexer.next()
        if case .end = token.kind { break reading }
        tokens.append(token)
      } catch {
        guard let quote = Draft.openQuote(prefix, from: tokens.last?.end ?? 0) else { return nil }
        open = quote
        break reading
      }
    }
    after = Array(bytes[cursor...])
    if let open {
      place = .string
      start = open + 1
      before = Array(prefix[..<open])
    } else if let last = tokens.last, case .name = last.kind, last.end == cursor {
      tokens.removeLast()
      start = last.start
      before = Array(prefix[..<start])
      place = Draft.place(after: tokens)
    } else {
      if let last = tokens.last, last.end == cursor, last.isNumber { return nil }
      start = cursor
      before = prefix
      place = Draft.place(after: tokens)
    }
    begun = String(decoding: prefix[start...], as: UTF8.self)
    closers = Draft.closers(tokens)
  }

  /// Texts that may be read, the one that keeps most of what is written first.
  func finished(with word: String) -> [String] {
    let inserted = Array((place == .string ? "\"\(word)\"" : word).utf8)
    var rest = after
    if place == .string, let quote = rest.firstIndex(where: { $0 == UInt8(ascii: "'") || $0 == UInt8(ascii: "\"") }) {
      rest = Array(rest[(quote + 1)...])
    } else {
      rest = Array(rest.drop { $0.isNameStart || $0.isDigit })
    }
    return [before + inserted + rest, before + inserted + closers].map { String(decoding: $0, as: UTF8.self) }
  }

  private static func place(after tokens: [Token]) -> Place {
    guard let last = tokens.last else { return .start }
    if last.is(.dot) { return .member }
    if last.is(.question), tokens.dropLast().last?.is(.dot) ?? false { return .member }
    switch last.kind {
    case .name(let name): return name == "in" ? .start : .operation
    case .quoted, .int, .uint, .double, .string, .bytes: return .operation
    case .mark(.rightParenthesis), .mark(.rightBracket), .mark(.rightBrace): return .operation
    default: return .start
    }
  }

  /// The quote of a string that does not end.
  private static func openQuote(_ bytes: [UInt8], from start: Int) -> Int? {
    var at = start
    while at < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[at]) { at += 1 }
    while at < bytes.count, bytes[at].isNameStart { at += 1 }
    guard at < bytes.count, bytes[at] == UInt8(ascii: "'") || bytes[at] == UInt8(ascii: "\"") else { return nil }
    return at
  }

  /// What closes all that is open after the tokens.
  private static func closers(_ tokens: [Token]) -> [UInt8] {
    struct Level {
      var closer: String
      var isMap = false
      var hasColon = false
      var conditionals = 0
    }
    var levels = [Level(closer: "")]
    var previous: Token?
    for token in tokens {
      defer { previous = token }
      guard case .mark(let mark) = token.kind else { continue }
      let top = levels.count - 1
      switch mark {
      case .leftParenthesis: levels.append(Level(closer: ")"))
      case .leftBracket: levels.append(Level(closer: "]"))
      case .leftBrace: levels.append(Level(closer: "}", isMap: true))
      case .rightParenthesis, .rightBracket, .rightBrace: if top > 0 { levels.removeLast() }
      case .question:
        let isOptional = previous.map { $0.is(.dot) || $0.is(.leftBracket) || $0.is(.leftBrace) || $0.is(.comma) }
        if isOptional != true { levels[top].conditionals += 1 }
      case .colon:
        if levels[top].conditionals > 0 { levels[top].conditionals -= 1 } else { levels[top].hasColon = true }
      case .comma: (levels[top].hasColon, levels[top].conditionals) = (false, 0)
      default: break
      }
    }
    return levels.reversed().flatMap { level -> [UInt8] in
      let other = String(repeating: " : null", count: level.conditionals)
      return Array("\(other)\(level.isMap && !level.hasColon ? ": null" : "")\(level.closer)".utf8)
    }
  }

  /// Where the expression of the hole begins that the byte of a message lies in.
  static func hole(in bytes: [UInt8], at cursor: Int) -> Int? {
    var at = 0
    while at < cursor {
      let isDouble = at + 1 < bytes.count && bytes[at + 1] == bytes[at]
      guard bytes[at] == UInt8(ascii: "{"), !isDouble else {
        at += bytes[at] == UInt8(ascii: "{") ? 2 : 1
        continue
      }
      let start = at + 1
      var depth = 0
      var lexer = Lexer(Array(bytes[..<cursor]), at: start)
      reading: while true {
        do {
          let token = try lexer.next()
          switch token.kind {
          case .end: return start
          case .mark(.leftBrace): depth += 1
          case .mark(.rightBrace):
            if depth == 0 {
              at = token.end
              break reading
            }
            depth -= 1
          default: continue
          }
        } catch { return start }
      }
    }
    return nil
  }
}

extension Token {
  fileprivate var isNumber: Bool {
    switch kind {
    case .int, .uint, .double: true
    default: false
    }
  }
}
