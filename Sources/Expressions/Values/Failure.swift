/// Why an evaluation gave no value.
package final class EvaluationError: Error, Sendable, CustomStringConvertible {
  /// What went wrong, one sentence without a full stop.
  package let message: String
  /// The part of the source that failed.
  package let range: SourceRange?

  init(_ message: String, at range: SourceRange?) {
    self.message = message
    self.range = range
  }

  /// The message.
  package var description: String { message }
}

/// Why a value is not known: the set of reasons, sorted.
package final class Unknown: Sendable, CustomStringConvertible {
  /// Sorted, without repeats.
  package let reasons: [String]

  /// In any order, with or without repeats.
  package init(_ reasons: [String]) {
    self.reasons = Set(reasons).sorted()
  }

  /// The reasons, separated by semicolons.
  package var description: String { reasons.joined(separator: "; ") }

  func merged(with other: Unknown) -> Unknown {
    self === other || reasons == other.reasons ? self : Unknown(reasons + other.reasons)
  }
}

extension Value {
  /// What two failures, or a failure and any value, make together in a strict operation: unknowns join and win over
  /// errors, else the first error stays.
  @inline(never)
  static func joinedFailure(_ first: Value, _ second: Value) -> Value {
    switch (first, second) {
    case (.unknown(let a), .unknown(let b)): .unknown(a.merged(with: b))
    case (.unknown, _): first
    case (_, .unknown): second
    case (.error, _): first
    case (_, .error): second
    case (.absent, _), (_, .absent): .failure("no value")
    default: first
    }
  }
}
