extension LogFormat {
  /// HashiCorp Vault's (and OpenBao's) audit devices.
  static let vaultAudit = LogFormat("vault-audit", json: VaultAudit.self)
}

/// Vault documentation, "Audit devices". Each request has two lines with one id; the response says how it ended, so the request's line is
/// passed over. Where audit is set to log requests alone, nothing is counted, and `status` shows a source without events.
///
/// Who acted is the entity (`vault:entity/<id>`), else the role that the token was issued to. Accessors and tokens are HMACs.
private struct VaultAudit: JSONMapping {
  enum Field: String, JSONField {
    case type, time, error
    case id = "request/id"
    case operation = "request/operation"
    case path = "request/path"
    case namespace = "request/namespace/path"
    case mount = "request/mount_type"
    case mountPoint = "request/mount_point"
    case address = "request/remote_address"
    case agent = "request/headers/user-agent/*"
    case entity = "auth/entity_id"
    case name = "auth/display_name"
    case accessor = "auth/accessor|request/client_token_accessor"
    case role = "auth/metadata/role_name|auth/metadata/role"
    case tokenType = "auth/token_type"
    case issuedAccessor = "response/auth/accessor"
    case issuedEntity = "response/auth/entity_id"
    case issuedName = "response/auth/display_name"
    case wrapped = "response/wrap_info/accessor"

    var need: JSONNeed { self == .agent || self == .path ? .caller : .scalar }
  }

  mutating func normalise(_ record: JSONRecord<Field>, into event: inout LogEvent, _ kit: inout EventKit) -> Fate {
    guard !record[.operation].isEmpty, !record[.path].isEmpty,
      record[.type].equals("request") || record[.type].equals("response")
    else { return .foreign }
    if record[.type].equals("request") { return .filtered }
    event.time = kit.time(record[.time])
    event.id = record[.id]
    identify(record, &event, &kit)
    let service = record[.mount].isEmpty ? record[.path].prefix(upTo: UInt8(ascii: "/")) : record[.mount]
    event.call = kit.call("vault", kit.join(record[.operation], " ", service))
    event.addResource(record[.namespace].isEmpty ? record[.path] : kit.join(record[.namespace], record[.path]))
    event.status = record[.error]
    event.isFailed = !record[.error].isEmpty
    event.isDenied = record[.error].contains("permission denied")
    event.locate(record[.address])
    event.agent = record[.agent]
    event.account = record[.namespace]
    event.issuedCredential = record[.issuedAccessor].isEmpty ? record[.wrapped] : record[.issuedAccessor]
    return .event
  }

  private func identify(_ record: JSONRecord<Field>, _ event: inout LogEvent, _ kit: inout EventKit) {
    // A login has no token yet: who logs in is who the response names.
    let isLogin = record[.accessor].isEmpty && !record[.issuedAccessor].isEmpty
    let entity = isLogin ? record[.issuedEntity] : record[.entity]
    let name = isLogin ? record[.issuedName] : record[.name]
    event.userName = name
    event.identityType = record[.role].isEmpty ? .none : "AppRole"
    event.credential = record[.accessor]
    event.isTemporary = !event.credential.isEmpty
    event.session = record[.accessor]
    if name.equals("root") {
      event.identity = "vault:root"
    } else if !entity.isEmpty {
      event.identity = kit.join("vault:entity/", entity)
    } else if !record[.role].isEmpty {
      event.identity = kit.join("vault:approle/", record[.role])
    } else if !name.isEmpty {
      event.identity = kit.join("vault:name/", name)
    }
  }
}
