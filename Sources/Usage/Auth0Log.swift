extension LogFormat {
  /// Auth0 tenant logs: Management API, log streams, EventBridge and Event Grid.
  static let auth0 = LogFormat("auth0", json: Auth0Log.self)
}

/// Auth0 Docs, "Log Event Type Codes", "Log Data Fields" and "Log Streams".
///
/// People are `auth0:<tenant>/user/<user_id>`, applications that act for themselves `auth0:<tenant>/client/<client_id>`; without the
/// tenant's name, `auth0:user/…` and `auth0:client/…`. Calls of the Management API (`sapi`, `fapi`, `mgmt_api_read`) are named by
/// method and path, the rest by the code of its type.
private struct Auth0Log: JSONMapping {
  enum Field: String, JSONField {
    case type, date, ip, description, connection, scope, audience, hostname
    case id = "log_id|_id"
    case tenant = "tenant_name"
    case user = "user_id"
    case userName = "user_name"
    case client = "client_id"
    case clientName = "client_name"
    case agent = "user_agent"
    case country = "location_info/country_code"
    case method = "details/request/method"
    case path = "details/request/path"
    case status = "details/response/statusCode"
    case apiUser = "details/request/auth/user/user_id"
    case apiMail = "details/request/auth/user/email"
    case apiToken = "details/request/auth/credentials/jti"
    case session = "session_id|details/session_id"
    case error = "details/error/message|details/error"
    var need: JSONNeed { [.agent, .userName, .description, .error, .path].contains(self) ? .caller : .scalar }
  }

  static let envelopes = ["", "data/", "detail/data/"]
  static let lists = ["logs"]

  mutating func normalise(_ record: JSONRecord<Field>, into event: inout LogEvent, _ kit: inout EventKit) -> Fate {
    guard !record[.type].isEmpty, !record[.date].isEmpty, !record[.id].isEmpty else { return .foreign }
    let tales: [Field] = [.tenant, .client, .hostname, .agent, .connection, .description, .user]
    if tales.count(where: { !record[$0].isEmpty }) < 2 { return .foreign }
    event.id = record[.id]
    event.time = kit.instant(record[.date])
    identify(record, &event, &kit)
    event.call = call(record, &kit)
    judge(record, &event)
    event.locate(record[.ip])
    event.agent = record[.agent]
    event.region = record[.country]
    event.account = record[.tenant]
    event.place = kit.place("auth0", event.account)
    event.addResource(record[.path])
    event.addResource(record[.audience])
    event.addResource(RawText.first(record[.clientName], record[.client]))
    event.addResource(record[.connection])
    return .event
  }

  private func isManagement(_ type: RawText) -> Bool {
    type.equals("sapi") || type.equals("fapi") || type.equals("mgmt_api_read")
  }

  private func identify(_ record: JSONRecord<Field>, _ event: inout LogEvent, _ kit: inout EventKit) {
    let isManagement = isManagement(record[.type])
    let user = isManagement && !record[.apiUser].isEmpty ? record[.apiUser] : record[.user]
    let client = record[.client]
    // `<client>@clients` is an application that was granted a token for itself.
    let isClient = user.hasSuffix("@clients")
    let tenant = record[.tenant].isEmpty ? RawText.none : kit.join(record[.tenant], "/")
    event.session = record[.session]
    event.credential = record[.apiToken]
    event.isTemporary = !record[.apiToken].isEmpty
    if user.isEmpty || isClient {
      let id = client.isEmpty && isClient ? user.prefix(user.count - 8) : client
      event.identityType = "Client"
      event.userName = user.isEmpty && !record[.userName].isEmpty ? record[.userName] : id
      // A sign-in that failed names a client and somebody who is not known: the client did not do it.
      if id.isEmpty || user.isEmpty && !record[.userName].isEmpty { return }
      event.identity = kit.join("auth0:", tenant, "client/", id)
    } else {
      event.identityType = "User"
      event.userName = RawText.first(isManagement ? record[.apiMail] : record[.userName], user)
      event.identity = kit.join("auth0:", tenant, "user/", user)
      event.invokedBy = client
    }
  }

  private func call(_ record: JSONRecord<Field>, _ kit: inout EventKit) -> Call {
    if isManagement(record[.type]) && !record[.path].isEmpty {
      let path = kit.template(record[.path].prefix(upTo: UInt8(ascii: "?")))
      return kit.call("auth0-management", kit.join(record[.method], " ", path))
    }
    return kit.call("auth0", record[.type])
  }

  /// Types that begin with `s` are successes, those with `f` failures, but for words that happen to begin so.
  private func judge(_ record: JSONRecord<Field>, _ event: inout LogEvent) {
    let type = record[.type]
    if !record[.status].isEmpty {
      event.judge(http: record[.status])
      return
    }
    event.status = record[.error]
    event.isDenied = type.hasPrefix("limit_") || type.equals("api_limit") || type.equals("pwd_leak")
    let others: [StaticString] = ["sys_", "flows_", "signup_", "security_", "forms_"]
    let isCode = !others.contains { type.hasPrefix($0) }
    let isNamedSo = type.hasSuffix("_failed") || type.hasSuffix("_failure") || type.hasSuffix("_rejected")
    event.isFailed = event.isDenied || isNamedSo || type.hasPrefix("f") && isCode || type.equals("signup_pwd_leak")
    event.isOutcomeKnown = event.isFailed || type.hasPrefix("s") && isCode || type.hasSuffix("_succeed")
  }
}
