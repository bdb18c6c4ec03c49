package import Base
package import Model

/// What became of one file: every record has one fate.
package struct FileAccount: Sendable {
  /// As it was given.
  package var path: String
  /// Over the bytes as they are stored; `nil` where they could not be read.
  package var digest: InputDigest?
  /// Whether the file is to blame as a whole.
  package var isBroken = false
  /// The size of the file as it is stored.
  package var storedBytes: UInt64 = 0
  /// A name of `usageFormats`.
  package var format: String?
  /// Records by fate.
  package var used: UInt64 = 0
  package var duplicate: UInt64 = 0
  package var filtered: UInt64 = 0
  package var unreadable: UInt64 = 0
  /// Unreadable ones that are of no known log.
  package var foreign: UInt64 = 0
  /// Used ones that name no identity.
  package var unattributed: UInt64 = 0
  /// What is said of the file as a whole.
  package var remarks: [Diagnostic] = []
  /// The first unreadable records; the others are only counted.
  package var faults: [Fault] = []
  package var faultCount: UInt64 = 0
  /// The parts behind the first in which it was read: first byte, and records before it.
  package var parts: [(start: UInt64, records: UInt64)] = []

  /// An unreadable record.
  package struct Fault: Sendable {
    package var record: UInt64
    package var byte: UInt64
    package var reason: String

    package init(record: UInt64, byte: UInt64, reason: String) {
      self.record = record
      self.byte = byte
      self.reason = reason
    }
  }

  package init(path: String) { self.path = path }

  /// The SHA-256 digest in hexadecimal digits; empty where none was taken.
  package var sha256: String { digest?.sha256 ?? "" }

  /// All records, whatever became of them.
  package var records: UInt64 { used + duplicate + filtered + unreadable }

  /// The file as coverage names it.
  package var input: InputFile {
    InputFile(path: path, sha256: sha256, bytes: storedBytes, records: records, status: status.rawValue)
  }

  var status: InputStatus {
    if unreadable == 0 && !isBroken { return records == 0 ? .empty : .ok }
    return used + duplicate + filtered == 0 ? .unreadable : .partial
  }

  /// Says what is wrong with the file.
  mutating func diagnose(_ message: String, _ kind: Diagnostic.Kind = .unreadable) {
    remarks.append(Diagnostic(kind, at: SourceLocation(path: path), message))
  }

  /// An unreadable record: its number (1-based), and the byte of the text that is wrong.
  mutating func refuse(record: UInt64, byte: UInt64, _ reason: StaticString) {
    unreadable += 1
    faultCount += 1
    if faults.count < FileAccount.shown {
      faults.append(Fault(record: record, byte: byte, reason: "\(reason)"))
    }
  }

  private static let shown = 20

  /// Adds the next part of the same file, which began at the byte.
  package mutating func append(_ part: FileAccount, at start: UInt64) {
    let before = records
    faults += part.faults.prefix(FileAccount.shown - faults.count).map {
      Fault(record: $0.record + before, byte: $0.byte + start, reason: $0.reason)
    }
    if start > 0 { parts.append((start, before)) }
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

  /// All that is wrong, held for each of the known kinds of log.
  package var diagnostics: [Diagnostic] { diagnostics(tried: LogFormat.all.map(\.name)) }

  /// All that is wrong, in the order of the file. `tried` are the kinds of log that it was held for.
  func diagnostics(tried: [String]) -> [Diagnostic] {
    let place = SourceLocation(path: path)
    var words: String { tried.joined(separator: ", ") }
    if foreign > 0 && foreign == records {
      let message = "not a log that is known: none of \(records) records is one of \(words)"
      return remarks + [Diagnostic(.unreadable, at: place, message)]
    }
    if records == 0 && !isBroken { return remarks + [Diagnostic(.warning, at: place, "the file holds no records")] }
    if faultCount == 0 { return remarks }
    // What was tried is said once.
    let hint = used + duplicate + filtered == 0 ? "tried as \(words)" : ""
    var all = faults.enumerated().map { number, fault in
      let message = "record \(fault.record) is unreadable at byte \(fault.byte): \(fault.reason)"
      return Diagnostic(.unreadable, at: place, message, hint: number == 0 ? hint : "")
    }
    let unsaid = faultCount - UInt64(faults.count)
    if unsaid > 0 {
      all.append(Diagnostic(.unreadable, at: place, "records behind these: \(unsaid) more are unreadable"))
    }
    return all + remarks
  }
}
