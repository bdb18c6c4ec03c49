import Base

/// Why the catalog could not be used.
package struct CatalogError: Error, Sendable {
  package enum Code: Sendable { case missing, foreign, corrupt, newer, locked, failed }

  package let code: Code
  package let path: String
  /// What SQLite says of it; empty where it says nothing.
  package let detail: String

  package init(_ code: Code, path: String, detail: String = "") {
    self.code = code
    self.path = path
    self.detail = detail
  }

  /// One sentence without a full stop.
  package var message: String {
    let tail = detail.isEmpty ? "" : ": \(detail)"
    return switch code {
    case .missing: "no log file was cataloged yet"
    case .foreign: "'\(path)' is no catalog of Muster\(tail)"
    case .corrupt: "the catalog '\(path)' is damaged\(tail)"
    case .newer: "the catalog '\(path)' was made by a newer version of Muster"
    case .locked: "the catalog '\(path)' is in use by another run of Muster"
    case .failed: "the catalog '\(path)' cannot be used\(tail)"
    }
  }

  /// What to do, one sentence.
  package var hint: String {
    switch code {
    case .missing: "run `muster sync`"
    case .foreign, .corrupt, .newer: "delete it and run `muster sync`, which makes it again from the logs"
    case .locked: "wait until that run has ended"
    case .failed: "see whether the disk is full or the folder may be written to"
    }
  }
}
