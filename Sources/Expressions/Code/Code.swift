/// A compiled node: it computes its value from the variables in the evaluation.
protocol Code: AnyObject, Sendable {
  func value(_ evaluation: Evaluation) -> Value
  /// As `value`, for conditions; when it is neither, the evaluation's `failure` says why.
  func truth(_ evaluation: Evaluation) -> Truth
}

/// What a condition comes to.
enum Truth: UInt8 {
  case no, yes, failed
}

extension Code {
  func truth(_ evaluation: Evaluation) -> Truth {
    switch value(evaluation) {
    case .bool(let value): return value ? .yes : .no
    case let other:
      return evaluation.fail(
        other.isFailure ? other : .failure("no such overload: a bool is needed, not \(other.typeName)"))
    }
  }
}

/// Code whose natural result is a truth.
protocol Condition: Code {}

extension Condition {
  func value(_ evaluation: Evaluation) -> Value {
    switch truth(evaluation) {
    case .yes: .bool(true)
    case .no: .bool(false)
    case .failed: evaluation.failure
    }
  }
}

extension Evaluation {
  func fail(_ value: Value) -> Truth {
    state.pointee.failure = value
    return .failed
  }
}

extension Truth {
  init(_ value: Bool) { self = value ? .yes : .no }
}

/// A value known when compiled.
final class Constant: Code {
  let constant: Value
  init(_ value: Value) { constant = value }
  func value(_ evaluation: Evaluation) -> Value { constant }
}

/// A name or call that has no meaning: an error when it is reached.
final class Broken: Code {
  let error: Value
  init(_ message: String, _ range: SourceRange) { error = .error(EvaluationError(message, at: range)) }
  func value(_ evaluation: Evaluation) -> Value { error }
}

/// A variable that the host binds.
final class Slot: Code {
  let number: Int
  private let unbound: Value

  init(_ number: Int, _ name: String, _ range: SourceRange) {
    self.number = number
    unbound = .error(EvaluationError("`\(name)` has no value", at: range))
  }

  func value(_ evaluation: Evaluation) -> Value {
    let value = evaluation.slots[number]
    return value.isAbsent ? unbound : value
  }
}

/// A variable of a macro.
final class LocalVariable: Code {
  let number: Int
  init(_ number: Int) { self.number = number }
  func value(_ evaluation: Evaluation) -> Value { evaluation.locals[number] }
}

/// A named expression, computed at most once.
final class LazyVariable: Code {
  let number: Int
  let lazies: [Environment.Lazy]

  init(_ number: Int, _ lazies: [Environment.Lazy]) {
    self.number = number
    self.lazies = lazies
  }

  func value(_ evaluation: Evaluation) -> Value { evaluation.lazy(number, lazies) }
}
