extension LogFormat {
  /// The audit and security logs of GitHub organisations, enterprises and people: REST API, export and streams.
  static let gitHub = LogFormat("github", json: GitHubAudit.self)
}

/// GitHub Docs, "Audit log events for your enterprise", "Identifying audit log events performed by an access token" and "Streaming the
/// audit log for your enterprise".
///
/// People and machine users are `github:user/<login>`: a login is the same in every organisation. Apps act as `<slug>[bot]` and are
/// `github:<org>/app/<slug>`, without an organisation `github:app/<slug>`. Deploy keys are `github:<owner>/<repo>/deploy-key/<id>`;
/// where the record has only the key's hash, that with `sha256:` before it stands for the id.
private struct GitHubAudit: JSONMapping {
  enum Field: String, JSONField {
    case action, actor, org, business, repo, user, fingerprint
    case team = "team|data/team"
    case time = "@timestamp|created_at|at_sign_timestamp|timestamp"
    case id = "_document_id"
    case actorID = "actor_id"
    case isBot = "actor_is_bot"
    case address = "actor_ip|actor_location/ip|ip_address"
    case country = "actor_location/country_code|actor_location/country_name|country_code"
    case agent = "user_agent"
    case access = "programmatic_access_type"
    case token = "hashed_token|token_id"
    case keyID = "deploy_key_id|pubkey_id|key_id|deploy_key/id"
    case keyHash = "deploy_key_fingerprint|key_fingerprint|public_key_fingerprint"
    case app = "oauth_application_name|integration|application_name|oauth_application|oauth_application_id"
    case repository = "repository|repository_name"
    case repositories = "repositories/*|repository_names/*|repositories_added_names/*"
    case operation = "operation_type"
    case status = "status_code"
    case path = "url_path"
    case reason
    var need: JSONNeed { self == .agent || self == .path ? .caller : .scalar }
  }

  /// Splunk's collector wraps the streamed event.
  static let envelopes = ["", "event/"]
  static let lists = ["data", "records"]

  mutating func normalise(_ record: JSONRecord<Field>, into event: inout LogEvent, _ kit: inout EventKit) -> Fate {
    let action = record[.action]
    guard action.firstIndex(of: UInt8(ascii: ".")) != nil, !record[.time].isEmpty else { return .foreign }
    let places: [Field] = [.org, .business, .repo, .repository, .operation, .id, .access, .actorID, .country]
    let told = places.count { !record[$0].isEmpty }
    if told == 0 || told == 1 && record[.actor].isEmpty { return .foreign }
    event.time = kit.instant(record[.time])
    event.id = record[.id]
    identify(record, &event, &kit)
    event.call = kit.call("github", action)
    judge(record, &event)
    event.locate(record[.address])
    event.region = record[.country]
    event.agent = record[.agent]
    event.account = record[.org].isEmpty ? record[.business] : record[.org]
    event.place = kit.place("github", event.account)
    addResources(record, &event)
    changeCredential(record, &event, &kit)
    return .event
  }

  private func identify(_ record: JSONRecord<Field>, _ event: inout LogEvent, _ kit: inout EventKit) {
    let (actor, access) = (record[.actor], record[.access])
    event.userName = actor
    event.credential = record[.token]
    if access.isWord("deploy key") || actor.equals("deploy_key") {
      event.identityType = "DeployKey"
      let hash = record[.keyHash].isEmpty ? record[.token] : record[.keyHash]
      if event.credential.isEmpty { event.credential = hash }
      let id = record[.keyID].isEmpty && !hash.isEmpty ? kit.join("sha256:", hash) : record[.keyID]
      if !repository(record).isEmpty && !id.isEmpty {
        event.identity = kit.join("github:", repository(record), "/deploy-key/", id)
      }
      return
    }
    if actor.isEmpty { return }
    let isInstallation = access.equals("GitHub App server-to-server token")
    if actor.hasSuffix("[bot]") || isInstallation && record[.isBot].equals("true") {
      event.identityType = "App"
      event.isTemporary = isInstallation
      let slug = actor.hasSuffix("[bot]") ? actor.prefix(actor.count - 5) : actor
      let owner = record[.org].isEmpty ? repository(record).prefix(upTo: UInt8(ascii: "/")) : record[.org]
      event.identity = owner.isEmpty ? kit.join("github:app/", slug) : kit.join("github:", owner, "/app/", slug)
      return
    }
    event.identityType = record[.isBot].equals("true") ? "Bot" : "User"
    event.identity = kit.join("github:user/", actor)
    // An app that acts on behalf of a person.
    if access.hasPrefix("OAuth") || access.hasPrefix("GitHub App user-to-server") { event.invokedBy = record[.app] }
  }

  private func repository(_ record: JSONRecord<Field>) -> RawText {
    record[.repo].isEmpty ? record[.repository] : record[.repo]
  }

  /// The audit log tells what was done: only requests have a status, and only a few actions are failures or refusals by name.
  private func judge(_ record: JSONRecord<Field>, _ event: inout LogEvent) {
    event.judge(http: record[.status])
    let action = record[.action]
    if action.hasSuffix(".failed_login") || action.hasSuffix("_failed") || action.hasSuffix("failure") {
      (event.isFailed, event.isOutcomeKnown) = (true, true)
    } else if action.equals("protected_branch.rejected_ref_update") {
      (event.isFailed, event.isDenied, event.isOutcomeKnown) = (true, true, true)
    } else if action.equals("user.login") {
      event.isOutcomeKnown = true
    }
    if event.status.isEmpty { event.status = record[.reason] }
  }

  private func addResources(_ record: JSONRecord<Field>, _ event: inout LogEvent) {
    event.addResource(repository(record))
    for item in record.list(.repositories) { event.addResource(item.text) }
    if !(record[.user] == record[.actor]) { event.addResource(record[.user]) }
    event.addResource(record[.team])
    event.addResource(record[.path])
    if event.resourceCount == 0 { event.addResource(event.account) }
  }

  /// SSH and deploy keys, known by their fingerprints.
  private func changeCredential(_ record: JSONRecord<Field>, _ event: inout LogEvent, _ kit: inout EventKit) {
    let (action, key) = (record[.action], record[.fingerprint])
    if !action.hasPrefix("public_key.") || key.isEmpty { return }
    if action.hasSuffix(".create") {
      event.lifecycle = LifecycleChange(kind: .created, credential: key, owner: .none)
    } else if action.hasSuffix(".delete") {
      event.lifecycle = LifecycleChange(kind: .deleted, credential: key, owner: .none)
    }
  }
}
