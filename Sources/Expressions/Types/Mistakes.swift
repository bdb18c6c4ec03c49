/// Finds what no condition of a policy may have: a comparison that can never be true, a branch that a constant cuts off, a part
/// that always fails. Unlike the linter's findings these need no second look: each part is judged alone.
struct MistakeFinder {
  private let checker: Checker
  private let reader: FormulaReader
  private var reasoner = Reasoner()
  private var problems: [Problem] = []

  init(_ checker: Checker) {
    self.checker = checker
    reader = FormulaReader(checker)
  }

  mutating func run() -> [Problem] {
    visit(checker.syntax.root)
    return problems.sorted { $0.range.start < $1.range.start }
  }

  private mutating func visit(_ id: Syntax.ID) {
    let node = checker.syntax[id]
    if reader.constants[id] == .literal, !reader.constants.isNamespace(id) {
      if case .error(let error) = reader.constants.evaluated(id) {
        return report("this always fails: \(error.message)", error.range ?? node.range)
      }
    }
    switch node.kind {
    case .and(let parts): decided(parts, by: false, "&&")
    case .or(let parts): decided(parts, by: true, "||")
    case .conditional(let test, let yes, let no):
      if let value = truth(test) {
        let other = checker.syntax[value ? no : yes].range
        report("this is never reached: the test before it is always \(value)", other)
      }
    case .call(let name, nil, let arguments) where arguments.count == 2 && Linter.compares(name):
      if reasoner.exclude([reader.formula(id)]) {
        return report("this can never be true", hint: reader.reason(id), node.range)
      }
    case .call(let name, let target, let arguments):
      patterns(name, (target.map { [$0] } ?? []) + arguments)
    default: break
    }
    for child in Syntax.children(of: node.kind) { visit(child) }
  }

  /// A pattern that is written out is refused where it stands, not when a text is first held against it.
  private mutating func patterns(_ name: String, _ arguments: [Syntax.ID]) {
    guard name == "matches", arguments.count == 2, case .string(let pattern) = reader.constants.value(arguments[1]),
      case .binary(let body) = checker.environment.function(name)?.body(arguments: 2),
      case .error(let error) = body(.string(""), .string(pattern))
    else { return }
    report("this always fails: \(error.message)", checker.syntax[arguments[1]].range)
  }

  /// A part that decides an `&&` or `||` alone.
  private mutating func decided(_ parts: [Syntax.ID], by value: Bool, _ word: String) {
    guard let part = parts.first(where: { truth($0) == value }) else { return }
    let hint = "the other parts of `\(word)` are never reached"
    report("this is always \(value)", hint: hint, checker.syntax[part].range)
  }

  private func truth(_ id: Syntax.ID) -> Bool? {
    if case .bool(let value) = reader.constants.value(id) { return value }
    return nil
  }

  private mutating func report(_ message: String, hint: String = "", _ range: SourceRange) {
    guard problems.count < Checker.mostProblems else { return }
    problems.append(Problem(message, hint: hint, at: range, in: checker.source))
  }
}

extension Linter {
  static func compares(_ name: String) -> Bool {
    ["_==_", "_!=_", "_<_", "_<=_", "_>_", "_>=_", "@in"].contains(name)
  }

  func reason(_ id: Syntax.ID) -> String { reader.reason(id) }
}

extension FormulaReader {
  /// Why a comparison with a constant is decided before it runs: what its operand may be. Empty where that says nothing.
  func reason(_ id: Syntax.ID) -> String {
    guard case .call(let name, nil, let sides) = checker.syntax[id].kind, sides.count == 2 else { return "" }
    if constants[id] == .literal { return "" }
    if case .list(let list) = constants.value(sides[1]), name == "@in", list.isEmpty { return "the list is empty" }
    if names.name(sides[0]) == names.name(sides[1]) { return "both sides of `\(name.operatorText)` are the same" }
    guard let operand = sides.first(where: { constants.value($0) == nil }) else { return "" }
    let text = "`\(checker.source.text(checker.syntax[operand].range))`"
    switch checker.types[Int(operand)] {
    case .int:
      if case .call("size", _, _) = checker.syntax[operand].kind { return "a size is 0 or more" }
      return "\(text) is a whole number from \(Int64.min) to \(Int64.max)"
    case .uint: return "\(text) is a whole number from 0 to \(UInt64.max)"
    default: return ""
    }
  }
}

extension Template {
  /// The programs of the holes.
  package var programs: [Program] {
    parts.compactMap { part in
      if case .hole(let program) = part { return program }
      return nil
    }
  }
}

extension Environment {
  /// The named expression.
  package func program(ofLazy name: String) -> Program? { lazies.first { $0.name == name }?.program }
}
