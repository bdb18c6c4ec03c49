import Base

/// Builds the segments of a part of a file while its events pass by.
struct SegmentBuilder: ~Copyable {
  /// Events after which a segment is handed over at the next window.
  private static let limit: UInt32 = 1 << 18

  /// Packed numbers in the making.
  private struct List {
    var bytes: [UInt8] = []
    var next: UInt32 = 0
    var count: UInt32 = 0

    @inline(__always)
    mutating func append(_ number: UInt32) {
      // A second resource of the event in the same container.
      if count > 0 && number < next { return }
      bytes.appendVarint(UInt64(number - next))
      next = number + 1
      count += 1
    }
  }

  private struct Calls: BitwiseCopyable {
    let list: UInt32
    var namesOperation = true
  }

  private struct Actor: BitwiseCopyable {
    /// `nil` where the log hides it.
    var credential: UInt32?
    var session: UInt64
    var started: Int64
    var isTemporary: Bool
    var first = Int64.max
    var last = Int64.min
    var count: UInt64 = 0
  }

  /// Whether records can be read without what stands around them.
  var standsAlone = true
  private let part: UInt64
  private let give: (LogSegment) -> Void
  private var segment = LogSegment()
  private var format = ""
  private var identities = TextTable(capacity: 32)
  private var containers = TextTable(capacity: 32)
  private var credentials = TextTable(capacity: 32)
  private var callNames = TextTable(capacity: 32)
  /// Which of the lists is that of an identity's hour, of a container's day.
  private var hours = CellTable<UInt32>(capacity: 32)
  private var days = CellTable<UInt32>(capacity: 32)
  private var lists: [List] = []
  private var calls = CellTable<Calls>(capacity: 32)
  private var actors = CellTable<Actor>(capacity: 32)
  private var clock = EventClock()
  /// Record number and end of the last event.
  private var lastRecord: UInt64 = 0
  private var lastEnd: UInt64 = 0

  init(part: UInt64, give: @escaping (LogSegment) -> Void) {
    self.part = part
    self.give = give
  }

  mutating func begin(format: String) { self.format = format }

  mutating func add(_ event: borrowing LogEvent, record: UInt64) {
    if event.time == LogEvent.noTime { return }
    let number = segment.count
    segment.count += 1
    let offset = event.offset ?? lastEnd
    if event.offset == nil || offset < lastEnd { segment.isAddressable = false }
    segment.places.appendVarint(record - lastRecord)
    segment.places.appendVarint(offset >= lastEnd ? offset - lastEnd : 0)
    segment.places.appendVarint(UInt64(event.record.count))
    lastRecord = record
    lastEnd = max(lastEnd, offset) + UInt64(event.record.count)
    if event.time < segment.first.milliseconds { segment.first = Instant(milliseconds: event.time) }
    if event.time > segment.last.milliseconds { segment.last = Instant(milliseconds: event.time) }
    let hour = event.time.flooredDivision(by: 3_600_000)
    let identity = identities.number(of: event.identity)
    let place = hours.place(identity, UInt32(truncatingIfNeeded: hour), initial: UInt32(lists.count))
    append(number, to: hours[place])
    let day = UInt32(truncatingIfNeeded: hour.flooredDivision(by: 24))
    for index in 0..<event.resourceCount {
      let resource = event.resources[index]
      let container = containers.number(of: resource.prefix(resourceKeyLength(resource)))
      let place = days.place(container, day, initial: UInt32(lists.count))
      append(number, to: days[place])
    }
    addCall(number, event)
    addActor(identity, event)
    addMark(number, event)
  }

  private mutating func addCall(_ number: UInt32, _ event: borrowing LogEvent) {
    let permission = callNames.number(of: event.call.permission)
    let action = callNames.number(of: event.call.action)
    let place = calls.place(permission, action, initial: Calls(list: UInt32(lists.count)))
    append(number, to: calls[place].list)
    if calls[place].namesOperation && !event.call.namesOperation { calls[place].namesOperation = false }
  }

  @inline(__always)
  private mutating func append(_ number: UInt32, to list: UInt32) {
    if Int(list) == lists.count { lists.append(List()) }
    lists[Int(list)].append(number)
  }

