extension TrailRecord {
  /// Adds what the call was about: the record's `resources`, else what its parameters name.
  func appendResources(of service: TrailService, to event: inout LogEvent, _ scratch: inout Scratch) {
    let count = mentionCount
    if count == 0 {
      // Whoever makes a key for himself names nobody.
      if !madeKeyUser.isEmpty { add(ownerOfMadeKey(event, &scratch), &event) }
      return
    }
    appendListed(of: service, &event, &scratch)
    if event.resourceCount > 0 { return }
    if service.isS3 { return appendBucket(&event, &scratch) }
    for rule in service.rules {
      for index in 0..<count where mention(index).kind == rule.kind && !mention(index).text.isEmpty {
        add(arn(rule, mention(index).text, service, event, &scratch), &event)
      }
      if event.resourceCount > 0 && !service.namesAll { return }
    }
  }

  private func ownerOfMadeKey(_ event: borrowing LogEvent, _ scratch: inout Scratch) -> RawText {
    if madeKeyUser == userName, arn.contains(":user/") { return arn }
    let path = scratch.join("arn:", RawText(partition), ":iam::", event.account, ":user/")
    return scratch.join(path, madeKeyUser)
  }

  /// `resources[]`. Of an S3 object and its bucket, only the object: the permission is about that.
  private func appendListed(of service: TrailService, _ event: inout LogEvent, _ scratch: inout Scratch) {
    var hasObject = false
    for index in 0..<mentionCount {
      let mention = mention(index)
      guard mention.kind == .arn || mention.kind == .arnPrefix, !mention.text.isEmpty else { continue }
      if mention.kind == .arn {
        hasObject = hasObject || (service.isS3 && mention.text.firstIndex(of: UInt8(ascii: "/")) != nil)
        add(mention.text, &event)
      }
    }
    if !hasObject || event.resourceCount < 2 { return }
    var kept = 0
    for index in 0..<event.resourceCount where event.resources[index].firstIndex(of: UInt8(ascii: "/")) != nil {
      event.resources[kept] = event.resources[index]
      kept += 1
    }
    event.resourceCount = kept
  }

  private func appendBucket(_ event: inout LogEvent, _ scratch: inout Scratch) {
    var (bucket, key) = (RawText.none, RawText.none)
    for index in 0..<mentionCount {
      let mention = mention(index)
      if mention.kind == .bucketName { bucket = mention.text }
      if mention.kind == .key { key = mention.text }
    }
    if bucket.isEmpty { return }
    let name = scratch.join("arn:", RawText(partition), ":s3:::", bucket)
    add(key.isEmpty ? name : scratch.join(name, "/", key), &event)
  }

  private func arn(
    _ rule: TrailService.Rule, _ value: RawText, _ service: TrailService, _ event: borrowing LogEvent,
    _ scratch: inout Scratch
  ) -> RawText {
    if value.hasPrefix("arn:") { return value }
    var prefix = RawText(rule.prefix)
    var name = value
    if rule.kind == .queueURL {
      // https://sqs.<region>.amazonaws.com/<account>/<name>
      name = value.lastComponent
    } else if rule.kind == .keyID, value.hasPrefix("alias/") {
      prefix = .none
    } else if service.isSSM, rule.kind != .name, rule.kind != .names {
      // Instances of EC2 and of others, known by their ids; a target may be a task of ECS, too.
      if value.hasPrefix("i-") { return instance(value, event, &scratch) }
      if !value.hasPrefix("mi-") { return value }
    } else if prefix.hasSuffix("/"), value.hasPrefix("/") {
      name = value.dropFirst(1)
    }
    let region = rule.place == .account ? RawText.none : self.region
    let owner = rule.place == .withoutAccount ? RawText.none : event.account
    let head = scratch.join("arn:", RawText(partition), ":", RawText(service.name), ":")
    return scratch.join(scratch.join(head, region, ":", owner, ":"), prefix, name)
  }

  private func instance(_ id: RawText, _ event: borrowing LogEvent, _ scratch: inout Scratch) -> RawText {
    let head = scratch.join("arn:", RawText(partition), ":ec2:", region, ":")
    return scratch.join(head, event.account, ":instance/", id)
  }

  private func add(_ resource: RawText, _ event: inout LogEvent) {
    for index in 0..<event.resourceCount where event.resources[index] == resource { return }
    if event.resourceCount == event.resources.count {
      event.resources.append(resource)
    } else {
      event.resources[event.resourceCount] = resource
    }
    event.resourceCount += 1
  }

  /// What the call did to an access key.
  func lifecycle(
    _ kind: LifecycleChange.Kind, _ event: borrowing LogEvent, _ scratch: inout Scratch
  ) -> LifecycleChange? {
    if event.isFailed || event.time == LogEvent.noTime { return nil }
    var (key, user, status) = (madeKey, madeKeyUser, RawText.none)
    for index in 0..<mentionCount {
      let mention = mention(index)
      if mention.kind == .accessKeyID { key = mention.text }
      if mention.kind == .userName { user = mention.text }
      if mention.kind == .status { status = mention.text }
    }
    if key.isEmpty { return nil }
    var kind = kind
    if kind == .enabled { kind = status.equals("Inactive") ? .disabled : .enabled }
    // Without a user name the call is about the caller's own key.
    let isOwn = user.isEmpty || (user == userName && !arn.isEmpty && issuer.isEmpty)
    let path = scratch.join("arn:", RawText(partition), ":iam::", event.account, ":user/")
    return LifecycleChange(kind: kind, credential: key, owner: isOwn ? event.identity : scratch.join(path, user))
  }
}
