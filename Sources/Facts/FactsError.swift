package import Base
import Git

/// Why facts could not be read or written.
package struct FactsError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What kind of failure it is.
  package enum Code: String, Sendable, CaseIterable {
    /// Written by a newer Muster, or by something else.
    case unknownSchema
    /// A record is not as this version writes it.
    case malformed
    /// The branch moved again and again while it was written.
    case contended
    /// Git said no.
    case git
  }

  package let code: Code
  /// What was tried, as in "read the facts".
  package let operation: String
  /// The file of the facts' tree, or the branch.
  package let location: SourceLocation
  /// What is wrong, without a full stop.
  package let message: String

  init(_ code: Code, _ operation: String, at location: SourceLocation, _ message: String) {
    self.code = code
    self.operation = operation
    self.location = location
    self.message = message
  }

  init(_ error: GitError, _ operation: String, branch: String) {
    self.init(.git, operation, at: SourceLocation(path: branch), error.description)
  }

  /// `cannot read the facts: identities/3f.jsonl:2:14: unknown field `x` (hint)`.
  package var description: String {
    let tail = hint.isEmpty ? "" : " (\(hint))"
    return "cannot \(operation): \(location): \(message)\(tail)".escapedOnOneLine
  }

  /// What to do; empty where nothing useful can be said.
  package var hint: String {
    switch code {
    case .unknownSchema: "use the version of Muster that wrote them, or run `muster sync` on a new branch"
    case .malformed: "the branch is written by `muster sync` only; run it again, or go back to an earlier commit of it"
    case .contended: "another `muster sync` is running; try again"
    case .git: ""
    }
  }
}
