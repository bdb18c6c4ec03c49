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

  init() {}

  /// Bytes held, about.
  var memory: Int {
    identities.memory + texts.memory + uses.memory + days.memory + credentials.memory + regions.memory
      + addresses.memory
      + agents.memory + places.memory + agentFamilies.memory
  }

  /// Another reader numbers permissions in its own way.
  mutating func changeReader() { permissions = [] }

  /// Counts a distinct event that has a time; events of nobody count for the source only.
  mutating func add(_ event: borrowing LogEvent) {
    let time = event.time
    used += 1
    sourceHours.add(time)
    let place = event.place.isEmpty ? nil : texts.number(of: event.place)
    if let place { seenPlaces.add(place) }
    if let change = event.lifecycle { lifecycles.add(change, at: time, by: event.identity) }
    if event.identity.isEmpty {
      unattributed += 1
      return
    }
    let identity = identities.number(of: event.identity)
    if Int(identity) == totals.count { totals.append(Tally()) }
    totals[Int(identity)].add(time: time, isFailed: event.isFailed, isDenied: event.isDenied)
    addUse(identity, event)
    if !event.regionTerm.isEmpty { regions.add(identity, texts.number(of: event.regionTerm), event) }
    if !event.address.isEmpty { addresses.add(identity, texts.number(of: event.address), event) }
    if let place { places.add(identity, place, event) }
    if !event.agent.isEmpty {
      agents.add(identity, agentFamilies.family(of: texts.number(of: event.agent), event.agent, &texts), event)
    }
    if !event.credential.isEmpty { credentials.add(identity, event, &texts) }
    addDay(identity, event)
  }

  @inline(__always)
  private mutating func addUse(_ identity: UInt32, _ event: borrowing LogEvent) {
    let number = event.call.number
    while permissions.count <= number { permissions.append(0) }
    if permissions[number] == 0 { permissions[number] = texts.number(of: event.call.permission) + 1 }
    uses.add(identity, permissions[number] - 1, event, &texts)
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

  /// Everything counted, in its one form; nothing is left.
  consuming func drain() -> UsagePart {
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
    part.records = records
    part.lifecycles = lifecycles.drained()
    part.hours = sourceHours
    part.placeNames = seenPlaces.names(texts)
    part.used = used
    part.unattributed = unattributed
    part.settle(PartTexts(sorted: list))
    return part
  }

  /// All texts, sorted, with the numbers in them of identities and of other texts.
  private borrowing func sortedTexts() -> (list: [String], people: [UInt32], terms: [UInt32]) {
    var all: [String] = []
    all.reserveCapacity(identities.count + texts.count)
    for number in 0..<identities.count { all.append(identities[UInt32(number)].string) }
    for number in 0..<texts.count { all.append(texts[UInt32(number)].string) }
    var map = [UInt32](repeating: 0, count: all.count)
    var list: [String] = []
    for number in all.indices.sorted(by: { utf8Precedes(all[$0], all[$1]) }) {
      if list.last.map({ utf8Order($0, all[number]) != 0 }) ?? true { list.append(all[number]) }
      map[number] = UInt32(list.count - 1)
    }
    return (list, Array(map[..<identities.count]), Array(map[identities.count...]))
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
