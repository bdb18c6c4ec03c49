import Base
import Model

/// The layout of a part. Numbers are LEB128 unless said otherwise; texts are UTF-8 behind their length.
///
///     "muster.rollup/3\n"                         16 bytes
///     10 sections, each: tag (1 byte), length (8 bytes, least first), contents
///       T  texts, sorted: count; each: bytes shared with the one before, length of the rest, the rest
///       L  ledger: count; rows
///       R  records of identities, sorted
///       C  credentials' lifecycles, sorted
///       H  hours with events: count; each: hours since the one before, first and last event as distance in ms
///       P  places: count; each: name, its days: count; each: days since the one before, a bit for each hour with events
///       S  sums: distinct events, those of nobody
///       K  combinations, sorted (see `Combinations`)
///       D  hours of events: count; each: hours since the one before, events, bytes
///       E  entries of the hours, one after another (see `EntryWriter`)
///     "muster.e"                                   8 bytes
///     SHA-256 of all before                       32 bytes
enum PartLayout {
  static let magic = Array("muster.rollup/3\n".utf8)
  static let end = Array("muster.e".utf8)
  static let sections = Array("TLRCHPSKDE".utf8)
}

/// A section as it is measured: its pieces, while they are few. A large one is made twice instead.
private struct HeldSection {
  private static let most = 8 << 20

  var length = 0
  private var held: [[UInt8]] = []

  mutating func add(_ piece: [UInt8]) {
    length += piece.count
    if length > HeldSection.most { held = [] } else { held.append(piece) }
  }

  /// All of it; `nil` where it was not kept.
  var pieces: [[UInt8]]? { held.isEmpty || length > HeldSection.most ? nil : held }
}

extension UsagePart {
  /// The part's canonical bytes: equal parts give equal bytes, whatever order they were made in.
  package func encode() throws(PartError) -> [UInt8] {
    var bytes: [UInt8] = []
    try encode { bytes += $0 }
    return bytes
  }

  /// As `encode()`, piece by piece: neither the events nor the bytes of a section need fit into memory.
  package func encode(to write: ([UInt8]) throws(PartError) -> Void) throws(PartError) {
    var digest = SHA256Stream()
    func give(_ bytes: [UInt8]) throws(PartError) {
      bytes.withUnsafeBytes { digest.add($0) }
      try write(bytes)
    }
    try give(PartLayout.magic)
    for tag in PartLayout.sections {
      // Its length stands before it; of the events it is known.
      var section = HeldSection()
      if tag == PartLayout.sections.last {
        section.length = index.byteCount
      } else {
        try giveSection(tag) { section.add($0) }
      }
      var head = PartWriter()
      head.byte(tag)
      head.fixed(UInt64(section.length))
      try give(head.bytes)
      if let pieces = section.pieces { for piece in pieces { try give(piece) } } else { try giveSection(tag, give) }
    }
    try give(PartLayout.end)
    try write(digest.bytes())
  }

  private func giveSection(_ tag: UInt8, _ give: ([UInt8]) throws(PartError) -> Void) throws(PartError) {
    var out = PartWriter()
    switch tag {
    case UInt8(ascii: "T"):
      try giveTexts(give)
    case UInt8(ascii: "L"): try Self.giveList(ledger, give) { $0.write(to: &$1) }
    case UInt8(ascii: "R"): try Self.giveList(records, give) { $0.write(to: &$1) }
    case UInt8(ascii: "C"): try Self.giveList(lifecycles, give) { $0.write(to: &$1) }
    case UInt8(ascii: "H"): hours.write(to: &out)
    case UInt8(ascii: "P"):
      try Self.giveList(placeHours.sorted { $0.key < $1.key }, give) { place, out in
        out.text(place.key.description)
        place.value.write(to: &out)
      }
    case UInt8(ascii: "S"):
      out.number(used)
      out.number(unattributed)
    case UInt8(ascii: "K"): index.combinations.write(to: &out)
    case UInt8(ascii: "D"): index.writeDirectory(to: &out)
    default: try index.giveEntries(give)
    }
    try give(out.bytes)
  }

  private func giveTexts(_ give: ([UInt8]) throws(PartError) -> Void) throws(PartError) {
    try texts.list.with { list throws(PartError) in
      var out = PartWriter()
      out.number(texts.list.count)
      for number in 0..<texts.list.count {
        out.text(list[number], after: number == 0 ? .none : list[number - 1])
        if out.bytes.count < 1 << 20 { continue }
        try give(out.bytes)
        out.clear()
      }
      try give(out.bytes)
    }
  }

