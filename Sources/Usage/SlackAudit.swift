extension LogFormat {
  /// Slack's Audit Logs API.
  static let slack = LogFormat("slack", json: SlackAudit.self)
}

/// Slack API, "Audit Logs API: the audit event" and "Audit Logs API methods & actions".
///
/// People are `slack:user/<id>`, apps `slack:app/<id>`: ids are unique in an enterprise, and only enterprises have this log. The team is no
/// part of the key, since one and the same actor comes with it and without.
private struct SlackAudit: JSONMapping {
  enum Field: String, JSONField {
    case id, action
    case time = "date_create"
    case actorType = "actor/type"
    case userID = "actor/user/id"
    case userName = "actor/user/email|actor/user/name"
    case team = "actor/user/team|actor/app/team|actor/service/team"
    case appID = "actor/app/id|actor/bot/id|actor/service/id|actor/workflow/id"
    case appName = "actor/app/name|actor/bot/name|actor/service/name|actor/workflow/name"
    case address = "context/ip_address"
    case agent = "context/ua"
    case session = "context/session_id"
    case location = "context/location/id"
    case locationType = "context/location/type"
    case via = "context/app/id|details/app_id"
    case entityType = "entity/type"
    case entity = """
      entity/user/id|entity/app/id|entity/workspace/id|entity/channel/id|entity/file/id|entity/enterprise/id|entity/workflow/id|\
      entity/usergroup/id|entity/message/channel|entity/huddle/id|entity/role/id|entity/account_type_role/id|entity/barrier/id|\
      entity/canvas/id|entity/list/id|entity/template/id|entity/huddle_transcript/id|entity/workspace/name
      """
    var need: JSONNeed { self == .agent ? .caller : .scalar }
  }

  static let lists = ["entries"]
  static let envelopes = ["", "event/"]

  mutating func normalise(_ record: JSONRecord<Field>, into event: inout LogEvent, _ kit: inout EventKit) -> Fate {
    let isKnown = !record[.action].isEmpty && !record[.actorType].isEmpty
    let isPlaced = !record[.locationType].isEmpty || !record[.address].isEmpty && !record[.agent].isEmpty
    guard isKnown, isPlaced || !record[.entityType].isEmpty && !record[.time].isEmpty else { return .foreign }
    event.id = record[.id]
    event.time = kit.instant(record[.time])
    let kind: RawText = record[.userID].isEmpty ? "app/" : "user/"
    let id = RawText.first(record[.userID], record[.appID])
    event.userName = RawText.first(record[.userName], record[.appName], id)
    event.identityType = record[.actorType]
    if !id.isEmpty { event.identity = kit.join("slack:", kind, id) }
    event.session = record[.session]
    event.invokedBy = record[.via]
    event.call = kit.call("slack", record[.action])
    let isLogin = record[.action].equals("user_login")
    event.isFailed = record[.action].hasSuffix("login_failed")
    event.isOutcomeKnown = isLogin || event.isFailed
    event.locate(record[.address])
    event.agent = record[.agent]
    event.account = RawText.first(record[.location], record[.team])
    event.place = kit.place("slack", event.account)
    event.addResource(record[.entity])
    return .event
  }
}
