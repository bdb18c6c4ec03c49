private import Base
import Model

/// The layout of a part. Numbers are LEB128 unless said otherwise; texts are UTF-8 behind their length.
///
///     "muster.rollup/1\n"                         16 bytes
///     7 sections, each: tag (1 byte), length (8 bytes, least first), contents
///       T  texts, sorted: count; each: bytes shared with the one before, length of the rest, the rest
///       L  ledger: count; rows
///       R  records of identities, sorted
///       C  credentials' lifecycles, sorted
///       H  hours with events: count; each: hours since the one before, first and last event as distance in ms
///       P  places: count; texts
///       S  sums: distinct events, those of nobody
///     "muster.e"                                   8 bytes
///     SHA-256 of all before                       32 bytes
enum PartLayout {
  static let magic = Array("muster.rollup/1\n".utf8)
  static let end = Array("muster.e".utf8)
  static let sections = Array("TLRCHPS".utf8)
}

extension UsagePart {
  /// The part's canonical bytes: equal parts give equal bytes, whatever order they were made in.
  package func encode() -> [UInt8] {
    var out = PartWriter()
    out.raw(PartLayout.magic)
    for tag in PartLayout.sections {
      var section = PartWriter()
      write(tag, to: &section)
      out.byte(tag)
      out.fixed(UInt64(section.bytes.count))
      out.raw(section.bytes)
    }
    out.raw(PartLayout.end)
    let digest = out.bytes.withUnsafeBytes { SHA256Digest(of: $0) }
    out.raw(digest.bytes)
    return out.bytes
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
    default:
      out.number(used)
      out.number(unattributed)
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
