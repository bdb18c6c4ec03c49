import Base

/// What expressions may name: declared once, and every expression is checked against it.
package struct Environment: Sendable {
  /// A variable that the host binds for each evaluation; its number is its place in the list.
  package struct Variable: Sendable {
    /// Dotted where it is in a namespace.
    package let name: String
    /// What its values are.
    package let type: CELType
    /// One line without a full stop.
    package let summary: String

    /// A variable with one line about it.
    package init(_ name: String, _ type: CELType, _ summary: String = "") {
      self.name = name
      self.type = type
      self.summary = summary
    }
  }

  /// What a name stands for.
  enum Meaning: Sendable {
    case slot(Int, CELType)
    case constant(Value, CELType)
    case lazy(Int, CELType)
  }

  /// Evaluated at most once for each set of bound variables, when first asked for.
  struct Lazy: Sendable {
    let name: String
    let program: Program
    /// What it says, for reasoning.
    let meaning: (name: String, formula: Formula?)
  }

  /// The host objects' types by name.
  package let types: [String: ObjectType]
  /// In the order of their numbers.
  package let variables: [Variable]
  let container: String
  private(set) var functions: [String: Function]
  private(set) var meanings: [String: Meaning] = [:]
  private(set) var lazies: [Lazy] = []
  /// Names of locals that `lazies` use: programs use those after.
  private(set) var localBase = 0
  /// Whether what is well-typed and cannot be meant is an error.
  private(set) var refusesMistakes = false
  /// Tells evaluations which environment their memory of lazies is for.
  private(set) var identity = Identity()

  final class Identity: Sendable {}

  /// Names are resolved in `container` (CEL specification, "Name Resolution"); functions add to the standard ones.
  package init(
    types: [ObjectType] = [], variables: [Variable], container: String = "", functions added: [Function] = []
  ) {
    self.types = Dictionary(types.map { ($0.name, $0) }) { first, _ in first }
    self.variables = variables
    self.container = container
    functions = StandardLibrary.functions
    for function in added {
      functions[function.name] = functions[function.name]?.merged(with: function) ?? function
    }
    for (name, type) in StandardLibrary.typeNames { meanings[name] = .constant(.type(type), .type) }
    for type in types { meanings[type.name] = .constant(.type(type.name), .type) }
    for (number, variable) in variables.enumerated() { meanings[variable.name] = .slot(number, variable.type) }
  }

  /// The number to bind a variable by.
  package func slot(_ name: String) -> Int? {
    variables.firstIndex { $0.name == name }
  }

  /// Also knows the name, dotted or not (`params.grace`), as a constant: conditions over it are computed when compiled.
  package func adding(constant name: String, _ value: Value, _ type: CELType) -> Environment {
    var copy = self
    copy.meanings[name] = .constant(value, type)
    return copy
  }

  /// Also refuses, in what is compiled in it, comparisons that can never be true, branches that a constant cuts off and parts
  /// that always fail: no policy can mean them, while to evaluate `1 == 2` is no mistake.
  package func refusingMistakes() -> Environment {
    var copy = self
    copy.refusesMistakes = true
    return copy
  }

  /// Also knows the name, dotted or not (`variables.ended`), as the value of an expression over what is known so far.
  /// It is evaluated when first needed and remembered until a variable is bound anew.
  package func adding(lazy name: String, _ source: String) throws(ExpressionError) -> Environment {
    let program = try compile(source)
    var copy = self
    copy.meanings[name] = .lazy(lazies.count, program.type)
    copy.lazies.append(Lazy(name: name, program: program, meaning: program.meaning))
    copy.localBase = max(localBase, program.localCount)
    copy.identity = Identity()
    return copy
  }

  /// The names of values, not of types.
  var variableNames: [String] {
    meanings.filter {
      if case .constant(.type, _) = $0.value { return false }
      return true
    }.map(\.key)
  }

  /// What a name may mean, the innermost container first.
  func candidates(_ name: String) -> [String] {
    if name.hasPrefix(".") { return [String(name.dropFirst())] }
    if container.isEmpty { return [name] }
    var out: [String] = []
    var prefix = container[...]
    while true {
      out.append("\(prefix).\(name)")
      guard let dot = prefix.lastIndex(of: ".") else { break }
      prefix = prefix[..<dot]
    }
    return out + [name]
  }

  func meaning(_ name: String) -> Meaning? {
    for candidate in candidates(name) {
      if let meaning = meanings[candidate] { return meaning }
    }
    return nil
  }

  func function(_ name: String) -> Function? {
    for candidate in candidates(name) {
      if let function = functions[candidate] { return function }
    }
    return nil
  }
}
