extension LogFormat {
  /// Okta's System Log: API, log streams, EventBridge, event hooks.
  static let okta = LogFormat("okta", json: OktaLog.self)
}

/// Okta Developer, "System Log API" (the LogEvent object) and "Log Streaming".
///
/// No record names its organisation, so keys are `okta:user/<id>`, `okta:app/<id>`, `okta:<kind>/<id>`: ids are unique in all of Okta. An
/// actor whose id is `unknown` gave a name that Okta does not know: it is nobody.
private struct OktaLog: JSONMapping {
  enum Field: String, JSONField {
    case uuid, published, eventType, severity, legacyEventType
    case actorID = "actor/id"
    case actorType = "actor/type"
    case actorName = "actor/alternateId"
    case displayName = "actor/displayName"
    case address = "client/ipAddress"
    case agent = "client/userAgent/rawUserAgent"
    case country = "client/geographicalContext/country"
    case client = "client/id"
    case result = "outcome/result"
    case reason = "outcome/reason"
    case targetID = "target/*/id"
    case targetType = "target/*/type"
    case targetName = "target/*/alternateId"
    case session = "authenticationContext/externalSessionId"
    case issuer = "authenticationContext/issuer/id"
    case apiToken = "transaction/detail/requestApiTokenId"
    var need: JSONNeed { self == .agent || self == .actorName || self == .displayName ? .caller : .scalar }
  }

  static let envelopes = ["", "detail/", "event/"]
  /// Of event hooks.
  static let lists = ["data/events"]

  mutating func normalise(_ record: JSONRecord<Field>, into event: inout LogEvent, _ kit: inout EventKit) -> Fate {
    let isKnown = !record[.eventType].isEmpty && !record[.actorType].isEmpty && !record[.actorID].isEmpty
    let hasMore = [.published, .uuid, .severity, .legacyEventType].contains { !record[$0].isEmpty }
    guard isKnown, hasMore || !record[.actorName].isEmpty else { return .foreign }
    event.id = record[.uuid]
    event.time = kit.instant(record[.published])
    identify(record, &event, &kit)
    event.call = kit.call("okta", record[.eventType])
    judge(record, &event)
    event.locate(record[.address])
    event.agent = record[.agent]
    event.region = record[.country]
    addTargets(record, &event)
    return .event
  }

  private func identify(_ record: JSONRecord<Field>, _ event: inout LogEvent, _ kit: inout EventKit) {
    let (id, kind) = (record[.actorID], record[.actorType])
    event.userName = record[.actorName].known.isEmpty ? record[.displayName].known : record[.actorName]
    event.identityType = kind
    if !id.known.isEmpty {
      let isApp = kind.equals("PublicClientApp") || kind.equals("AppInstance") || kind.equals("Client")
      let name: RawText = isApp ? "app" : kind.equals("SystemPrincipal") ? "system" : kit.lowercased(kind)
      event.identity = kit.join("okta:", name, "/", id)
    }
    event.credential = record[.apiToken].known
    event.session = record[.session].known
    event.sessionIssuer = record[.issuer]
    if !(record[.client] == id) { event.invokedBy = record[.client].known }
  }

  private func judge(_ record: JSONRecord<Field>, _ event: inout LogEvent) {
    let (result, reason) = (record[.result], record[.reason])
    event.status = reason.isEmpty ? result : reason
    event.isDenied = result.equals("DENY") || reason.isWord("access_denied")
    event.isFailed = event.isDenied || result.equals("FAILURE")
    event.isOutcomeKnown = event.isFailed || result.equals("SUCCESS") || result.equals("ALLOW")
  }

  private func addTargets(_ record: JSONRecord<Field>, _ event: inout LogEvent) {
    for target in record.list(.targetID) {
      let name = record[.targetName, in: target].known
      event.addResource(name.isEmpty ? target.text : name)
      credential(target.text, record[.targetType, in: target], record[.eventType], &event)
    }
  }

  /// API tokens that are made and revoked, and tokens that are granted.
  private func credential(_ id: RawText, _ kind: RawText, _ operation: RawText, _ event: inout LogEvent) {
    if kind.equals("Token") && operation.equals("system.api_token.create") {
      event.lifecycle = LifecycleChange(kind: .created, credential: id, owner: event.identity)
    } else if kind.equals("Token") && operation.equals("system.api_token.revoke") {
      event.lifecycle = LifecycleChange(kind: .deleted, credential: id, owner: .none)
    } else if kind.equals("access_token") && operation.contains("token.grant") {
      event.issuedCredential = id
    }
  }
}
