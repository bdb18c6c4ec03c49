import Base
import Model

/// The layout of a part. Numbers are LEB128 unless said otherwise; texts are UTF-8 behind their length.
///
///     "muster.rollup/1\n"                         16 bytes
///     10 sections, each: tag (1 byte), length (8 bytes, least first), contents
///       T  texts, sorted: count; each: bytes shared with the one before, length of the rest, the rest
///       L  ledger: count; rows
///       R  records of identities, sorted
///       C  credentials' lifecycles, sorted
///       H  hours with events: count; each: hours since the one before, first and last event as distance in ms
///       P  places: count; texts
///       S  sums: distinct events, those of nobody
///       K  combinations, sorted (see `Combinations`)
///       D  hours of events: count; each: hours since the one before, events, bytes
///       E  entries of the hours, one after another (see `EntryWriter`)
///     "muster.e"                                   8 bytes
///     SHA-256 of all before                       32 bytes
enum PartLayout {
  static let magic = Array("muster.rollup/1\n".utf8)
  static let end = Array("muster.e".utf8)
  static let sections = Array("TLRCHPSKDE".utf8)
}

extension UsagePart {
  /// The part's canonical bytes: equal parts give equal bytes, whatever order they were made in.
  package func encode() throws(PartError) -> [UInt8] {
    var bytes: [UInt8] = []
    try encode { bytes += $0 }
    return bytes
  }

  /// As `encode()`, piece by piece: the events need not fit into memory.
  package func encode(to write: ([UInt8]) throws(PartError) -> Void) throws(PartError) {
    var digest = SHA256Stream()
    func give(_ bytes: [UInt8]) throws(PartError) {
      bytes.withUnsafeBytes { digest.add($0) }
      try write(bytes)
    }
    try give(PartLayout.magic)
    for tag in PartLayout.sections {
      var section = PartWriter()
      self.write(tag, to: &section)
      let isIndex = tag == PartLayout.sections.last
      var head = PartWriter()
      head.byte(tag)
      head.fixed(UInt64(section.bytes.count + (isIndex ? index.byteCount : 0)))
      try give(head.bytes)
      try give(section.bytes)
      if isIndex { try index.giveEntries(give) }
    }
    try give(PartLayout.end)
    try write(digest.bytes())
  }

  private func write(_ tag: UInt8, to out: inout PartWriter) {
    switch tag {
    case UInt8(ascii: "T"): writeTexts(to: &out)
    case UInt8(ascii: "L"):
      out.number(ledger.count)
      for row in ledger { row.write(to: &out) }
    case UInt8(ascii: "R"):
      out.number(records.count)
      for record in records { record.write(to: &out) }
    case UInt8(ascii: "C"):
      out.number(lifecycles.count)
      for life in lifecycles { life.write(to: &out) }
    case UInt8(ascii: "H"): hours.write(to: &out)
    case UInt8(ascii: "P"):
      out.number(places.count)
      for place in places { out.text(place) }
    case UInt8(ascii: "S"):
      out.number(used)
      out.number(unattributed)
    case UInt8(ascii: "K"): index.combinations.write(to: &out)
    case UInt8(ascii: "D"): index.writeDirectory(to: &out)
    default: break
    }
  }

  private func writeTexts(to out: inout PartWriter) {
    out.number(texts.list.count)
    var last: [UInt8] = []
    for text in texts.list {
      let bytes = Array(text.utf8)
      let shared = zip(last, bytes).prefix { $0 == $1 }.count
      out.number(shared)
      out.number(bytes.count - shared)
      out.raw(bytes[shared...])
      last = bytes
    }
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
    let runs = segments.first?.runs ?? []
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
    guard let segment = segments.first else { return }
    for run in segment.runs {
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
}
