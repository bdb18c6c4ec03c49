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
  private var days = CellTable<DayTally>(capacity: 16_384)
  private var credentials = CredentialTable()
  private var lifecycles = LifecycleTable()
  private(set) var sourceHours = SourceHours()

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
    sourceHours.add(time)
    let place = event.place.isEmpty ? nil : texts.number(of: event.place)
    if let place { seenPlaces.add(place) }
    if let change = event.lifecycle { lifecycles.add(change, at: time, by: event.identity) }
    if event.identity.isEmpty { return }
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
    let place = days.place(identity, UInt32(truncatingIfNeeded: day), initial: DayTally())
    days[place].count += 1
    if event.isDenied { days[place].denied += 1 }
    days[place].hours |= 1 << UInt32(truncatingIfNeeded: hour - day * 24)
    if let bytes = event.bytesIn { days[place].bytesIn = days[place].bytesIn.addingSaturated(bytes) }
    if let bytes = event.bytesOut { days[place].bytesOut = days[place].bytesOut.addingSaturated(bytes) }
  }

  /// Everything counted, as facts sorted by principal; nothing is left.
  consuming func drain() -> UsagePart {
    var facts: [UsageFact] = []
    facts.reserveCapacity(totals.count)
    for (number, total) in totals.enumerated() {
      let principal = PrincipalKey(identities[UInt32(number)].string)
      var fact = UsageFact(
        principal: principal, first: Instant(milliseconds: total.first), last: Instant(milliseconds: total.last))
      (fact.events, fact.failed, fact.denied) = (total.count, total.failed, total.denied)
      facts.append(fact)
    }
    uses.drain(texts, into: &facts)
    drainTerms(into: &facts)
    for index in facts.indices { facts[index].settle() }
    facts.sort { $0.principal < $1.principal }
    return UsagePart(
      facts: facts, lifecycles: lifecycles.drained(), hours: sourceHours, places: seenPlaces.names(texts))
  }

  private borrowing func drainTerms(into facts: inout [UsageFact]) {
    regions.drain(texts) { facts[$0].regions.append($1) }
    addresses.drain(texts) { facts[$0].addresses.append($1) }
    agents.drain(texts) { facts[$0].agents.append($1) }
    places.drain(texts) { facts[$0].places.append($1) }
    credentials.drain(texts, into: &facts)
    for place in 0..<days.count {
      let cell = days.cell(at: place)
      var day = DayUse(day: Day(number: Int32(truncatingIfNeeded: cell.term)))
      (day.count, day.denied, day.hours) = (cell.value.count, cell.value.denied, cell.value.hours)
      (day.bytesIn, day.bytesOut) = (cell.value.bytesIn, cell.value.bytesOut)
      facts[cell.owner].days.append(day)
    }
  }
}

extension Tally {
  /// The last success as the model has it.
  var success: Instant? { lastSuccess == .min ? nil : Instant(milliseconds: lastSuccess) }
}

extension UInt64 {
  /// The sum, at most `UInt64.max`: a cut sum stays cut in any order of adding.
  func addingSaturated(_ other: UInt64) -> UInt64 {
    let (sum, over) = addingReportingOverflow(other)
    return over ? .max : sum
  }
}

extension Int64 {
  /// Rounded towards the past.
  @inline(__always)
  func flooredDivision(by divisor: Int64) -> Int64 {
    let (quotient, rest) = quotientAndRemainder(dividingBy: divisor)
    return rest < 0 ? quotient - 1 : quotient
  }
}
