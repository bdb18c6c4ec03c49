package import Usage

/// A log file as the catalog knows it.
package struct CatalogedFile: Sendable {
  /// What tells that somebody may have tampered with it.
  package enum Evidence: Int64, Sendable {
    case none, changed, vanished
  }

  package var source: String
  package var path: String
  package var stamp: FileStamp
  package var evidence: Evidence
  /// SHA-256 of what was found in the place of what was read; empty where nothing was.
  package var found: String
  /// What was read of it.
  package var content: CatalogedContent

  package init(source: String, path: String, stamp: FileStamp, content: CatalogedContent) {
    self.source = source
    self.path = path
    self.stamp = stamp
    self.content = content
    (evidence, found) = (.none, "")
  }
}

/// What was read under one name or several.
package struct CatalogedContent: Sendable {
  /// The number in the catalog; 0 before it has one.
  package var number: Int64
  /// The account of the reading, with the path under which it was read.
  package var account: FileAccount
  /// First and last event, in milliseconds since the epoch.
  package var period: ClosedRange<Int64>?

  package init(_ account: FileAccount) {
    self.account = account
    number = 0
  }
}
