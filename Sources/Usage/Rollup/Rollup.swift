import Base
import Model

/// Counts events by identity. Strings are interned at intake, cells joined by number; texts are made again in `drain`.
struct Rollup: ~Copyable {
  private var identities = TextTable(capacity: 1024)
  private var texts = TextTable(capacity: 4096)
  private var totals: [Tally] = []

  private var uses = UseTable()
  private var regions = TermTable()
  private var addresses = TermTable()
  private var agents = TermTable()
  private var places = TermTable()
  private var agentFamilies = AgentTable()
  private var seenPlaces = SeenPlaces()
  private var days = CellTable<DayCell>(capacity: 16_384)
  private var credentials = CredentialTable()
  private var lifecycles = LifecycleTable()
  private(set) var sourceHours = SourceHours()
  private var used: UInt64 = 0
  private var unattributed: UInt64 = 0

  /// The reader's numbers of permissions as numbers of `texts`, plus one.
  private var permissions: [UInt32] = []

  private var combinations = CombinationTable()
  private var index: IndexBuilder

  /// The index of events goes to the tape.
  init(_ tape: IndexTape = IndexTape()) { index = IndexBuilder(tape) }

  /// Counts from the start by what contains them, resources that a part before it has too many of: what is joined with that part comes
  /// to the same, and stays small.
  mutating func reduceResources(as part: UsagePart) {
    for record in part.records where !record.reductions.isEmpty {
      let identity = identities.number(of: part.texts[record.identity])
      if Int(identity) == totals.count { totals.append(Tally()) }
      for reduction in record.reductions {
        uses.reduce(identity, texts.number(of: part.texts[reduction.action]), to: reduction.level)
      }
    }
  }

  /// Bytes held, about.
  var memory: Int {
    identities.memory + texts.memory + uses.memory + days.memory + credentials.memory + regions.memory
      + addresses.memory + agents.memory + places.memory + agentFamilies.memory + combinations.memory
  }

  /// Another reader numbers permissions in its own way.
  mutating func changeReader() { permissions = [] }

  /// Counts a delivery of an event that has a time; events of nobody count for the source only. Second deliveries are taken out again
  /// when parts are joined.
  mutating func add(_ event: borrowing LogEvent) {
    let time = event.time
    used += 1
    sourceHours.add(time)
    let place = event.place.isEmpty ? 0 : texts.number(of: event.place) + 1
    if place > 0 { seenPlaces.add(place - 1) }
    if let change = event.lifecycle { lifecycles.add(change, at: time, by: event.identity) }
    var content = ContentHash(event)
    combinations.begin()
    if event.identity.isEmpty {
      unattributed += 1
      for _ in 0..<Combinations.Field.resources { combinations.add(0) }
      content.add(event.call.action)
      content.add(event.address)
    } else {
      count(event, place, &content)
    }
    index.add(event, combinations.number(), content)
  }

  /// Counts the event for its identity, and puts its combination together.
  @inline(__always)
  private mutating func count(_ event: borrowing LogEvent, _ place: UInt32, _ content: inout ContentHash) {
    let identity = identities.number(of: event.identity)
    if Int(identity) == totals.count { totals.append(Tally()) }
    totals[Int(identity)].add(time: event.time, isFailed: event.isFailed, isDenied: event.isDenied)
    content.add(identities.fixedHash(of: identity))
    combinations.add(identity + 1)
    let permission = permission(of: event.call)
    content.add(texts.fixedHash(of: permission))
    combinations.add(permission + 1)
    let region = event.regionTerm.isEmpty ? 0 : texts.number(of: event.regionTerm) + 1
    if region > 0 { regions.add(identity, region - 1, event) }
    add(region, &content)
    let address = event.address.isEmpty ? 0 : texts.number(of: event.address) + 1
    if address > 0 { addresses.add(identity, address - 1, event) }
    add(address, &content)
    let agent = event.agent.isEmpty ? 0 : family(of: event.agent) + 1
    if agent > 0 { agents.add(identity, agent - 1, event) }
    add(agent, &content)
    if place > 0 { places.add(identity, place - 1, event) }
    add(place, &content)
    let hash = event.credential.isEmpty ? 0 : event.credential.fixedHash
    content.add(hash)
    combinations.add(event.credential.isEmpty ? 0 : credentials.add(identity, event, hash, &texts))
    combinations.add(Self.flags(event))
    uses.add(identity, permission, event, &texts, &combinations)
    addDay(identity, event)
  }

  @inline(__always)
  private mutating func add(_ word: UInt32, _ content: inout ContentHash) {
    combinations.add(word)
    content.add(word == 0 ? 0 : texts.fixedHash(of: word - 1))
  }

  @inline(__always)
  private static func flags(_ event: borrowing LogEvent) -> UInt32 {
    (event.isFailed ? Combinations.Flag.failed : 0) | (event.isDenied ? Combinations.Flag.denied : 0)
      | (event.isTemporary ? Combinations.Flag.isTemporary : 0)
  }

  private mutating func family(of agent: RawText) -> UInt32 {
    agentFamilies.family(of: texts.number(of: agent), agent, &texts)
  }

  @inline(__always)
  private mutating func permission(of call: Call) -> UInt32 {
    while permissions.count <= call.number { permissions.append(0) }
    if permissions[call.number] == 0 { permissions[call.number] = texts.number(of: call.permission) + 1 }
    return permissions[call.number] - 1
  }

