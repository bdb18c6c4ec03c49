/// Reads the formula of a condition from its checked tree.
struct FormulaReader {
  let checker: Checker
  let constants: Constants
  let names: OperandNames
  private let memory = Memory()

  /// Formulas that were read: the linter asks for those of parts again and again.
  private final class Memory {
    var formulas: [Syntax.ID: Formula] = [:]
  }

  /// The names that the host fixed (`params.x`) may be anything: they may have another value tomorrow.
  init(_ checker: Checker) {
    self.checker = checker
    constants = Constants(checker)
    names = OperandNames(checker, constants)
  }

  func formula(_ id: Syntax.ID) -> Formula {
    if let known = memory.formulas[id] { return known }
    let formula = read(id)
    memory.formulas[id] = formula
    return formula
  }

  private func read(_ id: Syntax.ID) -> Formula {
    if let value = constants.value(id) {
      if case .bool(let value) = value { return .constant(value) }
      return opaque(id)
    }
    switch checker.syntax[id].kind {
    case .and(let parts): return .all(parts.map { formula($0) })
    case .or(let parts): return .any(parts.map { formula($0) })
    case .conditional(let test, let yes, let no):
      let (test, yes, no) = (formula(test), formula(yes), formula(no))
      // The test stands there twice: tests of tests would grow without end.
      if test.count > 64 { return opaque(id) }
      return .any([.all([test, yes]), .all([test.negated, no])])
    case .call("!_", nil, let arguments): return formula(arguments[0]).negated
    case .call(let name, nil, let arguments) where arguments.count == 2:
      return comparison(name, arguments[0], arguments[1]) ?? opaque(id)
    default: return named(id) ?? opaque(id)
    }
  }

  private func opaque(_ id: Syntax.ID) -> Formula { .truth(.truth(names.name(id)), needs: names.needs(id)) }

  /// What a named expression says.
  private func named(_ id: Syntax.ID) -> Formula? {
    guard case .meaning(.lazy(let number, .bool)) = checker.references[Int(id)] else { return nil }
    return checker.environment.lazies[number].meaning.formula
  }

  // MARK: Comparisons

  private func comparison(_ name: String, _ a: Syntax.ID, _ b: Syntax.ID) -> Formula? {
    switch name {
    case "_==_": equality(a, b)
    case "_!=_": equality(a, b)?.negated
    case "@in": membership(a, b)
    case "_<_": order(a, .less, b)
    case "_<=_": order(a, .lessOrSame, b)
    case "_>_": order(a, .more, b)
    case "_>=_": order(a, .moreOrSame, b)
    default: nil
    }
  }

  private func equality(_ a: Syntax.ID, _ b: Syntax.ID) -> Formula? {
    if let value = constants.value(b) { return isEqual(a, value) }
    if let value = constants.value(a) { return isEqual(b, value) }
    return pair(a, b, Pair.same)
  }

  private func isEqual(_ id: Syntax.ID, _ value: Value) -> Formula? {
    if type(id) == .bool, case .bool(let truth) = value { return truth ? formula(id) : formula(id).negated }
    guard isExact(value, for: id), let set = ValueSet(value) else { return nil }
    return .literal(Formula.Literal(operand: operand(id), set: set, needs: names.needs(id)))
  }

  private func membership(_ element: Syntax.ID, _ list: Syntax.ID) -> Formula? {
    if case .list(let values) = constants.value(list) {
      let points = values.compactMap { isExact($0, for: element) ? ValueSet($0) : nil }
      guard points.count == values.count else { return nil }
      let set = ValueSet.union(points)
      return .literal(Formula.Literal(operand: operand(element), set: set, needs: names.needs(element)))
    }
    guard case .list(let elements) = checker.syntax[list].kind, !elements.contains(where: \.isOptional) else {
      return nil
    }
    let formulas = elements.compactMap { equality(element, $0.value) }
    return formulas.count == elements.count ? .any(formulas) : nil
  }

  private func order(_ a: Syntax.ID, _ relation: Comparison.Relation, _ b: Syntax.ID) -> Formula? {
    if let value = constants.value(b) { return stands(a, relation, value) }
    if let value = constants.value(a) { return stands(b, relation.turned, value) }
    return pair(a, b, Pair.set(relation))
  }

  private func stands(_ id: Syntax.ID, _ relation: Comparison.Relation, _ value: Value) -> Formula? {
    guard isExact(value, for: id), let set = ValueSet(relation, value), let kind = Cut.kind(value) else { return nil }
    var operand = operand(id)
    if type(id) == .dyn {
      // An order fails for values of other kinds, where an equality is false: two things to be true of.
      let kinds = ValueSet(from: Cut(kind: kind, .start), to: Cut(kind: kind == Cut.number ? 4 : kind + 1, .start))
      operand = Formula.Operand(name: "\(operand.name) ordered \(kind)", universe: kinds)
    }
    return .literal(Formula.Literal(operand: operand, set: set, needs: names.needs(id)))
  }

