package import Base

/// Why something in the Reviews room could not be done.
package struct ReviewError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What kind of failure.
  package enum Code: String, Sendable {
    /// The item, campaign or template is not usable as it is.
    case invalidItem, invalidCampaign, unknownItem, ambiguousItem
    /// The decision breaks a rule.
    case refusedDecision
    /// Signing or its key failed.
    case cannotSign
    /// Git failed.
    case git
    /// The campaign cannot close yet.
    case notComplete
  }

  /// What kind of failure it is.
  package let code: Code
  /// What is wrong, one sentence without a full stop.
  package let message: String
  /// What to do; empty where nothing useful can be said.
  package let hint: String
  /// Where, when a file is to blame.
  package let location: SourceLocation?

  package init(_ code: Code, _ message: String, hint: String = "", at location: SourceLocation? = nil) {
    self.code = code
    self.message = message
    self.hint = hint
    self.location = location
  }

  /// `path:line:column: message (hint)`.
  package var description: String {
    let place = location.map { "\($0): " } ?? ""
    return (place + message + (hint.isEmpty ? "" : " (\(hint))")).escapedOnOneLine
  }
}
