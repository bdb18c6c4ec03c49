extension LogFormat {
  /// AWS API Gateway access logs in the JSON form of AWS's own template.
  static let apiGateway = LogFormat("aws-api-gateway", json: APIGateway.self)
  /// Kong's file, HTTP and TCP log plugins.
  static let kong = LogFormat("kong", json: Kong.self)
}

/// API Gateway Developer Guide, "Set up CloudWatch logging for REST APIs": the keys are the operator's choice; these are the names of
/// the template and of the context variables.
private struct APIGateway: JSONMapping {
  enum Field: String, JSONField {
    case id = "requestId|extendedRequestId"
    case time = "requestTime|requestTimeEpoch"
    case address = "ip|sourceIp|identity.sourceIp"
    case caller, user, protocolName = "protocol"
    case userARN = "userArn|identity.userArn"
    case key = "apiKeyId|identity.apiKeyId"
    case principal = "principalId|authorizer.principalId|authorizerPrincipalId"
    case subject = "clientCertSubject|identity.clientCert.subjectDN"
    case method = "httpMethod"
    case route = "resourcePath|routeKey|path"
    case status
    case bytes = "responseLength"
    case agent = "userAgent|identity.userAgent"
    case domain = "domainName"
    case stage
    case api = "apiId"
    case account = "accountId"
    var need: JSONNeed { self == .agent ? .caller : .scalar }
  }

  static let envelopes = ["", "message/@json/"]
  static let lists = ["logEvents"]
  private var clock = AccessClock()

  mutating func normalise(_ record: JSONRecord<Field>, into event: inout LogEvent, _ kit: inout EventKit) -> Fate {
    let isKnown = !record[.id].isEmpty && !record[.route].isEmpty && !record[.status].isEmpty
    guard isKnown, !record[.protocolName].isEmpty || !record[.time].isEmpty else { return .foreign }
    event.id = record[.id]
    event.time = clock.time(record[.time])
    if event.time == LogEvent.noTime { event.time = kit.epoch(record[.time]) }
    identify(record, &event, &kit)
    event.locate(record[.address].nothing)
    event.judge(http: record[.status])
    event.bytesOut = count(record[.bytes])
    event.agent = record[.agent].nothing
    // Routes of HTTP APIs begin with the method that they take: `GET /pets`, `ANY /pets`.
    let key = record[.route]
    let blank = key.hasPrefix("/") ? nil : key.firstIndex(of: UInt8(ascii: " "))
    let route = blank.map { key.dropFirst($0 + 1) } ?? key
    let operation = record[.method].isEmpty ? key : kit.join(record[.method], " ", route)
    event.call = kit.call("execute-api", operation)
    event.addResource(kit.join(record[.domain].nothing, record[.stage].isEmpty ? "" : "/", record[.stage], route))
    event.account = record[.account].nothing
    event.place = kit.place("aws", event.account)
    return .event
  }

  private func identify(_ record: JSONRecord<Field>, _ event: inout LogEvent, _ kit: inout EventKit) {
    let (arn, key) = (record[.userARN].nothing, record[.key].nothing)
    let subject = record[.subject].nothing
    let name = [record[.principal], record[.user], record[.caller]].map(\.nothing).first { !$0.isEmpty } ?? .none
    event.credential = key.isEmpty ? subject : key
    event.userName = !arn.isEmpty ? arn : !name.isEmpty ? name : key.isEmpty ? subject : key
    let api = record[.api].nothing
    let system = kit.join("api-gateway", api.isEmpty ? "" : "/", api)
    if !arn.isEmpty {
      event.identity = kit.roleBehind(session: arn)
      event.identityType = "IAM"
    } else if !name.isEmpty {
      event.identity = kit.join(system, "/principal/", name)
      event.identityType = "Authorizer"
    } else if !key.isEmpty {
      event.identity = kit.join("apikey:", system, "/", key)
      event.identityType = "ApiKey"
    } else if !subject.isEmpty {
      event.identity = kit.join(system, "/certificate/", subject)
      event.identityType = "Certificate"
    }
  }
}

/// Kong Gateway, "File Log": who called is the consumer, else the credential.
private struct Kong: JSONMapping {
  enum Field: String, JSONField {
    case started = "started_at"
    case address = "client_ip"
    case consumer = "consumer/username|consumer/custom_id"
    case consumerID = "consumer/id"
    case credential = "authenticated_entity/id"
    case method = "request/method"
    case uri = "request/uri|upstream_uri"
    case url = "request/url"
    case requestSize = "request/size"
    case agent = "request/headers/user-agent"
    case id = "request/id"
    case status = "response/status"
    case responseSize = "response/size"
    case service = "service/name"
    case route = "route/name"
    case workspace = "workspace_name|workspace"
    case latencies = "latencies/request"
    var need: JSONNeed { self == .agent || self == .uri || self == .url ? .caller : .scalar }
  }

  mutating func normalise(_ record: JSONRecord<Field>, into event: inout LogEvent, _ kit: inout EventKit) -> Fate {
    guard !record[.started].isEmpty, !record[.method].isEmpty, !record[.latencies].isEmpty || !record[.route].isEmpty
    else { return .foreign }
    event.id = record[.id]
    event.time = kit.epoch(record[.started])
    event.credential = record[.credential]
    let name = RawText.first(record[.consumer], record[.consumerID])
    event.userName = name.isEmpty ? record[.credential] : name
    let system = record[.workspace].isEmpty ? "kong" : kit.join("kong:", record[.workspace])
    if !name.isEmpty {
      event.identity = kit.join(system, "/consumer/", record[.consumerID].isEmpty ? name : record[.consumerID])
      event.identityType = "Consumer"
    } else if !record[.credential].isEmpty {
      event.identity = kit.join("apikey:", system, "/", record[.credential])
      event.identityType = "Credential"
    }
    event.locate(record[.address])
    event.judge(http: record[.status])
    (event.bytesIn, event.bytesOut) = (count(record[.requestSize]), count(record[.responseSize]))
    event.agent = record[.agent]
    let path = record[.uri].prefix(upTo: UInt8(ascii: "?"))
    event.call = kit.call("http", kit.join(record[.method], " ", kit.template(path)))
    event.addResource(record[.service].isEmpty ? path : kit.join(record[.service], path))
    return .event
  }
}

extension RawText {
  /// Nothing for the `-` that stands for it.
  fileprivate var nothing: RawText { count == 1 && self[0] == UInt8(ascii: "-") ? .none : self }
}
