import Base

extension Parser {
  /// Words that the specification keeps: no variable or function may have them as its name; a field may.
  static let reserved: Set<String> = [
    "as", "break", "const", "continue", "else", "for", "function", "if", "import", "let", "loop", "package",
    "namespace",
    "return", "var", "void", "while",
  ]

  mutating func postfix() throws(SyntaxError) -> Syntax.ID {
    let start = token.start
    return try postfix(after: try primary(), from: start)
  }

  mutating func postfix(after first: Syntax.ID, from start: Int) throws(SyntaxError) -> Syntax.ID {
    var operand = first
    while true {
      switch token.kind {
      case .mark(.dot): operand = try member(of: operand, from: start)
      case .mark(.leftBracket): operand = try subscripting(operand, from: start)
      case .mark(.leftBrace):
        guard let name = syntax.qualifiedName(operand) else { throw unexpected("after an expression") }
        operand = try message(name, from: operand)
      default: return operand
      }
    }
  }

  private mutating func member(of operand: Syntax.ID, from start: Int) throws(SyntaxError) -> Syntax.ID {
    try advance()
    let isOptional = token.is(.question)
    if isOptional { try advance() }
    let mark = token.range
    let field: String
    switch token.kind {
    case .name(let name):
      if name == "in" || name == "true" || name == "false" || name == "null" {
        throw SyntaxError("`\(name)` cannot be a field's name", hint: "write `['\(name)']`", at: mark)
      }
      field = name
    case .quoted(let name):
      try advance()
      return try add(.select(operand, name, isOptional: isOptional), from: start, mark: mark)
    default: throw unexpected("where a field's name should be")
    }
    try advance()
    if !isOptional, token.is(.leftParenthesis) { return try call(field, mark, target: operand, from: start) }
    return try add(.select(operand, field, isOptional: isOptional), from: start, mark: mark)
  }

  private mutating func subscripting(_ operand: Syntax.ID, from start: Int) throws(SyntaxError) -> Syntax.ID {
    let opening = token.start
    try advance()
    let isOptional = token.is(.question)
    if isOptional { try advance() }
    let key = try expression()
    try expect(.rightBracket, "`]`")
    return try add(
      .index(operand, key, isOptional: isOptional), from: start, mark: SourceRange(opening, lastEnd))
  }

  mutating func primary() throws(SyntaxError) -> Syntax.ID {
    let start = token
    switch token.kind {
    case .int(let magnitude):
      guard let value = Int64(exactly: magnitude) else { throw tooLarge(token) }
      return try literal(.int(value))
    case .uint(let value): return try literal(.uint(value))
    case .double(let value): return try literal(.double(value))
    case .string(let text): return try literal(.string(text))
    case .bytes(let bytes): return try literal(.bytes(bytes))
    case .name("true"): return try literal(.bool(true))
    case .name("false"): return try literal(.bool(false))
    case .name("null"): return try literal(.null)
    case .name(let name): return try identifier(name, from: start)
    case .mark(.dot):
      try advance()
      guard case .name(let name) = token.kind else { throw unexpected("where a name should be") }
      return try identifier(name, from: start)
    case .mark(.leftParenthesis): return try parenthesised()
    case .mark(.leftBracket): return try list()
    case .mark(.leftBrace): return try map()
    default: throw unexpected("where a value should be")
    }
  }

  private mutating func literal(_ value: Value) throws(SyntaxError) -> Syntax.ID {
    let token = token
    try advance()
    return try add(.constant(value), from: token.start, mark: token.range)
  }

  private mutating func identifier(_ name: String, from start: Token) throws(SyntaxError) -> Syntax.ID {
    let mark = token.range
    if Parser.reserved.contains(name) || name == "in" {
      throw SyntaxError("`\(name)` is a reserved word", hint: "it can only be a field: `x.\(name)`", at: mark)
    }
    try advance()
    let full = start.is(.dot) ? ".\(name)" : name
    if token.is(.leftParenthesis) { return try call(full, mark, target: nil, from: start.start) }
    return try add(.name(full), from: start.start, mark: SourceRange(start.start, mark.end))
  }

  private mutating func parenthesised() throws(SyntaxError) -> Syntax.ID {
    try advance()
    let inner = try expression()
    try expect(.rightParenthesis, "`)`")
    return inner
  }

  private mutating func call(_ name: String, _ mark: SourceRange, target: Syntax.ID?, from start: Int)
    throws(SyntaxError) -> Syntax.ID
  {
    try advance()
    var arguments: [Syntax.ID] = []
    while !token.is(.rightParenthesis) {
      arguments.append(try expression())
      guard token.is(.comma) else { break }
      try advance()
      if token.is(.rightParenthesis) { throw unexpected("where an argument should be") }
    }
    try expect(.rightParenthesis, "`,` or `)`")
    let call = MacroCall(name: name, mark: mark, target: target, arguments: arguments, start: start)
    if options.hasMacros, let expanded = try expand(call) { return expanded }
    return try add(.call(name, target: target, arguments: arguments), from: start, mark: mark)
  }

  private mutating func list() throws(SyntaxError) -> Syntax.ID {
    let start = token
    try advance()
    var elements: [Syntax.Element] = []
    while !token.is(.rightBracket) {
      let isOptional = token.is(.question)
      if isOptional { try advance() }
      elements.append(Syntax.Element(value: try expression(), isOptional: isOptional))
      guard token.is(.comma) else { break }
      try advance()
    }
    try expect(.rightBracket, "`,` or `]`")
    return try add(.list(elements), from: start.start, mark: start.range)
  }

  private mutating func map() throws(SyntaxError) -> Syntax.ID {
    let start = token
    try advance()
    var entries: [Syntax.Entry] = []
    while !token.is(.rightBrace) {
      let isOptional = token.is(.question)
      if isOptional { try advance() }
      let key = try expression()
      try expect(.colon, "`:` between key and value")
      entries.append(Syntax.Entry(key: key, value: try expression(), isOptional: isOptional))
      guard token.is(.comma) else { break }
      try advance()
    }
    try expect(.rightBrace, "`,` or `}`")
    return try add(.map(entries), from: start.start, mark: start.range)
  }

  /// `Type{field: value}`: read so that the error can be about the type.
  private mutating func message(_ name: String, from operand: Syntax.ID) throws(SyntaxError) -> Syntax.ID {
    let range = syntax[operand].range
    try advance()
    while !token.is(.rightBrace) {
      if token.is(.question) { try advance() }
      switch token.kind {
      case .name, .quoted: try advance()
      default: throw unexpected("where a field's name should be")
      }
      try expect(.colon, "`:` between field and value")
      _ = try expression()
      guard token.is(.comma) else { break }
      try advance()
    }
    try expect(.rightBrace, "`,` or `}`")
    return try add(.message(name), from: range.start, mark: range)
  }
}