  /// How two operands that are no constants stand to each other is an operand itself.
  private func pair(_ a: Syntax.ID, _ b: Syntax.ID, _ set: ValueSet) -> Formula? {
    let (first, second) = (names.name(a), names.name(b))
    let turned = first > second
    let shape = Pair.shape(type(a), type(b))
    // What values of unknown types have no order for, they may still be equal in.
    let word = shape == .unknown ? (set == Pair.same ? " = " : " < ") : " : "
    let name = turned ? second + word + first : first + word + second
    var universe = Pair.universe(shape)
    if first == second { universe = universe.intersection(Pair.same.union(shape == .total ? .nothing : Pair.none)) }
    let operand = Formula.Operand(name: name, universe: universe)
    let needs = names.needs(a) + names.needs(b)
    return .literal(Formula.Literal(operand: operand, set: turned ? Pair.turned(set) : set, needs: needs))
  }

  // MARK: Operands

  private func type(_ id: Syntax.ID) -> CELType { checker.types[Int(id)] }

  private func operand(_ id: Syntax.ID) -> Formula.Operand {
    Formula.Operand(
      name: names.name(id), universe: universe(id), isWhole: type(id) == .int || type(id) == .uint)
  }

  /// What the operand may be, by its type and by what it is.
  func universe(_ id: Syntax.ID) -> ValueSet {
    func span(_ low: Value, _ high: Value) -> ValueSet {
      ValueSet(from: Cut(kind: Cut.number, .before(low)), to: Cut(kind: Cut.number, .after(high)))
    }
    switch type(id) {
    case .bool: return Formula.Operand.truths
    case .int:
      if case .call("size", _, _) = checker.syntax[id].kind { return span(.int(0), .int(.max)) }
      return span(.int(.min), .int(.max))
    case .uint: return span(.uint(0), .uint(.max))
    case .double: return ValueSet(from: Cut(kind: Cut.number, .start), to: Cut(kind: Cut.string, .start))
    case .string:
      if let field = checker.declaredField(id), !field.values.isEmpty {
        return field.values.reduce(ValueSet.nothing) { $0.union(ValueSet(.string($1)) ?? .nothing) }
      }
      return ValueSet(from: Cut(kind: Cut.string, .before(.string(""))), to: Cut(kind: Cut.string + 1, .start))
    default: return .everything
    }
  }

  /// Whole numbers beyond 2^53 are several values at once to a double.
  private func isExact(_ value: Value, for id: Syntax.ID) -> Bool {
    if type(id) == .int || type(id) == .uint { return true }
    switch value {
    case .int(let number): return number.magnitude < 1 << 53
    case .uint(let number): return number < 1 << 53
    default: return true
    }
  }
}

/// How two operands stand to each other, as numbers: 0 less, 1 the same, 2 more, 3 none of these.
private enum Pair {
  enum Shape { case total, partial, unknown }

  static let same = numbers([1])
  static let none = numbers([3])

  static func numbers(_ numbers: [Int64]) -> ValueSet {
    numbers.reduce(ValueSet.nothing) { $0.union(ValueSet(.int($1)) ?? .nothing) }
  }

  static func set(_ relation: Comparison.Relation) -> ValueSet {
    switch relation {
    case .less: numbers([0])
    case .lessOrSame: numbers([0, 1])
    case .more: numbers([2])
    case .moreOrSame: numbers([1, 2])
    case .same: numbers([1])
    case .different: numbers([0, 2, 3])
    }
  }

  /// The same said of the operands in the other order.
  static func turned(_ set: ValueSet) -> ValueSet {
    numbers((0...3).filter { set.contains(.int($0 == 0 ? 2 : $0 == 2 ? 0 : $0)) })
  }

  static func shape(_ a: CELType, _ b: CELType) -> Shape {
    if a == .dyn || b == .dyn { return .unknown }
    let total: Set<CELType> = [.int, .uint, .string, .bytes, .bool, .timestamp, .duration]
    return a == b && total.contains(a) ? .total : .partial
  }

  static func universe(_ shape: Shape) -> ValueSet { shape == .total ? numbers([0, 1, 2]) : numbers([0, 1, 2, 3]) }
}

extension Comparison.Relation {
  /// Of the two sides exchanged.
  fileprivate var turned: Comparison.Relation {
    switch self {
    case .less: .more
    case .lessOrSame: .moreOrSame
    case .more: .less
    case .moreOrSame: .lessOrSame
    case .same, .different: self
    }
  }
}

extension Program {
  /// What the condition says, for reasoning about it together with others.
  package var formula: Formula { FormulaReader(checker).formula(checker.syntax.root) }

  /// What the expression says, computed once where it gets a name: names that stand for names grow without end otherwise.
  var meaning: (name: String, formula: Formula?) {
    let reader = FormulaReader(checker)
    let root = checker.syntax.root
    guard type == .bool else { return (reader.names.name(root), nil) }
    let formula = reader.formula(root)
    return (reader.names.name(root), formula.count > 1000 ? nil : formula)
  }
}
