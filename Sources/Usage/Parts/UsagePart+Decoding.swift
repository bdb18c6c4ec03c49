import Base
import Model

extension UsagePart {
  /// Reads a part that anybody may have written; `path` is how errors call it.
  package init(decoding bytes: [UInt8], path: String = "") throws(PartError) {
    self.init()
    let digestSize = 32
    let frame = PartLayout.magic.count + PartLayout.end.count + digestSize
    guard bytes.starts(with: PartLayout.magic) else {
      let isOther = bytes.starts(with: PartLayout.magic.dropLast(3))
      let message =
        isOther ? "a rollup of another version" : "this is no rollup: it does not begin with 'muster.rollup/3'"
      throw PartError(.unreadable, path, byte: 0, message)
    }
    let end = bytes.count - digestSize
    guard bytes.count >= frame, bytes[(end - PartLayout.end.count)..<end].elementsEqual(PartLayout.end) else {
      throw PartError(.unreadable, path, byte: bytes.count, "the part is cut short")
    }
    let digest = bytes.withUnsafeBytes { SHA256Digest(of: UnsafeRawBufferPointer(rebasing: $0[..<end])) }
    guard digest.bytes.elementsEqual(bytes[end...]) else {
      throw PartError(.unreadable, path, "the part is damaged: its digest does not fit its bytes")
    }
    let body = Array(bytes[PartLayout.magic.count..<(end - PartLayout.end.count)])
    try self.init(body: body, path: path) { (place, count) throws(PartError) in
      let tape = IndexTape(budget: .max)
      _ = try tape.append(Array(body[place..<place + count]))
      return tape
    }
  }

  /// Reads what stands between the head and the end, but for the entries of events: `entries` gives the tape that holds so many bytes
  /// from that place of the body on. The body may end where they begin.
  init(
    body: [UInt8], path: String, size: Int? = nil, entries: (Int, Int) throws(PartError) -> IndexTape
  ) throws(PartError) {
    self.init()
    let read: Result<(UsagePart, [HourRun], Int), PartError> = body.withUnsafeBufferPointer { all in
      var part = PartReader(all, path: path, origin: PartLayout.magic.count)
      do throws(PartError) {
        var usage = UsagePart()
        let runs = try usage.readSections(from: &part, size: size ?? all.count)
        return .success((usage, runs, part.at))
      } catch { return .failure(error) }
    }
    let (usage, runs, place) = try read.get()
    self = usage
    if runs.isEmpty { return }
    let length = runs.reduce(0) { $0 + $1.length }
    index.segments = [IndexSegment(tape: try entries(place, length), runs: runs, path: path)]
  }

  private mutating func readSections(from part: inout PartReader, size: Int) throws(PartError) -> [HourRun] {
    var runs: [HourRun] = []
    for tag in PartLayout.sections {
      guard try part.byte() == tag else { throw part.broken("a section is missing") }
      let length = try part.fixed()
      guard length <= UInt64(size - part.at) else { throw part.broken("a section is longer than the part") }
      if tag == PartLayout.sections.last {
        let sum = runs.reduce(0) { $0 + $1.length }
        if sum != Int(length) || part.at + sum != size { throw part.broken("the events do not end where they should") }
        break
      }
      let end = part.at + Int(length)
      if tag == UInt8(ascii: "D") {
        runs = try Self.readDirectory(from: &part, size: size)
      } else {
        try readSection(tag, from: &part)
      }
      if part.at != end { throw part.broken("a section does not end where it says") }
    }
    return runs
  }

  private mutating func readSection(_ tag: UInt8, from part: inout PartReader) throws(PartError) {
    switch tag {
    case UInt8(ascii: "T"): texts = PartTexts(sorted: try Self.readTexts(from: &part))
    case UInt8(ascii: "L"): ledger = try Self.readLedger(from: &part)
    case UInt8(ascii: "R"): try readRecords(from: &part)
    case UInt8(ascii: "C"): try readLifecycles(from: &part)
    case UInt8(ascii: "H"): hours = try SourceHours(from: &part)
    case UInt8(ascii: "P"):
      var last: ExactText?
      for _ in 0..<(try part.length(ofEach: 4)) {
        let name = ExactText(try part.text())
        if let last, !(last < name) { throw part.broken("places are not in their order") }
        placeHours[name] = try PlaceHours(from: &part)
        last = name
      }
    case UInt8(ascii: "S"):
      used = try part.count()
      unattributed = try part.count()
    default: index.combinations = try Combinations(from: &part, texts: texts.list.count)
    }
  }

