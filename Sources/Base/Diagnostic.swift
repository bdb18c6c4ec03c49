/// What is wrong with an input, where, and what to do about it. Findings about identities are `Finding`s, not these.
package struct Diagnostic: Hashable, Sendable, Comparable, CustomStringConvertible {
  /// What the problem means for the run; the exit code follows from the worst one.
  package enum Kind: String, Sendable, Comparable {
    /// Worth knowing; changes no result.
    case warning
    /// An input could not be read whole: the run is incomplete (exit code 3).
    case unreadable
    /// Configuration, declaration or policy is wrong (exit code 2).
    case invalid

    package static func < (a: Kind, b: Kind) -> Bool { a.rank < b.rank }
    private var rank: Int { self == .warning ? 0 : self == .unreadable ? 1 : 2 }
  }

  package var kind: Kind
  /// Where; only a path when the place inside is unknown.
  package var location: SourceLocation
  /// What is wrong, one sentence without a full stop.
  package var message: String
  /// What to do, one sentence; empty where nothing useful can be said.
  package var hint: String

  package init(_ kind: Kind, at location: SourceLocation, _ message: String, hint: String = "") {
    self.kind = kind
    self.location = location
    self.message = message
    self.hint = hint
  }

  /// `path:line:column: error: message (hint)`, on one line, with strangers' control characters escaped.
  package var description: String {
    let word = kind == .warning ? "warning" : "error"
    let tail = hint.isEmpty ? "" : " (\(hint))"
    return "\(location): \(word): \(message)\(tail)".escapedOnOneLine
  }

  /// By place, then as a person would sort what is said: record 2 before record 10.
  package static func < (a: Diagnostic, b: Diagnostic) -> Bool {
    if a.location != b.location { return a.location < b.location }
    let order = numericOrder(a.message, b.message)
    return order == 0 ? a.hint < b.hint : order < 0
  }
}
