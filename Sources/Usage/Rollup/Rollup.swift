import Base
import Model

/// Counts events by identity. Strings are interned at intake, cells joined by number; texts are made again in `drain`.
struct Rollup: ~Copyable {
  private var identities = TextTable(capacity: 1024)
  private var texts = TextTable(capacity: 4096)

  private var combinations = CombinationTable()
  private var resources = UsedResources()
  private var sessions = SessionSieve()
  private var agentFamilies = AgentTable()
  private var places = SeenPlaces()
  private var days = DayTable()
  private var lifecycles = LifecycleTable()
  private(set) var sourceHours = SourceHours()
  private var used: UInt64 = 0
  private var unattributed: UInt64 = 0

  /// The reader's numbers of permissions as numbers of `texts`, plus one.
  private var permissions: [UInt32] = []

  private var index: IndexBuilder
  private var waiting = WaitingEvents()

  /// The index of events goes to the tape.
  init(_ tape: IndexTape = IndexTape()) { index = IndexBuilder(tape) }

  /// Counts from the start by what contains them, resources that a part before it has too many of: what is joined with that part comes
  /// to the same, and stays small.
  mutating func reduceResources(as part: UsagePart) {
    for record in part.records where !record.reductions.isEmpty {
      let identity = identities.number(of: part.texts[record.identity])
      for reduction in record.reductions {
        resources.reduce(identity, texts.number(of: part.texts[reduction.action]), to: reduction.level)
      }
    }
  }

  /// Bytes held, about.
  var memory: Int {
    identities.memory + texts.memory + resources.memory + sessions.memory + days.memory + agentFamilies.memory
      + combinations.memory + places.memory
  }

  /// Another reader numbers permissions in its own way.
  mutating func changeReader() { permissions = [] }

  /// Counts a delivery of an event that has a time; events of nobody count for the source only. Second deliveries are taken out again
  /// when parts are joined. The event's texts must live until `settle`.
  mutating func add(_ event: borrowing LogEvent) {
    used += 1
    sourceHours.add(event.time)
    if let change = event.lifecycle, !change.isOfSession { lifecycles.add(change, at: event.time, by: event.identity) }
    var waiting = WaitingEvents.Event(event)
    waiting.place = place(of: event)
    if event.identity.isEmpty {
      unattributed += 1
      waiting.content.add(event.call.action)
      waiting.content.add(event.address)
    } else {
      ask(event, &waiting)
    }
    self.waiting.append(waiting)
    if self.waiting.isFull { settle() }
  }

  /// What needs a look-up: the first step of each, but for what stands in small tables.
  @inline(__always)
  private mutating func ask(_ event: borrowing LogEvent, _ asked: inout WaitingEvents.Event) {
    let identity = identities.number(of: event.identity)
    asked.identity = identity + 1
    asked.permission = permission(of: event.call) + 1
    if !event.regionTerm.isEmpty { asked.region = texts.number(of: event.regionTerm) + 1 }
    if !event.address.isEmpty { asked.address = texts.query(event.address) }
    if !event.agent.isEmpty { asked.agent = texts.query(event.agent) }
    if !event.credential.isEmpty {
      asked.credentialHash = event.credential.fixedHash
      if !event.isTemporary || sessions.keeps(identity, asked.credentialHash) {
        asked.credential = texts.query(event.credential)
      }
    }
    asked.firstResource = waiting.resourceCount
    asked.resourceCount = event.resourceCount
    let isReduced = resources.isAnyReduced(of: identity)
    for index in 0..<event.resourceCount {
      let resource = event.resources[index]
      waiting.addResource(isReduced ? TextTable.Query(unasked: resource) : texts.query(resource))
    }
  }

