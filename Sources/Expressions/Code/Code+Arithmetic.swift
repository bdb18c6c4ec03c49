/// `a + b` and its kin: whole numbers, times and texts at once, all else and whatever overflows by the operator's function.
final class Arithmetic: Reader {
  private enum Operation { case plus, minus, times, divided }

  /// The first.
  let operand: Operand
  private let second: any Code
  /// The second where it is known when compiled, else of no meaning.
  private let constant: Value
  private let isConstant: Bool
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
    (operand, second, self.general) = (Operand(general.first, isMade: true), general.second, general)
    let known = general.second as? Constant
    (constant, isConstant) = (known?.constant ?? .null, known != nil)
  }

  /// What a sum adds, from left to right; `nil` for other operators.
  var terms: [any Code]? {
    guard operation == .plus else { return nil }
    return ((general.first as? Arithmetic)?.terms ?? [general.first]) + [general.second]
  }

  func value(_ evaluation: Evaluation) -> Value { read(evaluation) }

  func read(_ first: Value, _ evaluation: Evaluation) -> Value {
    isConstant ? compute(first, constant, evaluation) : compute(first, second.value(evaluation), evaluation)
  }

  private func compute(_ a: Value, _ b: Value, _ evaluation: Evaluation) -> Value {
    switch a {
    case .int(let a): if case .int(let b) = b, let result = compute(a, b) { return charged(.int(result), evaluation) }
    case .timestamp(let a): if let result = compute(a, b) { return charged(result, evaluation) }
    case .string(let a):
      switch b {
      case .string(let b) where operation == .plus: if let text = joined(a, b, evaluation) { return text }
      default: break
      }
    default: break
    }
    return general.value(a, b, evaluation)
  }

  private func joined(_ a: String, _ b: String, _ evaluation: Evaluation) -> Value? {
    let (first, second) = (a.utf8.count, b.utf8.count)
    let weight = first >> 4 + second >> 4 + (first + second) >> 4
    guard first + second <= Limits.bytes, evaluation.charge(general.site.cost + weight) else { return nil }
    return .string(a + b)
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
