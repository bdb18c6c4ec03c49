package import Base
import Model
import Usage

extension LogCatalog {
  /// Where the events are that the query asks for.
  package borrowing func find(_ query: CatalogQuery) throws(CatalogError) -> CatalogAnswer {
    var chosen: [Int64: Set<UInt32>]?
    if let identities = query.identities { chosen = try events(of: identities, query.period) }
    if let resource = query.resource { chosen = Self.both(chosen, try events(on: resource, query.period)) }
    if let action = query.action { chosen = Self.both(chosen, try events(calling: action, query.period)) }
    return try answer(chosen, query.period)
  }

  /// The events that are in both; what is `nil` chooses nothing.
  private static func both(_ one: [Int64: Set<UInt32>]?, _ other: [Int64: Set<UInt32>]?) -> [Int64: Set<UInt32>]? {
    guard let one, let other else { return one ?? other }
    var both: [Int64: Set<UInt32>] = [:]
    for (segment, numbers) in one {
      let common = other[segment].map { numbers.intersection($0) } ?? []
      if !common.isEmpty { both[segment] = common }
    }
    return both
  }

  /// The slices of chosen events, by segment; of all segments of the period where none are chosen.
  package borrowing func answer(
    _ chosen: [Int64: Set<UInt32>]?, _ period: ClosedRange<Int64> = .min ... .max
  ) throws(CatalogError) -> CatalogAnswer {
    var answer = CatalogAnswer(
      slices: [], events: 0, files: 0, allFiles: Int(try database.integer("SELECT count(*) FROM file")),
      isWhole: chosen == nil, diagnostics: [])
    var byContent: [Int64: ContentSlice] = [:]
    try collect(chosen, period, &byContent)
    for (content, slice) in byContent.sorted(by: { $0.key < $1.key }) {
      answer.events += slice.events
      guard let (path, format) = try readable(content, &answer.diagnostics) else { continue }
      var places = slice.places
      places?.sort { $0.offset < $1.offset }
      answer.slices.append(LogSlice(path: path, format: format, places: places))
    }
    answer.files = answer.slices.count
    return answer
  }

  /// Says which of the files that may hold events of the period could not be read whole.
  package borrowing func gaps(in period: ClosedRange<Int64>) throws(CatalogError) -> [Diagnostic] {
    let select = try database.prepare(
      """
      SELECT min(f.path), c.unreadable, c.broken FROM content c JOIN file f ON f.content = c.id
      WHERE (c.unreadable > 0 OR c.broken <> 0) AND (c.first IS NULL OR c.last >= ?1 AND c.first <= ?2)
      GROUP BY c.id ORDER BY min(f.path)
      """)
    select.bind(1, period.lowerBound)
    select.bind(2, period.upperBound)
    var found: [Diagnostic] = []
    while try select.step() {
      let records = select.integer(1)
      let what = records > 0 ? "\(counted(Int(clamping: records), "record", "records")) of it" : "it"
      let message = "\(what) could not be read, and what stands there is in no answer"
      found.append(Diagnostic(.unreadable, at: SourceLocation(path: opened(select.text(0))), message))
    }
    let shown = 5
    if found.count <= shown + 1 { return found }
    let message = "it and \(found.count - shown - 1) more files could not be read whole: `muster logs list` names them"
    return found.prefix(shown) + [Diagnostic(.unreadable, at: found[shown].location, message)]
  }

  private struct ContentSlice {
    var places: [LogSlice.Place]? = []
    var events: UInt64 = 0
  }

