extension LogFormat {
  /// Events in the Elastic Common Schema, as Beats, Elastic Agent and Logstash write them.
  static let ecs = LogFormat("ecs", json: ECSEvent.self)
}

/// Elastic, "ECS field reference" and the exported fields of the AWS, Google Cloud, Kubernetes and web server modules. Keys are nested, dotted,
/// or both in one record.
///
/// ARNs, service accounts of Kubernetes and mail addresses of Google Cloud are keys as they are elsewhere; anything else is
/// `<cloud or module>:<account>/user/<id or name>`, the account only where the record tells it.
private struct ECSEvent: JSONMapping {
  enum Field: String, JSONField {
    case time = "@timestamp"
    case version = "ecs/version|ecs.version"
    case kind = "event/kind|event.kind"
    case action = "event/action|event.action"
    case dataset = "event/dataset|event.dataset|data_stream/dataset|data_stream.dataset"
    case module = "event/module|event.module"
    case provider = "event/provider|event.provider"
    case category = "event/category|event.category"
    case categories = "event/category/*|event.category/*"
    case id = "event/id|event.id"
    case outcome = "event/outcome|event.outcome"
    case reason = "event/reason|event.reason|error/code|error.code|aws/cloudtrail/error_code|aws.cloudtrail.error_code"
    case userID = "user/id|user.id"
    case userName = "user/name|user.name|client/user/name|client.user.name"
    case userMail = "user/email|user.email|client/user/email|client.user.email"
    case address = "source/ip|source.ip|client/ip|client.ip"
    case host = "source/address|source.address|source/domain|source.domain|client/address|client.address"
    case country = "source/geo/country_iso_code|source.geo.country_iso_code"
    case agent = "user_agent/original|user_agent.original|user_agent"
    case cloud = "cloud/provider|cloud.provider"
    case account = "cloud/account/id|cloud.account.id|cloud/project/id|cloud.project.id"
    case region = "cloud/region|cloud.region"
    case service = "cloud/service/name|cloud.service.name|service/name|service.name"
    case method = "http/request/method|http.request.method"
    case code = "http/response/status_code|http.response.status_code"
    case path = "url/path|url.path|url/original|url.original"
    case domain = "url/domain|url.domain|destination/domain|destination.domain"
    case sent = "http/response/bytes|http.response.bytes|http/response/body/bytes|http.response.body.bytes"
    case received = "http/request/bytes|http.request.bytes|http/request/body/bytes|http.request.body.bytes"
    case arn = "aws/cloudtrail/user_identity/arn|aws.cloudtrail.user_identity.arn"
    case issuer = """
      aws/cloudtrail/user_identity/session_context/session_issuer/arn|\
      aws.cloudtrail.user_identity.session_context.session_issuer.arn
      """
    case identityType = "aws/cloudtrail/user_identity/type|aws.cloudtrail.user_identity.type"
    case accessKey = "aws/cloudtrail/user_identity/access_key_id|aws.cloudtrail.user_identity.access_key_id"
    case invokedBy = "aws/cloudtrail/user_identity/invoked_by|aws.cloudtrail.user_identity.invoked_by"
    case awsEvent = "aws/cloudtrail/event_id|aws.cloudtrail.event_id"
    case resource = """
      orchestrator/resource/name|orchestrator.resource.name|gcp/audit/resource_name|gcp.audit.resource_name|\
      aws/cloudtrail/resources/arn|aws.cloudtrail.resources.arn|file/path|file.path
      """
    case resources = "aws/cloudtrail/resources/*/arn|aws.cloudtrail.resources/*/arn"
    var need: JSONNeed { [.agent, .path, .userName].contains(self) ? .caller : .scalar }
  }

  static let envelopes = ["", "_source/"]

