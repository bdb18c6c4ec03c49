import Synchronization

extension UsagePart {
  /// Takes second deliveries of events out of the counts and of the index. Only counts need it: first and last instants and sets are the
  /// same however often an event comes.
  mutating func resolve(threads: Int = 1) throws(PartError) {
    let shared = SharedCounts(DeliveryCounts(records: records, texts: texts.list.count))
    records = []
    let combinations = index.combinations
    let resolution = try index.resolved(threads: threads) { shared.take($0, combinations) }
    let counts = shared.taken()
    index = resolution.index
    conflicts = resolution.conflicts
    records = counts.records
    used -= min(used, counts.repeated)
    unattributed -= min(unattributed, counts.repeatedByNobody)
  }
}

/// Counts that several threads take deliveries from.
private final class SharedCounts: Sendable {
  private let counts: Mutex<DeliveryCounts>

  init(_ counts: DeliveryCounts) { self.counts = Mutex(counts) }

  func take(_ entries: [EventEntry], _ combinations: Combinations) {
    counts.withLock { counts in
      for entry in entries { counts.take(entry, combinations[Int(entry.combination)]) }
    }
  }

  /// The counts, which are here no longer.
  func taken() -> DeliveryCounts {
    var result = DeliveryCounts(records: [], texts: 0)
    counts.withLock { swap(&result, &$0) }
    return result
  }
}

/// Counts from which deliveries are taken again. A forged part may ask for more than there is: counts end at 0.
private struct DeliveryCounts {
  private(set) var records: [UsageRecord]
  private let places: [Int32]
  private(set) var repeated: UInt64 = 0
  private(set) var repeatedByNobody: UInt64 = 0

  init(records: [UsageRecord], texts: Int) {
    self.records = records
    places = records.places(texts)
  }

  mutating func take(_ entry: EventEntry, _ words: ArraySlice<UInt32>) {
    typealias Field = Combinations.Field
    let start = words.startIndex
    repeated += 1
    guard words[start] > 0, places[Int(words[start]) - 1] >= 0 else {
      repeatedByNobody += 1
      return
    }
    let record = Int(places[Int(words[start]) - 1])
    let flags = words[start + Field.flags]
    let isDenied = flags & Combinations.Flag.denied != 0
    records[record].total.takeOne(flags)
    for (field, kind) in Field.terms where words[start + field] > 0 {
      take(record, kind, words[start + field] - 1, 0, flags)
    }
    if words[start + Field.credential] > 0 {
      let kind: UsageCell.Kind = flags & Combinations.Flag.isTemporary != 0 ? .session : .credential
      take(record, kind, words[start + Field.credential] - 1, 0, flags)
    }
    let action = words[start + Field.action]
    for resource in words.dropFirst(Field.resources) where action > 0 && resource > 0 {
      take(record, .action, action - 1, resource - 1, flags)
    }
    takeDay(record, entry, isDenied)
  }

  private mutating func take(_ record: Int, _ kind: UsageCell.Kind, _ term: UInt32, _ resource: UInt32, _ flags: UInt32)
  {
    let place = records[record].firstPlace(kind, term, resource: resource)
    guard place < records[record].cells.count else { return }
    let cell = records[record].cells[place]
    guard cell.kind == kind && cell.term == term && cell.resource == resource else { return }
    records[record].cells[place].tally.takeOne(flags)
  }

  private mutating func takeDay(_ record: Int, _ entry: EventEntry, _ isDenied: Bool) {
    let day = Int32(clamping: Int64(entry.hour).flooredDivision(by: 24))
    var (low, high) = (0, records[record].days.count)
    while low < high {
      let middle = (low + high) / 2
      if records[record].days[middle].day < day { low = middle + 1 } else { high = middle }
    }
    guard low < records[record].days.count, records[record].days[low].day == day else { return }
    records[record].days[low].count.take(1)
    if isDenied { records[record].days[low].denied.take(1) }
    records[record].days[low].bytesIn -= min(records[record].days[low].bytesIn, UInt128(entry.bytesIn))
    records[record].days[low].bytesOut -= min(records[record].days[low].bytesOut, UInt128(entry.bytesOut))
  }
}

extension Tally {
  /// Takes one event out again.
  fileprivate mutating func takeOne(_ flags: UInt32) {
    count.take(1)
    if flags & Combinations.Flag.failed == 0 { return }
    failed.take(1)
    if flags & Combinations.Flag.denied != 0 { denied.take(1) }
  }
}

extension UInt64 {
  fileprivate mutating func take(_ number: UInt64) { self = self > number ? self - number : 0 }
}