  private borrowing func collect(
    _ chosen: [Int64: Set<UInt32>]?, _ period: ClosedRange<Int64>, _ byContent: inout [Int64: ContentSlice]
  ) throws(CatalogError) {
    guard let chosen else {
      let select = try database.prepare(
        "SELECT content, sum(events) FROM piece WHERE last >= ?1 AND first <= ?2 GROUP BY content")
      select.bind(1, period.lowerBound)
      select.bind(2, period.upperBound)
      while try select.step() {
        byContent[select.integer(0)] = ContentSlice(places: nil, events: UInt64(max(0, select.integer(1))))
      }
      return
    }
    let select = try database.prepare(
      """
      SELECT start, events, content, part, record, isAddressable, places, first, last FROM piece
      WHERE segment = ?1 AND start <= ?2 ORDER BY start DESC LIMIT 1
      """)
    for (segment, numbers) in chosen.sorted(by: { $0.key < $1.key }) {
      var rest = numbers.sorted()[...]
      select.bind(1, segment)
      while let number = rest.first {
        select.bind(2, Int64(number))
        defer { select.reset() }
        // Before the first piece, and between two, there are only events that were removed.
        guard try select.step() else {
          rest.removeFirst()
          continue
        }
        let start = UInt32(truncatingIfNeeded: select.integer(0))
        let end = start + UInt32(truncatingIfNeeded: select.integer(1))
        let own = rest.prefix { $0 < end }
        rest = own.isEmpty ? rest.dropFirst() : rest.dropFirst(own.count)
        let isMeant = select.integer(7) <= period.upperBound && select.integer(8) >= period.lowerBound
        if !own.isEmpty && isMeant { Self.add(own, of: select, &byContent) }
      }
    }
  }

  /// Adds the events with the numbers, which are in the piece.
  private static func add(
    _ numbers: ArraySlice<UInt32>, of piece: borrowing Statement, _ byContent: inout [Int64: ContentSlice]
  ) {
    let content = piece.integer(2)
    byContent[content, default: ContentSlice()].events += UInt64(numbers.count)
    if piece.integer(5) == 0 {
      byContent[content]?.places = nil
    } else {
      let places = places(
        numbers, from: UInt32(truncatingIfNeeded: piece.integer(0)), in: piece.blob(6), part: piece.integer(3),
        record: piece.integer(4))
      byContent[content]?.places?.append(contentsOf: places)
    }
  }

  /// The places of the events with the numbers, which are sorted; the piece's first event has the number `first`.
  private static func places(
    _ numbers: ArraySlice<UInt32>, from first: UInt32, in packed: [UInt8], part: Int64, record: Int64
  ) -> [LogSlice.Place] {
    var places: [LogSlice.Place] = []
    places.reserveCapacity(numbers.count)
    var rest = numbers
    var (number, column) = (first, 0)
    var (record, end) = (UInt64(max(0, record)), UInt64(max(0, part)))
    var start: UInt64 = 0
    unpack(packed) { value in
      switch column {
      case 0: record &+= value
      case 1: start = end &+ value
      default:
        if rest.first == number {
          places.append(LogSlice.Place(record: record, offset: start, length: UInt32(truncatingIfNeeded: value)))
          rest.removeFirst()
        }
        end = start &+ value
        number &+= 1
      }
      column = column == 2 ? 0 : column + 1
    }
    return places
  }

  /// A file that still holds what was read, under any of its names.
  private borrowing func readable(
    _ content: Int64, _ diagnostics: inout [Diagnostic]
  ) throws(CatalogError) -> (path: String, format: String)? {
    let select = try database.prepare(
      """
      SELECT f.path, f.size, f.modified, f.inode, f.device, f.evidence, c.format, s.reader, c.sha256, f.changed FROM file f
      JOIN content c ON c.id = f.content JOIN source s ON s.id = f.source WHERE f.content = ?1 ORDER BY f.path
      """)
    select.bind(1, content)
    var first: String?
    while try select.step() {
      let path = opened(select.text(0))
      let known = FileStamp(
        size: select.integer(1), modified: select.integer(2), changed: select.integer(9), inode: select.integer(3),
        device: select.integer(4))
      if select.integer(5) == 0 && Self.holds(path, known, select.text(8)) {
        // A mapping file is named by its path behind the readers' version.
        let forced = String(select.text(7).split(separator: " ", maxSplits: 1).dropFirst().first ?? "")
        let isMapping = forced.hasSuffix(".yaml") || forced.hasSuffix(".yml")
        return (path, isMapping ? forced : select.text(6))
      }
      first = first ?? path
    }
    guard let first else { return nil }
    let what = FileStamp(of: first) == nil ? "is no longer there" : "is not what it was when it was cataloged"
    diagnostics.append(
      Diagnostic(
        .unreadable, at: SourceLocation(path: first), "the log file \(what): its events are not shown",
        hint: "run `muster sync`, then `muster logs verify`"))
    return nil
  }

