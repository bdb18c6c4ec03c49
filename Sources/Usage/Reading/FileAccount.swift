import Base
import Model

/// What became of one file: every record has one fate.
struct FileAccount: Sendable {
  let path: String
  var sha256 = ""
  var storedBytes: UInt64 = 0
  var format: String?
  var used: UInt64 = 0
  var duplicate: UInt64 = 0
  var filtered: UInt64 = 0
  var unreadable: UInt64 = 0
  var foreign: UInt64 = 0
  var unattributed: UInt64 = 0
  /// Whether the file is to blame as a whole.
  var isBroken = false
  private(set) var diagnostics: [Diagnostic] = []
  private var unsaid: UInt64 = 0

  init(path: String) { self.path = path }

  var records: UInt64 { used + duplicate + filtered + unreadable }

  var input: InputFile {
    InputFile(path: path, sha256: sha256, bytes: storedBytes, records: records, status: status)
  }

  private var status: String {
    if unreadable == 0 && !isBroken { return records == 0 ? "empty" : "ok" }
    return used + duplicate + filtered == 0 ? "unreadable" : "partial"
  }

  /// Says what is wrong; only the first so many of a file, the rest as a number.
  mutating func diagnose(_ message: String, _ kind: Diagnostic.Kind = .unreadable) {
    if diagnostics.count < 20 {
      diagnostics.append(Diagnostic(kind, at: SourceLocation(path: path), message))
    } else {
      unsaid += 1
    }
  }

  /// An unreadable record: its number (1-based), and the byte of the text that is wrong.
  mutating func refuse(record: UInt64, byte: UInt64, _ reason: StaticString) {
    unreadable += 1
    diagnose("record \(record) is unreadable at byte \(byte): \(reason)")
  }

  /// Closes the account.
  mutating func settle(tried: [String]) {
    if foreign > 0 && foreign == records {
      let words = tried.joined(separator: ", ")
      diagnostics = []
      unsaid = 0
      diagnose("not a log that is known: none of \(records) records is one of \(words)")
    }
    if used + duplicate + filtered == 0, foreign == 0, let first = diagnostics.first, first.kind == .unreadable {
      let hint = "tried as \(tried.joined(separator: ", "))"
      diagnostics[0] = Diagnostic(first.kind, at: first.location, first.message, hint: hint)
    }
    if unsaid > 0 {
      let more = Diagnostic(.unreadable, at: SourceLocation(path: path), "and \(unsaid) more of this file")
      diagnostics.append(more)
      unsaid = 0
    }
    if records == 0 && !isBroken { diagnose("the file holds no records", .warning) }
  }
}
