extension LogFormat {
  /// HashiCorp Vault's (and OpenBao's) audit devices.
  static let vaultAudit = LogFormat("vault-audit", json: VaultAudit.self)
}

/// Vault documentation, "Audit devices" and "Audit log schema". Each request has two lines with one id; the response says how it ended,
/// so the request's line is passed over. Where audit is set to log requests alone, nothing is counted, and `status` shows a source
/// without events.
///
/// Who acted is the role of AppRole (`vault:approle/<role>`), else the entity (`vault:entity/<id>`), else the token by its name
/// (`vault:name/<name>`); `vault:root` is the root token. The log does not name the cluster; in a namespace `ns=<path>/` stands
/// before the kind, which no cluster is called. Accessors and secret ids are HMACs with a salt of the device: ids, no secrets.
private struct VaultAudit: JSONMapping {
  enum Field: String, JSONField {
    case type, time, error
    case id = "request/id"
    case operation = "request/operation"
    case path = "request/path"
    case namespace = "request/namespace/path"
    case mount = "request/mount_type"
    case address = "request/remote_address"
    case agent = "request/headers/user-agent/*|request/headers/User-Agent/*"
    case secretID = "request/data/secret_id"
    case secretAccessor = "request/data/secret_id_accessor"
    case namedAccessor = "request/data/accessor"
    case entity = "auth/entity_id"
    case name = "auth/display_name"
    case accessor = "auth/accessor|request/client_token_accessor"
    case role = "auth/metadata/role_name"
    case otherRole = "auth/metadata/role"
    case tokenType = "auth/token_type"
    case isAllowed = "auth/policy_results/allowed"
    case issuedAccessor = "response/auth/accessor"
    case issuedEntity = "response/auth/entity_id"
    case issuedName = "response/auth/display_name"
    case issuedRole = "response/auth/metadata/role_name"
    case madeSecret = "response/data/secret_id_accessor"
    case wrapped = "response/wrap_info/accessor"

    var need: JSONNeed { self == .agent || self == .path || self == .error ? .caller : .scalar }
  }

  static let envelopes = ["", "message/@json/", "log/@json/"]

  mutating func normalise(_ record: JSONRecord<Field>, into event: inout LogEvent, _ kit: inout EventKit) -> Fate {
    guard !record[.operation].isEmpty, !record[.path].isEmpty,
      record[.type].equals("request") || record[.type].equals("response")
    else { return .foreign }
    if record[.type].equals("request") { return .filtered }
    event.time = kit.time(record[.time])
    event.id = record[.id]
    identify(record, &event, &kit)
    let path = record[.path]
    let service = record[.mount].isEmpty ? path.prefix(upTo: UInt8(ascii: "/")) : record[.mount]
    event.call = kit.call("vault", kit.join(record[.operation], " ", service))
    event.addResource(kit.join(record[.namespace], path))
    event.status = record[.error]
    event.isFailed = !record[.error].isEmpty
    event.isDenied =
      record[.error].contains("permission denied") || event.isFailed && record[.isAllowed].equals("false")
    event.locate(record[.address])
    event.agent = record[.agent]
    event.account = record[.namespace]
    event.place = kit.place("vault", record[.namespace])
    event.issuedCredential = .first(record[.issuedAccessor], record[.wrapped])
    note(record, &event, &kit)
    return .event
  }

  /// `vault:` or `vault:ns=<namespace>/`.
  private func head(_ record: JSONRecord<Field>, _ kit: inout EventKit) -> RawText {
    // The path of a namespace ends in `/`.
    record[.namespace].isEmpty ? "vault:" : kit.join("vault:ns=", record[.namespace])
  }

  private func identify(_ record: JSONRecord<Field>, _ event: inout LogEvent, _ kit: inout EventKit) {
    // A login has no token yet: who logs in is who the response names.
    let isLogin = record[.accessor].isEmpty && record[.entity].isEmpty && !record[.issuedName].isEmpty
    let entity = isLogin ? record[.issuedEntity] : record[.entity]
    let name = isLogin ? record[.issuedName] : record[.name]
    let role = isLogin ? record[.issuedRole] : record[.role]
    event.userName = name
    event.credential = record[.accessor]
    event.isTemporary = !event.credential.isEmpty
    event.session = record[.accessor]
    // With `log_raw` it would be the secret itself.
    if isLogin && record[.secretID].hasPrefix("hmac-") { event.credential = record[.secretID] }
    let head = head(record, &kit)
    if name.equals("root") {
      (event.identityType, event.identity) = ("Root", kit.join(head, "root"))
    } else if !role.isEmpty {
      (event.identityType, event.identity) = ("AppRole", kit.join(head, "approle/", role))
    } else if !entity.isEmpty {
      (event.identityType, event.identity) = ("Entity", kit.join(head, "entity/", entity))
    } else if !name.isEmpty {
      (event.identityType, event.identity) = ("Token", kit.join(head, "name/", name))
    }
  }

  /// Tokens that were revoked, and secret ids of roles, made and destroyed: `auth/<mount>/role/<role>/secret-id…`.
  private func note(_ record: JSONRecord<Field>, _ event: inout LogEvent, _ kit: inout EventKit) {
    let path = record[.path]
    guard !event.isFailed, path.hasPrefix("auth/") else { return }
    if path.hasPrefix("auth/token/revoke-") {
      let token =
        path.equals("auth/token/revoke-self")
        ? record[.accessor] : path.equals("auth/token/revoke-accessor") ? record[.namedAccessor] : .none
      if token.isEmpty { return }
      event.lifecycle = LifecycleChange(kind: .deleted, credential: token, owner: .none, isOfSession: true)
      return
    }
    guard path.contains("/secret-id") else { return }
    let parts = path.bytes.split(separator: UInt8(ascii: "/"))
    guard parts.count >= 5, parts[2].elementsEqual("role".utf8) else { return }
    let role = path.dropFirst(parts[3].startIndex).prefix(parts[3].count)
    let owner = kit.join(head(record, &kit), "approle/", role)
    if !record[.madeSecret].isEmpty {
      event.lifecycle = LifecycleChange(kind: .created, credential: record[.madeSecret], owner: owner)
    } else if path.hasSuffix("/destroy") || record[.operation].equals("delete"), !record[.secretAccessor].isEmpty {
      event.lifecycle = LifecycleChange(kind: .deleted, credential: record[.secretAccessor], owner: owner)
    }
  }
}