  /// Whether the file still begins with what was read: by its stamp, else by its digest. Copies of a folder have other stamps, and logs
  /// grow.
  private static func holds(_ path: String, _ known: FileStamp, _ sha256: String) -> Bool {
    guard let stamp = FileStamp(of: path), stamp.size >= known.size else { return false }
    if stamp == known { return true }
    return FileDigest.begins(path, with: sha256, count: UInt64(max(0, known.size))) { _ in }
  }

  private borrowing func events(
    of identities: [(identity: String, period: ClosedRange<Int64>)], _ period: ClosedRange<Int64>
  ) throws(CatalogError) -> [Int64: Set<UInt32>] {
    var chosen: [Int64: Set<UInt32>] = [:]
    let select = try database.prepare(
      "SELECT segment, events FROM identity_hours WHERE identity = ?1 AND first <= ?3 AND last >= ?2")
    for (identity, own) in identities {
      guard let name = try known(identity), own.overlaps(period) else { continue }
      let span = own.clamped(to: period)
      let hours = span.lowerBound.flooredQuotient(3_600_000)...span.upperBound.flooredQuotient(3_600_000)
      select.bind(1, name)
      select.bind(2, hours.lowerBound)
      select.bind(3, hours.upperBound)
      while try select.step() {
        let numbers = unpackPeriods(select.blob(1), in: hours)
        if !numbers.isEmpty { chosen[select.integer(0), default: []].formUnion(numbers) }
      }
      select.reset()
    }
    return chosen
  }

  /// `nil` where the pattern's beginning is too short to choose by.
  private borrowing func events(
    on resource: Glob, _ period: ClosedRange<Int64>
  ) throws(CatalogError) -> [Int64: Set<UInt32>]? {
    let literal = String(resource.description.prefix { $0 != "*" && $0 != "?" })
    if literal.isEmpty { return nil }
    var chosen: [Int64: Set<UInt32>] = [:]
    let select = try database.prepare(
      "SELECT segment, events FROM resource_days WHERE resource = ?1 AND first <= ?3 AND last >= ?2")
    let days = period.lowerBound.flooredQuotient(86_400_000)...period.upperBound.flooredQuotient(86_400_000)
    for name in try keys(of: resource, literal) {
      select.bind(1, name)
      select.bind(2, days.lowerBound)
      select.bind(3, days.upperBound)
      while try select.step() {
        let numbers = unpackPeriods(select.blob(1), in: days)
        if !numbers.isEmpty { chosen[select.integer(0), default: []].formUnion(numbers) }
      }
      select.reset()
    }
    return chosen
  }

  /// The numbers of the keys under which resources that match can stand.
  private borrowing func keys(of resource: Glob, _ literal: String) throws(CatalogError) -> [Int64] {
    let key = resourceKey(literal)
    let isExact =
      resource.hasNoWildcard || key.hasSuffix("/") || key.hasSuffix(":") && key.utf8.count < literal.utf8.count
    if isExact { return try known(key).map { [$0] } ?? [] }
    // Longer keys that begin like the pattern, and shorter ones that end inside its beginning.
    let select = try database.prepare(
      "SELECT id, text FROM name WHERE (text >= ?1 AND text < ?2) OR substr(?1, 1, length(text)) = text")
    select.bind(1, literal)
    select.bind(2, literal + "\u{10FFFF}")
    var numbers: [Int64] = []
    while try select.step() {
      let text = select.text(1)
      if text.hasSuffix("/") || text.hasSuffix(":") || resource.matches(text) { numbers.append(select.integer(0)) }
    }
    return numbers
  }
}

extension Int64 {
  /// Rounded towards the past.
  func flooredQuotient(_ divisor: Int64) -> Int64 {
    let (quotient, rest) = quotientAndRemainder(dividingBy: divisor)
    return rest < 0 ? quotient - 1 : quotient
  }
}
