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
  /// What is said of the file as a whole.
  private var remarks: [Diagnostic] = []
  /// The first unreadable records; the others are only counted.
  private var faults: [(record: UInt64, byte: UInt64, reason: StaticString)] = []
  private var faultCount: UInt64 = 0

  init(path: String) { self.path = path }

  var records: UInt64 { used + duplicate + filtered + unreadable }

  var input: InputFile {
    InputFile(path: path, sha256: sha256, bytes: storedBytes, records: records, status: status)
  }

  private var status: String {
    if unreadable == 0 && !isBroken { return records == 0 ? "empty" : "ok" }
    return used + duplicate + filtered == 0 ? "unreadable" : "partial"
  }

  /// Says what is wrong with the file.
  mutating func diagnose(_ message: String, _ kind: Diagnostic.Kind = .unreadable) {
    remarks.append(Diagnostic(kind, at: SourceLocation(path: path), message))
  }

  /// An unreadable record: its number (1-based), and the byte of the text that is wrong.
  mutating func refuse(record: UInt64, byte: UInt64, _ reason: StaticString) {
    unreadable += 1
    faultCount += 1
    if faults.count < FileAccount.shown { faults.append((record, byte, reason)) }
  }

  private static let shown = 20

  /// Adds the next part of the same file, which began at the byte.
  mutating func append(_ part: FileAccount, at start: UInt64) {
    let before = records
    faults += part.faults.prefix(FileAccount.shown - faults.count).map {
      ($0.record + before, $0.byte + start, $0.reason)
    }
    faultCount += part.faultCount
    remarks += part.remarks
    isBroken = isBroken || part.isBroken
    format = format ?? part.format
    storedBytes += part.storedBytes
    used += part.used
    duplicate += part.duplicate
    filtered += part.filtered
    unreadable += part.unreadable
    foreign += part.foreign
    unattributed += part.unattributed
  }

  /// All that is wrong, in the order of the file. `tried` are the kinds of log that it was held for.
  func diagnostics(tried: [String]) -> [Diagnostic] {
    let words = tried.joined(separator: ", ")
    let place = SourceLocation(path: path)
    if foreign > 0 && foreign == records {
      let message = "not a log that is known: none of \(records) records is one of \(words)"
      return remarks + [Diagnostic(.unreadable, at: place, message)]
    }
    if records == 0 && !isBroken { return remarks + [Diagnostic(.warning, at: place, "the file holds no records")] }
    let hint = used + duplicate + filtered == 0 ? "tried as \(words)" : ""
    var all = faults.map { fault in
      let message = "record \(fault.record) is unreadable at byte \(fault.byte): \(fault.reason)"
      return Diagnostic(.unreadable, at: place, message, hint: hint)
    }
    let unsaid = faultCount - UInt64(faults.count)
    if unsaid > 0 { all.append(Diagnostic(.unreadable, at: place, "and \(unsaid) more records of this file")) }
    return all + remarks
  }
}
