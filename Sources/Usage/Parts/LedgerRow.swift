import Base
package import Model

/// What was made of an input as a whole.
package enum InputStatus: String, Sendable, CaseIterable, Comparable {
  /// No record; every record; some records; none of its records could be read.
  case empty, ok, partial, unreadable

  package static func < (a: InputStatus, b: InputStatus) -> Bool { a.rawValue < b.rawValue }
}

/// What became of one input: every input of a part has exactly one row.
package struct LedgerRow: Sendable, Hashable {
  /// As the run was given it: a path, or the name of a frame.
  package var name: String
  /// Bytes as stored.
  package var size: UInt64
  /// Of the stored bytes; `nil` where they could not be read.
  package var digest: InputDigest?
  package var status: InputStatus
  /// The kind of log; empty where none was recognised.
  package var format: String
  /// Readable events, second deliveries among them: which delivery is the second depends on the order, their number does not.
  package var events: UInt64
  /// Records of the log that are no calls.
  package var filtered: UInt64
  /// Unreadable records.
  package var bad: UInt64

  /// The row of an input that could not be opened.
  package init(unreadable name: String, size: UInt64 = 0) {
    self.name = name
    self.size = size
    (format, events, filtered, bad, status) = ("", 0, 0, 1, .unreadable)
  }

  /// Whether every record of the input was understood.
  package var isWhole: Bool { status == .ok || status == .empty }

  /// As the facts' coverage names it.
  package var input: InputFile {
    InputFile(
      path: name, sha256: digest?.sha256 ?? "", bytes: size, records: events + filtered + bad, status: status.rawValue)
  }

  /// The order of rows: by name, then digest.
  static func precedes(_ a: LedgerRow, _ b: LedgerRow) -> Bool {
    let order = utf8Order(a.name, b.name)
    if order != 0 { return order < 0 }
    // What has no digest stands before what has one.
    guard let first = a.digest, let second = b.digest, first != second else {
      return a.digest == b.digest ? (a.size, a.status) < (b.size, b.status) : a.digest == nil
    }
    return first < second
  }
}

extension LedgerRow {
  /// The row of a file that was read.
  package init(_ account: FileAccount) {
    name = account.path
    size = account.storedBytes
    digest = account.digest
    format = account.used + account.duplicate + account.filtered > 0 ? account.format ?? "" : ""
    events = account.used + account.duplicate
    filtered = account.filtered
    bad = account.unreadable
    status = account.status
  }

  func write(to out: inout PartWriter) {
    out.text(name)
    out.number(size)
    out.text(digest?.hex ?? "")
    out.text(format)
    out.number(events)
    out.number(filtered)
    out.number(bad)
    out.text(status.rawValue)
  }

  init(from part: inout PartReader) throws(PartError) {
    name = try part.text()
    size = try part.count()
    let digits = try part.text()
    digest = InputDigest(hex: digits)
    if digest == nil && !digits.isEmpty { throw part.broken("no digest of an input") }
    format = try part.text()
    events = try part.count()
    filtered = try part.count()
    bad = try part.count()
    guard let known = InputStatus(rawValue: try part.text()) else { throw part.broken("no status of an input") }
    status = known
  }
}
