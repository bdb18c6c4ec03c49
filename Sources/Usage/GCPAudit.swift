extension LogFormat {
  /// Google Cloud Audit Logs: `LogEntry` objects in lines, in lists of `gcloud logging read`, or as sinks write them. GKE's are here too.
  static let gcpAudit = LogFormat("gcp-audit", json: GCPAudit.self)
}

/// Cloud Logging's `LogEntry` with an `AuditLog` as its payload (Google Cloud documentation, "Understanding audit logs"), as BigQuery
/// keeps it (`protopayload_auditlog`), and as Eventarc and collectors wrap it.
///
/// Who acted is `principalSubject`, else `principalEmail`: `gcp:serviceAccount:<email>`, `gcp:user:<email>`; a principal of a federated
/// pool keeps its whole name (`gcp:principal://…`); users of GKE are those of Kubernetes. Google redacts the e-mail of callers from
/// outside: then nobody is named. The delegator is the one who began the chain of impersonations.
///
/// An operation that runs long has an entry for its start and one for its end; both count, for either may come alone.
private struct GCPAudit: JSONMapping {
  enum Field: String, JSONField {
    case kind = "@type|at_sign_type|at_type"
    case insertID =
      "/data/@json/insertId|/data/@json/insertid|/data/@json/insert_id|/message/@json/insertId|/message/@json/insertid|/message/@json/insert_id|/insertId|/insertid|/insert_id"
    case time =
      "/data/@json/timestamp|/message/@json/timestamp|/timestamp"
    case received =
      "/data/@json/receiveTimestamp|/data/@json/receivetimestamp|/data/@json/receive_timestamp|/message/@json/receiveTimestamp|/message/@json/receivetimestamp|/message/@json/receive_timestamp|/receiveTimestamp|/receivetimestamp|/receive_timestamp"
    case logName =
      "/data/@json/logName|/data/@json/logname|/data/@json/log_name|/message/@json/logName|/message/@json/logname|/message/@json/log_name|/logName|/logname|/log_name"
    case email = "authenticationInfo/principalEmail"
    case subject = "authenticationInfo/principalSubject"
    case keyName = "authenticationInfo/serviceAccountKeyName"
    case delegate = "authenticationInfo/serviceAccountDelegationInfo/*/firstPartyPrincipal/principalEmail"
    case delegateSubject = "authenticationInfo/serviceAccountDelegationInfo/*/principalSubject"
    case service = "serviceName"
    case method = "methodName"
    case resource = "resourceName"
    case permission = "authorizationInfo/*/permission"
    case granted = "authorizationInfo/*/granted"
    case address = "requestMetadata/callerIp|requestMetadata/callerIP"
    case agent = "requestMetadata/callerSuppliedUserAgent"
    case status = "status/code"
    case location =
      "/data/@json/resource/labels/location|/data/@json/resource/labels/zone|/data/@json/resource/labels/region|/message/@json/resource/labels/location|/message/@json/resource/labels/zone|/message/@json/resource/labels/region|/resource/labels/location|/resource/labels/zone|/resource/labels/region"
    case currentLocation = "resourceLocation/currentLocations/*"
    case project =
      "/data/@json/resource/labels/project_id|/message/@json/resource/labels/project_id|/resource/labels/project_id"
    case cluster =
      "/data/@json/resource/labels/cluster_name|/message/@json/resource/labels/cluster_name|/resource/labels/cluster_name"
    case ownerEmail =
      "/data/@json/resource/labels/email_id|/message/@json/resource/labels/email_id|/resource/labels/email_id"
    case responseName = "response/name"
    case requestName = "request/name"
    case decision =
      "/data/@json/labels/authorization.k8s.io~1decision|/message/@json/labels/authorization.k8s.io~1decision|/labels/authorization.k8s.io~1decision"

    var need: JSONNeed {
      switch self {
      case .email, .subject, .method: .text
      case .agent, .resource: .caller
      default: .scalar
      }
    }
  }

  static let lists = ["entries", "records"]
  static let envelopes = [
    "protoPayload/", "protopayload_auditlog/", "jsonPayload/", "data/@json/protoPayload/",
    "message/@json/protoPayload/",
  ]

  mutating func normalise(_ record: JSONRecord<Field>, into event: inout LogEvent, _ kit: inout EventKit) -> Fate {
    let isAudit = record[.kind].hasSuffix("google.cloud.audit.AuditLog")
    let logName = record[.logName]
    guard isAudit || logName.contains("cloudaudit.googleapis.com") else {
      // An entry of another log, which a sink may write into the same file.
      let isEntry = !record[.insertID].isEmpty && logName.contains("/logs/")
      return isEntry ? .filtered : .foreign
    }
    // What Google's own people looked at: nobody of the organisation acted.
    if record[.kind].hasSuffix("TransparencyLog") || logName.hasSuffix("access_transparency") { return .filtered }
    let method = record[.method]
    if method.isEmpty { return .unreadable("the entry has no methodName") }
    let time = RawText.first(record[.time], record[.received])
    // BigQuery prints the zone as a word.
    event.time = kit.time(time.hasSuffix(" UTC") ? time.prefix(time.count - 4) : time)
    event.id = record[.insertID]
    identify(record, &event, &kit)
    event.call = kit.call(
      record[.service].prefix(upTo: UInt8(ascii: ".")), method, permission: record[.permission])
    judge(record, &event)
    event.locate(record[.address])
    event.agent = record[.agent]
    event.region = .first(record[.location], record[.currentLocation])
    event.regionTerm = event.region
    event.account = record[.project].isEmpty ? account(logName) : record[.project]
    event.place = kit.place("gcp", event.account)
    event.addResource(record[.resource])
    note(record, &event, &kit)
    return .event
  }

