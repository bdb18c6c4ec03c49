package import Base

/// Which events are wanted; what is `nil` does not matter.
package struct EventFilter: Sendable {
  /// Principal keys.
  package var identities: Set<ExactText>?
  package var credentials: Set<ExactText>?
  /// `actorHash` of who acts.
  package var actors: Set<UInt64>?
  /// Matches one of the event's resources.
  package var resource: Glob?
  /// Matches the permission, the call or the operation, ASCII letters both ways.
  package var action: Glob?
  /// Not before that.
  package var since: Instant?
  /// Before that.
  package var until: Instant?

  package init() {}

  func takes(_ event: borrowing LogEvent) -> Bool {
    if event.time == LogEvent.noTime { return false }
    if let since, event.time < since.milliseconds { return false }
    if let until, event.time >= until.milliseconds { return false }
    if let actors, !actors.contains(event.actor) { return false }
    if let credentials, !credentials.contains(ExactText(event.presentedCredential.string)) { return false }
    if let identities, !identities.contains(ExactText(event.identity.string)) { return false }
    if let action, !action.matches(bytes: event.call.permission.bytes), !action.matches(bytes: event.call.action.bytes),
      !action.matches(bytes: event.call.operation.bytes)
    {
      return false
    }
    if let resource {
      return event.resources.prefix(event.resourceCount).contains { resource.matches(bytes: $0.bytes) }
    }
    return true
  }
}

/// One event of a log, with its place: a copy that outlives the reading.
package struct LoggedEvent: Sendable {
  package var time: Instant
  /// The event's own id; empty where it has none.
  package var id: String
  /// Tells a second delivery of the event.
  package var fingerprint: UInt64
  package var sharedID: String
  package var identity: String
  /// `actorHash` of who acts.
  package var actor: UInt64
  package var identityType: String
  /// The service that made the call for the identity, or who acted in its name; empty for neither.
  package var via: String
  /// What was presented: of who acted in the identity's name, theirs.
  package var credential: String
  /// The session's id without its start; empty where the identity acts without one.
  package var session: String
  package var sessionStart: Instant?
  package var issuedCredential: String
  package var issuedSession: String
  /// `<service>:<operation>`, as the log names them.
  package var action: String
  package var permission: String
  package var resources: [String]
  package var isFailed: Bool
  package var isDenied: Bool
  package var status: String
  package var source: String
  package var region: String
  package var account: String
  /// The credential that was made, changed or ended, and what happened to it.
  package var changed: (kind: LogSegment.CredentialMark.Kind, credential: String)?
  package var file: String
  /// 1-based number of the record in the file.
  package var record: UInt64
  /// First byte of the record in the text of the file; `nil` where it stands there in another form.
  package var offset: UInt64?

  init(_ event: borrowing LogEvent, file: String, record: UInt64, offset: UInt64?) {
    time = Instant(milliseconds: event.time)
    id = event.id.string
    let unique = event.id.isEmpty ? event.record : event.id
    // Events that share an id and say something else are several, as for a rollup.
    var content = ContentHash(event)
    content.add(event.call.permission)
    content.add(event.regionTerm)
    content.add(event.address)
    content.add(event.presentedCredential)
    fingerprint = unique.hash(seed: content.hash ^ event.identity.fixedHash)
    sharedID = event.sharedID.string
    identity = event.identity.string
    actor = event.actor
    identityType = event.identityType.string
    via = event.invokedBy.string
    credential = event.presentedCredential.string
    session = event.sessionID.string
    sessionStart = event.sessionStart.isEmpty ? nil : Instant(event.sessionStart.string)
    (issuedCredential, issuedSession) = (event.issuedCredential.string, event.issuedSession.string)
    (action, permission) = (event.call.action.string, event.call.permission.string)
    resources = event.resources.prefix(event.resourceCount).map(\.string)
    (isFailed, isDenied, status) = (event.isFailed, event.isDenied, event.status.string)
    source = event.address.isEmpty ? event.host.string : event.address.string
    (region, account) = (event.region.string, event.account.string)
    changed = event.lifecycle.map { (SegmentBuilder.kind($0.kind), $0.credential.string) }
    self.file = file
    self.record = record
    self.offset = offset
  }
}
