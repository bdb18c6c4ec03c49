extension LogFormat {
  /// The audit log of an OpenAI organisation.
  static let openAI = LogFormat("openai", json: OpenAIAudit.self)
}

/// OpenAI API reference, "Audit logs".
///
/// No record names its organisation, and ids are unique: `openai:user/<id>`, `openai:service-account/<id>`. A key whose owner the record
/// does not tell is `apikey:openai/<id>`.
private struct OpenAIAudit: JSONMapping {
  enum Field: String, JSONField {
    case id, type, object
    case time = "effective_at"
    case actorType = "actor/type"
    case user = "actor/session/user/id|actor/api_key/user/id|actor/user/id"
    case email = "actor/session/user/email|actor/api_key/user/email|actor/user/email"
    case service = "actor/api_key/service_account/id|actor/service_account/id"
    case key = "actor/api_key/id"
    case address = "actor/session/ip_address|actor/api_key/ip_address|actor/ip_address"
    case agent = "actor/session/user_agent|actor/api_key/user_agent|actor/user_agent"
    case country = "actor/session/ip_address_details/country"
    case project = "project/id"
    case error = "login_failed/error_code|login.failed/error_code|logout_failed/error_code|logout.failed/error_code"
    case keyMade = "api_key_created/id|api_key.created/id"
    case keyGone = "api_key_deleted/id|api_key.deleted/id"
    case member = """
      role_assignment_created/principal_id|role.assignment.created/principal_id|role_assignment_deleted/principal_id|\
      role.assignment.deleted/principal_id
      """
    case target = """
      api_key_updated/id|api_key.updated/id|service_account_created/id|service_account.created/id|service_account_updated/id|\
      service_account.updated/id|service_account_deleted/id|service_account.deleted/id|user_added/id|user.added/id|user_updated/id|\
      user.updated/id|user_deleted/id|user.deleted/id|invite_sent/id|invite.sent/id|invite_accepted/id|invite.accepted/id|\
      invite_deleted/id|invite.deleted/id|organization_updated/id|organization.updated/id|project_created/id|project.created/id|\
      project_updated/id|project.updated/id|project_archived/id|project.archived/id|project_deleted/id|project.deleted/id|\
      rate_limit_updated/id|rate_limit.updated/id|rate_limit_deleted/id|rate_limit.deleted/id|group_created/id|group.created/id|\
      group_updated/id|group.updated/id|group_deleted/id|group.deleted/id|role_created/id|role.created/id|role_updated/id|\
      role.updated/id|role_deleted/id|role.deleted/id|role_assignment_created/resource_id|role.assignment.created/resource_id|\
      role_assignment_deleted/resource_id|role.assignment.deleted/resource_id|ip_allowlist_created/id|ip_allowlist.created/id|\
      ip_allowlist_updated/id|ip_allowlist.updated/id|ip_allowlist_deleted/id|ip_allowlist.deleted/id|scim_enabled/id|\
      scim.enabled/id|scim_disabled/id|scim.disabled/id|certificate_created/id|certificate.created/id|certificate_updated/id|\
      certificate.updated/id|certificate_deleted/id|certificate.deleted/id|checkpoint_permission_created/id|\
      checkpoint.permission.created/id|checkpoint_permission_deleted/id|checkpoint.permission.deleted/id|\
      external_key_registered/id|external_key.registered/id|external_key_removed/id|external_key.removed/id|tunnel_created/id|\
      tunnel.created/id|tunnel_deleted/id|tunnel.deleted/id|resource_deleted/id|resource.deleted/id
      """
    var need: JSONNeed { self == .agent ? .caller : .scalar }
  }

  static let lists = ["data"]

  mutating func normalise(_ record: JSONRecord<Field>, into event: inout LogEvent, _ kit: inout EventKit) -> Fate {
    let isKnown = !record[.time].isEmpty && !record[.type].isEmpty && !record[.actorType].isEmpty
    let isAudit = record[.object].isEmpty || record[.object].equals("organization.audit_log")
    guard isKnown, isAudit, !record[.id].isEmpty else { return .foreign }
    event.id = record[.id]
    event.time = kit.instant(record[.time])
    identify(record, &event, &kit)
    event.call = kit.call("openai", record[.type])
    event.isFailed = record[.type].hasSuffix(".failed")
    event.isOutcomeKnown = event.isFailed || record[.type].hasSuffix(".succeeded")
    event.status = record[.error]
    event.locate(record[.address])
    event.agent = record[.agent]
    event.region = record[.country]
    event.account = record[.project]
    event.place = kit.place("openai", event.account)
    for field: Field in [.keyMade, .keyGone, .target, .member] { event.addResource(record[field]) }
    if !record[.keyMade].isEmpty {
      event.lifecycle = LifecycleChange(kind: .created, credential: record[.keyMade], owner: .none)
    } else if !record[.keyGone].isEmpty {
      event.lifecycle = LifecycleChange(kind: .deleted, credential: record[.keyGone], owner: .none)
    }
    return .event
  }

  private func identify(_ record: JSONRecord<Field>, _ event: inout LogEvent, _ kit: inout EventKit) {
    let (user, service, key) = (record[.user], record[.service], record[.key])
    event.credential = key
    event.identityType = record[.actorType]
    event.userName = RawText.first(record[.email], user, service, key)
    if !service.isEmpty {
      event.identity = kit.join("openai:service-account/", service)
    } else if !user.isEmpty {
      event.identity = kit.join("openai:user/", user)
    } else if !key.isEmpty {
      event.identity = kit.join("apikey:openai/", key)
    }
  }
}
