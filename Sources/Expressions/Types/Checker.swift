import Base

/// Finds the type of every node and what every name stands for (CEL specification, "Gradual Type Checking"). Without
/// strictness it reports nothing and takes what it cannot type as `dyn`: names and functions are then looked for at run time.
struct Checker {
  /// What a node that names something stands for.
  enum Reference: Sendable {
    case meaning(Environment.Meaning)
    case local(Int)
    /// A function called by its full name, the target being only a part of the name.
    case function(Function, isMember: Bool)
  }

  struct Local {
    let name: String
    let type: CELType
    let number: Int
  }

  /// More problems than these are not told.
  static let mostProblems = 50

  let syntax: Syntax
  let source: Source
  let environment: Environment
  let isStrict: Bool
  var unifier = Unifier()
  var types: [CELType]
  var references: [Reference?]
  /// The variable of a fold or bind node: the number of the first.
  var locals: [Int32]
  var problems: [Problem] = []
  var scope: [Local] = []
  private(set) var localCount: Int

  init(_ syntax: Syntax, _ source: Source, _ environment: Environment, strict: Bool) {
    self.syntax = syntax
    self.source = source
    self.environment = environment
    isStrict = strict
    types = Array(repeating: .dyn, count: syntax.nodes.count)
    references = Array(repeating: nil, count: syntax.nodes.count)
    locals = Array(repeating: -1, count: syntax.nodes.count)
    localCount = environment.localBase
  }

  mutating func check() {
    _ = visit(syntax.root)
    for at in types.indices { types[at] = unifier.resolve(types[at], final: true) }
  }

  /// The type of the node; remembered.
  mutating func visit(_ id: Syntax.ID) -> CELType {
    let type = infer(id)
    types[Int(id)] = type
    return type
  }

  private mutating func infer(_ id: Syntax.ID) -> CELType {
    switch syntax[id].kind {
    case .constant(let value): return value.staticType
    case .name(let name): return self.name(id, name)
    case .select(let operand, let field, let isOptional):
      return select(id, operand, field, isOptional: isOptional)
    case .has(let operand, let field, _):
      _ = fieldType(visit(operand), field, id, isTest: true)
      return .bool
    case .call(let name, let target, let arguments): return call(id, name, target, arguments)
    case .index(let operand, let key, let isOptional): return index(id, operand, key, isOptional: isOptional)
    case .and(let parts), .or(let parts):
      for part in parts { expectBool(part) }
      return .bool
    case .conditional(let condition, let yes, let no):
      expectBool(condition)
      return conditional(id, yes, no)
    case .list(let elements): return list(elements)
    case .map(let entries): return map(entries)
    case .message(let name):
      report("there is no type `\(name)` to make values of", hint: "a map is written `{'key': value}`", at: id)
      return .dyn
    case .fold(let fold): return self.fold(id, fold)
    case .bind(let name, let value, let body):
      let type = visit(value)
      let number = open([(name, type)], id)
      defer { close(1) }
      _ = number
      return visit(body)
    case .optionalMap(let target, let name, let body, let isFlat):
      return optionalMap(id, target, name, body, isFlat: isFlat)
    }
  }

  // MARK: Scopes and problems

  /// Declares locals; gives the number of the first.
  mutating func open(_ variables: [(String, CELType)], _ id: Syntax.ID) -> Int {
    let first = environment.localBase + scope.count
    for (name, type) in variables {
      scope.append(Local(name: name, type: type, number: environment.localBase + scope.count))
    }
    localCount = max(localCount, environment.localBase + scope.count)
    locals[Int(id)] = Int32(first)
    return first
  }

  mutating func close(_ count: Int) { scope.removeLast(count) }

  /// Whether a further problem would be told: a suggestion takes long to find.
  var wantsProblems: Bool { isStrict && problems.count < Checker.mostProblems }

  mutating func report(_ message: String, hint: String = "", at id: Syntax.ID, whole: Bool = false) {
    guard wantsProblems else { return }
    let range = whole ? syntax[id].range : syntax[id].mark
    problems.append(Problem(message, hint: hint, at: range, in: source))
  }

  mutating func expectBool(_ id: Syntax.ID) {
    let type = visit(id)
    if unifier.assign(type, to: .bool) { return }
    let shown = unifier.resolve(type, final: true)
    report(
      "this is \(shown.withArticle), not a bool", hint: Checker.boolHint(shown, source.text(syntax[id].range)), at: id,
      whole: true)
  }

  static func boolHint(_ type: CELType, _ text: String) -> String {
    switch type {
    case .string: "compare it: `\(text) != ''`"
    case .int: "compare it: `\(text) > 0`"
    case .list, .map: "ask for its size: `size(\(text)) > 0`"
    case .optional: "ask `\(text).hasValue()` or give a default with `.orValue(false)`"
    default: ""
    }
  }
}

extension CELType {
  /// `an int`, `a list(string)`.
  var withArticle: String {
    let text = description
    return (text.first.map { "aeio".contains($0) } ?? false ? "an " : "a ") + text
  }
}

extension Value {
  /// The type of a literal.
  var staticType: CELType {
    switch self {
    case .null: .null
    case .bool: .bool
    case .int: .int
    case .uint: .uint
    case .double: .double
    case .string: .string
    case .bytes: .bytes
    case .timestamp: .timestamp
    case .duration: .duration
    case .type: .type
    case .object(let object): .object(object.type.name)
    case .opaque(let value): .opaque(value.typeName, [])
    case .list(let elements): .list(Value.common(elements))
    case .map(let map): .map(Value.common(map.entries.map(\.key)), Value.common(map.entries.map(\.value)))
    case .optional(let inner): .optional(inner.value.map(\.staticType) ?? .dyn)
    case .error, .unknown, .absent: .dyn
    }
  }

  private static func common(_ values: [Value]) -> CELType {
    guard let first = values.first?.staticType else { return .dyn }
    return values.allSatisfy { $0.staticType == first } ? first : .dyn
  }
}
