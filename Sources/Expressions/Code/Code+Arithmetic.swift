/// `a + b` and its kin: whole numbers and times at once, all else and whatever overflows by the operator's function.
final class Arithmetic: Code {
  private enum Operation { case plus, minus, times, divided }

  private let (first, second): (any Code, any Code)
  private let operation: Operation
  private let general: BinaryCall

  /// `nil` for functions that are no such operators.
  init?(_ name: String, _ general: BinaryCall) {
    switch name {
    case "_+_": operation = .plus
    case "_-_": operation = .minus
    case "_*_": operation = .times
    case "_/_": operation = .divided
    default: return nil
    }
    (first, second, self.general) = (general.first, general.second, general)
  }

  func value(_ evaluation: Evaluation) -> Value {
    let (a, b) = (first.value(evaluation), second.value(evaluation))
    switch a {
    case .int(let a): if case .int(let b) = b, let result = compute(a, b) { return charged(.int(result), evaluation) }
    case .timestamp(let a): if let result = compute(a, b) { return charged(result, evaluation) }
    default: break
    }
    return general.value(a, b, evaluation)
  }

  @inline(__always)
  private func charged(_ result: Value, _ evaluation: Evaluation) -> Value {
    evaluation.charge(general.site.cost) ? result : evaluation.exhaustion
  }

  @inline(__always)
  private func compute(_ a: Int64, _ b: Int64) -> Int64? {
    let (result, overflow) =
      switch operation {
      case .plus: a.addingReportingOverflow(b)
      case .minus: a.subtractingReportingOverflow(b)
      case .times: a.multipliedReportingOverflow(by: b)
      // By zero is an overflow too.
      case .divided: a.dividedReportingOverflow(by: b)
      }
    return overflow ? nil : result
  }

  @inline(__always)
  private func compute(_ a: Timestamp, _ b: Value) -> Value? {
    switch (operation, b) {
    case (.minus, .timestamp(let b)): a.since(b).map { .duration($0) }
    case (.plus, .duration(let b)): a.advanced(by: b).map { .timestamp($0) }
    case (.minus, .duration(let b)) where b.nanoseconds != .min:
      a.advanced(by: TimeSpan(nanoseconds: -b.nanoseconds)).map { .timestamp($0) }
    default: nil
    }
  }
}
