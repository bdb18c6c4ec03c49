extension LogFormat {
  /// Events in the Open Cybersecurity Schema Framework, whoever made them (Security Lake, collectors).
  static let ocsf = LogFormat("ocsf", json: OCSFEvent.self)
}

/// OCSF 1.x, schema.ocsf.io: API Activity (6003) and the other classes of category 6, Authentication (3002), Account Change (3001) and the
/// other classes of category 3. Classes of other categories tell of no identity that acts by an API: they are read and left out.
///
/// ARNs, service accounts of Kubernetes and mail addresses of Google Cloud are keys as they are elsewhere. Anything else is
/// `<vendor or cloud>:<account>/<kind>/<uid or name>`, the account only where the record tells it.
private struct OCSFEvent: JSONMapping {
  enum Field: String, JSONField {
    case time, severity
    case classID = "class_uid"
    case className = "class_name"
    case categoryID = "category_uid"
    case activityName = "activity_name"
    case activityID = "activity_id"
    case id = "metadata/uid|metadata/original_event_uid|metadata/event_uid"
    case version = "metadata/version"
    case vendor = "metadata/product/vendor_name"
    case product = "metadata/product/name"
    case userID = "actor/user/uid"
    case userAltID = "actor/user/uid_alt"
    case userName = "actor/user/name"
    case userMail = "actor/user/email_addr"
    case userType = "actor/user/type"
    case userTypeID = "actor/user/type_id"
    case userAccount = "actor/user/account/uid|actor/user/account_uid"
    case credential = "actor/user/credential_uid|actor/session/credential_uid"
    case session = "actor/session/uid"
    case sessionStart = "actor/session/created_time_dt"
    case issuer = "actor/session/issuer"
    case invokedBy = "actor/invoked_by|actor/app_name|actor/app_uid"
    case subjectID = "user/uid"
    case subjectName = "user/name"
    case subjectMail = "user/email_addr"
    case subjectCredential = "user/credential_uid"
    case subjectSession = "session/uid"
    case service = "api/service/name|service/name"
    case operation = "api/operation"
    case request = "api/request/uid"
    case error = "api/response/error|status_code|status_detail"
    case code = "api/response/code|http_response/code"
    case statusID = "status_id"
    case status
    case address = "src_endpoint/ip"
    case host = "src_endpoint/domain|src_endpoint/hostname|src_endpoint/svc_name|src_endpoint/name"
    case agent = "http_request/user_agent"
    case region = "cloud/region"
    case country = "src_endpoint/location/country"
    case provider = "cloud/provider"
    case account = "cloud/account/uid|cloud/account_uid|cloud/project_uid"
    case resourceID = "resources/*/uid"
    case resourceName = "resources/*/name"
    case resource = "resource/uid|resource/name"
    case sent = "traffic/bytes_out"
    case received = "traffic/bytes_in"
    var need: JSONNeed { self == .agent || self == .subjectName || self == .userName ? .caller : .scalar }
  }

  static let envelopes = ["", "event/"]
  static let lists = ["events"]

  mutating func normalise(_ record: JSONRecord<Field>, into event: inout LogEvent, _ kit: inout EventKit) -> Fate {
    let isKnown = !record[.classID].isEmpty && !record[.time].isEmpty
    guard isKnown, !record[.categoryID].isEmpty || !record[.version].isEmpty || !record[.activityID].isEmpty else {
      return .foreign
    }
    let family = record[.classID]
    if family.count != 4 || family[0] != UInt8(ascii: "3") && family[0] != UInt8(ascii: "6") { return .filtered }
    event.id = record[.id]
    event.time = kit.instant(record[.time])
    identify(record, &event, &kit)
    event.call = call(record, &kit)
    judge(record, &event)
    event.locate(RawText.first(record[.address], record[.host]))
    event.agent = record[.agent]
    event.region = RawText.first(record[.region], record[.country])
    event.account = record[.account]
    event.place = event.account.hasPrefix("arn:") ? .none : kit.place(platform(record), event.account)
    event.bytesOut = UInt64(record[.sent].string)
    event.bytesIn = UInt64(record[.received].string)
    for item in record.list(.resourceID) { event.addResource(item.text) }
    if event.resourceCount == 0 { for item in record.list(.resourceName) { event.addResource(item.text) } }
    event.addResource(record[.resource])
    // Who is changed by an account change is what it is about.
    if !isSignIn(record) { event.addResource(RawText.first(record[.subjectID], record[.subjectName])) }
    return .event
  }

