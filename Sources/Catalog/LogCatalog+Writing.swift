import Base
import Usage

extension LogCatalog {
  /// Writes many things at once: all or none of them is there after a crash.
  mutating func transaction(
    _ body: (inout LogCatalog) throws(CatalogError) -> Void
  ) throws(CatalogError) {
    try database.run("BEGIN IMMEDIATE")
    do throws(CatalogError) {
      try body(&self)
      try database.run("COMMIT")
    } catch {
      try? database.run("ROLLBACK")
      throw error
    }
  }

  /// The number under which a file is being read.
  mutating func content(of key: FileKey) -> Int64 {
    if let known = open[key] { return known }
    let number = nextContent
    nextContent += 1
    open[key] = number
    return number
  }

  mutating func source(_ name: String) throws(CatalogError) -> Int64 {
    if let known = sources[name] { return known }
    let number = try number(of: name, in: "source", column: "name")
    sources[name] = number
    return number
  }

  mutating func name(_ text: String) throws(CatalogError) -> Int64 {
    if let known = names[text] { return known }
    let number = try number(of: text, in: "name", column: "text")
    // A bounded memory of the names that come again.
    if names.count > 400_000 { names = [:] }
    names[text] = number
    return number
  }

  private borrowing func number(of text: String, in table: String, column: String) throws(CatalogError) -> Int64 {
    let insert = try database.prepare("INSERT OR IGNORE INTO \(table)(\(column)) VALUES(?1)")
    insert.bind(1, text)
    try insert.run()
    let select = try database.prepare("SELECT id FROM \(table) WHERE \(column) = ?1")
    select.bind(1, text)
    return try select.step() ? select.integer(0) : 0
  }

  /// The number of a name that is known; `nil` for others.
  package borrowing func known(_ text: String) throws(CatalogError) -> Int64? {
    let select = try database.prepare("SELECT id FROM name WHERE text = ?1")
    select.bind(1, text)
    return try select.step() ? select.integer(0) : nil
  }

  /// Writes segments of files of a source.
  mutating func add(_ segments: [(segment: LogSegment, path: String)], source: String) throws(CatalogError) {
    let insert = try database.prepare("INSERT INTO segment VALUES(?1, ?2, ?3, 0, ?4, ?5, ?6, ?7, ?8)")
    var hours: [HoursRow] = []
    var days: [Row] = []
    var calls: [CallRow] = []
    for (segment, path) in segments {
      let number = nextSegment
      nextSegment += 1
      insert.bind(1, number)
      insert.bind(2, content(of: FileKey(source: source, path: path)))
      insert.bind(3, Int64(segment.part))
      insert.bind(4, Int64(segment.count))
      insert.bind(5, segment.first.milliseconds)
      insert.bind(6, segment.last.milliseconds)
      insert.bind(7, segment.isAddressable ? 1 : 0)
      insert.bind(8, blob: segment.places)
      try insert.run()
      for (identity, postings) in Dictionary(grouping: segment.identities, by: \.term) {
        hours.append(HoursRow(try name(identity), number, postings))
      }
      for posting in segment.resources { days.append(Row(try name(posting.term), number, posting)) }
      for call in segment.calls {
        calls.append(CallRow(call: try self.call(CallKey(call)), segment: number, events: call.events))
      }
      try add(segment.marks, segment: number)
    }
    try write(hours)
    try write(days, to: "resource_day")
    try write(calls)
    for (segment, _) in segments { try keep(segment.actors) }
    if actors.count > Self.mostActors { try insertActors() }
  }

  private struct Row {
    let term: Int64
    let segment: Int64
    let posting: LogSegment.Posting

    init(_ term: Int64, _ segment: Int64, _ posting: LogSegment.Posting) {
      self.term = term
      self.segment = segment
      self.posting = posting
    }
  }

  /// An identity's hours in a segment.
  private struct HoursRow {
    let identity: Int64
    let segment: Int64
    let first: Int32
    let last: Int32
    let packed: [UInt8]

    init(_ identity: Int64, _ segment: Int64, _ postings: [LogSegment.Posting]) {
      self.identity = identity
      self.segment = segment
      let sorted = postings.sorted { $0.period < $1.period }
      first = sorted.first?.period ?? 0
      last = sorted.last?.period ?? 0
      packed = packHours(sorted)
    }
  }

  private borrowing func write(_ rows: [HoursRow]) throws(CatalogError) {
    let insert = try database.prepare("INSERT INTO identity_hours VALUES(?1, ?2, ?3, ?4, ?5)")
    for row in rows.sorted(by: { ($0.identity, $0.segment) < ($1.identity, $1.segment) }) {
      insert.bind(1, row.identity)
      insert.bind(2, row.segment)
      insert.bind(3, Int64(row.first))
      insert.bind(4, Int64(row.last))
      insert.bind(5, blob: row.packed)
      try insert.run()
    }
  }

  /// In the order of the table: neighbours share its pages.
  private borrowing func write(_ rows: [Row], to table: String) throws(CatalogError) {
    let insert = try database.prepare("INSERT INTO \(table) VALUES(?1, ?2, ?3, ?4, ?5)")
    for row in rows.sorted(by: { ($0.term, $0.posting.period, $0.segment) < ($1.term, $1.posting.period, $1.segment) })
    {
      insert.bind(1, row.term)
      insert.bind(2, Int64(row.posting.period))
      insert.bind(3, row.segment)
      insert.bind(4, Int64(row.posting.count))
      insert.bind(5, blob: row.posting.events)
      try insert.run()
    }
  }

  private mutating func add(_ marks: [LogSegment.CredentialMark], segment: Int64) throws(CatalogError) {
    if marks.isEmpty { return }
    let insert = try database.prepare("INSERT OR IGNORE INTO mark VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)")
    for mark in marks {
      insert.bind(1, Int64(bitPattern: mark.credential))
      insert.bind(2, mark.time.milliseconds)
      insert.bind(3, segment)
      insert.bind(4, Int64(mark.event))
      insert.bind(5, mark.kind.rawValue)
      insert.bind(6, Int64(bitPattern: mark.session))
      insert.bind(7, Int64(bitPattern: mark.actor))
      insert.bind(8, try name(mark.identity))
      insert.bind(9, Int64(bitPattern: mark.shared))
      try insert.run()
    }
  }
}