  private static func readDirectory(from part: inout PartReader, size: Int) throws(PartError) -> [HourRun] {
    let count = try part.length(ofEach: 3)
    var runs: [HourRun] = []
    var (last, place) = (Int64(0), 0)
    for number in 0..<count {
      let (sum, over) = last.addingReportingOverflow(try part.signed())
      guard !over, let hour = Int32(exactly: sum), number == 0 || sum > last else {
        throw part.broken("hours of events are not in their order")
      }
      let events = try part.number(below: UInt64(size), "a count of events")
      let length = try part.number(below: UInt64(size - place), "a count of bytes")
      if events == 0 || length / 4 < events { throw part.broken("an hour has more events than bytes") }
      runs.append(HourRun(hour: hour, place: place, length: Int(length), count: Int(events)))
      place += Int(length)
      last = sum
    }
    return runs
  }

  private static func readList<Element>(
    from part: inout PartReader, _ read: (inout PartReader) throws(PartError) -> Element
  ) throws(PartError) -> [Element] {
    let count = try part.length()
    var list: [Element] = []
    list.reserveCapacity(min(count, 1 << 16))
    for _ in 0..<count { list.append(try read(&part)) }
    return list
  }

  private static func readTexts(from part: inout PartReader) throws(PartError) -> TextList {
    let count = try part.length(ofEach: 2)
    if count >= 1 << 31 { throw part.broken("the part has too many texts") }
    var texts = TextList()
    texts.reserve(count, bytes: 0)
    var last: [UInt8] = []
    for number in 0..<count {
      let shared = try part.number(below: UInt64(last.count) + 1, "a text's beginning")
      let length = try part.length()
      let rest = try part.raw(length)
      let isAfter = rest.first.map { Int(shared) == last.count || $0 > last[Int(shared)] } ?? false
      if !isAfter && !(number == 0 && length == 0) { throw part.broken("texts are not in their order") }
      last.removeLast(last.count - Int(shared))
      last.append(contentsOf: rest)
      let isUnicode = last.withUnsafeBytes { bytes in
        let text = RawText(start: bytes.baseAddress, count: bytes.count)
        texts.append(text)
        return text.isUnicode
      }
      if !isUnicode { throw part.broken("a text is no UTF-8") }
    }
    return texts
  }

  private static func readLedger(from part: inout PartReader) throws(PartError) -> [LedgerRow] {
    let rows = try readList(from: &part) { part throws(PartError) in try LedgerRow(from: &part) }
    if zip(rows, rows.dropFirst()).contains(where: { LedgerRow.precedes($1, $0) }) {
      throw part.broken("inputs are not in their order")
    }
    return rows
  }

  private mutating func readRecords(from part: inout PartReader) throws(PartError) {
    let count = try part.length(ofEach: 10)
    records.reserveCapacity(count)
    let texts = UInt64(texts.list.count)
    for _ in 0..<count {
      let record = try UsageRecord(from: &part, texts: texts)
      if let last = records.last, last.identity >= record.identity {
        throw part.broken("identities are not in their order")
      }
      records.append(record)
    }
  }

  private mutating func readLifecycles(from part: inout PartReader) throws(PartError) {
    lifecycles = try Self.readList(from: &part) { part throws(PartError) in try CredentialLifecycle(from: &part) }
    if zip(lifecycles, lifecycles.dropFirst()).contains(where: { !precedes($0.id, $1.id) }) {
      throw part.broken("credentials are not in their order")
    }
  }
}

