/// Finds what is well-typed and still cannot be meant: conditions that are always true or false, parts that always fail,
/// the same condition twice.
struct Linter {
  /// Whether a node's value is known when compiled, and from what.
  private enum Constancy: Comparable { case literal, parameter, varying }

  private let checker: Checker
  private let compiler: Compiler
  private let scratch = Evaluation(.empty)
  private var constancies: [Constancy]
  private var problems: [Problem] = []

  init(_ checker: Checker) {
    self.checker = checker
    compiler = Compiler(checker)
    constancies = Array(repeating: .varying, count: checker.syntax.nodes.count)
    // Children come before parents.
    for id in checker.syntax.nodes.indices { constancies[id] = constancy(Syntax.ID(id)) }
  }

  mutating func run() -> [Problem] {
    visit(checker.syntax.root, isCondition: checker.types[Int(checker.syntax.root)] == .bool)
    return problems.sorted { $0.range.start < $1.range.start }
  }

  private func constancy(_ id: Syntax.ID) -> Constancy {
    switch checker.references[Int(id)] {
    case .meaning(.constant(.type, _)): return .literal
    case .meaning(.constant): return .parameter
    case .meaning, .local: return .varying
    case .function(let function, _) where function.name == "age": return .varying
    default: break
    }
    let kind = checker.syntax[id].kind
    switch kind {
    case .constant: return .literal
    case .message, .fold, .bind, .optionalMap: return .varying
    // A name without a meaning is the beginning of a function's name.
    case .name: return .literal
    default: return Syntax.children(of: kind).map { constancies[Int($0)] }.max() ?? .literal
    }
  }

  private mutating func visit(_ id: Syntax.ID, isCondition: Bool) {
    let node = checker.syntax[id]
    if constancies[Int(id)] != .varying {
      judge(id, isCondition: isCondition)
      return
    }
    switch node.kind {
    case .and(let parts), .or(let parts):
      findRepeats(parts)
      for part in parts { visit(part, isCondition: true) }
    case .conditional(let condition, let yes, let no):
      visit(condition, isCondition: true)
      visit(yes, isCondition: false)
      visit(no, isCondition: false)
    case .call(let name, nil, let arguments):
      if arguments.count == 2 { findSameSides(id, name, arguments[0], arguments[1]) }
      for argument in arguments { visit(argument, isCondition: name == "!_") }
    case .fold(let fold):
      visit(fold.range, isCondition: false)
      if let condition = fold.condition { visit(condition, isCondition: true) }
      visit(fold.body, isCondition: [.all, .exists, .existsOne, .filter].contains(fold.kind))
    case let kind:
      for child in Syntax.children(of: kind) { visit(child, isCondition: false) }
    }
  }

  private mutating func judge(_ id: Syntax.ID, isCondition: Bool) {
    // Names of namespaces have no value.
    if case .name = checker.syntax[id].kind, checker.references[Int(id)] == nil { return }
    let value = compiler.code(id).value(scratch)
    if case .error(let error) = value {
      report("this always fails: \(error.message)", hint: "", error.range ?? checker.syntax[id].range)
    } else if isCondition, constancies[Int(id)] == .literal, case .bool(let value) = value {
      report("this is always \(value)", hint: "", checker.syntax[id].range)
    }
  }

  private mutating func findRepeats(_ parts: [Syntax.ID]) {
    var seen: Set<String> = []
    for part in parts where !seen.insert(text(part)).inserted {
      report("this condition stands here twice", hint: "leave one out", checker.syntax[part].range)
    }
  }

  private mutating func findSameSides(_ id: Syntax.ID, _ name: String, _ a: Syntax.ID, _ b: Syntax.ID) {
    guard name == "_==_" || name == "_!=_" || checker.types[Int(id)] == .bool && name != "@in", text(a) == text(b)
    else { return }
    report("both sides of `\(name.operatorText)` are the same", hint: "", checker.syntax[id].range)
  }

  /// The text without what does not change the meaning: white space matters inside a literal.
  private func text(_ id: Syntax.ID) -> String { checker.syntax.text(id) }

  private mutating func report(_ message: String, hint: String, _ range: SourceRange) {
    guard problems.count < Checker.mostProblems else { return }
    problems.append(Problem(message, hint: hint, at: range, in: checker.source))
  }
}

extension Program {
  /// What cannot be meant, though it can be evaluated: for `muster policy lint`. A condition that a policy's parameter decides
  /// is not told: parameters are there for that.
  package var warnings: [Problem] {
    var linter = Linter(checker)
    return linter.run()
  }
}
