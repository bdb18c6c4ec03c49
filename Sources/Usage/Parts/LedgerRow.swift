import Base
package import Model

/// What became of one input: every input of a part has exactly one row.
package struct LedgerRow: Sendable, Hashable {
  /// As the run was given it: a path, or the name of a frame.
  package var name: String
  /// Bytes as stored.
  package var size: UInt64
  /// SHA-256 of the stored bytes in hexadecimal; empty where they could not be read.
  package var sha256: String
  /// The kind of log; empty where none was recognised.
  package var format: String
  /// Readable events, second deliveries among them: which delivery is the second depends on the order, their number does not.
  package var events: UInt64
  /// Records of the log that are no calls.
  package var filtered: UInt64
  /// Unreadable records.
  package var bad: UInt64
  /// `ok`, `partial` (some records unreadable), `unreadable`, `empty`.
  package var status: String

  /// The row of an input that could not be opened.
  package init(unreadable name: String, size: UInt64 = 0) {
    self.name = name
    self.size = size
    (sha256, format, events, filtered, bad, status) = ("", "", 0, 0, 1, "unreadable")
  }

  /// Whether every record of the input was understood.
  package var isWhole: Bool { status == "ok" || status == "empty" }

  /// As the facts' coverage names it.
  package var input: InputFile {
    InputFile(path: name, sha256: sha256, bytes: size, records: events + filtered + bad, status: status)
  }

  /// The order of rows: by name, then digest.
  static func precedes(_ a: LedgerRow, _ b: LedgerRow) -> Bool {
    let order = utf8Order(a.name, b.name)
    return order == 0 ? (a.sha256, a.size, a.status) < (b.sha256, b.size, b.status) : order < 0
  }
}

extension LedgerRow {
  /// The row of a file that was read.
  package init(_ account: FileAccount) {
    let input = account.input
    name = account.path
    size = account.storedBytes
    sha256 = account.sha256
    format = account.used + account.duplicate + account.filtered > 0 ? account.format ?? "" : ""
    events = account.used + account.duplicate
    filtered = account.filtered
    bad = account.unreadable
    status = input.status
  }

  func write(to out: inout PartWriter) {
    out.text(name)
    out.number(size)
    out.text(sha256)
    out.text(format)
    out.number(events)
    out.number(filtered)
    out.number(bad)
    out.text(status)
  }

  init(from part: inout PartReader) throws(PartError) {
    name = try part.text()
    size = try part.count()
    sha256 = try part.text()
    format = try part.text()
    events = try part.count()
    filtered = try part.count()
    bad = try part.count()
    status = try part.text()
    if !["ok", "partial", "unreadable", "empty"].contains(status) { throw part.broken("no status of an input") }
    if !sha256.isEmpty && (sha256.utf8.count != 64 || !sha256.utf8.allSatisfy { $0 &- 0x30 < 10 || $0 &- 0x61 < 6 }) {
      throw part.broken("no SHA-256 digest")
    }
  }
}