  private mutating func addActor(_ identity: UInt32, _ event: borrowing LogEvent) {
    if event.credential.isEmpty && event.session.isEmpty { return }
    // A credential belongs to one session; a session that hides its credential stands for itself.
    let isHidden = event.credential.isEmpty
    let credential = credentials.number(of: isHidden ? event.session : event.credential)
    let before = actors.count
    let place = actors.place(
      identity, credential,
      initial: Actor(
        credential: isHidden ? nil : credential, session: 0, started: LogEvent.noTime,
        isTemporary: event.isTemporary))
    if actors.count > before && !event.session.isEmpty {
      actors[place].session = event.sessionID.catalogHash
      actors[place].started = clock.time(of: event.sessionStart)
    }
    if event.time < actors[place].first { actors[place].first = event.time }
    if event.time > actors[place].last { actors[place].last = event.time }
    actors[place].count += 1
  }

  private mutating func addMark(_ number: UInt32, _ event: borrowing LogEvent) {
    if event.isFailed { return }
    if !event.issuedCredential.isEmpty || !event.issuedSession.isEmpty {
      mark(.issued, event.issuedCredential.catalogHash, event.issuedSession.catalogHash, number, event)
    } else if !event.sharedID.isEmpty && event.call.operation.hasPrefix("AssumeRole") {
      // The other side of an issue hides what was issued.
      mark(.issued, 0, 0, number, event)
    }
    if let change = event.lifecycle {
      mark(Self.kind(change.kind), change.credential.catalogHash, 0, number, event)
    }
  }

  private mutating func mark(
    _ kind: LogSegment.CredentialMark.Kind, _ credential: UInt64, _ session: UInt64, _ number: UInt32,
    _ event: borrowing LogEvent
  ) {
    segment.marks.append(
      LogSegment.CredentialMark(
        kind: kind, credential: credential, session: session, actor: event.actor,
        identity: event.identity.string, shared: event.sharedID.catalogHash,
        time: Instant(milliseconds: event.time), event: number))
  }

  static func kind(_ kind: LifecycleChange.Kind) -> LogSegment.CredentialMark.Kind {
    switch kind {
    case .created: .created
    case .deleted: .deleted
    case .enabled: .enabled
    case .disabled: .disabled
    }
  }

  mutating func endWindow() {
    if segment.count >= SegmentBuilder.limit { flush() }
  }

  /// Hands over what there is.
  mutating func flush() {
    if segment.count == 0 { return }
    segment.part = part
    if !standsAlone { segment.isAddressable = false }
    segment.format = format
    for place in 0..<hours.count {
      let cell = hours.cell(at: place)
      segment.identities.append(
        LogSegment.Posting(
          term: identities[UInt32(cell.owner)].string, period: Int32(bitPattern: cell.term),
          count: lists[Int(cell.value)].count, events: lists[Int(cell.value)].bytes))
    }
    for place in 0..<days.count {
      let cell = days.cell(at: place)
      segment.resources.append(
        LogSegment.Posting(
          term: containers[UInt32(cell.owner)].string, period: Int32(bitPattern: cell.term),
          count: lists[Int(cell.value)].count, events: lists[Int(cell.value)].bytes))
    }
    for place in 0..<calls.count {
      let cell = calls.cell(at: place)
      segment.calls.append(
        LogSegment.CallEvents(
          permission: callNames[UInt32(cell.owner)].string, action: callNames[cell.term].string,
          namesOperation: cell.value.namesOperation, events: lists[Int(cell.value.list)].bytes))
    }
    for place in 0..<actors.count {
      let cell = actors.cell(at: place)
      segment.actors.append(actor(cell.value, UInt32(cell.owner)))
    }
    give(segment)
    clear()
  }

  private func actor(_ actor: Actor, _ identity: UInt32) -> LogSegment.ActorUse {
    return LogSegment.ActorUse(
      identity: identities[identity].string, credential: actor.credential.map { credentials[$0].string } ?? "",
      isTemporary: actor.isTemporary, session: actor.session,
      started: actor.started == LogEvent.noTime ? nil : Instant(milliseconds: actor.started),
      first: Instant(milliseconds: actor.first), last: Instant(milliseconds: actor.last), count: actor.count)
  }

  /// The next segment begins where this one ends: its first distances count from the start of the part.
  private mutating func clear() {
    segment = LogSegment()
    identities = TextTable(capacity: 32)
    containers = TextTable(capacity: 32)
    credentials = TextTable(capacity: 32)
    callNames = TextTable(capacity: 32)
    hours = CellTable(capacity: 32)
    days = CellTable(capacity: 32)
    calls = CellTable(capacity: 32)
    lists = []
    actors = CellTable(capacity: 32)
    (lastRecord, lastEnd) = (0, 0)
  }
}

extension Call {
  /// Whether the action says what the operation is.
  fileprivate var namesOperation: Bool {
    if operation.isEmpty { return true }
    guard let colon = action.firstIndex(of: UInt8(ascii: ":")) else { return action == operation }
    return action.dropFirst(colon + 1) == operation
  }
}