  /// Counts the events that wait.
  mutating func settle() {
    for number in 0..<waiting.count { expect(waiting.pointer(number)) }
    combinations.restart()
    for number in 0..<waiting.count { waiting.setDraft(draft(waiting.pointer(number)), number) }
    for number in 0..<waiting.count { combinations.expect(waiting.draft(number).combination) }
    for number in 0..<waiting.count { count(waiting.pointer(number), waiting.draft(number)) }
    waiting.clear()
  }

  @inline(__always)
  private func expect(_ event: UnsafePointer<WaitingEvents.Event>) {
    if event.pointee.identity == 0 { return }
    if !event.pointee.address.isNone { texts.expect(event.pointee.address) }
    if !event.pointee.agent.isNone { texts.expect(event.pointee.agent) }
    if !event.pointee.credential.isNone { texts.expect(event.pointee.credential) }
    if resources.isAnyReduced(of: event.pointee.identity - 1) { return }
    for resource in waiting.resources(of: event) { texts.expect(resource) }
  }

  /// Puts the event's combination together.
  @inline(__always)
  private mutating func draft(_ event: UnsafePointer<WaitingEvents.Event>) -> WaitingEvents.Draft {
    let start = combinations.draftStart
    if event.pointee.identity == 0 {
      for _ in 0..<Combinations.Field.resources { combinations.add(0) }
      return WaitingEvents.Draft(combination: combinations.finish(from: start), hasContainers: false)
    }
    combinations.add(event.pointee.identity)
    combinations.add(event.pointee.permission)
    combinations.add(event.pointee.region)
    combinations.add(number(of: event.pointee.address))
    combinations.add(event.pointee.agent.isNone ? 0 : family(of: event.pointee.agent) + 1)
    combinations.add(event.pointee.place)
    combinations.add(number(of: event.pointee.credential))
    combinations.add(event.pointee.flags)
    let hasContainers = resources.add(
      event.pointee.identity - 1, event.pointee.permission - 1, waiting.resources(of: event), &texts, &combinations)
    return WaitingEvents.Draft(combination: combinations.finish(from: start), hasContainers: hasContainers)
  }

  @inline(__always)
  private mutating func number(of query: TextTable.Query) -> UInt32 { query.isNone ? 0 : texts.number(of: query) + 1 }

  @inline(__always)
  private mutating func count(_ event: UnsafePointer<WaitingEvents.Event>, _ draft: WaitingEvents.Draft) {
    let combination = combinations.place(draft.combination)
    var content = event.pointee.content
    if event.pointee.identity > 0 {
      if combination.isNew { learn(combination, event.pointee.credentialHash, draft.hasContainers) }
      combinations.count(combination, at: event.pointee.time)
      days.add(event)
      content.add(combinations.content(of: combination))
      content.add(event.pointee.credentialHash)
    }
    index.add(
      EventEntry(
        fingerprint: event.pointee.fingerprint, bytesIn: event.pointee.bytesIn, bytesOut: event.pointee.bytesOut,
        hour: EventEntry.hour(of: event.pointee.time), combination: combinations.number(of: combination),
        content: content.value))
  }

  /// What is worked out once for events that have all in common: the names it brings, and a hash of what does not depend on what was
  /// counted before.
  private mutating func learn(_ combination: CombinationTable.Place, _ credential: UInt64, _ hasContainers: Bool) {
    typealias Field = Combinations.Field
    let words = combinations.words(of: combination)
    let identity = words[Field.identity] - 1
    if words[Field.credential] > 0 && words[Field.flags] & Combinations.Flag.isTemporary != 0 {
      sessions.learn(identity, words[Field.credential] - 1, credential)
    }
    resources.learn(
      identity, words[Field.action] - 1, words.dropFirst(Field.resources), areContainers: hasContainers,
      texts)
    var content = ContentHash()
    content.add(identities.fixedHash(of: identity))
    for field in Field.action..<Field.credential {
      content.add(words[field] == 0 ? 0 : texts.fixedHash(of: words[field] - 1))
    }
    combinations.note(content.hash, for: combination)
  }

