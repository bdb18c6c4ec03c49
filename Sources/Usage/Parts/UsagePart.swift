package import Base
package import Model

/// What some of a source's logs come to: what each identity did, what happened to credentials, when the source spoke, and what
/// became of each input.
///
/// Parts are a commutative monoid over distinct events: merging them in any order and grouping gives the same bytes as one run over all
/// their inputs. `UsagePart()` is the neutral element.
package struct UsagePart: Sendable {
  /// One an input; sorted by name.
  package internal(set) var ledger: [LedgerRow] = []
  /// Sorted by id.
  package internal(set) var lifecycles: [CredentialLifecycle] = []
  var hours = SourceHours()
  var placeNames: Set<String> = []
  var texts = PartTexts()
  /// Sorted by identity, each once.
  var records: [UsageRecord] = []
  /// How many distinct events there are, and how many of them are nobody's.
  package internal(set) var used: UInt64 = 0
  package internal(set) var unattributed: UInt64 = 0

  package init() {}

  /// How many identities there are.
  package var identityCount: Int { records.count }

  /// What each identity did; sorted by principal.
  package var facts: [UsageFact] { records.map { $0.fact(texts) } }

  /// Accounts (`aws:111122223333`) seen in the source, sorted.
  package var places: [String] { placeNames.sorted(by: precedes) }

  /// First and last event.
  package var period: (first: Instant, last: Instant)? { hours.period }

  /// Silence that does not fit the source's own rhythm.
  package var gaps: [Gap] { hours.gaps }

  /// Deliveries of events that were already counted.
  package var duplicates: UInt64 {
    let events = ledger.reduce(0) { $0 + $1.events }
    return events > used ? events - used : 0
  }

  /// Whether every record of every input was understood.
  package var isComplete: Bool { ledger.allSatisfy(\.isWhole) }

  /// What both come to.
  package mutating func merge(_ other: UsagePart) throws(PartError) { self = try UsagePart.merged([self, other]) }

  /// What all of them come to. Parts that hold the same input are refused: `names` says how the message calls them.
  package static func merged(_ parts: [UsagePart], names: [String] = []) throws(PartError) -> UsagePart {
    try refuseSameInput(parts, names)
    return joined(parts)
  }

  /// As `merged`, of parts that are known to hold different inputs.
  static func joined(_ parts: [UsagePart]) -> UsagePart {
    var sum = UsagePart()
    let (texts, maps) = PartTexts.merge(parts.map(\.texts.list)[...])
    var places = [Int32](repeating: -1, count: texts.count)
    for (part, map) in zip(parts, maps) {
      sum.add(part, map, &places)
      sum.ledger += part.ledger
      sum.lifecycles = mergeLifecycles(sum.lifecycles, part.lifecycles)
      sum.hours.merge(part.hours)
      sum.placeNames.formUnion(part.placeNames)
      sum.used += part.used
      sum.unattributed += part.unattributed
    }
    sum.ledger.sort(by: LedgerRow.precedes)
    sum.settle(PartTexts(sorted: texts))
    return sum
  }

  private mutating func add(_ part: UsagePart, _ map: [UInt32], _ places: inout [Int32]) {
    for var record in part.records {
      record.renumber(map)
      let identity = Int(record.identity)
      if places[identity] < 0 {
        places[identity] = Int32(records.count)
        records.append(record)
      } else {
        records[Int(places[identity])].merge(record)
      }
    }
  }

  private static func refuseSameInput(_ parts: [UsagePart], _ names: [String]) throws(PartError) {
    var known: [String: (part: Int, name: String)] = [:]
    for (number, part) in parts.enumerated() {
      for row in part.ledger where !row.sha256.isEmpty && row.events > 0 {
        guard let other = known[row.sha256] else {
          known[row.sha256] = (number, row.name)
          continue
        }
        if other.part == number { continue }
        let called = [other.part, number].map { $0 < names.count ? names[$0] : "part \($0 + 1)" }
        throw PartError(
          .conflict, called[1],
          "input '\(row.name)' is also in \(called[0]), as '\(other.name)': its events would count twice")
      }
    }
  }

  /// Brings everything into its one form; the numbers of the records are those of `texts`.
  mutating func settle(_ texts: PartTexts) {
    self.texts = texts
    for index in records.indices { records[index].settle(&self.texts) }
    compact()
    let numbers = records.map(\.identity)
    if zip(numbers, numbers.dropFirst()).allSatisfy({ $0 < $1 }) { return }
    records.sort { $0.identity < $1.identity }
    // Names that differ only in what is no UTF-8 became one text.
    guard let twin = records.indices.dropFirst().first(where: { records[$0 - 1].identity == records[$0].identity })
    else { return }
    records[twin - 1].merge(records.remove(at: twin))
    settle(self.texts)
  }

  /// Leaves out texts that nothing names any more, and sorts the others.
  private mutating func compact() {
    var isUsed = [Bool](repeating: false, count: texts.list.count)
    for record in records { record.mark(&isUsed) }
    if texts.isSorted && !isUsed.contains(false) { return }
    let list = texts.list
    let order = list.indices.filter { isUsed[$0] }
      .sorted { utf8Precedes(list[$0], list[$1]) }
    var map = [UInt32](repeating: 0, count: list.count)
    for (number, old) in order.enumerated() { map[old] = UInt32(number) }
    for index in records.indices {
      records[index].renumber(map)
      records[index].sortCells()
    }
    texts = PartTexts(sorted: order.map { list[$0] })
  }
}

extension UsageRecord {
  /// Puts the numbers of other texts in place of its own.
  mutating func renumber(_ map: [UInt32]) {
    identity = map[Int(identity)]
    for index in cells.indices {
      cells[index].term = map[Int(cells[index].term)]
      if cells[index].kind == .action { cells[index].resource = map[Int(cells[index].resource)] }
    }
    for index in reductions.indices { reductions[index].action = map[Int(reductions[index].action)] }
    if reductions.count > 1 { reductions.sort { $0.action < $1.action } }
  }

  /// Marks the texts that it names.
  func mark(_ isUsed: inout [Bool]) {
    isUsed[Int(identity)] = true
    for cell in cells {
      isUsed[Int(cell.term)] = true
      if cell.kind == .action { isUsed[Int(cell.resource)] = true }
    }
    for reduction in reductions { isUsed[Int(reduction.action)] = true }
  }
}