  private static func giveList<Element>(
    _ list: [Element], _ give: ([UInt8]) throws(PartError) -> Void, _ write: (Element, inout PartWriter) -> Void
  ) throws(PartError) {
    var out = PartWriter()
    out.number(list.count)
    for element in list {
      write(element, &out)
      if out.bytes.count < 1 << 20 { continue }
      try give(out.bytes)
      out.clear()
    }
    try give(out.bytes)
  }
}

extension PartWriter {
  /// A text of a sorted list: how many bytes it shares with the one before, and the others.
  fileprivate mutating func text(_ text: RawText, after last: RawText) {
    var shared = 0
    while shared < min(text.count, last.count), text[shared] == last[shared] { shared += 1 }
    number(shared)
    number(text.count - shared)
    raw(text.dropFirst(shared).bytes)
  }
}

extension UsageRecord {
  func write(to out: inout PartWriter) {
    out.number(identity)
    out.number(UInt64(saturated))
    out.number(reductions.count)
    for reduction in reductions {
      out.number(reduction.action)
      out.byte(reduction.level)
    }
    out.number(total.count)
    out.number(total.failed)
    out.number(total.denied)
    out.signed(total.first)
    out.number(UInt64(total.last - total.first))
    out.number(cells.count)
    var last = UInt64(0)
    for cell in cells {
      cell.write(to: &out, after: last, total.first)
      last = cell.head
    }
    out.number(days.count)
    var day = Int32(0)
    for cell in days {
      out.signed(Int64(cell.day) - Int64(day))
      day = cell.day
      out.number(cell.hours)
      out.number(cell.count)
      out.number(cell.denied)
      out.large(cell.bytesIn)
      out.large(cell.bytesOut)
    }
  }
}

extension UsageCell {
  fileprivate func write(to out: inout PartWriter, after last: UInt64, _ start: Int64) {
    // The kind's change, then the term as distance within a kind.
    let isSameKind = head >> 32 == last >> 32
    out.byte(kind.rawValue)
    out.number(isSameKind ? head - last : UInt64(term))
    if kind == .action { out.number(resource) }
    out.number(tally.count)
    out.number(tally.failed)
    if kind == .action { out.number(tally.denied) }
    out.number(UInt64(tally.first - start))
    out.number(UInt64(tally.last - tally.first))
    if kind.knowsSuccess {
      out.number(tally.lastSuccess == .min ? 0 : UInt64(tally.last - tally.lastSuccess) + 1)
    }
  }
}

extension UsageCell.Kind {
  /// Whether the last success is kept.
  var knowsSuccess: Bool { self == .action || self == .credential || self == .session }
}

extension CredentialLifecycle {
  fileprivate func write(to out: inout PartWriter) {
    out.text(id)
    out.optional(owner?.description)
    for instant in [created, disabled, enabled, deleted] {
      out.byte(instant == nil ? 0 : 1)
      if let instant { out.signed(instant.milliseconds) }
    }
    out.optional(createdBy?.description)
    out.optional(deletedBy?.description)
  }
}

extension EventIndex {
  /// Bytes of all entries.
  var byteCount: Int { segments.reduce(0) { $0 + $1.runs.reduce(0) { $0 + $1.length } } }

  fileprivate func writeDirectory(to out: inout PartWriter) {
    let runs = segments.flatMap(\.runs)
    out.number(runs.count)
    var last = Int32(0)
    for run in runs {
      out.signed(Int64(run.hour) - Int64(last))
      out.number(run.count)
      out.number(run.length)
      last = run.hour
    }
  }

  fileprivate func giveEntries(_ give: ([UInt8]) throws(PartError) -> Void) throws(PartError) {
    for segment in segments {
      for run in segment.runs { try Self.give(run, of: segment, give) }
    }
  }

  private static func give(
    _ run: HourRun, of segment: IndexSegment, _ give: ([UInt8]) throws(PartError) -> Void
  ) throws(PartError) {
    var place = run.place
    let end = run.place + run.length
    while place < end {
      let count = min(end - place, 1 << 20)
      var bytes: [UInt8] = []
      guard segment.tape.read(at: place, count: count, into: &bytes) else {
        throw PartError(.unreadable, segment.path, "the index of events cannot be read again")
      }
      try give(bytes)
      place += count
    }
  }
}
