/// A call whose second argument is a pattern: read once where it is a constant.
final class PatternCall: Code {
  typealias Match = @Sendable (Value) -> Value?

  let (text, pattern): (any Code, any Code)
  let site: CallSite
  let make: @Sendable (Value) -> Match?
  private let prepared: (match: Match, weight: Int)?

  init(_ text: any Code, _ pattern: any Code, _ site: CallSite, _ make: @escaping @Sendable (Value) -> Match?) {
    (self.text, self.pattern, self.site, self.make) = (text, pattern, site, make)
    guard let constant = (pattern as? Constant)?.constant, let match = make(constant) else {
      prepared = nil
      return
    }
    prepared = (match, constant.deepWeight(.max))
  }

  func value(_ evaluation: Evaluation) -> Value {
    let subject = text.value(evaluation)
    if let prepared {
      if subject.isFailure { return .joinedFailure(subject, subject) }
      return answer(subject, pattern: .absent, prepared.match, prepared.weight, evaluation)
    }
    let wanted = pattern.value(evaluation)
    if subject.isFailure || wanted.isFailure { return .joinedFailure(subject, wanted) }
    guard evaluation.charge(site.cost), evaluation.chargeAll(wanted) else { return evaluation.exhaustion }
    return answer(subject, pattern: wanted, make(wanted), wanted.deepWeight(evaluation.costLimit), evaluation)
  }

  /// Matching takes the product of both lengths at worst.
  private func answer(_ subject: Value, pattern: Value, _ match: Match?, _ weight: Int, _ evaluation: Evaluation)
    -> Value
  {
    guard evaluation.charge(site.cost + (1 + weight) * (1 + subject.weight)) else { return evaluation.exhaustion }
    if let result = match?(subject) { return evaluation.settle(result, site.range) }
    let shown = (self.pattern as? Constant)?.constant ?? pattern
    return .noOverload(site.name.shownCall, [subject, shown], site.range)
  }
}
