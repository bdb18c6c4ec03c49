/// `a && b`: false wins over failures, unknowns over errors (CEL specification, "Logical Operators").
final class And: Condition {
  let (first, second): (any Code, any Code)
  init(_ first: any Code, _ second: any Code) { (self.first, self.second) = (first, second) }

  func truth(_ evaluation: Evaluation) -> Truth {
    switch first.truth(evaluation) {
    case .yes: second.truth(evaluation)
    case .no: .no
    case .failed: evaluation.joinFailure(unless: .no, second)
    }
  }
}

/// `a || b`: true wins.
final class Or: Condition {
  let (first, second): (any Code, any Code)
  init(_ first: any Code, _ second: any Code) { (self.first, self.second) = (first, second) }

  func truth(_ evaluation: Evaluation) -> Truth {
    switch first.truth(evaluation) {
    case .no: second.truth(evaluation)
    case .yes: .yes
    case .failed: evaluation.joinFailure(unless: .yes, second)
    }
  }
}

extension Evaluation {
  /// After one part has failed: the other decides, or its failure joins.
  fileprivate func joinFailure(unless decisive: Truth, _ other: any Code) -> Truth {
    let failed = failure
    let truth = other.truth(self)
    if truth == decisive { return truth }
    return fail(truth == .failed ? .joinedFailure(failed, failure) : failed)
  }
}

/// `!a`
final class Not: Condition {
  let part: any Code
  init(_ part: any Code) { self.part = part }

  func truth(_ evaluation: Evaluation) -> Truth {
    switch part.truth(evaluation) {
    case .yes: .no
    case .no: .yes
    case .failed: .failed
    }
  }
}

/// `condition ? yes : no`
final class Conditional: Code {
  let (condition, yes, no): (any Code, any Code, any Code)

  init(_ condition: any Code, _ yes: any Code, _ no: any Code) {
    (self.condition, self.yes, self.no) = (condition, yes, no)
  }

  func value(_ evaluation: Evaluation) -> Value {
    switch condition.truth(evaluation) {
    case .yes: yes.value(evaluation)
    case .no: no.value(evaluation)
    case .failed: evaluation.failure
    }
  }

  func truth(_ evaluation: Evaluation) -> Truth {
    switch condition.truth(evaluation) {
    case .yes: yes.truth(evaluation)
    case .no: no.truth(evaluation)
    case .failed: .failed
    }
  }
}

/// `a == b` and `a != b`
final class Equality: Condition {
  let (left, right, isEqual): (any Code, any Code, Bool)

  init(_ left: any Code, _ right: any Code, isEqual: Bool) {
    (self.left, self.right, self.isEqual) = (left, right, isEqual)
  }

  func truth(_ evaluation: Evaluation) -> Truth {
    let (a, b) = (left.value(evaluation), right.value(evaluation))
    if let same = a.isSameScalar(as: b) { return Truth(same == isEqual) }
    if a.isFailure || b.isFailure { return evaluation.fail(.joinedFailure(a, b)) }
    guard evaluation.chargeAll(a) else { return evaluation.fail(evaluation.exhaustion) }
    return Truth(a.isEqual(to: b) == isEqual)
  }
}

/// `a < b` and its kin.
final class Comparison: Condition {
  /// Which orders make it true.
  enum Relation: Sendable { case less, lessOrSame, more, moreOrSame }

  let (left, right, relation): (any Code, any Code, Relation)
  let range: SourceRange

  init(_ left: any Code, _ right: any Code, _ relation: Relation, _ range: SourceRange) {
    (self.left, self.right, self.relation, self.range) = (left, right, relation, range)
  }

  func truth(_ evaluation: Evaluation) -> Truth {
    let (a, b) = (left.value(evaluation), right.value(evaluation))
    switch a {
    case .int(let a): if case .int(let b) = b { return Truth(relation.holds(a, b)) }
    case .double(let a): if case .double(let b) = b { return Truth(relation.holds(a, b)) }
    case .timestamp(let a): if case .timestamp(let b) = b { return Truth(relation.holds(a, b)) }
    case .duration(let a): if case .duration(let b) = b { return Truth(relation.holds(a.nanoseconds, b.nanoseconds)) }
    default: break
    }
    return compare(a, b, evaluation)
  }

  private func compare(_ a: Value, _ b: Value, _ evaluation: Evaluation) -> Truth {
    if a.isFailure || b.isFailure { return evaluation.fail(.joinedFailure(a, b)) }
    guard evaluation.charge(a.weight) else { return evaluation.fail(evaluation.exhaustion) }
    guard let order = Value.compare(a, b) else { return evaluation.fail(.noOverload(relation.text, [a, b], range)) }
    return Truth(relation.holds(order))
  }
}

extension Comparison.Relation {
  @inline(__always)
  fileprivate func holds<T: Comparable>(_ a: T, _ b: T) -> Bool {
    switch self {
    case .less: a < b
    case .lessOrSame: a <= b
    case .more: a > b
    case .moreOrSame: a >= b
    }
  }

  func holds(_ order: Value.Order?) -> Bool {
    switch self {
    case .less: order == .less
    case .lessOrSame: order == .less || order == .same
    case .more: order == .more
    case .moreOrSame: order == .more || order == .same
    }
  }

  var text: String {
    switch self {
    case .less: "<"
    case .lessOrSame: "<="
    case .more: ">"
    case .moreOrSame: ">="
    }
  }
}

extension Value {
  /// The order of two values; the outer `nil` says that their types have none, the inner that these have none (NaN).
  static func compare(_ a: Value, _ b: Value) -> Order?? {
    switch (a, b) {
    case (.string(let a), .string(let b)): a.isSameScalars(as: b) ? .same : a.scalarsPrecede(b) ? .less : .more
    case (.bool(let a), .bool(let b)): a == b ? .same : b ? .less : .more
    case (.timestamp(let a), .timestamp(let b)): order(a, b)
    case (.duration(let a), .duration(let b)): order(a, b)
    case (.bytes(let a), .bytes(let b)): a == b ? .same : a.lexicographicallyPrecedes(b) ? .less : .more
    case (.int, .int), (.int, .uint), (.int, .double), (.uint, .int), (.uint, .uint), (.uint, .double),
      (.double, .int), (.double, .uint), (.double, .double):
      .some(compareNumbers(a, b))
    default: nil
    }
  }

  static func noOverload(_ name: String, _ arguments: [Value], _ range: SourceRange?) -> Value {
    let types = arguments.map(\.typeName).joined(separator: ", ")
    return .error(EvaluationError("no such overload: \(name)(\(types))", at: range))
  }

  /// What looking at all parts of parts costs, counted up to the limit: values share their parts, so that a small one can
  /// be endless to walk.
  func deepWeight(_ limit: Int) -> Int {
    var total = weight
    switch self {
    case .list(let elements):
      for element in elements where total <= limit { total += element.deepWeight(limit - total) }
    case .map(let map):
      for entry in map.entries where total <= limit {
        total += entry.key.weight + entry.value.deepWeight(limit - total)
      }
    case .optional(let optional): total += optional.value?.deepWeight(limit) ?? 0
    default: break
    }
    return total
  }

  /// What looking at the value costs, but not at what is in its parts.
  var weight: Int {
    switch self {
    case .string(let text): text.utf8.count >> 4
    case .bytes(let bytes): bytes.count >> 4
    case .list(let elements): elements.count
    case .map(let map): map.entries.count
    default: 0
    }
  }
}