  mutating func normalise(_ record: JSONRecord<Field>, into event: inout LogEvent, _ kit: inout EventKit) -> Fate {
    let tales: [Field] = [.version, .kind, .dataset, .module]
    let isKnown = !record[.time].isEmpty && tales.contains { !record[$0].isEmpty }
    let hasMore = [.action, .category, .categories, .outcome, .method].contains { !record[$0].isEmpty }
    guard isKnown, hasMore else { return .foreign }
    // What the machine says of itself: metrics, states, what a pipeline made of an error.
    let kind = record[.kind]
    if kind.equals("metric") || kind.equals("state") || kind.equals("pipeline_error") { return .filtered }
    event.id = RawText.first(record[.id], record[.awsEvent])
    event.time = kit.instant(record[.time])
    identify(record, &event, &kit)
    event.call = call(record, &event, &kit)
    judge(record, &event)
    event.locate(RawText.first(record[.address], record[.host]))
    event.agent = record[.agent]
    event.region = RawText.first(record[.region], record[.country])
    event.account = record[.account]
    event.place = kit.place(platform(record), event.account)
    event.bytesOut = UInt64(record[.sent].string)
    event.bytesIn = UInt64(record[.received].string)
    for item in record.list(.resources) { event.addResource(item.text) }
    event.addResource(record[.resource])
    return .event
  }

  private func platform(_ record: JSONRecord<Field>) -> StaticString {
    let cloud = record[.cloud]
    if cloud.isWord("aws") || !record[.arn].isEmpty { return "aws" }
    return cloud.isWord("gcp") ? "gcp" : cloud.isWord("azure") ? "azure" : "ecs"
  }

  private func identify(_ record: JSONRecord<Field>, _ event: inout LogEvent, _ kit: inout EventKit) {
    let (id, name) = (record[.userID].known, record[.userName].known)
    event.userName = RawText.first(name, record[.userMail], id)
    event.identityType = record[.identityType]
    event.credential = record[.accessKey]
    event.isTemporary = record[.accessKey].hasPrefix("ASIA")
    event.invokedBy = record[.invokedBy]
    let arn = RawText.first(record[.issuer], record[.arn], id.hasPrefix("arn:") ? id : .none)
    let mail = RawText.first(record[.userMail], name.firstIndex(of: 0x40) != nil ? name : .none)
    if !arn.isEmpty {
      event.identity = kit.roleBehind(session: arn)
    } else if name.hasPrefix("system:") {
      event.identity = kit.kubernetesKey(name)
    } else if RawText(platform(record)).equals("gcp") && !mail.isEmpty {
      event.identity = kit.googleKey(mail)
    } else if !id.isEmpty || !event.userName.isEmpty {
      let producer = RawText.first(record[.cloud], record[.module], record[.dataset].prefix(upTo: 0x2E), "ecs")
      let account = record[.account].isEmpty ? RawText.none : kit.join(record[.account], "/")
      event.identity = kit.join(kit.join(producer, ":"), account, "user/", RawText.first(id, event.userName))
    }
  }

  /// `<service>:<action>`; a request of HTTP without an action, by method and path.
  private func call(_ record: JSONRecord<Field>, _ event: inout LogEvent, _ kit: inout EventKit) -> Call {
    let path = record[.path].prefix(upTo: UInt8(ascii: "?"))
    if !record[.method].isEmpty && !path.isEmpty {
      event.addResource(record[.domain].isEmpty ? path : kit.join(record[.domain], path))
      if record[.action].isEmpty { return kit.call("http", kit.join(record[.method], " ", kit.template(path))) }
    }
    let provider = record[.provider]
    // CloudTrail's provider is `s3.amazonaws.com`.
    if provider.isServiceHost && !record[.action].isEmpty { return kit.awsCall(provider, record[.action]) }
    let service = RawText.first(record[.service], provider, record[.module])
    let operation = RawText.first(record[.action], record[.category], record[.categories], "event")
    return kit.call(RawText.first(service, record[.dataset]), operation)
  }

  private func judge(_ record: JSONRecord<Field>, _ event: inout LogEvent) {
    event.judge(http: record[.code])
    let outcome = record[.outcome]
    if outcome.equals("success") || outcome.equals("failure") {
      event.isOutcomeKnown = true
      event.isFailed = outcome.equals("failure")
    }
    let reason = record[.reason]
    event.status = RawText.first(reason, record[.code])
    let isRefusal = reason.contains("AccessDenied") || reason.contains("UnauthorizedOperation")
    event.isDenied = event.isFailed && (event.isDenied || isRefusal)
  }
}
