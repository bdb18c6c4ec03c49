/// Turns a checked tree into code: names become numbers, constants are folded, patterns compiled.
struct Compiler {
  let syntax: Syntax
  let source: Source
  let environment: Environment
  let types: [CELType]
  let references: [Checker.Reference?]
  let locals: [Int32]
  /// Wraps every node so that its value is recorded; then nothing is folded.
  var isTracing = false
  private let scratch: Evaluation

  init(_ checker: Checker) {
    syntax = checker.syntax
    source = checker.source
    environment = checker.environment
    types = checker.types
    references = checker.references
    locals = checker.locals
    scratch = Evaluation(Environment.empty)
    scratch.costLimit = 100_000
  }

  func code(_ id: Syntax.ID) -> any Code {
    let code = plain(id)
    return isTracing ? Traced(code, id) : code
  }

  private func plain(_ id: Syntax.ID) -> any Code {
    let node = syntax[id]
    switch node.kind {
    case .constant(let value): return Constant(value)
    case .name(let name): return self.name(id, name)
    case .select(let operand, let field, let isOptional):
      if references[Int(id)] != nil { return name(id, syntax.qualifiedName(id) ?? field) }
      return select(id, operand, field, isOptional: isOptional)
    case .has(let operand, let field, _): return presence(node, operand, field)
    case .call(let name, let target, let arguments): return call(id, name, (target.map { [$0] } ?? []) + arguments)
    case .index(let operand, let key, let isOptional):
      return folded(Index(code(operand), code(key), isOptional: isOptional, node.mark), [operand, key])
    case .and(let parts): return logical(parts, isAnd: true)
    case .or(let parts): return logical(parts, isAnd: false)
    case .conditional(let condition, let yes, let no):
      let test = code(condition)
      if let constant = test as? Constant, case .bool(let value) = constant.constant { return code(value ? yes : no) }
      return Conditional(test, code(yes), code(no))
    case .list(let elements):
      return folded(
        ListLiteral(elements.map { (code($0.value), $0.isOptional, syntax[$0.value].range) }), elements.map(\.value))
    case .map(let entries):
      return folded(
        MapLiteral(entries.map { (code($0.key), code($0.value), $0.isOptional, syntax[$0.key].range) }),
        entries.flatMap { [$0.key, $0.value] })
    case .message(let name): return Broken("there is no type `\(name)`", node.range)
    case .fold(let fold): return self.fold(id, fold)
    case .bind(_, let value, let body): return Bind(Int(locals[Int(id)]), code(value), code(body))
    case .optionalMap(let target, _, let body, let isFlat):
      return OptionalMap(Int(locals[Int(id)]), code(target), code(body), isFlat: isFlat, node.mark)
    }
  }

  private func name(_ id: Syntax.ID, _ name: String) -> any Code {
    switch references[Int(id)] {
    case .local(let number): return LocalVariable(number)
    case .meaning(.slot(let number, _)): return Slot(number, name, syntax[id].range)
    case .meaning(.constant(let value, _)): return Constant(value)
    case .meaning(.lazy(let number, _)): return LazyVariable(number, environment.lazies)
    case .function, nil: return Broken("there is no variable `\(name)`", syntax[id].range)
    }
  }

  private func select(_ id: Syntax.ID, _ operand: Syntax.ID, _ field: String, isOptional: Bool) -> any Code {
    let mark = syntax[id].mark
    let number = fieldNumber(operand, field)
    if isOptional || types[Int(operand)].withoutOptional != types[Int(operand)] {
      return folded(OptionalField(code(operand), number, field, mark), [operand])
    }
    guard let number else { return folded(DynamicField(code(operand), field, mark), [operand]) }
    return ObjectField(code(operand), number, field, mark)
  }

  private func presence(_ node: Syntax.Node, _ operand: Syntax.ID, _ field: String) -> any Code {
    folded(Presence(code(operand), fieldNumber(operand, field), field, node.mark), [operand])
  }

  private func fieldNumber(_ operand: Syntax.ID, _ field: String) -> Int? {
    guard case .object(let name) = types[Int(operand)].withoutOptional else { return nil }
    return environment.types[name]?.index(of: field)
  }

  private func logical(_ parts: [Syntax.ID], isAnd: Bool) -> any Code {
    var codes: [any Code] = []
    for part in parts {
      let code = code(part)
      // A constant that decides nothing is left out; one that decides makes all the rest idle.
      if !isTracing, let constant = code as? Constant, case .bool(let value) = constant.constant {
        if value == isAnd { continue }
        return Constant(.bool(value))
      }
      codes.append(code)
    }
    return codes.isEmpty ? Constant(.bool(isAnd)) : joined(codes[...], isAnd)
  }

  /// By halves: a chain of ten thousand parts must not be as deep.
  private func joined(_ codes: ArraySlice<any Code>, _ isAnd: Bool) -> any Code {
    if codes.count == 1 { return codes[codes.startIndex] }
    let middle = codes.startIndex + codes.count / 2
    let (first, second) = (joined(codes[..<middle], isAnd), joined(codes[middle...], isAnd))
    return isAnd ? And(first, second) as any Code : Or(first, second)
  }

  /// The value of the code where all it is made of is known; else the code.
  func folded(_ code: any Code, _ parts: [Syntax.ID]) -> any Code {
    if isTracing || !parts.allSatisfy({ isConstant($0) }) { return code }
    let value = code.value(scratch)
    return value.isFailure ? code : Constant(value)
  }

  private func isConstant(_ id: Syntax.ID) -> Bool {
    if case .meaning(.constant) = references[Int(id)] { return true }
    switch syntax[id].kind {
    case .constant: return true
    case .name, .fold, .bind, .optionalMap, .message: return false
    case .select where references[Int(id)] != nil: return false
    case let kind: return Syntax.children(of: kind).allSatisfy { isNamespace($0) || isConstant($0) }
    }
  }

  /// The `math` of `math.abs(1)`.
  private func isNamespace(_ id: Syntax.ID) -> Bool {
    guard references[Int(id)] == nil else { return false }
    switch syntax[id].kind {
    case .name: return true
    case .select(let operand, _, _): return isNamespace(operand)
    default: return false
    }
  }
}

extension Environment {
  static let empty = Environment(variables: [])
}
