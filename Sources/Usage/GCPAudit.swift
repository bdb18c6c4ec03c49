extension LogFormat {
  /// Google Cloud Audit Logs: `LogEntry` objects in lines, in lists of `gcloud logging read`, or as sinks write them. GKE's are here too.
  static let gcpAudit = LogFormat("gcp-audit", json: GCPAudit.self)
}

/// Cloud Logging's `LogEntry` with an `AuditLog` as its payload (Google Cloud documentation, "Understanding audit logs").
///
/// Who acted is `principalSubject`, else `principalEmail`: `gcp:serviceAccount:<email>`, `gcp:user:<email>`; a principal of a federated
/// pool keeps its whole name (`gcp:principal://…`). Google redacts the e-mail of callers from outside: then nobody is named.
private struct GCPAudit: JSONMapping {
  enum Field: String, JSONField {
    case kind = "protoPayload/@type|protoPayload/at_sign_type|protoPayload/at_type|jsonPayload/@type"
    case insertID = "insertId|insertid"
    case time = "timestamp|receiveTimestamp|receivetimestamp"
    case logName = "logName|logname"
    case email = "protoPayload/authenticationInfo/principalEmail|jsonPayload/authenticationInfo/principalEmail"
    case subject = "protoPayload/authenticationInfo/principalSubject"
    case keyName = "protoPayload/authenticationInfo/serviceAccountKeyName"
    case delegate = "protoPayload/authenticationInfo/serviceAccountDelegationInfo/*/firstPartyPrincipal/principalEmail"
    case delegateSubject = "protoPayload/authenticationInfo/serviceAccountDelegationInfo/*/principalSubject"
    case service = "protoPayload/serviceName"
    case method = "protoPayload/methodName"
    case resource = "protoPayload/resourceName"
    case permission = "protoPayload/authorizationInfo/*/permission"
    case granted = "protoPayload/authorizationInfo/*/granted"
    case address = "protoPayload/requestMetadata/callerIp|protoPayload/requestMetadata/callerIP"
    case agent = "protoPayload/requestMetadata/callerSuppliedUserAgent"
    case status = "protoPayload/status/code"
    case location = "resource/labels/location|resource/labels/zone|resource/labels/region"
    case currentLocation = "protoPayload/resourceLocation/currentLocations/*"
    case project = "resource/labels/project_id"
    case cluster = "resource/labels/cluster_name"
    case createdKey = "protoPayload/response/name"
    case decision = "labels/authorization.k8s.io~1decision"
    case isLast = "operation/last"
    case isFirst = "operation/first"

    var need: JSONNeed {
      switch self {
      case .email, .subject, .method: .text
      case .agent, .resource: .caller
      default: .scalar
      }
    }
  }

  static let lists = ["entries", "records"]

  mutating func normalise(_ record: JSONRecord<Field>, into event: inout LogEvent, _ kit: inout EventKit) -> Fate {
    let isAudit = record[.kind].hasSuffix("google.cloud.audit.AuditLog")
    guard isAudit || record[.logName].contains("cloudaudit.googleapis.com") else { return .foreign }
    let method = record[.method]
    if method.isEmpty { return .unreadable("the entry has no methodName") }
    event.time = kit.time(record[.time])
    event.id = record[.insertID]
    identify(record, &event, &kit)
    event.call = kit.call(
      record[.service].prefix(upTo: UInt8(ascii: ".")), method, permission: record[.permission])
    judge(record, &event)
    event.locate(record[.address])
    event.agent = record[.agent]
    event.region = record[.location].isEmpty ? record[.currentLocation] : record[.location]
    event.regionTerm = event.region
    event.account = record[.project].isEmpty ? project(record[.logName]) : record[.project]
    event.place = kit.place("gcp", event.account)
    event.addResource(record[.resource])
    note(record, &event, &kit)
    return .event
  }

  /// `projects/<id>/logs/…`
  private func project(_ logName: RawText) -> RawText {
    logName.dropPrefix("projects/")?.prefix(upTo: UInt8(ascii: "/")) ?? .none
  }

