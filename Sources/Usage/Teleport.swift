extension LogFormat {
  /// Teleport's audit events.
  static let teleport = LogFormat("teleport", json: Teleport.self)
}

/// Teleport documentation, "Audit events": JSON Lines of the file backend and of the event handler, rows of the Athena backend.
///
/// Who acted is the user, or the bot: `teleport:<cluster>/user/<name>`, `…/bot/<name>`, without `<cluster>/` where the event does not
/// name it. A bot's name there is that of its user, `bot-<bot>`, which certificates carry. A certificate's event names whom it was made
/// for, a host that joins is `…/host/<id>`.
private struct Teleport: JSONMapping {
  enum Field: String, JSONField {
    case event, code, time, uid
    case user = "user|user_name"
    case updatedBy = "updated_by"
    case host = "host_id"
    case userKind = "user_kind"
    case bot = "bot_name|identity/bot_name"
    case impersonator = "impersonator|identity/impersonator"
    case success, error
    case httpStatus = "response_code|status_code"
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
    guard !record[.event].isEmpty, !record[.time].isEmpty, record[.code].isCode,
      !record[.uid].isEmpty
    else { return .foreign }
    event.time = kit.time(record[.time])
    event.id = record[.uid]
    identify(record, &event, &kit)
    if !(record[.impersonator] == event.userName) { event.invokedBy = record[.impersonator] }
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

  private func identify(_ record: JSONRecord<Field>, _ event: inout LogEvent, _ kit: inout EventKit) {
    let head = record[.cluster].isEmpty ? "teleport:" : kit.join("teleport:", record[.cluster], "/")
    var user = RawText.first(record[.user], record[.identityUser], record[.updatedBy])
    if user.isEmpty && !record[.bot].isEmpty { user = kit.botUser(record[.bot]) }
    event.userName = user
    if !user.isEmpty {
      let isBot = record[.userKind].equals("2") || !record[.bot].isEmpty || user.hasPrefix("bot-")
      event.identityType = isBot ? "Bot" : "User"
      event.identity = kit.join(head, isBot ? "bot/" : "user/", user)
    } else if record[.event].equals("instance.join"), !record[.host].isEmpty {
      event.userName = record[.host]
      event.identityType = "Host"
      event.identity = kit.join(head, "host/", record[.host])
    }
  }

  /// Some events say whether they succeeded, others by an error or a status of HTTP; a code that ends in `E` is that of a failure, in
  /// `W` of what may have gone wrong.
  private func judge(_ record: JSONRecord<Field>, _ event: inout LogEvent) {
    if !record[.success].isEmpty {
      event.isFailed = record[.success].equals("false")
    } else if record[.error].isEmpty && record[.httpStatus].count == 3 {
      return event.judge(http: record[.httpStatus])
    } else {
      event.isFailed = !record[.error].isEmpty || record[.code].isCodeOfFailure
      event.isOutcomeKnown = event.isFailed
    }
    event.status = record[.error].isEmpty ? record[.code] : record[.error]
    event.isDenied = event.isFailed && record[.error].contains("denied")
  }
}

extension RawText {
  /// Codes are letters, digits and mostly the level: T1000I, TSPIFFE000I, PG001I. Some collectors write them in lower case.
  fileprivate var isCode: Bool {
    count >= 2 && count <= 20 && self[0] > 0x40 && bytes.allSatisfy { $0 &- 0x30 < 10 || ($0 | 0x20) &- 0x61 < 26 }
  }

  fileprivate var isCodeOfFailure: Bool { count > 1 && self[count - 1] == UInt8(ascii: "E") && self[count - 2] < 0x40 }
}

extension EventKit {
  /// The user that Teleport makes for a bot: `bot-` and its name, with `-` for blanks.
  fileprivate mutating func botUser(_ bot: RawText) -> RawText {
    var (name, rest) = (RawText("bot-"), bot)
    while let blank = rest.firstIndex(of: UInt8(ascii: " ")) {
      name = join(name, rest.prefix(blank), "-")
      rest = rest.dropFirst(blank + 1)
    }
    return join(name, rest)
  }
}
