/// `a < b`, `a == b` and their kin.
final class Comparison: Condition {
  /// Which orders make it true.
  enum Relation: Sendable { case less, lessOrSame, more, moreOrSame, same, different }

  let (left, right, relation): (any Code, any Code, Relation)
  let range: SourceRange

  init(_ left: any Code, _ right: any Code, _ relation: Relation, _ range: SourceRange) {
    (self.left, self.right, self.relation, self.range) = (left, right, relation, range)
  }

  func truth(_ evaluation: Evaluation) -> Truth {
    let (a, b) = (left.value(evaluation), right.value(evaluation))
    return relation.holds(a, b) ?? compare(a, b, evaluation)
  }

  fileprivate func compare(_ a: Value, _ b: Value, _ evaluation: Evaluation) -> Truth {
    if a.isFailure || b.isFailure { return evaluation.fail(.joinedFailure(a, b)) }
    if relation == .same || relation == .different {
      guard evaluation.chargeAll(a) else { return evaluation.fail(evaluation.exhaustion) }
      return Truth(a.isEqual(to: b) == (relation == .same))
    }
    guard evaluation.charge(a.weight) else { return evaluation.fail(evaluation.exhaustion) }
    guard let order = Value.compare(a, b) else { return evaluation.fail(.noOverload(relation.text, [a, b], range)) }
    return Truth(relation.holds(order))
  }
}

/// A relation to a scalar known when compiled, which is not copied.
final class ScalarTest: Condition {
  let operand: any Code
  let scalar: Value
  private let relation: Comparison.Relation
  private let general: Comparison

  /// `nil` where the right side is no such scalar.
  init?(_ general: Comparison) {
    guard let constant = general.right as? Constant, constant.constant.isScalar else { return nil }
    (operand, scalar, relation, self.general) = (general.left, constant.constant, general.relation, general)
  }

  func truth(_ evaluation: Evaluation) -> Truth {
    let value = operand.value(evaluation)
    return relation.holds(value, scalar) ?? general.compare(value, scalar, evaluation)
  }
}

extension Comparison.Relation {
  /// For the commonest types; `nil` for all others.
  @inline(__always)
  fileprivate func holds(_ a: Value, _ b: Value) -> Truth? {
    switch a {
    case .int(let a): if case .int(let b) = b { return Truth(holds(a, b)) }
    case .double(let a): if case .double(let b) = b { return Truth(holds(a, b)) }
    case .timestamp(let a): if case .timestamp(let b) = b { return Truth(holds(a, b)) }
    case .duration(let a): if case .duration(let b) = b { return Truth(holds(a.nanoseconds, b.nanoseconds)) }
    default: break
    }
    return nil
  }

  @inline(__always)
  fileprivate func holds<T: Comparable>(_ a: T, _ b: T) -> Bool {
    switch self {
    case .less: a < b
    case .lessOrSame: a <= b
    case .more: a > b
    case .moreOrSame: a >= b
    case .same: a == b
    case .different: a != b
    }
  }

  func holds(_ order: Value.Order?) -> Bool {
    switch self {
    case .same: order == .same
    case .different: order != .same
    case .less: order == .less
    case .lessOrSame: order == .less || order == .same
    case .more: order == .more
    case .moreOrSame: order == .more || order == .same
    }
  }

  /// By the name of the operator's function.
  init?(_ name: String) {
    let all: [Comparison.Relation] = [.less, .lessOrSame, .more, .moreOrSame, .same, .different]
    guard let found = all.first(where: { "_\($0.text)_" == name }) else { return nil }
    self = found
  }

  var text: String {
    switch self {
    case .same: "=="
    case .different: "!="
    case .less: "<"
    case .lessOrSame: "<="
    case .more: ">"
    case .moreOrSame: ">="
    }
  }
}
