/// The values of the parts of an expression that are known whatever the variables are, and by the text alone: a parameter has
/// a value too, but may have another one tomorrow.
struct Constants {
  /// Whether a node's value is known when compiled, and from what.
  enum Constancy: Comparable { case literal, parameter, varying }

  private let checker: Checker
  private let compiler: Compiler
  private let scratch = Evaluation(.empty)
  private var constancies: [Constancy]

  init(_ checker: Checker) {
    self.checker = checker
    compiler = Compiler(checker)
    scratch.costLimit = 100_000
    constancies = Array(repeating: .varying, count: checker.syntax.nodes.count)
    // Children come before parents.
    for id in checker.syntax.nodes.indices { constancies[id] = constancy(Syntax.ID(id)) }
  }

  subscript(id: Syntax.ID) -> Constancy { constancies[Int(id)] }

  /// The value of a node that the text alone decides; `nil` where something else does, or where it fails.
  func value(_ id: Syntax.ID) -> Value? {
    guard self[id] == .literal, !isNamespace(id) else { return nil }
    let value = evaluated(id)
    return value.isFailure ? nil : value
  }

  /// The value of a node that is not varying.
  func evaluated(_ id: Syntax.ID) -> Value {
    if case .meaning(.lazy(let number, _)) = checker.references[Int(id)] {
      return checker.environment.lazies[number].program.code.value(Evaluation(checker.environment))
    }
    scratch.state.pointee.cost = 0
    return compiler.code(id).value(scratch)
  }

  /// Whether the node is the beginning of a name only.
  func isNamespace(_ id: Syntax.ID) -> Bool {
    if case .name = checker.syntax[id].kind { return checker.references[Int(id)] == nil }
    return false
  }

  private func constancy(_ id: Syntax.ID) -> Constancy {
    switch checker.references[Int(id)] {
    case .meaning(.constant(.type, _)): return .literal
    case .meaning(.constant): return .parameter
    case .meaning(.lazy(let number, _)):
      return checker.environment.lazies[number].program.isLiteral ? .literal : .varying
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
    default:
      var most = Constancy.literal
      for child in Syntax.children(of: kind) {
        // A name that evaluation would look up: `variables.list` of a literal list cannot be folded by the scratch.
        if case .meaning(.lazy) = checker.references[Int(child)] { return .varying }
        most = max(most, constancies[Int(child)])
      }
      return most
    }
  }
}

extension Program {
  /// Whether it is a list or value written out.
  fileprivate var isLiteral: Bool {
    var pending = [checker.syntax.root]
    while let id = pending.popLast() {
      switch checker.syntax[id].kind {
      case .constant: break
      case .list(let elements) where !elements.contains(where: \.isOptional): pending += elements.map(\.value)
      default: return false
      }
    }
    return true
  }
}
