/// Which function is called where, and what a call costs besides the size of its arguments.
struct CallSite: Sendable {
  let name: String
  let range: SourceRange
  let cost: Int
  /// Whether the function looks at the parts of the parts of its arguments.
  let isDeep: Bool

  init(name: String, range: SourceRange, cost: Int) {
    (self.name, self.range, self.cost) = (name, range, cost)
    isDeep = CallSite.deep.contains(name)
  }

  private static let deep: Set<String> = [
    "format", "distinct", "indexOf", "lastIndexOf", "sort", "min", "max", "isSorted", "sets.contains",
    "sets.equivalent", "sets.intersects",
  ]
}

/// A call with one argument.
final class UnaryCall: Code {
  let argument: any Code
  let site: CallSite
  let body: @Sendable (Value) -> Value?

  init(_ argument: any Code, _ site: CallSite, _ body: @escaping @Sendable (Value) -> Value?) {
    (self.argument, self.site, self.body) = (argument, site, body)
  }

  func value(_ evaluation: Evaluation) -> Value {
    let value = argument.value(evaluation)
    guard evaluation.charge(site, value) else {
      return value.isFailure ? .joinedFailure(value, value) : evaluation.exhaustion
    }
    guard let result = body(value) else { return .noOverload(site.name.shownCall, [value], site.range) }
    return result.isScalar ? result : evaluation.settle(result, site.range)
  }
}

/// A call with two arguments.
final class BinaryCall: Code {
  let (first, second): (any Code, any Code)
  let site: CallSite
  let body: @Sendable (Value, Value) -> Value?

  init(
    _ first: any Code, _ second: any Code, _ site: CallSite, _ body: @escaping @Sendable (Value, Value) -> Value?
  ) {
    (self.first, self.second, self.site, self.body) = (first, second, site, body)
  }

  func value(_ evaluation: Evaluation) -> Value {
    value(first.value(evaluation), second.value(evaluation), evaluation)
  }

  func value(_ a: Value, _ b: Value, _ evaluation: Evaluation) -> Value {
    guard evaluation.charge(site, a, b) else {
      return a.isFailure || b.isFailure ? .joinedFailure(a, b) : evaluation.exhaustion
    }
    guard let result = body(a, b) else { return .noOverload(site.name.shownCall, [a, b], site.range) }
    return result.isScalar ? result : evaluation.settle(result, site.range)
  }
}

/// A call with three arguments or any number of them.
final class Call: Code {
  let arguments: [any Code]
  let site: CallSite
  let body: @Sendable ([Value]) -> Value?

  init(_ arguments: [any Code], _ site: CallSite, _ body: @escaping @Sendable ([Value]) -> Value?) {
    (self.arguments, self.site, self.body) = (arguments, site, body)
  }

  func value(_ evaluation: Evaluation) -> Value {
    var values: [Value] = []
    values.reserveCapacity(arguments.count)
    var failed: Value?
    for argument in arguments {
      let value = argument.value(evaluation)
      if value.isFailure { failed = failed.map { .joinedFailure($0, value) } ?? .joinedFailure(value, value) }
      values.append(value)
    }
    if let failed { return failed }
    guard values.allSatisfy({ evaluation.charge(site, $0) }) else { return evaluation.exhaustion }
    guard let result = body(values) else { return .noOverload(site.name.shownCall, values, site.range) }
    return evaluation.settle(result, site.range)
  }
}

/// `x in list` and `x in map`
final class Membership: Condition, Reader {
  let element: any Code
  let operand: Operand
  let range: SourceRange
  /// A literal text.
  private let name: MapValue.Name?

  init(_ element: any Code, _ holder: any Code, _ range: SourceRange) {
    (self.element, operand, self.range) = (element, Operand(holder), range)
    name = (element as? Constant)?.text.map { MapValue.Name($0) }
  }

  func truth(_ evaluation: Evaluation) -> Truth { read(evaluation) }

  func read(_ holder: Value, _ evaluation: Evaluation) -> Truth {
    let wanted = element.value(evaluation)
    if wanted.isFailure || holder.isFailure { return evaluation.fail(.joinedFailure(wanted, holder)) }
    switch holder {
    case .list(let elements):
      for at in elements.indices {
        guard evaluation.charge(1), evaluation.chargeAll(elements[at]) else {
          return evaluation.fail(evaluation.exhaustion)
        }
        if elements[at].isEqual(to: wanted) { return .yes }
      }
      return .no
    case .map(let map):
      guard evaluation.charge(1 + wanted.weight) else { return evaluation.fail(evaluation.exhaustion) }
      return Truth(name.map { map.place($0) != nil } ?? (map[wanted] != nil))
    default: return evaluation.fail(.noOverload("in", [wanted, holder], range))
    }
  }
}

extension Evaluation {
  /// `false` also where the argument is a failure.
  @inline(__always)
  fileprivate func charge(_ site: CallSite, _ value: Value) -> Bool {
    if value.isScalar { return charge(site.cost) }
    return !value.isFailure && chargeParts(site, value)
  }

  @inline(__always)
  fileprivate func charge(_ site: CallSite, _ a: Value, _ b: Value) -> Bool {
    if a.isScalar && b.isScalar { return charge(site.cost) }
    return !a.isFailure && !b.isFailure && chargeParts(site, a) && chargeParts(site, b)
  }

  private func chargeParts(_ site: CallSite, _ value: Value) -> Bool {
    site.isDeep ? charge(site.cost) && chargeAll(value) : charge(site.cost + value.weight)
  }

  /// Gives an error of a function its place, and charges for what it made.
  func settle(_ result: Value, _ range: SourceRange) -> Value {
    if case .error(let error) = result, error.range == nil { return .error(EvaluationError(error.message, at: range)) }
    return charge(result.weight) ? result : exhaustion
  }
}

extension String {
  /// `+` of `_+_`, other names as they are.
  var shownCall: String { isOperatorName ? operatorText : self }
}
