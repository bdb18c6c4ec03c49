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
