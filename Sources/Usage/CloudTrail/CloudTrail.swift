private import CSimdjson

extension LogFormat {
  /// AWS CloudTrail: delivered files, JSON Lines, EventBridge and CloudTrail Lake envelopes, what Logstash makes of them.
  static let cloudTrail = LogFormat(name: "cloudtrail", mark: object) { CloudTrailReader() }
}

/// Records of CloudTrail (CloudTrail User Guide, "CloudTrail record contents").
private final class CloudTrailReader: LogReader {
  private let trail: OpaquePointer
  private var batch = muster_trail_batch()
  private var window: UnsafePointer<UInt8>?
  // A reader belongs to one thread and calls nobody who could call it: no use of these can overlap another.
  @exclusivity(unchecked) private var calls = CallTable()
  @exclusivity(unchecked) private var places = PlaceTable()
  @exclusivity(unchecked) private var scratch = Scratch()
  @exclusivity(unchecked) private var clock = EventClock()

  init() {
    guard let trail = muster_trail_open() else { preconditionFailure("there is memory for a reader") }
    self.trail = trail
  }

  deinit { muster_trail_close(trail) }

  func restart() { muster_trail_restart(trail) }

  func scan(_ window: UnsafeMutablePointer<UInt8>, count: Int, isLast: Bool) -> Int {
    scratch.reset()
    muster_trail_scan(trail, window, count, isLast, &batch)
    self.window = UnsafePointer(window)
    return batch.consumed
  }

  func passOver() { muster_trail_pass_over(trail) }

  var recordCount: Int { batch.event_count }
  var callCount: Int { calls.count }

  var faults: [RecordFault] {
    RecordFault.list(batch.bad, batch.bad_count)
  }

  func normalise(_ record: Int, into event: inout LogEvent) -> Fate {
    guard let events = batch.events else { return .foreign }
    precondition(record < batch.event_count, "a record of the window")
    let raw = TrailRecord(
      event: UnsafeRawPointer(events + record), window: window, arena: batch.arena,
      mentions: UnsafeRawPointer(batch.mentions))
    event.record = raw.bytes
    if raw.source.isEmpty || raw.name.isEmpty { return raw.fateWithoutName }
    // S3, SES and others send notifications of the same shape.
    if raw.source.hasPrefix("aws:") { return .foreign }
    event.time = clock.time(of: raw.time)
    event.id = raw.id
    event.sharedID = raw.sharedID
    identify(raw, &event)
    let region = raw.region
    let number = calls.number(source: raw.source, name: raw.name)
    event.call = calls.call(number)
    event.region = region
    event.regionTerm = calls.isGlobal(number) && region.equals("us-east-1") ? RawText("aws-global") : region
    event.account = raw.account.isEmpty ? raw.identityAccount : raw.account
    event.place = places.place(of: event.account)
    judge(raw, &event)
    locate(raw, &event)
    event.agent = raw.agent
    event.bytesIn = raw.bytesIn.isEmpty ? nil : byteCount(raw.bytesIn)
    event.bytesOut = raw.bytesOut.isEmpty ? nil : byteCount(raw.bytesOut)
    event.issuedCredential = raw.issuedKey
    event.issuedSession = raw.issuedSession
    event.resourceCount = 0
    raw.appendResources(of: calls.service(number), to: &event, &scratch)
    event.lifecycle = calls.lifecycle(number).flatMap { raw.lifecycle($0, event, &scratch) }
    return .event
  }

  private func identify(_ raw: TrailRecord, _ event: inout LogEvent) {
    event.identityType = raw.identityType
    event.identity = raw.identity(&scratch)
    event.userName = raw.userName
    event.identityAccount = raw.identityAccount
    if event.identity.isEmpty && raw.isAnonymous { (event.identityType, event.identityAccount) = ("Anonymous", .none) }
    event.invokedBy = raw.invokedBy
    event.credential = raw.key
    // IAM User Guide, "IAM identifiers": the prefix of temporary keys. The key alone decides, so that all its events agree.
    event.isTemporary = raw.key.hasPrefix("ASIA")
    event.sessionStart = raw.created
    event.sessionIssuer = raw.issuer
    event.sourceIdentity = raw.sourceIdentity
    let hasSession = !raw.created.isEmpty && !raw.principal.isEmpty
    event.session = hasSession ? scratch.join(raw.principal, "/", raw.created) : .none
  }

  private func judge(_ raw: TrailRecord, _ event: inout LogEvent) {
    event.status = raw.error
    event.isFailed = !raw.error.isEmpty
    event.isDenied = event.isFailed && isDenial(raw.error)
    if !event.isFailed && raw.login.equals("Failure") {
      event.isFailed = true
      event.status = raw.login
    }
  }

  private func locate(_ raw: TrailRecord, _ event: inout LogEvent) {
    let isLiteral = isLiteralAddress(raw.address)
    event.address = isLiteral ? raw.address : .none
    event.host = isLiteral ? .none : raw.address
  }
}

/// Whether the error says that authorization refused the call. Services spell it in their own ways.
private func isDenial(_ error: RawText) -> Bool {
  error.contains("AccessDenied") || error.contains("Unauthorized") || error.contains("NotAuthorized")
    || error.equals("AuthorizationError") || error.equals("AuthorizationErrorException") || error.equals("Forbidden")
}

/// A count of bytes. What is no count is 0, a fraction and what is too large are cut.
private func byteCount(_ text: RawText) -> UInt64 {
  var value: UInt64 = 0
  for (index, byte) in text.bytes.enumerated() {
    if byte &- 0x30 < 10 {
      let (product, over) = value.multipliedReportingOverflow(by: 10)
      let (sum, more) = product.addingReportingOverflow(UInt64(byte &- 0x30))
      value = over || more ? UInt64(Int64.max) : sum
    } else if let real = Double(text.string), real >= 0, index > 0 {
      return real < 9e18 ? UInt64(real) : UInt64(Int64.max)
    } else {
      return 0
    }
  }
  return value
}
