package import Base
package import Usage

/// Which events are looked for. What is `nil` does not matter.
package struct CatalogQuery: Sendable {
  /// Identities with the periods that matter, in milliseconds since the epoch; an event of any of them.
  package var identities: [(identity: String, period: ClosedRange<Int64>)]?
  /// Matches one of the event's resources.
  package var resource: Glob?
  /// Matches the permission, the call or the operation.
  package var action: Glob?
  /// In milliseconds since the epoch.
  package var period: ClosedRange<Int64> = .min ... .max

  package init() {}
}

/// Where to read.
package struct CatalogAnswer: Sendable {
  package var slices: [LogSlice]
  /// Events in the slices.
  package var events: UInt64
  /// Files that are read, and all that the catalog knows.
  package var files: Int
  package var allFiles: Int
  /// Whether nothing narrowed the files.
  package var isWhole: Bool
  /// Files that are no longer what was cataloged: what they held is not shown.
  package var diagnostics: [Diagnostic]
}
