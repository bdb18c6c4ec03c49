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
  var placeHours: [ExactText: PlaceHours] = [:]
  var texts = PartTexts()
  /// Sorted by identity, each once.
  var records: [UsageRecord] = []
  /// How many distinct events there are, and how many of them are nobody's.
  package internal(set) var used: UInt64 = 0
  package internal(set) var unattributed: UInt64 = 0

  /// The events, but those of sealed hours.
  var index = EventIndex()
  /// How often an event's id came with other content; known where the part was made, not stored.
  package internal(set) var conflicts: UInt64 = 0

  package init() {}

  /// How many identities there are.
  package var identityCount: Int { records.count }

  /// How large it is, about.
  var size: Int {
    texts.list.count + index.combinations.count + records.reduce(0) { $0 + $1.cells.count + $1.days.count }
  }

  /// What each identity did; sorted by principal.
  package var facts: [UsageFact] { records.map { $0.fact(texts) } }

  /// Accounts (`aws:111122223333`) seen in the source, sorted.
  package var places: [String] { placeHours.keys.sorted().map(\.description) }

  /// First and last event.
  package var period: (first: Instant, last: Instant)? { hours.period }

  /// Silence that does not fit the source's own rhythm.
  package var gaps: [Gap] { hours.gaps }

  /// Whether events of some hours can no longer be told from second deliveries.
  package var isSealed: Bool { hours.numbers.count > index.hours.count }

  /// Bytes of the index of events.
  package var indexBytes: Int { index.byteCount }

  /// Gives the inputs other names.
  mutating func renameInputs(_ name: (String) -> String) {
    for index in ledger.indices { ledger[index].name = name(ledger[index].name) }
    ledger.sort(by: LedgerRow.precedes)
  }

  /// Deliveries of events that were already counted.
  package var duplicates: UInt64 {
    let events = ledger.reduce(0) { $0 + $1.events }
    return events > used ? events - used : 0
  }

  /// Whether every record of every input was understood.
  package var isComplete: Bool { ledger.allSatisfy(\.isWhole) }

  /// What both come to.
  package mutating func merge(_ other: UsagePart) throws(PartError) { self = try UsagePart.merged([self, other]) }

  /// What all of them come to. Parts that hold the same input are refused (`names` says how the message calls them); copies of one
  /// file under several names may be allowed where a manifest says that both were meant.
  package static func merged(
    _ parts: [UsagePart], names: [String] = [], allowingCopies: Bool = false, threads: Int = 1
  ) throws(PartError) -> UsagePart {
    try refuseSameInput(parts, names, allowingCopies)
    try refuseSealedOverlap(parts, names)
    return try joined(parts, threads: threads)
  }

  /// As `merged`, of parts that are known to fit together. Without `resolving`, events that are in several of them count as often.
  static func joined(
    _ parts: consuming [UsagePart], resolving: Bool = true, threads: Int = 1
  ) throws(PartError) -> UsagePart {
    var sum = UsagePart()
    let (texts, maps) = PartTexts.merge(parts.map(\.texts.list)[...])
    var places = [Int32](repeating: -1, count: texts.count)
    for (number, map) in maps.enumerated() {
      // Taken out, so that what is added is free at once: the parts and their sum are never in memory together.
      var part = UsagePart()
      swap(&part, &parts[number])
      part.texts = PartTexts()
      sum.add(&part.records, map, &places)
      sum.index.add(part.index, map)
      sum.ledger += part.ledger
      sum.lifecycles = mergeLifecycles(sum.lifecycles, part.lifecycles)
      sum.hours.merge(part.hours)
      for (place, hours) in part.placeHours { sum.placeHours[place, default: PlaceHours([])].merge(hours) }
      sum.used += part.used
      sum.unattributed += part.unattributed
    }
    sum.ledger.sort(by: LedgerRow.precedes)
    sum.settle(PartTexts(sorted: texts))
    if resolving { try sum.resolve(threads: threads) }
    return sum
  }

  private mutating func add(_ others: inout [UsageRecord], _ map: [UInt32], _ places: inout [Int32]) {
    records.reserveCapacity(max(records.count, others.count))
    for index in others.indices {
      var record = UsageRecord(identity: 0)
      swap(&record, &others[index])
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

  /// The part without its index of events: small, but nothing of the same hours can be merged with it any more.
  package func sealed() -> UsagePart {
    var part = self
    part.index = EventIndex()
    return part
  }

  private static func refuseSameInput(
    _ parts: [UsagePart], _ names: [String], _ allowsCopies: Bool
  ) throws(PartError) {
    var known: [InputDigest: (part: Int, name: String)] = [:]
    for (number, part) in parts.enumerated() {
      for row in part.ledger where row.events > 0 {
        guard let digest = row.digest else { continue }
        guard let other = known[digest] else {
          known[digest] = (number, row.name)
          continue
        }
        if other.part == number || allowsCopies && other.name != row.name { continue }
        let called = [other.part, number].map { call($0, names) }
        throw PartError(
          .conflict, called[1],
          "input '\(row.name)' is also in \(called[0]), as '\(other.name)': its events would count twice")
      }
    }
  }

  private static func call(_ part: Int, _ names: [String]) -> String {
    part < names.count ? names[part] : "part \(part + 1)"
  }

  /// Of a sealed hour nobody can tell which events it has in common with another part.
  private static func refuseSealedOverlap(_ parts: [UsagePart], _ names: [String]) throws(PartError) {
    let open = parts.map { $0.index.hours }
    let isSealed = zip(parts, open).map { part, open in part.hours.numbers.count > open.count }
    if !isSealed.contains(true) { return }
    var known: [Int64: (part: Int, isOpen: Bool)] = [:]
    for (number, part) in parts.enumerated() {
      for hour in part.hours.numbers {
        let isOpen = open[number].contains(Int32(clamping: hour))
        guard let other = known[hour] else {
          known[hour] = (number, isOpen)
          continue
        }
        if isOpen && other.isOpen { continue }
        let at = Instant(milliseconds: hour * 3_600_000)
        throw PartError(
          .conflict, call(number, names),
          "the hour of \(at) is also in \(call(other.part, names)), and one of them is sealed: events in both cannot be told"
        )
      }
    }
  }
}
