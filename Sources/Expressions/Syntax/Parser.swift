/// Reads an expression by precedence climbing (CEL specification, "Syntax"). Depth is bounded: no text exhausts the stack.
struct Parser {
  /// Trees deeper than this are refused.
  static let deepest: Int32 = 200
  /// Trees with more nodes than this are refused.
  static let largest = 100_000

  let source: Source
  let options: ParseOptions
  var lexer: Lexer
  var token: Token
  /// Where the last token ended.
  var lastEnd = 0
  var syntax = Syntax()
  private var depth: Int32 = 0

  init(_ source: Source, from start: Int = 0, options: ParseOptions = ParseOptions()) throws(SyntaxError) {
    self.source = source
    self.options = options
    lexer = Lexer(source.bytes, at: start)
    token = try lexer.next()
  }

  /// Reads the whole text.
  static func parse(_ source: Source, options: ParseOptions = ParseOptions()) throws(SyntaxError) -> Syntax {
    var parser = try Parser(source, options: options)
    if case .end = parser.token.kind {
      throw SyntaxError("the expression is empty", at: SourceRange(0, source.bytes.count))
    }
    parser.syntax.root = try parser.expression()
    guard case .end = parser.token.kind else { throw parser.unexpected("after the expression") }
    return parser.syntax
  }

  mutating func expression() throws(SyntaxError) -> Syntax.ID {
    try enter()
    defer { depth -= 1 }
    // Not where the condition starts: `(a) ? b : c` starts with its parenthesis.
    let start = token.start
    let condition = try binary(from: 1)
    guard token.is(.question) else { return condition }
    let mark = token.range
    try advance()
    let yes = try binary(from: 1)
    try expect(.colon, "`:` of the conditional `condition ? this : that`")
    let no = try expression()
    return try add(.conditional(condition, yes, no), from: start, mark: mark)
  }

  // MARK: Operators

  private mutating func binary(from least: Int) throws(SyntaxError) -> Syntax.ID {
    let start = token.start
    var left = try unary()
    while let (rank, name) = binaryOperator(), rank >= least {
      let mark = token.range
      if rank <= 2 {
        left = try logical(left, rank, from: start)
        continue
      }
      try advance()
      let right = try binary(from: rank + 1)
      left = try add(.call(name, target: nil, arguments: [left, right]), from: start, mark: mark)
    }
    return left
  }

  /// `a && b && c` is one node: long chains stay flat.
  private mutating func logical(_ first: Syntax.ID, _ rank: Int, from start: Int) throws(SyntaxError) -> Syntax.ID {
    let mark = token.range
    var parts = [first]
    while let (next, _) = binaryOperator(), next == rank {
      try advance()
      parts.append(try binary(from: rank + 1))
    }
    return try add(rank == 2 ? .and(parts) : .or(parts), from: start, mark: mark)
  }

  private func binaryOperator() -> (Int, String)? {
    switch token.kind {
    case .name("in"): (3, "@in")
    case .mark(.or): (1, "")
    case .mark(.and): (2, "")
    case .mark(.less): (3, "_<_")
    case .mark(.lessOrEqual): (3, "_<=_")
    case .mark(.more): (3, "_>_")
    case .mark(.moreOrEqual): (3, "_>=_")
    case .mark(.equal): (3, "_==_")
    case .mark(.notEqual): (3, "_!=_")
    case .mark(.plus): (4, "_+_")
    case .mark(.minus): (4, "_-_")
    case .mark(.star): (5, "_*_")
    case .mark(.slash): (5, "_/_")
    case .mark(.percent): (5, "_%_")
    default: nil
    }
  }

  private mutating func unary() throws(SyntaxError) -> Syntax.ID {
    guard token.is(.not) || token.is(.minus) else { return try postfix() }
    try enter()
    defer { depth -= 1 }
    let mark = token
    try advance()
    if mark.is(.minus), let value = try negativeNumber() {
      let literal = try add(.constant(value), from: mark.start, mark: SourceRange(mark.start, lastEnd))
      return try postfix(after: literal, from: mark.start)
    }
    let operand = try unary()
    return try add(
      .call(mark.is(.not) ? "!_" : "-_", target: nil, arguments: [operand]), from: mark.start, mark: mark.range)
  }

  /// A sign directly before a number belongs to it: `-9223372036854775808` fits, its magnitude does not.
  private mutating func negativeNumber() throws(SyntaxError) -> Value? {
    switch token.kind {
    case .double(let value):
      try advance()
      return .double(-value)
    case .int(let magnitude):
      guard magnitude <= UInt64(Int64.max) + 1 else { throw tooLarge(token) }
      try advance()
      return .int(Int64(truncatingIfNeeded: 0 &- magnitude))
    default: return nil
    }
  }

  func tooLarge(_ token: Token) -> SyntaxError {
    SyntaxError(
      "the number does not fit in a signed 64-bit integer", hint: "write a `u` after it for an unsigned one",
      at: token.range)
  }

  // MARK: Tokens

  mutating func advance() throws(SyntaxError) {
    lastEnd = token.end
    token = try lexer.next()
  }

  mutating func expect(_ mark: Token.Mark, _ what: String) throws(SyntaxError) {
    guard token.is(mark) else { throw unexpected("where \(what) should be") }
    try advance()
  }

  func unexpected(_ place: String) -> SyntaxError {
    if case .end = token.kind {
      return SyntaxError("the expression ends \(place)", at: SourceRange(lastEnd, max(lastEnd, token.start)))
    }
    let hint =
      switch source.text(token.range) {
      case "and": "write `&&`"
      case "or": "write `||`"
      case "not": "write `!`"
      case "is": "write `==`"
      default: ""
      }
    let shown = source.text(token.range).prefix(40)
    return SyntaxError("unexpected `\(shown)` \(place)", hint: hint, at: token.range)
  }

  // MARK: Nodes

  mutating func enter() throws(SyntaxError) {
    depth += 1
    if depth > Parser.deepest {
      throw SyntaxError("the expression is nested deeper than \(Parser.deepest)", at: token.range)
    }
  }

  mutating func add(_ kind: Syntax.Kind, from start: Int, mark: SourceRange) throws(SyntaxError) -> Syntax.ID {
    let range = SourceRange(start, max(lastEnd, mark.end))
    let depth = 1 + (Syntax.children(of: kind).map { syntax[$0].depth }.max() ?? 0)
    if depth > Parser.deepest * 2 {
      throw SyntaxError(
        "the expression is a chain longer than \(Parser.deepest * 2)",
        hint: "put the parts in a list and use `join`, `exists` or `all`",
        at: mark)
    }
    if syntax.nodes.count >= Parser.largest {
      throw SyntaxError("the expression has more than \(Parser.largest) parts", at: mark)
    }
    syntax.nodes.append(Syntax.Node(kind: kind, range: range, mark: mark, depth: depth))
    return Syntax.ID(syntax.nodes.count - 1)
  }
}

/// What the parser takes besides the standard language.
struct ParseOptions: Sendable {
  /// Whether `has`, `all` and the like are macros; else they are calls.
  var hasMacros = true
}
