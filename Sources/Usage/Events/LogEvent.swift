/// One event in the terms of DESIGN.md §7, whatever log it comes from. All texts are views that live until the reader is asked
/// for the next window; one value is filled again and again, and never copied.
struct LogEvent: ~Copyable {
  /// Milliseconds since the epoch; `noTime` where the record has none that can be read.
  var time: Int64 = LogEvent.noTime
  static let noTime = Int64.min

  /// The event's own id; empty where it has none.
  var id = RawText.none
  /// The same for the records that several accounts get of one call; empty where the record has none.
  var sharedID = RawText.none
  /// The record as it stands in the log.
  var record = RawText.none
  /// Where the record stands in the text of the file (of the part, where that is cut); `nil` where it stands there in another form.
  var offset: UInt64?
  /// The durable principal key; empty where the record ties the event to nobody.
  var identity = RawText.none
  /// What the platform calls the kind of identity.
  var identityType = RawText.none
  var userName = RawText.none
  /// The account that the identity belongs to, where the record says it.
  var identityAccount = RawText.none
  /// The service that made the call for the identity, or who acted in its name.
  var invokedBy = RawText.none
  var credential = RawText.none
  /// The credential of who acted in the identity's name: it leads to them, and is none of the identity's.
  var lentCredential = RawText.none
  /// Whether the credential belongs to a session.
  var isTemporary = false
  /// The session's own name: principal and start. Empty where the identity acts without a session.
  var session = RawText.none
  var sessionStart = RawText.none
  var sessionIssuer = RawText.none
  var sourceIdentity = RawText.none
  /// The credential and the session that the call issued.
  var issuedCredential = RawText.none
  var issuedSession = RawText.none

  var call = Call()
  /// Names of what the call was about. Only the first `resourceCount` count.
  var resources: [RawText] = []
  var resourceCount = 0

  /// Whether the record says how the call ended; where not, it counts as one that succeeded.
  var isOutcomeKnown = true
  var isFailed = false
  /// Refused by authorization.
  var isDenied = false
  var status = RawText.none

  /// A literal address, else empty.
  var address = RawText.none
  /// The source where it is no literal address.
  var host = RawText.none
  var agent = RawText.none
  var region = RawText.none
  /// The region for counting: one word for services that have a single home.
  var regionTerm = RawText.none
  var account = RawText.none
  /// `<platform>:<account>`.
  var place = RawText.none
  var bytesIn: UInt64?
  var bytesOut: UInt64?
  var lifecycle: LifecycleChange?

  /// What was presented, whosever it is.
  var presentedCredential: RawText { lentCredential.isEmpty ? credential : lentCredential }

  /// As new; the room for resources is kept.
  mutating func clear() {
    let room = resources
    resources = []
    self = LogEvent()
    resources = room
  }
}

/// What was called. The texts live as long as the reader.
struct Call {
  /// A small number for the permission, dense per reader.
  var number = 0
  var service = RawText.none
  var operation = RawText.none
  /// `<service>:<operation>`, as the log names them.
  var action = RawText.none
  /// The permission that the call needs, in the platform's spelling; the action where it needs none.
  var permission = RawText.none
}

/// What an event says about a credential itself.
struct LifecycleChange {
  enum Kind { case created, deleted, enabled, disabled }
  var kind: Kind
  var credential: RawText
  /// The owner's principal key; empty where the event does not say.
  var owner: RawText
  /// Whether it is a session's, which come and go by the million: trails tell it, facts do not.
  var isOfSession = false
}

/// What becomes of a record.
enum Fate {
  case event
  /// Of the log, but no call: a digest, an insight.
  case filtered
  /// No call either, and nothing that tells a kind of log: whoever carried the records speaks.
  case aside
  /// Not of this kind of log.
  case foreign
  /// Of the log, but what it says cannot be told.
  case unreadable(StaticString)
}
