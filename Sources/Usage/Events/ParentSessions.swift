import Base

/// Which session issued which credential, as the calls that issue them say: chains of roles are joined by the issued key, and by
/// the session's id and start where the log hides keys.
struct ParentSessions: EventConsumer {
  private var byKey: [ExactText: String] = [:]
  private var bySession: [ExactText: [(time: Int64, parent: String)]] = [:]

  mutating func begin(format: String) {}
  mutating func endWindow() {}

  mutating func consume(_ event: borrowing LogEvent, record: UInt64) -> Receipt {
    if event.issuedCredential.isEmpty && event.issuedSession.isEmpty || event.isFailed { return .used }
    let issuer = ParentSessions.name(of: event)
    if issuer.isEmpty { return .used }
    if !event.issuedCredential.isEmpty {
      let key = ExactText(event.issuedCredential.string)
      // Twice the same key: the least name, whatever came first.
      byKey[key] = byKey[key].map { precedes($0, issuer) ? $0 : issuer } ?? issuer
    }
    if !event.issuedSession.isEmpty && event.time != LogEvent.noTime {
      bySession[ExactText(event.issuedSession.string), default: []].append((event.time, issuer))
    }
    return .used
  }

  /// A session, else the credential, else the identity that acts.
  private static func name(of event: borrowing LogEvent) -> String {
    if !event.session.isEmpty { return event.session.string }
    return event.credential.isEmpty ? event.identity.string : event.credential.string
  }

  /// What issued the session in which the event was made; `nil` where no log says.
  func parent(of event: borrowing LogEvent) -> String? {
    if !event.credential.isEmpty, let parent = byKey[ExactText(event.credential.string)] { return parent }
    guard !event.sessionStart.isEmpty, let start = Instant(event.sessionStart.string),
      let slash = event.session.string.lastIndex(of: "/")
    else { return nil }
    // The start of a session and the call that opened it are at most two seconds apart.
    let issued = bySession[ExactText(String(event.session.string[..<slash]))] ?? []
    return issued.filter { abs($0.time - start.milliseconds) <= 2000 }.map(\.parent).min(by: precedes)
  }
}