  /// The number of the event's place, plus one; 0 where it has none.
  @inline(__always)
  private mutating func place(of event: borrowing LogEvent) -> UInt32 {
    if event.place.isEmpty { return 0 }
    let number = texts.number(of: event.place)
    places.add(number, at: event.time)
    return number + 1
  }

  private mutating func family(of agent: TextTable.Query) -> UInt32 {
    agentFamilies.family(of: texts.number(of: agent), agent.text, &texts)
  }

  @inline(__always)
  private mutating func permission(of call: Call) -> UInt32 {
    while permissions.count <= call.number { permissions.append(0) }
    if permissions[call.number] == 0 { permissions[call.number] = texts.number(of: call.permission) + 1 }
    return permissions[call.number] - 1
  }

  /// Everything counted, in its one form but for second deliveries; nothing is left.
  consuming func drain() throws(PartError) -> UsagePart {
    settle()
    var (part, texts) = try emptied()
    // The tables' memory is free by now.
    part.settle(PartTexts(sorted: texts))
    return part
  }

  /// Everything counted, and its texts.
  private consuming func emptied() throws(PartError) -> (UsagePart, TextList) {
    let (list, people, terms) = sortedTexts()
    var records = people.map { UsageRecord(identity: $0) }
    var uses = UseTable()
    combinations.forEach { words, tally in
      typealias Field = Combinations.Field
      if words[Field.identity] == 0 { return }
      let identity = words[Field.identity] - 1
      records[Int(identity)].total.add(tally)
      let isSession = words[Field.flags] & Combinations.Flag.isTemporary != 0 && words[Field.credential] > 0
      let isKept = !isSession || sessions.keeps(identity, texts.fixedHash(of: words[Field.credential] - 1))
      uses.add(words, tally, keepsCredential: isKept)
    }
    uses.drain(terms) { records[$0].cells.append($1) }
    for identity in records.indices where sessions.isSaturated(identity) { records[identity].saturate(.session) }
    days.drain { records[$0].days.append($1) }
    var part = UsagePart()
    // Of some there are reductions only.
    part.records = records.filter { $0.total.count > 0 }
    part.lifecycles = lifecycles.drained()
    part.hours = sourceHours
    part.placeHours = places.drained(texts)
    part.used = used
    part.unattributed = unattributed
    part.index.combinations = combinations.list.renumbered(identities: people, others: terms)
    part.index.segments = [try index.finish()]
    return (part, list)
  }

  /// All texts, sorted, with the numbers in them of identities and of other texts.
  private borrowing func sortedTexts() -> (list: TextList, people: [UInt32], terms: [UInt32]) {
    var all: [RawText] = []
    all.reserveCapacity(identities.count + texts.count)
    for number in 0..<identities.count { all.append(identities[UInt32(number)]) }
    for number in 0..<texts.count { all.append(texts[UInt32(number)]) }
    var map = [UInt32](repeating: 0, count: all.count)
    var list = TextList()
    list.reserve(all.count, bytes: all.reduce(0) { $0 + $1.count })
    // What is no UTF-8 is mended, and may then stand elsewhere.
    var mended: [(text: String, number: Int)] = []
    var last = RawText.none
    for number in TextOrder.sorted(all) {
      let text = all[Int(number)]
      if list.isEmpty || !(text == last) {
        if !text.isUnicode {
          mended.append((text.string, Int(number)))
          continue
        }
        list.append(text)
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
  private static func insert(_ texts: [(text: String, number: Int)], into list: inout TextList, _ map: inout [UInt32]) {
    let strings = (0..<list.count).map { list[$0] } + texts.map(\.text)
    var places = [UInt32](repeating: 0, count: strings.count)
    var last: String?
    list = TextList()
    for number in strings.indices.sorted(by: { utf8Precedes(strings[$0], strings[$1]) }) {
      if last.map({ utf8Order($0, strings[number]) != 0 }) ?? true { list.append(strings[number]) }
      last = strings[number]
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
