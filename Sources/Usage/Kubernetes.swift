extension LogFormat {
  /// Kubernetes audit events (audit.k8s.io), plain or as CloudWatch wraps them. AKS's are Azure logs, GKE's are Cloud Audit logs.
  static let kubernetes = LogFormat("kubernetes", json: KubernetesAudit.self)
}

/// Kubernetes documentation, "Auditing" and the API `audit.k8s.io/v1`.
struct KubernetesAudit: JSONMapping {
  enum Field: String, JSONField {
    case kind, apiVersion, stage, verb, requestURI, userAgent, auditID
    case received = "requestReceivedTimestamp|timestamp|metadata/creationTimestamp|/time"
    case user = "user/username"
    case impersonated = "impersonatedUser/username"
    case credential = "user/extra/authentication.kubernetes.io~1credential-id/*"
    case pod = "user/extra/authentication.kubernetes.io~1pod-uid/*"
    case accessKey = "user/extra/accessKeyId/*"
    case arn = "user/extra/canonicalArn/*"
    case sessionName = "user/extra/sessionName/*"
    case address = "sourceIPs/*"
    case namespace = "objectRef/namespace"
    case name = "objectRef/name"
    case group = "objectRef/apiGroup"
    case resource = "objectRef/resource"
    case subresource = "objectRef/subresource"
    case code = "responseStatus/code"
    case decision = "annotations/authorization.k8s.io~1decision"
    case issued = "annotations/authentication.kubernetes.io~1issued-credential-id"
    case cluster = "/resourceId"

    var need: JSONNeed {
      switch self {
      case .user, .impersonated, .verb, .received: .text
      case .name, .requestURI, .userAgent: .caller
      default: .scalar
      }
    }
  }

  /// `kubectl` and collectors print lists.
  static let lists = ["items", "logEvents", "records"]
  static let envelopes = ["", "message/@json/"]

  mutating func normalise(_ record: JSONRecord<Field>, into event: inout LogEvent, _ kit: inout EventKit) -> Fate {
    let isAudit = record[.apiVersion].hasPrefix("audit.k8s.io/")
    if !isAudit && (record[.auditID].isEmpty || record[.verb].isEmpty && record[.user].isEmpty) { return .foreign }
    // The stages of one request share its id and are one event; the first one does not know how it ends.
    if record[.stage].equals("RequestReceived") { return .filtered }
    event.time = kit.time(record[.received])
    event.id = record[.auditID]
    identify(record, &event, &kit)
    event.call = call(record, &kit)
    event.addResource(resource(record, &kit))
    judge(record, &event)
    event.locate(record[.address])
    event.agent = record[.userAgent]
    event.account = record[.cluster].isEmpty ? .none : kit.lowercased(record[.cluster])
    event.place = kit.place("k8s", event.account.lastComponent)
    return .event
  }

  /// The cluster's name, where the envelope says it: AKS by its resource id.
  private func cluster(_ record: JSONRecord<Field>, _ kit: inout EventKit) -> RawText {
    record[.cluster].isEmpty ? .none : kit.lowercased(record[.cluster]).lastComponent
  }

  private func identify(_ record: JSONRecord<Field>, _ event: inout LogEvent, _ kit: inout EventKit) {
    let isImpersonated = !record[.impersonated].isEmpty
    let user = isImpersonated ? record[.impersonated] : record[.user]
    event.userName = user
    if isImpersonated { event.invokedBy = record[.user] }
    let isAccount = user.hasPrefix("system:serviceaccount:")
    let isAnonymous = user.equals("system:anonymous")
    event.identityType =
      isAccount ? "ServiceAccount" : isAnonymous ? "Anonymous" : user.hasPrefix("system:") ? "System" : "User"
    event.identity = kit.kubernetesPrincipal(user, cluster: cluster(record, &kit))
    if isImpersonated { return }
    event.credential = record[.credential].isEmpty ? record[.accessKey] : record[.credential]
    event.isTemporary = !record[.credential].isEmpty || record[.accessKey].hasPrefix("ASIA")
    event.session = record[.credential].isEmpty ? record[.pod] : record[.credential]
    event.sessionIssuer = record[.arn]
    event.issuedCredential = record[.issued]
  }

  /// `get:apps/deployments/scale` on objects, `get:/healthz` elsewhere; the path's parts that name things are not told apart.
  private func call(_ record: JSONRecord<Field>, _ kit: inout EventKit) -> Call {
    let verb = record[.verb]
    if record[.resource].isEmpty {
      let path = record[.requestURI].prefix(upTo: UInt8(ascii: "?"))
      if verb.isEmpty { return kit.call("", path) }
      return kit.call("", kit.join(verb, " ", path), action: kit.join(verb, ":", path))
    }
    let group = record[.group].isEmpty ? RawText.none : kit.join(record[.group], "/")
    let subresource = record[.subresource].isEmpty ? RawText.none : kit.join("/", record[.subresource])
    let target = kit.join(group, record[.resource], subresource)
    return kit.call("", kit.join(verb, " ", target), action: kit.join(verb, ":", target))
  }

  /// `<namespace>/<resource>/<name>`, without what the event does not name.
  private func resource(_ record: JSONRecord<Field>, _ kit: inout EventKit) -> RawText {
    if record[.resource].isEmpty { return record[.requestURI].prefix(upTo: UInt8(ascii: "?")) }
    let namespace = record[.namespace].isEmpty ? RawText.none : kit.join(record[.namespace], "/")
    let name = record[.name].isEmpty ? RawText.none : kit.join("/", record[.name])
    return kit.join(namespace, record[.resource], name)
  }

  private func judge(_ record: JSONRecord<Field>, _ event: inout LogEvent) {
    event.judge(http: record[.code])
    if record[.decision].equals("forbid") {
      event.isFailed = true
      event.isDenied = true
      event.isOutcomeKnown = true
    }
  }
}
