extension LogFormat {
  /// The activity feed of Anthropic's Compliance API, and its audit log exports.
  static let anthropic = LogFormat("anthropic", json: AnthropicActivity.self)
}

/// Anthropic, "Compliance API: Activity feed".
///
/// Ids are unique in all of Anthropic, and not each record names an organisation (sign-ins do not): `anthropic:user/<id>`,
/// `apikey:anthropic/<id>` for keys, `anthropic:<kind>/<id>` for directories and services. Who is not signed in is nobody, whatever
/// address he typed.
private struct AnthropicActivity: JSONMapping {
  enum Field: String, JSONField {
    case id, type
    case time = "created_at"
    case organization = "organization_id|organization_uuid"
    case actorType = "actor/type"
    case user = "actor/user_id"
    case email = "actor/email_address|actor/unauthenticated_email_address|actor/email"
    case key = "actor/api_key_id|actor/admin_api_key_id"
    case service = "actor/service_account_id|actor/directory_id|actor/service|actor/id"
    case address = "actor/ip_address"
    case agent = "actor/user_agent"
    case keyTarget = "api_key_id|admin_api_key_id|scoped_api_key_id|platform_api_key_id"
    case target = """
      claude_chat_id|claude_project_id|claude_artifact_id|claude_file_id|mcp_server_id|resource_id|claude_user_id|deleted_user_id|\
      target_id|workspace_id|group_id|invite_id|role_id|user_id|integration_type
      """
    var need: JSONNeed { self == .agent || self == .email ? .caller : .scalar }
  }

  static let lists = ["data"]

  mutating func normalise(_ record: JSONRecord<Field>, into event: inout LogEvent, _ kit: inout EventKit) -> Fate {
    let isKnown = !record[.type].isEmpty && !record[.time].isEmpty
    guard isKnown, record[.actorType].hasSuffix("_actor") else { return .foreign }
    event.id = record[.id]
    event.time = kit.instant(record[.time])
    let (user, key) = (record[.user], record[.key])
    event.identityType = record[.actorType]
    event.userName = RawText.first(record[.email], user, key, record[.service])
    event.credential = key
    let isNobody = record[.actorType].hasPrefix("unauthenticated")
    if isNobody {
      event.userName = record[.email]
    } else if !user.isEmpty {
      event.identity = kit.join("anthropic:user/", user)
    } else if !key.isEmpty {
      event.identity = kit.join("apikey:anthropic/", key)
    } else if !record[.service].isEmpty {
      let kind = record[.actorType].prefix(record[.actorType].count - 6)
      event.identity = kit.join("anthropic:", kind, "/", record[.service])
    } else if !record[.email].isEmpty {
      event.identity = kit.join("anthropic:user/", record[.email])
    }
    event.call = kit.call("anthropic", record[.type])
    judge(record[.type], &event)
    event.locate(record[.address])
    event.agent = record[.agent]
    event.account = record[.organization]
    event.place = kit.place("anthropic", event.account)
    event.addResource(record[.target])
    event.addResource(record[.keyTarget])
    event.addResource(record[.organization])
    changeKey(record, &event)
    return .event
  }

  private func judge(_ type: RawText, _ event: inout LogEvent) {
    event.isDenied = type.hasSuffix("_denied")
    event.isFailed = event.isDenied || type.hasSuffix("_failed")
    event.isOutcomeKnown = event.isFailed || type.hasSuffix("_succeeded")
  }

  private func changeKey(_ record: JSONRecord<Field>, _ event: inout LogEvent) {
    let (type, key) = (record[.type], record[.keyTarget])
    if key.isEmpty || !type.contains("api_key_") { return }
    if type.hasSuffix("_created") {
      event.lifecycle = LifecycleChange(kind: .created, credential: key, owner: .none)
    } else if type.hasSuffix("_deleted") {
      event.lifecycle = LifecycleChange(kind: .deleted, credential: key, owner: .none)
    }
  }
}
