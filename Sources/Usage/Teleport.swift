extension LogFormat {
  /// Teleport's audit events.
  static let teleport = LogFormat("teleport", json: Teleport.self)
}

/// Teleport documentation, "Audit events": JSON Lines of the file backend and of the event handler, rows of the Athena backend.
///
/// Who acted is the user, or the bot: `teleport:<cluster>/user/<name>`, `…/bot/<name>`, without `<cluster>/` where the event does not
/// name it. A certificate's event names whom it was made for.
private struct Teleport: JSONMapping {
  enum Field: String, JSONField {
    case event, code, time, uid
    case user = "user"
    case userKind = "user_kind"
    case bot = "bot_name|identity/bot_name"
    case impersonator = "impersonator|identity/impersonator"
    case success, error
    case cluster = "cluster_name"
    case address = "addr.remote|addr_remote|remote_addr|client_ip"
    case agent = "user_agent|client"
    case session = "sid"
    case server = "server_id"
    case kubeCluster = "kubernetes_cluster"
    case database = "db_service"
    case application = "app_name"
    case name
    case identityUser = "identity/user"

    var need: JSONNeed { self == .user || self == .error ? .caller : .scalar }
  }

  static let envelopes = ["", "event_data/@json/"]

  mutating func normalise(_ record: JSONRecord<Field>, into event: inout LogEvent, _ kit: inout EventKit) -> Fate {
    let code = record[.code]
    // Codes are a `T`, letters and digits, and the level: T1000I, TC000I.
    guard !record[.event].isEmpty, code.hasPrefix("T") || code.hasPrefix("t"), code.count >= 5, code.count <= 9,
      !record[.time].isEmpty
    else { return .foreign }
    event.time = kit.time(record[.time])
    event.id = record[.uid]
    let user = record[.user].isEmpty ? record[.identityUser] : record[.user]
    event.userName = user
    let isBot = record[.userKind].equals("2") || !record[.bot].isEmpty || user.hasPrefix("bot-")
    event.identityType = user.isEmpty ? .none : isBot ? "Bot" : "User"
    if !user.isEmpty {
      let head = record[.cluster].isEmpty ? "teleport:" : kit.join("teleport:", record[.cluster], "/")
      event.identity = kit.join(head, isBot ? "bot/" : "user/", user)
    }
    if !(record[.impersonator] == user) { event.invokedBy = record[.impersonator] }
    event.session = record[.session]
    event.call = kit.call("teleport", record[.event])
    for field: Field in [.server, .kubeCluster, .database, .application] where event.resourceCount == 0 {
      event.addResource(record[field])
    }
    if event.resourceCount == 0 { event.addResource(record[.name]) }
    judge(record, &event)
    event.locate(record[.address])
    event.agent = record[.agent]
    event.account = record[.cluster]
    event.place = kit.place("teleport", event.account)
    return .event
  }

  /// Some events say whether they succeeded, others by an error; the last letter of the code is `E` or `W` for what went wrong or may have.
  private func judge(_ record: JSONRecord<Field>, _ event: inout LogEvent) {
    event.status = record[.error].isEmpty ? record[.code] : record[.error]
    if !record[.success].isEmpty {
      event.isFailed = record[.success].equals("false")
    } else {
      event.isFailed = !record[.error].isEmpty
      event.isOutcomeKnown = event.isFailed
    }
    event.isDenied = event.isFailed && record[.error].contains("denied")
  }
}