  /// `projects/<id>/logs/…`; logs of folders, organisations and billing accounts keep the kind: `organizations/<id>`.
  private func account(_ logName: RawText) -> RawText {
    if let project = logName.dropPrefix("projects/") { return project.prefix(upTo: UInt8(ascii: "/")) }
    guard let slash = logName.firstIndex(of: UInt8(ascii: "/")) else { return .none }
    let id = logName.dropFirst(slash + 1).prefix(upTo: UInt8(ascii: "/"))
    return logName.prefix(slash + 1 + id.count)
  }

  private func identify(_ record: JSONRecord<Field>, _ event: inout LogEvent, _ kit: inout EventKit) {
    let (email, subject) = (record[.email], record[.subject])
    event.userName = email.isEmpty ? subject.subjectName : email
    event.credential = record[.keyName].lastComponent
    // The last one is who began the chain of impersonations.
    for item in record.list(.delegateSubject) where !item.text.isEmpty { event.invokedBy = item.text.subjectName }
    for item in record.list(.delegate) where !item.text.isEmpty { event.invokedBy = item.text }
    let name = subject.isEmpty ? email : subject.subjectName
    let mail = kit.lowercased(name)
    if name.isEmpty { return }
    if name.hasPrefix("system:") {
      event.identityType = "Kubernetes"
      event.identity = kit.kubernetesKey(name, cluster: record[.cluster])
    } else if name.contains("://") {
      event.identityType = "Federated"
      event.identity = kit.join("gcp:", name)
    } else if subject.hasPrefix("serviceAccount:") || mail.hasSuffix(".gserviceaccount.com") {
      event.identityType = "ServiceAccount"
      event.identity = kit.join("gcp:serviceAccount:", mail)
    } else if mail.firstIndex(of: UInt8(ascii: "@")) != nil {
      event.identityType = "User"
      event.identity = kit.join("gcp:user:", mail)
    } else {
      // What calls itself neither: a service of Google's by its own name.
      event.identity = kit.join("gcp:", name)
    }
  }

  /// `google.rpc.Code`: 0 or absent is success, 7 is PERMISSION_DENIED, 16 UNAUTHENTICATED. An entry without a status whose checks were
  /// all refused did not succeed.
  private func judge(_ record: JSONRecord<Field>, _ event: inout LogEvent) {
    let status = record[.status]
    event.status = status
    event.isFailed = !status.isEmpty && !status.equals("0")
    event.isDenied = status.equals("7") || status.equals("16")
    let isRefused =
      status.isEmpty && record.list(.granted).contains { $0.text.equals("false") }
      && !record.list(.granted).contains { $0.text.equals("true") }
    if isRefused || record[.decision].equals("forbid") { (event.isFailed, event.isDenied) = (true, true) }
    // Sign-ins say by their name alone how they ended (Workspace documentation, "Login audit activity events").
    if record[.method].hasSuffix(".loginFailure") { event.isFailed = true }
  }

  /// What the call made of keys of service accounts and of API keys (IAM and API Keys documentation, "Audit logging").
  private func note(_ record: JSONRecord<Field>, _ event: inout LogEvent, _ kit: inout EventKit) {
    let method = record[.method]
    if record[.service].hasPrefix("iamcredentials.") { return event.addResource(record[.ownerEmail]) }
    let isKey = record[.service].equals("iam.googleapis.com") || record[.service].equals("apikeys.googleapis.com")
    guard isKey, !event.isFailed, let kind = Self.change(by: method.after(".")) else { return }
    let name = RawText.first(kind == .created ? record[.responseName] : .none, record[.resource], record[.requestName])
    guard name.contains("/keys/") else { return }
    // Some entries name the account by its number.
    let account = RawText.first(record[.ownerEmail], name.accountEmail, record[.requestName].accountEmail)
    let owner = account.isEmpty ? RawText.none : kit.join("gcp:serviceAccount:", kit.lowercased(account))
    event.lifecycle = LifecycleChange(kind: kind, credential: name.lastComponent, owner: owner)
  }

  private static func change(by method: RawText) -> LifecycleChange.Kind? {
    let made: [StaticString] = ["CreateServiceAccountKey", "UploadServiceAccountKey", "CreateKey"]
    if made.contains(where: { method.equals($0) }) { return .created }
    if method.equals("DeleteServiceAccountKey") || method.equals("DeleteKey") { return .deleted }
    if method.equals("EnableServiceAccountKey") || method.equals("UndeleteKey") { return .enabled }
    return method.equals("DisableServiceAccountKey") ? .disabled : nil
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

  /// The e-mail in `projects/-/serviceAccounts/<e-mail>/keys/<id>`; nothing where it is a number.
  fileprivate var accountEmail: RawText {
    let marker: StaticString = "/serviceAccounts/"
    guard let at = (0..<count).first(where: { dropFirst($0).hasPrefix(marker) }) else { return .none }
    let account = dropFirst(at + marker.utf8CodeUnitCount).prefix(upTo: UInt8(ascii: "/"))
    return account.firstIndex(of: UInt8(ascii: "@")) == nil ? .none : account
  }

  /// What stands behind the last one of the byte; all where it is not there.
  fileprivate func after(_ byte: Unicode.Scalar) -> RawText {
    bytes.lastIndex(of: UInt8(ascii: byte)).map { dropFirst($0 + 1) } ?? self
  }
}