  private func isSignIn(_ record: JSONRecord<Field>) -> Bool { record[.classID].equals("3002") }

  private func platform(_ record: JSONRecord<Field>) -> StaticString {
    let provider = RawText.first(record[.provider], record[.vendor], record[.product])
    if provider.isWord("aws") || provider.isWord("amazon") { return "aws" }
    if provider.isWord("gcp") || provider.isWord("google") || provider.isWord("google cloud") { return "gcp" }
    return provider.isWord("azure") || provider.isWord("microsoft") ? "azure" : "ocsf"
  }

  /// The actor; of a sign-in without one, who signs in.
  private func identify(_ record: JSONRecord<Field>, _ event: inout LogEvent, _ kit: inout EventKit) {
    let hasActor = [.userID, .userName, .userAltID, .userMail].contains { !record[$0].isEmpty }
    let isSubject = !hasActor && isSignIn(record)
    let id = isSubject ? record[.subjectID] : record[.userID]
    let mail = isSubject ? record[.subjectMail] : record[.userMail]
    let name = RawText.first(isSubject ? record[.subjectName] : record[.userName], mail)
    event.userName = RawText.first(name, id)
    event.identityType = RawText.first(record[.userType], isSubject ? "User" : .none)
    event.identityAccount = record[.userAccount]
    event.credential = isSubject ? record[.subjectCredential] : record[.credential]
    event.isTemporary = event.credential.hasPrefix("ASIA")
    event.session = isSubject ? record[.subjectSession] : record[.session]
    event.sessionStart = record[.sessionStart]
    event.sessionIssuer = record[.issuer]
    event.invokedBy = record[.invokedBy]
    let arn = [record[.issuer], id, record[.userAltID], name].first { $0.hasPrefix("arn:") } ?? .none
    if isKubernetes(record) {
      event.identity = kit.kubernetesKey(name)
    } else if !arn.isEmpty {
      event.identity = kit.roleBehind(session: arn)
    } else if RawText(platform(record)).equals("gcp"), !mail.isEmpty || name.firstIndex(of: 0x40) != nil {
      event.identity = kit.googleKey(RawText.first(mail, name))
    } else {
      event.identity = plainKey(record, RawText.first(id, record[.userAltID], name), &kit)
    }
  }

  /// Its users may come with the ARN of the node or role behind them, and act as themselves.
  private func isKubernetes(_ record: JSONRecord<Field>) -> Bool {
    let product = record[.product]
    return product.contains("EKS") || product.contains("Kubernetes") || record[.userName].hasPrefix("system:")
  }

  private func plainKey(_ record: JSONRecord<Field>, _ id: RawText, _ kit: inout EventKit) -> RawText {
    if id.known.isEmpty { return .none }
    let producer = kit.lowercased(RawText.first(record[.provider], record[.vendor], record[.product], "ocsf"))
    let account = RawText.first(record[.userAccount], record[.account])
    let place = account.isEmpty ? RawText.none : kit.join(account, "/")
    // 4: a service, not a person.
    let kind: RawText = record[.userTypeID].equals("4") ? "service/" : "user/"
    return kit.join(kit.join(producer, ":"), place, kind, id)
  }

  private func call(_ record: JSONRecord<Field>, _ kit: inout EventKit) -> Call {
    let className = RawText.first(record[.className], record[.classID])
    let operation = RawText.first(record[.operation], record[.activityName], record[.activityID])
    if record[.service].isServiceHost && !record[.operation].isEmpty { return kit.awsCall(record[.service], operation) }
    return kit.call(RawText.first(record[.service], record[.operation].isEmpty ? className : .none), operation)
  }

  private func judge(_ record: JSONRecord<Field>, _ event: inout LogEvent) {
    event.judge(http: record[.code])
    let (id, status) = (record[.statusID], record[.status])
    if id.equals("1") || id.equals("2") || status.isWord("success") || status.isWord("failure") {
      event.isOutcomeKnown = true
      event.isFailed = id.equals("2") || id.isEmpty && status.isWord("failure")
    }
    event.status = RawText.first(record[.error], record[.code])
    let error = record[.error]
    let isRefusal = error.contains("AccessDenied") || error.contains("Unauthorized") || error.isWord("forbidden")
    event.isDenied = event.isFailed && (event.isDenied || isRefusal)
  }
}