extension UsageRecord {
  fileprivate init(from part: inout PartReader, texts: UInt64) throws(PartError) {
    self.init(identity: UInt32(try part.number(below: texts, "a text's number")))
    saturated = UInt16(try part.number(below: 1 << 16, "a set of marks"))
    for _ in 0..<(try part.length(ofEach: 2)) {
      let action = UInt32(try part.number(below: texts, "a text's number"))
      let level = try part.byte()
      if level < 1 || level > 2 || reductions.last.map({ $0.action >= action }) ?? false {
        throw part.broken("no level of an action")
      }
      reductions.append(ActionReduction(action: action, level: level))
    }
    total = try Tally(from: &part, start: nil, hasDenied: true, hasSuccess: false)
    try readCells(from: &part, texts)
    try readDays(from: &part)
  }

  private mutating func readCells(from part: inout PartReader, _ texts: UInt64) throws(PartError) {
    let count = try part.length(ofEach: 6)
    cells.reserveCapacity(count)
    var last = UInt64(0)
    for number in 0..<count {
      guard let kind = UsageCell.Kind(rawValue: try part.byte()) else { throw part.broken("no kind of a list") }
      let isSameKind = last >> 32 == UInt64(kind.rawValue)
      let base = isSameKind ? last & 0xFFFF_FFFF : 0
      let term = base + (try part.number(below: texts - min(base, texts), "a text's number"))
      let resource = kind == .action ? try part.number(below: texts, "a text's number") : 0
      let tally = try Tally(
        from: &part, start: total.first, hasDenied: kind == .action, hasSuccess: kind.knowsSuccess)
      let cell = UsageCell(kind, UInt32(term), resource: UInt32(resource), tally)
      if number > 0, !UsageCell.precedes(cells[number - 1], cell) { throw part.broken("a list is not in its order") }
      cells.append(cell)
      last = cell.head
    }
  }

  private mutating func readDays(from part: inout PartReader) throws(PartError) {
    let count = try part.length(ofEach: 8)
    days.reserveCapacity(count)
    var last = Int64(0)
    for number in 0..<count {
      let (sum, over) = last.addingReportingOverflow(try part.signed())
      guard !over, let day = Int32(exactly: sum), number == 0 || sum > last else {
        throw part.broken("days are not in their order")
      }
      last = sum
      var cell = DayCell(day: day)
      cell.hours = UInt32(try part.number(below: 1 << 24, "a set of hours"))
      cell.count = try part.count()
      cell.denied = try part.count()
      cell.bytesIn = try part.large()
      cell.bytesOut = try part.large()
      days.append(cell)
    }
  }
}

extension Tally {
  /// Times lie after `start` where there is one.
  fileprivate init(
    from part: inout PartReader, start: Int64?, hasDenied: Bool, hasSuccess: Bool
  ) throws(PartError) {
    self.init()
    count = try part.count()
    failed = try part.count()
    if hasDenied { denied = try part.count() }
    if let start {
      first = start + Int64(try part.number(below: 1 << 60, "a time"))
    } else {
      first = try part.signed()
      if first.magnitude >= 1 << 60 { throw part.broken("a time is too large") }
    }
    last = first + Int64(try part.number(below: 1 << 60, "a time"))
    if last.magnitude >= 1 << 61 { throw part.broken("a time is too large") }
    if !hasSuccess { return }
    let distance = try part.number(below: 1 << 60, "a time")
    if distance > 0 { lastSuccess = last - Int64(distance - 1) }
  }
}

extension CredentialLifecycle {
  fileprivate init(from part: inout PartReader) throws(PartError) {
    self.init(id: try part.text())
    owner = try part.optional().map { PrincipalKey($0) }
    var instants: [Instant?] = []
    for _ in 0..<4 {
      switch try part.byte() {
      case 0: instants.append(nil)
      case 1:
        let time = try part.signed()
        if time.magnitude >= 1 << 61 { throw part.broken("a time is too large") }
        instants.append(Instant(milliseconds: time))
      default: throw part.broken("neither a time nor none")
      }
    }
    (created, disabled, enabled, deleted) = (instants[0], instants[1], instants[2], instants[3])
    createdBy = try part.optional().map { PrincipalKey($0) }
    deletedBy = try part.optional().map { PrincipalKey($0) }
  }
}
