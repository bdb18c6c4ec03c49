/// `optMap` and `optFlatMap`
final class OptionalMap: Code {
  let (number, target, body): (Int, any Code, any Code)
  let isFlat: Bool
  let range: SourceRange

  init(_ number: Int, _ target: any Code, _ body: any Code, isFlat: Bool, _ range: SourceRange) {
    (self.number, self.target, self.body, self.isFlat, self.range) = (number, target, body, isFlat, range)
  }

  func value(_ evaluation: Evaluation) -> Value {
    let holder = target.value(evaluation)
    guard case .optional(let optional) = holder else {
      return holder.isFailure ? .joinedFailure(holder, holder) : .noOverload("optMap", [holder], range)
    }
    guard let inner = optional.value else { return holder }
    evaluation.locals[number] = inner
    let value = body.value(evaluation)
    if value.isFailure { return .joinedFailure(value, value) }
    if !isFlat { return .optional(of: value) }
    if case .optional = value { return value }
    return .failed("optFlatMap wants an optional as its result, not \(value.typeName)", range)
  }
}

/// `optional.or(other)` and `optional.orValue(other)`: the other is only computed when it is needed.
final class OptionalElse: Code {
  let (optional, other): (any Code, any Code)
  /// Whether the result is an optional.
  let isOptional: Bool
  let range: SourceRange

  init(_ optional: any Code, _ other: any Code, isOptional: Bool, _ range: SourceRange) {
    (self.optional, self.other, self.isOptional, self.range) = (optional, other, isOptional, range)
  }

  func value(_ evaluation: Evaluation) -> Value {
    let holder = optional.value(evaluation)
    guard case .optional(let content) = holder else {
      return holder.isFailure
        ? .joinedFailure(holder, holder) : .noOverload(isOptional ? "or" : "orValue", [holder], range)
    }
    if let value = content.value { return isOptional ? holder : value }
    let value = other.value(evaluation)
    if isOptional, !value.isFailure, value.asOptional == nil { return .noOverload("or", [holder, value], range) }
    return value
  }
}