  @inline(__always)
  private mutating func addDay(_ identity: UInt32, _ event: borrowing LogEvent) {
    let hour = event.time.flooredDivision(by: 3_600_000)
    let day = hour.flooredDivision(by: 24)
    let place = days.place(identity, UInt32(truncatingIfNeeded: day), initial: DayCell(day: 0))
    days[place].count += 1
    if event.isDenied { days[place].denied += 1 }
    days[place].hours |= 1 << UInt32(truncatingIfNeeded: hour - day * 24)
    if let bytes = event.bytesIn { days[place].bytesIn += UInt128(bytes) }
    if let bytes = event.bytesOut { days[place].bytesOut += UInt128(bytes) }
  }

  /// Everything counted, in its one form but for second deliveries; nothing is left.
  consuming func drain() throws(PartError) -> UsagePart {
    var (part, texts) = try emptied()
    // The tables' memory is free by now.
    part.settle(PartTexts(sorted: texts))
    return part
  }

  /// Everything counted, and its texts.
  private consuming func emptied() throws(PartError) -> (UsagePart, [String]) {
    let (list, people, terms) = sortedTexts()
    var records = totals.indices.map { UsageRecord(identity: people[$0], total: totals[$0]) }
    uses.drain { owner, action, resource, tally in
      records[owner].cells.append(UsageCell(.action, terms[Int(action)], resource: terms[Int(resource)], tally))
    }
    regions.drain { records[$0].cells.append(UsageCell(.region, terms[Int($1)], $2)) }
    addresses.drain { records[$0].cells.append(UsageCell(.address, terms[Int($1)], $2)) }
    agents.drain { records[$0].cells.append(UsageCell(.agent, terms[Int($1)], $2)) }
    places.drain { records[$0].cells.append(UsageCell(.place, terms[Int($1)], $2)) }
    credentials.drain { owner, isTemporary, term, tally in
      records[owner].cells.append(UsageCell(isTemporary ? .session : .credential, terms[Int(term)], tally))
    } markSaturated: {
      records[$0].saturate(.session)
    }
    for place in 0..<days.count {
      let cell = days.cell(at: place)
      var day = cell.value
      day.day = Int32(truncatingIfNeeded: cell.term)
      records[cell.owner].days.append(day)
    }
    var part = UsagePart()
    // Of some there are reductions only.
    part.records = records.filter { $0.total.count > 0 }
    part.lifecycles = lifecycles.drained()
    part.hours = sourceHours
    part.placeNames = seenPlaces.names(texts)
    part.used = used
    part.unattributed = unattributed
    part.index.combinations = combinations.list.renumbered(identities: people, others: terms)
    part.index.segments = [try index.finish()]
    return (part, list)
  }

  /// All texts, sorted, with the numbers in them of identities and of other texts.
  private borrowing func sortedTexts() -> (list: [String], people: [UInt32], terms: [UInt32]) {
    var all: [RawText] = []
    all.reserveCapacity(identities.count + texts.count)
    for number in 0..<identities.count { all.append(identities[UInt32(number)]) }
    for number in 0..<texts.count { all.append(texts[UInt32(number)]) }
    var map = [UInt32](repeating: 0, count: all.count)
    var list: [String] = []
    list.reserveCapacity(all.count)
    // What is no UTF-8 is mended, and may then stand elsewhere.
    var mended: [(text: String, number: Int)] = []
    var last = RawText.none
    for number in TextOrder.sorted(all) {
      let text = all[Int(number)]
      if list.isEmpty || !(text == last) {
        guard let string = String(validating: text.bytes, as: UTF8.self) else {
          mended.append((text.string, Int(number)))
          continue
        }
        list.append(string)
        last = text
      }
      map[Int(number)] = UInt32(list.count - 1)
    }
    if !mended.isEmpty { Self.insert(mended, into: &list, &map) }
    return (list, Array(map[..<identities.count]), Array(map[identities.count...]))
  }
}

extension Rollup {
  /// Puts texts into a sorted list, each once; `map` follows.
  private static func insert(_ texts: [(text: String, number: Int)], into list: inout [String], _ map: inout [UInt32]) {
    let strings = list + texts.map(\.text)
    var places = [UInt32](repeating: 0, count: strings.count)
    list = []
    for number in strings.indices.sorted(by: { utf8Precedes(strings[$0], strings[$1]) }) {
      if list.last.map({ utf8Order($0, strings[number]) != 0 }) ?? true { list.append(strings[number]) }
      places[number] = UInt32(list.count - 1)
    }
    let known = strings.count - texts.count
    map = map.map { places[Int($0)] }
    for (index, text) in texts.enumerated() { map[text.number] = places[known + index] }
  }
}

extension Tally {
  /// The last success as the model has it.
  var success: Instant? { lastSuccess == .min ? nil : Instant(milliseconds: lastSuccess) }
}

extension Int64 {
  /// Rounded towards the past.
  @inline(__always)
  func flooredDivision(by divisor: Int64) -> Int64 {
    let (quotient, rest) = quotientAndRemainder(dividingBy: divisor)
    return rest < 0 ? quotient - 1 : quotient
  }
}
