extension LogFormat {
  /// Activities of the Google Workspace Reports API, as the API gives them or one event a record as collectors split them.
  static let googleWorkspace = LogFormat("google-workspace", json: WorkspaceActivity.self)
}

/// Google Workspace Admin SDK, "Reports API: Activities" (the Activity resource) and "Activity report: event names".
///
/// An activity with several `events` gives an event for each: they share the activity's time, id and actor, and each has its own name and
/// parameters; collectors also write one event an activity, as an object or with its keys beside the activity's. The second and later ones add their number to the id, since one activity may do the same thing to several people.
/// Mail addresses are those of Google Cloud, so keys are `gcp:user:<email>` and `gcp:serviceAccount:<email>`; an actor known by his profile
/// alone is `google:user/<profileId>`.
private struct WorkspaceActivity: JSONMapping {
  enum Field: String, JSONField {
    case kind, type, name, ipAddress
    case parts = "events/*"
    case time = "id/time"
    case id = "id/uniqueQualifier"
    case application = "id/applicationName"
    case customer = "id/customerId"
    case email = "actor/email"
    case profile = "actor/profileId"
    case callerType = "actor/callerType"
    case key = "actor/key"
    case partName = "events/*/name"
    case onlyName = "events/name"
    case parameter = "events/*/parameters/*/name|events/parameters/*/name"
    case value = """
      events/*/parameters/*/value|events/*/parameters/*/intValue|events/*/parameters/*/boolValue|\
      events/parameters/*/value|events/parameters/*/intValue|events/parameters/*/boolValue
      """
    case agent = "parameters/user_agent"
    case document = "parameters/doc_id"
    case targetUser = "parameters/target_user|parameters/USER_EMAIL|parameters/affected_email_address"
    case client = "parameters/client_id"
    case calendar = "parameters/calendar_id|parameters/group_email|parameters/GROUP_EMAIL|parameters/resource_id"
    case setting = "parameters/ROLE_ID|parameters/APPLICATION_NAME|parameters/app_name|parameters/ORG_UNIT_NAME"
    case message = "parameters/message_info/rfc2822_message_id"
    case succeeded = "parameters/event_info/success"
    var need: JSONNeed { self == .parts ? .any : self == .agent ? .caller : .scalar }
  }

  static let lists = ["items"]
  static let parts: Field? = .parts

  mutating func normalise(_ record: JSONRecord<Field>, into event: inout LogEvent, _ kit: inout EventKit) -> Fate {
    let name = RawText.first(record.ofPart(.partName), record[.onlyName], record[.name])
    // The answer where nobody did anything has no list of items.
    if name.isEmpty && record[.kind].equals("admin#reports#activities") { return .aside }
    guard !record[.application].isEmpty, !name.isEmpty else { return .foreign }
    let isActivity = record[.kind].hasSuffix("#activity") || record[.kind].isEmpty
    guard isActivity, [.email, .customer, .time, .type].contains(where: { !record[$0].isEmpty }) else {
      return .foreign
    }
    event.time = kit.instant(record[.time])
    let isFurther = record.part > 0 && !record[.id].isEmpty
    event.id = isFurther ? kit.join(record[.id], "/", kit.decimal(record.part)) : record[.id]
    if !record.ofPart(.parts).isEmpty { event.record = record.ofPart(.parts) }
    identify(record, &event, &kit)
    event.call = kit.call(record[.application], name)
    judge(record, name, &event)
    event.locate(record[.ipAddress])
    event.agent = parameter(record, .agent, "user_agent")
    event.account = record[.customer]
    event.place = kit.place("google-workspace", event.account)
    addResources(record, &event)
    return .event
  }

  private func parameter(_ record: JSONRecord<Field>, _ field: Field, _ names: StaticString...) -> RawText {
    if !record[field].isEmpty { return record[field] }
    for name in names {
      let value = record.valueOfPart(.value, where: .parameter, is: name)
      if !value.isEmpty { return value }
    }
    return .none
  }

  private func identify(_ record: JSONRecord<Field>, _ event: inout LogEvent, _ kit: inout EventKit) {
    let (email, profile) = (record[.email], record[.profile])
    // The number stands for people whom Google does not name.
    let isNobody = profile.equals("105250506097979753968") || profile.isEmpty
    event.userName = RawText.first(email, isNobody ? .none : profile, record[.key])
    event.identityType = record[.callerType]
    if !email.isEmpty {
      event.identity = kit.googleKey(email)
    } else if !isNobody {
      event.identity = kit.join("google:user/", profile)
    } else if !record[.key].isEmpty && !record[.key].equals("SYSTEM") {
      event.identity = kit.join("apikey:google-workspace/", record[.key])
      event.credential = record[.key]
    }
    // Tokens are granted to and used by applications, in the name of the actor.
    if record[.application].equals("token") { event.invokedBy = parameter(record, .client, "client_id") }
  }

  private func judge(_ record: JSONRecord<Field>, _ name: RawText, _ event: inout LogEvent) {
    let told = parameter(record, .succeeded, "success")
    event.isFailed = told.equals("false") || name.hasSuffix("_failure") || name.hasSuffix("_failed")
    event.isOutcomeKnown = event.isFailed || told.equals("true") || name.hasSuffix("_success")
    event.isDenied = name.hasSuffix("_denied") || name.hasSuffix("_blocked")
    if event.isDenied { (event.isFailed, event.isOutcomeKnown) = (true, true) }
  }

  private func addResources(_ record: JSONRecord<Field>, _ event: inout LogEvent) {
    event.addResource(parameter(record, .document, "doc_id"))
    event.addResource(parameter(record, .targetUser, "target_user", "USER_EMAIL", "affected_email_address"))
    event.addResource(parameter(record, .calendar, "calendar_id", "group_email", "GROUP_EMAIL", "resource_id"))
    event.addResource(parameter(record, .client, "client_id"))
    event.addResource(parameter(record, .message, "rfc2822_message_id"))
    if event.resourceCount == 0 {
      event.addResource(parameter(record, .setting, "ROLE_ID", "APPLICATION_NAME", "app_name", "ORG_UNIT_NAME"))
    }
  }
}
