extension LogFormat {
  /// S3 server access logs, as S3 writes them.
  static let s3Access = LogFormat("s3-access", lines: S3AccessLine.self)
  /// The same with a name for each field, as collectors turn them into JSON.
  static let s3AccessJSON = LogFormat("s3-access-json", json: S3AccessJSON.self)
}

/// Amazon S3 User Guide, "Amazon S3 server access log format". Fields by their place; new ones are added at the end. The request is in
/// quotes; of what S3 does of itself or of one object among several (`BATCH.DELETE.OBJECT`) there is none: a bare `-`.
private struct S3AccessLine: LineMapping {
  private var tokens = AccessTokens()
  private var clock = AccessClock()

  mutating func normalise(_ line: RawText, into event: inout LogEvent, _ kit: inout EventKit) -> Fate {
    guard tokens.read(line) else { return .unreadable("a quote or a bracket is not closed") }
    guard tokens.count >= 17, tokens[0].count >= 32, tokens.kind(2) == .bracketed,
      tokens.kind(8) == .quoted || tokens[8].isEmpty, tokens[6].isS3Operation
    else { return .foreign }
    event.time = clock.time(tokens[2])
    if event.time == LogEvent.noTime { return .foreign }
    let record = S3Access(
      bucket: tokens[1], address: tokens[3], requester: tokens[4], id: tokens[5], operation: tokens[6], key: tokens[7],
      status: tokens[9], error: tokens[10], bytes: tokens[11], agent: tokens[16])
    record.fill(&event, &kit)
    return .event
  }
}

private struct S3AccessJSON: JSONMapping {
  enum Field: String, JSONField {
    case owner = "bucketowner|bucket_owner"
    case bucket = "bucket|bucket_name"
    case time = "time|requestdatetime|timestamp"
    case address = "remoteip|remote_ip"
    case requester
    case id = "requestid|request_id"
    case operation, key
    case status = "httpstatus|http_status"
    case error = "errorcode|error_code"
    case bytes = "bytessent|bytes_sent"
    case agent = "useragent|user_agent"

    var need: JSONNeed { self == .key || self == .agent ? .caller : .scalar }
  }

  private var clock = AccessClock()

  mutating func normalise(_ record: JSONRecord<Field>, into event: inout LogEvent, _ kit: inout EventKit) -> Fate {
    guard !record[.bucket].isEmpty, record[.operation].isS3Operation else { return .foreign }
    event.time = clock.time(record[.time])
    if event.time == LogEvent.noTime { event.time = kit.time(record[.time]) }
    let record = S3Access(
      bucket: record[.bucket], address: record[.address], requester: record[.requester], id: record[.id],
      operation: record[.operation], key: record[.key], status: record[.status], error: record[.error],
      bytes: record[.bytes], agent: record[.agent])
    record.fill(&event, &kit)
    return .event
  }
}

/// What a line says, however it is written.
private struct S3Access {
  let bucket, address, requester, id, operation, key, status, error, bytes, agent: RawText

  func fill(_ event: inout LogEvent, _ kit: inout EventKit) {
    event.id = id
    identify(&event, &kit)
    event.locate(address)
    event.judge(http: status)
    if !error.isEmpty { event.status = error }
    event.bytesOut = count(bytes)
    event.agent = agent
    event.call = kit.call("s3", operation, permission: kit.s3Permission(operation))
    let bucket = kit.join("arn:aws:s3:::", bucket)
    event.addResource(key.isEmpty ? bucket : kit.join(bucket, "/", key))
  }

  /// The requester is an ARN, a canonical user id, the name of a service, or nothing for the anonymous.
  private func identify(_ event: inout LogEvent, _ kit: inout EventKit) {
    if requester.isEmpty {
      event.identityType = "Anonymous"
      return
    }
    event.userName = requester
    if requester.hasPrefix("arn:") {
      event.identity = kit.roleBehind(session: requester)
      if !(event.identity == requester) { event.session = requester }
      event.identityType = requester.contains(":user/") ? "IAMUser" : "AssumedRole"
    } else if requester.hasPrefix("svc:") {
      event.identity = requester.dropFirst(4)
      event.identityType = "AWSService"
    } else {
      event.identity = kit.join("aws:canonical-user/", requester)
      event.identityType = "CanonicalUser"
    }
  }
}

extension EventKit {
  /// The role that a session's ARN belongs to, without the path that the session does not show:
  /// `arn:aws:sts::A:assumed-role/R/S` → `arn:aws:iam::A:role/R`. Other ARNs as they are.
  mutating func roleBehind(session: RawText) -> RawText {
    guard let arn = session.dropPrefix("arn:"), let end = arn.firstIndex(of: UInt8(ascii: ":")),
      let rest = arn.dropFirst(end).dropPrefix(":sts::"), let colon = rest.firstIndex(of: UInt8(ascii: ":")),
      let name = rest.dropFirst(colon).dropPrefix(":assumed-role/")
    else { return session }
    let head = join("arn:", arn.prefix(end), ":iam::", rest.prefix(colon), ":role/")
    return join(head, name.prefix(upTo: UInt8(ascii: "/")))
  }

  /// The permission that an operation needs: `REST.GET.OBJECT` → `s3:GetObject`. Operations whose permission is not plain keep their
  /// own name.
  fileprivate mutating func s3Permission(_ operation: RawText) -> RawText {
    let table: [(StaticString, StaticString)] = [
      ("REST.GET.OBJECT", "s3:GetObject"), ("REST.HEAD.OBJECT", "s3:GetObject"), ("REST.PUT.OBJECT", "s3:PutObject"),
      ("REST.POST.OBJECT", "s3:PutObject"), ("REST.COPY.OBJECT", "s3:PutObject"), ("REST.PUT.PART", "s3:PutObject"),
      ("REST.POST.UPLOADS", "s3:PutObject"), ("REST.POST.UPLOAD", "s3:PutObject"),
      ("REST.COPY.OBJECT_GET", "s3:GetObject"), ("REST.DELETE.OBJECT", "s3:DeleteObject"),
      ("REST.POST.MULTI_OBJECT_DELETE", "s3:DeleteObject"), ("BATCH.DELETE.OBJECT", "s3:DeleteObject"),
      ("REST.GET.BUCKET", "s3:ListBucket"), ("REST.HEAD.BUCKET", "s3:ListBucket"),
      ("REST.GET.BUCKETVERSIONS", "s3:ListBucketVersions"), ("REST.GET.ACL", "s3:GetObjectAcl"),
      ("REST.PUT.ACL", "s3:PutObjectAcl"), ("REST.GET.BUCKETPOLICY", "s3:GetBucketPolicy"),
      ("REST.PUT.BUCKETPOLICY", "s3:PutBucketPolicy"), ("REST.GET.LOCATION", "s3:GetBucketLocation"),
      ("REST.GET.OBJECT_TAGGING", "s3:GetObjectTagging"), ("REST.PUT.OBJECT_TAGGING", "s3:PutObjectTagging"),
      ("REST.GET.VERSIONING", "s3:GetBucketVersioning"), ("REST.PUT.VERSIONING", "s3:PutBucketVersioning"),
    ]
    return table.first { operation.equals($0.0) }.map { RawText($0.1) } ?? .none
  }
}

extension RawText {
  /// `REST.GET.OBJECT`, `S3.EXPIRE.OBJECT`, `WEBSITE.…`, `SOAP.…`, `BATCH.…`
  fileprivate var isS3Operation: Bool {
    let kinds: [StaticString] = ["REST.", "S3.", "WEBSITE.", "SOAP.", "BATCH."]
    return kinds.contains { hasPrefix($0) }
  }
}
