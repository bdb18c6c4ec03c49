import Base

/// Builds segments of what one worker reads while its events pass by.
struct SegmentBuilder: ~Copyable {
  /// After so many events, or bytes of texts, a segment is handed over at the next window.
  private static let limit: UInt32 = 1 << 17
  private static let textLimit = 16 << 20

  private struct Calls: BitwiseCopyable {
    let list: UInt32
    var namesOperation = true
  }

  private struct Actor: BitwiseCopyable {
    /// `nil` where the log hides it.
    var credential: UInt32?
    var isTemporary: Bool
    /// 0 for none.
    var session: UInt64 = 0
    var started = LogEvent.noTime
    var first = Int64.max
    var last = Int64.min
  }

  /// Whether the records of the file can be read without what stands around them.
  var standsAlone = true
  private let give: (LogSegment) -> Void
  private var segment = LogSegment()
  /// What is being read; `nil` between two.
  private var part: FilePart?
  private var piece = LogSegment.Piece()
  private var identities = TextTable(capacity: 32)
  private var containers = TextTable(capacity: 32)
  private var credentials = TextTable(capacity: 32)
  private var callNames = TextTable(capacity: 32)
  private var hours = PostingTable()
  private var days = PostingTable()
  private var calls = CellTable<Calls>(capacity: 32)
  private var callEvents: [EventList] = []
  private var actors = CellTable<Actor>(capacity: 32)
  private var clock = EventClock()
  /// Record number and end of the last event.
  private var lastRecord: UInt64 = 0
  private var lastEnd: UInt64 = 0

  init(give: @escaping (LogSegment) -> Void) { self.give = give }

  /// The events that follow are of that part of a file.
  mutating func begin(_ part: FilePart) {
    self.part = part
    standsAlone = true
    beginPiece()
  }

  /// The part is read.
  mutating func end() {
    endPiece()
    part = nil
  }

  /// Its first distances count from the start of the part.
  private mutating func beginPiece() {
    piece = LogSegment.Piece()
    (piece.path, piece.part) = (part?.path ?? "", part?.start ?? 0)
    (piece.start, piece.firstPlace) = (segment.count, segment.places.count)
    (lastRecord, lastEnd) = (0, 0)
  }

  private mutating func endPiece() {
    piece.count = segment.count - piece.start
    if piece.count == 0 { return }
    if !standsAlone { piece.isAddressable = false }
    segment.pieces.append(piece)
  }

  mutating func add(_ event: borrowing LogEvent, record: UInt64) {
    if event.time == LogEvent.noTime { return }
    let number = segment.count
    segment.count += 1
    let offset = event.offset ?? lastEnd
    if event.offset == nil || offset < lastEnd { piece.isAddressable = false }
    segment.places.appendVarint(record - lastRecord)
    segment.places.appendVarint(offset >= lastEnd ? offset - lastEnd : 0)
    segment.places.appendVarint(UInt64(event.record.count))
    lastRecord = record
    lastEnd = max(lastEnd, offset) + UInt64(event.record.count)
    if event.time < piece.first.milliseconds { piece.first = Instant(milliseconds: event.time) }
    if event.time > piece.last.milliseconds { piece.last = Instant(milliseconds: event.time) }
    let hour = event.time.flooredDivision(by: 3_600_000)
    let identity = identities.number(of: event.identity)
    hours.add(identity, Int32(truncatingIfNeeded: hour), event: number)
    let day = Int32(truncatingIfNeeded: hour.flooredDivision(by: 24))
    for index in 0..<event.resourceCount {
      let resource = event.resources[index]
      days.add(containers.number(of: resource.prefix(resourceKeyLength(resource))), day, event: number)
    }
    addCall(number, event)
    addActor(identity, event)
    addMark(number, event)
  }

  private mutating func addCall(_ number: UInt32, _ event: borrowing LogEvent) {
    let permission = callNames.number(of: event.call.permission)
    let action = callNames.number(of: event.call.action)
    let place = calls.place(permission, action, initial: Calls(list: UInt32(callEvents.count)))
    let list = Int(calls[place].list)
    if list == callEvents.count { callEvents.append(EventList()) }
    callEvents[list].append(number)
    if calls[place].namesOperation && !event.call.namesOperation { calls[place].namesOperation = false }
  }

  private mutating func addActor(_ identity: UInt32, _ event: borrowing LogEvent) {
    let presented = event.presentedCredential
    if presented.isEmpty && event.session.isEmpty { return }
    // A credential belongs to one session; a session that hides its credential stands for itself.
    let isHidden = presented.isEmpty
    let credential = credentials.number(of: isHidden ? event.session : presented)
    let place = actors.place(
      identity, credential,
      initial: Actor(credential: isHidden ? nil : credential, isTemporary: event.isTemporary))
    if !event.session.isEmpty {
      // Of several, the one that began first.
      let (session, started) = (event.sessionID.catalogHash, clock.time(of: event.sessionStart))
      let known = actors[place]
      if known.session == 0 || (started, Int64(bitPattern: session)) < (known.started, Int64(bitPattern: known.session))
      {
        (actors[place].session, actors[place].started) = (session, started)
      }
    }
    if event.time < actors[place].first { actors[place].first = event.time }
    if event.time > actors[place].last { actors[place].last = event.time }
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
    let texts = identities.memory + containers.memory + credentials.memory + callNames.memory
    if segment.count < SegmentBuilder.limit && texts < SegmentBuilder.textLimit { return }
    endPiece()
    flush()
    beginPiece()
  }

  /// Hands over what there is, between two parts.
  mutating func flush() {
    if segment.count == 0 { return }
    // Each once: an identity has many actors.
    let names = (0..<identities.count).map { identities[UInt32($0)].string }
    segment.identities = hours.postings(ofTerms: identities.count) { names[Int($0)] }
    segment.resources = days.postings(ofTerms: containers.count) { containers[$0].string }
    for place in 0..<calls.count {
      let cell = calls.cell(at: place)
      segment.calls.append(
        LogSegment.CallEvents(
          permission: callNames[UInt32(cell.owner)].string, action: callNames[cell.term].string,
          namesOperation: cell.value.namesOperation, events: callEvents[Int(cell.value.list)].bytes))
    }
    for place in 0..<actors.count {
      let cell = actors.cell(at: place)
      segment.actors.append(actor(cell.value, names[cell.owner]))
    }
    give(segment)
    clear()
  }

  private func actor(_ actor: Actor, _ identity: String) -> LogSegment.ActorUse {
    LogSegment.ActorUse(
      identity: identity, credential: actor.credential.map { credentials[$0].string } ?? "",
      isTemporary: actor.isTemporary, session: actor.session,
      started: actor.started == LogEvent.noTime ? nil : Instant(milliseconds: actor.started),
      first: Instant(milliseconds: actor.first), last: Instant(milliseconds: actor.last))
  }

  private mutating func clear() {
    segment = LogSegment()
    identities = TextTable(capacity: 32)
    containers = TextTable(capacity: 32)
    credentials = TextTable(capacity: 32)
    callNames = TextTable(capacity: 32)
    hours = PostingTable()
    days = PostingTable()
    calls = CellTable(capacity: 32)
    callEvents = []
    actors = CellTable(capacity: 32)
  }
}

/// Packed numbers in the making.
private struct EventList {
  var bytes: [UInt8] = []
  private var next: UInt32 = 0

  @inline(__always)
  mutating func append(_ number: UInt32) {
    bytes.appendVarint(UInt64(number - next))
    next = number + 1
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
