extension LogFormat {
  /// GitLab's audit events: API, streams, and `audit_json.log` of an instance.
  static let gitLab = LogFormat("gitlab", json: GitLabAudit.self)
}

/// GitLab Docs, "Audit event schema and examples", "Audit events API", "Log system: audit_json.log".
///
/// No record names its instance: people and bots are `gitlab:user/<id>`. Deploy tokens and keys have no id in the record but a name:
/// `gitlab:<project path>/deploy-token/<name>`, `gitlab:<project path>/deploy-key/<title>`. Negative ids are no one.
private struct GitLabAudit: JSONMapping {
  enum Field: String, JSONField {
    case id, severity
    case author = "author_id"
    case authorName = "author_name|details/author_name|details/author_email"
    case authorClass = "author_class|details/author_class"
    case entity = "entity_id"
    case entityType = "entity_type|details/entity_type"
    case entityPath = "entity_path|details/entity_path"
    case time = "created_at|time"
    case type = "event_type|event_name|details/event_name"
    case change = "details/change|change"
    case add = "details/add|add"
    case remove = "details/remove|remove"
    case with = "details/with|with"
    case action = "details/action|action"
    case failedLogin = "details/failed_login|failed_login"
    case gitAction = "details/custom_message/action|custom_message/action"
    case message = "details/custom_message|custom_message"
    case targetID = "target_id|details/target_id"
    case targetType = "target_type|details/target_type"
    case target = "target_details|details/target_details"
    case address = "ip_address|details/ip_address|meta.remote_ip"
    case token = "details/personal_access_token_id|details/access_token_id|details/token_id"
    case user = "meta.user"
    var need: JSONNeed { self == .message || self == .target || self == .authorName ? .caller : .scalar }
  }

  static let envelopes = ["", "event/"]
  static let lists = ["audit_events"]

  mutating func normalise(_ record: JSONRecord<Field>, into event: inout LogEvent, _ kit: inout EventKit) -> Fate {
    let isKnown = !record[.author].isEmpty && !record[.entityType].isEmpty
    guard isKnown, !record[.entity].isEmpty || !record[.entityPath].isEmpty else { return .foreign }
    guard !record[.time].isEmpty || !record[.type].isEmpty else { return .foreign }
    event.id = record[.id]
    event.time = kit.instant(record[.time])
    identify(record, &event, &kit)
    let operation = operation(record, &kit)
    event.call = kit.call("gitlab", operation)
    event.isFailed = operation.contains("_failed") || operation.equals("failed_login")
    event.isOutcomeKnown = event.isFailed
    event.locate(record[.address])
    event.account = record[.entityPath].prefix(upTo: UInt8(ascii: "/"))
    event.place = kit.place("gitlab", event.account)
    event.addResource(record[.target])
    event.addResource(record[.entityPath])
    if event.resourceCount == 0 { event.addResource(kit.join(record[.entityType], "/", record[.entity])) }
    changeToken(record, &event, &kit)
    return .event
  }

  private func identify(_ record: JSONRecord<Field>, _ event: inout LogEvent, _ kit: inout EventKit) {
    let (id, name, kind) = (record[.author], record[.authorName], record[.authorClass])
    event.userName = RawText.first(name, record[.user], id)
    event.credential = record[.token]
    let isToken = id.equals("-2") || kind.hasSuffix("DeployTokenAuthor") || kind.equals("DeployToken")
    let isKey = id.equals("-3") || kind.hasSuffix("DeployKeyAuthor") || kind.equals("DeployKey")
    event.identityType = isToken ? "DeployToken" : isKey ? "DeployKey" : kind.isEmpty ? "User" : kind
    if isToken || isKey {
      let place: RawText = isToken ? "/deploy-token/" : "/deploy-key/"
      if !record[.entityPath].isEmpty && !name.isEmpty {
        event.identity = kit.join("gitlab:", record[.entityPath], place, name)
      }
    } else if id[0] &- 0x31 < 9 {
      event.identity = kit.join("gitlab:user/", id)
    }
  }

  /// The type of the event; older ones have a verb and what it was done to. A message is free text, and no name of an operation.
  private func operation(_ record: JSONRecord<Field>, _ kit: inout EventKit) -> RawText {
    let type = record[.type]
    if type.equals("repository_git_operation") && !record[.gitAction].isEmpty { return record[.gitAction] }
    if !type.isEmpty { return type }
    if !record[.failedLogin].isEmpty { return "failed_login" }
    let verbs: [(Field, RawText)] = [
      (.change, "change "), (.add, "add "), (.remove, "remove "), (.with, "sign in with "), (.action, ""),
    ]
    for (field, verb) in verbs where !record[field].isEmpty { return kit.join(verb, record[field]) }
    return kit.join("audit ", record[.entityType])
  }

  /// Tokens and keys, known by kind and id.
  private func changeToken(_ record: JSONRecord<Field>, _ event: inout LogEvent, _ kit: inout EventKit) {
    let (type, id) = (record[.type], record[.targetID])
    let isToken = type.contains("_token_") || type.contains("deploy_key_") || type.contains("ssh_key_")
    if id.isEmpty || !isToken || event.isFailed { return }
    let credential = kit.join(record[.targetType], "/", id)
    if type.hasSuffix("_created") || type.hasSuffix("_added") {
      event.lifecycle = LifecycleChange(kind: .created, credential: credential, owner: .none)
    } else if type.hasSuffix("_revoked") || type.hasSuffix("_destroyed") || type.hasSuffix("_removed") {
      event.lifecycle = LifecycleChange(kind: .deleted, credential: credential, owner: .none)
    }
  }
}
