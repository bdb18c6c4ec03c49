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
    let key = ExactText(text)
    if let known = names[key] { return known }
    let number = try number(of: text, in: "name", column: "text")
    // A bounded memory of the names that come again.
    if names.count > 100_000 { names = [:] }
    names[key] = number
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
  mutating func add(_ segments: [LogSegment], source: String) throws(CatalogError) {
    var hours: [PostingRow] = []
    var days: [PostingRow] = []
    var calls: [CallRow] = []
    for segment in segments {
      let number = nextSegment
      nextSegment += 1
      try add(segment, number, source)
      for posting in segment.identities { hours.append(PostingRow(try name(posting.term), number, posting)) }
      for posting in segment.resources { days.append(PostingRow(try name(posting.term), number, posting)) }
      for call in segment.calls {
        calls.append(CallRow(call: try self.call(CallKey(call)), segment: number, events: call.events))
      }
      try add(segment.marks, segment: number)
    }
    try write(hours, to: "identity_hours")
    try write(days, to: "resource_days")
    try write(calls)
    for segment in segments { try keep(segment.actors) }
    if actors.count > Self.mostActors { try insertActors() }
  }

  /// The segment itself, and which files its events are in.
  private mutating func add(_ segment: LogSegment, _ number: Int64, _ source: String) throws(CatalogError) {
    let insert = try database.prepare("INSERT INTO segment VALUES(?1, ?2, ?3)")
    insert.bind(1, number)
    insert.bind(2, segment.pieces.map(\.first).min()?.milliseconds)
    insert.bind(3, segment.pieces.map(\.last).max()?.milliseconds)
    try insert.run()
    let insertPiece = try database.prepare("INSERT INTO piece VALUES(?1, ?2, ?3, ?4, ?5, 0, ?6, ?7, ?8, ?9)")
    for (index, piece) in segment.pieces.enumerated() {
      let end = index + 1 < segment.pieces.count ? segment.pieces[index + 1].firstPlace : segment.places.count
      insertPiece.bind(1, number)
      insertPiece.bind(2, Int64(piece.start))
      insertPiece.bind(3, Int64(piece.count))
      insertPiece.bind(4, content(of: FileKey(source: source, path: piece.path)))
      insertPiece.bind(5, Int64(piece.part))
      insertPiece.bind(6, piece.first.milliseconds)
      insertPiece.bind(7, piece.last.milliseconds)
      insertPiece.bind(8, piece.isAddressable ? 1 : 0)
      insertPiece.bind(9, blob: segment.places[piece.firstPlace..<end])
      try insertPiece.run()
    }
  }

  /// A term's events in a segment.
  private struct PostingRow {
    let term: Int64
    let segment: Int64
    let posting: LogSegment.Posting

    init(_ term: Int64, _ segment: Int64, _ posting: LogSegment.Posting) {
      self.term = term
      self.segment = segment
      self.posting = posting
    }
  }

  /// In the order of the table: neighbours share its pages.
  private borrowing func write(_ rows: [PostingRow], to table: String) throws(CatalogError) {
    let insert = try database.prepare("INSERT INTO \(table) VALUES(?1, ?2, ?3, ?4, ?5)")
    for row in rows.sorted(by: { ($0.term, $0.segment) < ($1.term, $1.segment) }) {
      insert.bind(1, row.term)
      insert.bind(2, row.segment)
      insert.bind(3, Int64(row.posting.first))
      insert.bind(4, Int64(row.posting.last))
      insert.bind(5, blob: row.posting.events[...])
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
