extension LogFormat {
  /// Kubernetes audit events (audit.k8s.io), plain or as CloudWatch wraps them. AKS's are Azure logs, GKE's are Cloud Audit logs.
  static let kubernetes = LogFormat("kubernetes", json: KubernetesAudit.self)
}

/// Kubernetes documentation, "Auditing" and the API `audit.k8s.io/v1`; CloudWatch Logs User Guide, "Subscription filters".
///
/// Who acted is the user that the API server authorized: the impersonated one, where there is one. The cluster is named by what wraps
/// the event: the log group of EKS (`/aws/eks/<cluster>/cluster`), the resource id of AKS. EKS tells the IAM session behind a user: its
/// key is the credential, which the call that issued it in CloudTrail shares.
struct KubernetesAudit: JSONMapping {
  enum Field: String, JSONField {
    case kind, apiVersion, stage, verb, requestURI, userAgent, auditID
    case received = "requestReceivedTimestamp|metadata/creationTimestamp|stageTimestamp|timestamp|/time"
    case user = "user/username"
    case impersonated = "impersonatedUser/username"
    // Some collectors write no `.` and `/` in keys.
    case credential =
      "user/extra/authentication.kubernetes.io~1credential-id/*|user/extra/authentication_kubernetes_io_slash_credential-id/*"
    case pod =
      "user/extra/authentication.kubernetes.io~1pod-uid/*|user/extra/authentication_kubernetes_io_slash_pod-uid/*"
    case accessKey = "user/extra/accessKeyId/*|user/extra/accessKeyID/*"
    case arn = "user/extra/arn/*"
    case role = "user/extra/canonicalArn/*"
    case address = "sourceIPs/*"
    case namespace = "objectRef/namespace"
    case name = "objectRef/name"
    case group = "objectRef/apiGroup"
    case resource = "objectRef/resource"
    case subresource = "objectRef/subresource"
    case code = "responseStatus/code"
    case decision = "annotations/authorization.k8s.io~1decision|annotations/authorization_k8s_io_slash_decision"
    case issued =
      "annotations/authentication.kubernetes.io~1issued-credential-id|annotations/authentication_kubernetes_io_slash_issued-credential-id"
    case resourceID = "/resourceId"
    case category = "/category"
    case logGroup = "//logGroup|/logGroup|/log_group|/logGroupName"
    case logEventID = "/id|/eventId"
    case messageType = "//messageType|/messageType"

    var need: JSONNeed {
      switch self {
      case .user, .impersonated, .verb: .text
      case .name, .requestURI, .userAgent: .caller
      default: .scalar
      }
    }
  }

  /// `kubectl` and collectors print lists; CloudWatch sends `logEvents` and lists `events`.
  static let lists = ["items", "logEvents", "events", "records"]
  /// What wraps a record may have a time of its own.
  static let envelopes = ["message/@json/", "log/@json/", "event/@json/", ""]

  mutating func normalise(_ record: JSONRecord<Field>, into event: inout LogEvent, _ kit: inout EventKit) -> Fate {
    let isAudit = record[.apiVersion].hasPrefix("audit.k8s.io/")
    if !isAudit && (record[.auditID].isEmpty || record[.verb].isEmpty && record[.user].isEmpty) {
      // The API server's other words in EKS's log group: its authenticator, its controllers.
      let isOfCluster = record[.logGroup].hasPrefix("/aws/eks/") && !record[.logEventID].isEmpty
      if isOfCluster { return .filtered }
      // CloudWatch asks now and then whether a destination is there.
      return record[.messageType].equals("CONTROL_MESSAGE") ? .aside : .foreign
    }
    // The stages of one request share its id and are one event; the first one does not know how it ends.
    if record[.stage].equals("RequestReceived") { return .filtered }
    event.time = kit.instant(record[.received])
    event.id = record[.auditID]
    let cluster = cluster(record, &kit)
    identify(record, cluster: cluster, &event, &kit)
    event.call = call(record, &kit)
    event.addResource(resource(record, &kit))
    judge(record, &event)
    event.locate(record[.address])
    event.agent = record[.userAgent]
    event.account = record[.resourceID].isEmpty ? cluster : kit.lowercased(record[.resourceID])
    event.place = kit.place("k8s", cluster)
    return .event
  }

  /// The cluster's name, where what wraps the event says it.
  private func cluster(_ record: JSONRecord<Field>, _ kit: inout EventKit) -> RawText {
    if let group = record[.logGroup].dropPrefix("/aws/eks/") { return group.prefix(upTo: UInt8(ascii: "/")) }
    return record[.resourceID].isEmpty ? .none : kit.lowercased(record[.resourceID]).lastComponent
  }

  private func identify(
    _ record: JSONRecord<Field>, cluster: RawText, _ event: inout LogEvent, _ kit: inout EventKit
  ) {
    let isImpersonated = !record[.impersonated].isEmpty
    let user = isImpersonated ? record[.impersonated] : record[.user]
    event.userName = user
    if isImpersonated { event.invokedBy = record[.user] }
    event.identityType = kind(of: user)
    event.identity = kit.kubernetesKey(user, cluster: cluster)
    event.issuedCredential = record[.issued]
    let hasKey = !record[.accessKey].isEmpty
    let presented = hasKey ? record[.accessKey] : record[.credential]
    if isImpersonated { return event.lentCredential = presented }
    event.credential = presented
    event.isTemporary = hasKey ? record[.accessKey].hasPrefix("ASIA") : record[.credential].hasPrefix("JTI=")
    event.session = .first(record[.arn], record[.credential], record[.pod])
    event.sessionIssuer = record[.role]
  }

  private func kind(of user: RawText) -> RawText {
    if user.hasPrefix("system:serviceaccount:") { return "ServiceAccount" }
    if user.hasPrefix("system:node:") { return "Node" }
    if user.equals("system:anonymous") { return "Anonymous" }
    return user.hasPrefix("system:") ? "System" : user.isEmpty ? .none : "User"
  }

  /// `get:apps/deployments/scale` on objects, `get:/healthz` elsewhere; the path's parts that name things are not told apart.
  private func call(_ record: JSONRecord<Field>, _ kit: inout EventKit) -> Call {
    let verb = record[.verb]
    let target = target(record, &kit)
    if verb.isEmpty && record[.resource].isEmpty { return kit.call("", target) }
    let action = kit.join(verb, ":", target)
    return kit.knownCall(action) ?? kit.call("", kit.join(verb, " ", target), action: action)
  }

  private func target(_ record: JSONRecord<Field>, _ kit: inout EventKit) -> RawText {
    if record[.resource].isEmpty { return record[.requestURI].prefix(upTo: UInt8(ascii: "?")) }
    let (group, subresource) = (record[.group], record[.subresource])
    return kit.join(group, group.isEmpty ? "" : "/", record[.resource], subresource.isEmpty ? "" : "/", subresource)
  }

  /// `<namespace>/<resource>/<name>`, without what the event does not name.
  private func resource(_ record: JSONRecord<Field>, _ kit: inout EventKit) -> RawText {
    if record[.resource].isEmpty { return record[.requestURI].prefix(upTo: UInt8(ascii: "?")) }
    let (namespace, name) = (record[.namespace], record[.name])
    return kit.join(namespace, namespace.isEmpty ? "" : "/", record[.resource], name.isEmpty ? "" : "/", name)
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