  private func identify(_ record: JSONRecord<Field>, _ event: inout LogEvent, _ kit: inout EventKit) {
    let (email, subject) = (record[.email], record[.subject])
    event.userName = email.isEmpty ? subject.subjectName : email
    if event.userName.isEmpty { return }
    let isKubernetes = email.hasPrefix("system:")
    let isService =
      subject.hasPrefix("serviceAccount:") || email.hasSuffix(".gserviceaccount.com")
      || email.hasSuffix("@serviceaccount.gcp.com")
    if isKubernetes {
      event.identityType = "Kubernetes"
      event.identity = kit.kubernetesPrincipal(email, cluster: record[.cluster])
    } else if email.isEmpty && subject.contains("://") {
      event.identityType = "Federated"
      event.identity = kit.join("gcp:", subject)
    } else if isService {
      event.identityType = "ServiceAccount"
      event.identity = kit.join("gcp:serviceAccount:", event.userName)
    } else if event.userName.firstIndex(of: UInt8(ascii: "@")) != nil {
      event.identityType = "User"
      event.identity = kit.join("gcp:user:", event.userName)
    } else {
      // What calls itself neither: a service of Google's by its own name.
      event.identity = kit.join("gcp:", event.userName)
    }
    event.credential = record[.keyName].lastComponent
    // The last one is who began the chain of impersonations.
    for item in record.list(.delegateSubject) where !item.text.isEmpty { event.invokedBy = item.text.subjectName }
    for item in record.list(.delegate) where !item.text.isEmpty { event.invokedBy = item.text }
  }

  /// `google.rpc.Code`: 0 or absent is success, 7 is PERMISSION_DENIED, 16 UNAUTHENTICATED.
  private func judge(_ record: JSONRecord<Field>, _ event: inout LogEvent) {
    let status = record[.status]
    event.status = status
    event.isFailed = !status.isEmpty && !status.equals("0")
    event.isDenied = status.equals("7") || status.equals("16")
    // `granted` is left out where it is false; a check that was not passed need not be the call's end.
    let checks = record.list(.permission).reduce(0) { count, _ in count + 1 }
    let refused = record.list(.granted).contains { $0.text.equals("false") }
    if refused && checks > 0 || record[.decision].equals("forbid") {
      (event.isFailed, event.isDenied) = (true, true)
    }
  }

  /// What the call issued or made of keys and tokens.
  private func note(_ record: JSONRecord<Field>, _ event: inout LogEvent, _ kit: inout EventKit) {
    guard record[.service].equals("iam.googleapis.com") else { return }
    let method = record[.method]
    let account = record[.resource].serviceAccount
    let owner = account.isEmpty ? RawText.none : kit.join("gcp:serviceAccount:", account)
    if method.hasSuffix("CreateServiceAccountKey") && !event.isFailed {
      event.lifecycle = LifecycleChange(
        kind: .created, credential: record[.createdKey].lastComponent, owner: owner)
    } else if method.hasSuffix("DeleteServiceAccountKey") && !event.isFailed {
      event.lifecycle = LifecycleChange(kind: .deleted, credential: record[.resource].lastComponent, owner: owner)
    }
    if event.lifecycle?.credential.isEmpty == true { event.lifecycle = nil }
  }
}

extension RawText {
  /// `user:eva@acme.example` without its kind.
  fileprivate var subjectName: RawText {
    for kind: StaticString in ["user:", "serviceAccount:", "group:", "domain:"] {
      if let name = dropPrefix(kind) { return name }
    }
    return self
  }

  /// The account in `projects/-/serviceAccounts/<account>/keys/<id>`.
  fileprivate var serviceAccount: RawText {
    let marker: StaticString = "/serviceAccounts/"
    guard let at = (0..<count).first(where: { dropFirst($0).hasPrefix(marker) }) else { return .none }
    return dropFirst(at + marker.utf8CodeUnitCount).prefix(upTo: UInt8(ascii: "/"))
  }
}

extension EventKit {
  /// The key of a Kubernetes user: `k8s:<cluster>/<namespace>/<account>` of a service account, `k8s:<cluster>/user:<name>` of anybody
  /// else; without `<cluster>/` where the log does not name it. Nothing for the anonymous.
  mutating func kubernetesPrincipal(_ user: RawText, cluster: RawText) -> RawText {
    if user.isEmpty || user.equals("system:anonymous") { return .none }
    let head = cluster.isEmpty ? "k8s:" : join("k8s:", cluster, "/")
    if let account = user.dropPrefix("system:serviceaccount:"), let colon = account.firstIndex(of: UInt8(ascii: ":")) {
      return join(head, account.prefix(colon), "/", account.dropFirst(colon + 1))
    }
    return join(head, "user:", user)
  }
}
