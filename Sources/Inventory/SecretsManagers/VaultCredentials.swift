import Base
import Documents
import Model

/// Lists of Vault, the secret ids of AppRoles, and tokens by their accessors.
extension InventoryReading {
  mutating func readVaultList(_ data: Node, _ path: VaultPath, at place: Place) {
    let keys = data["keys"]?.elements.compactMap(\.text) ?? []
    if data["key_info"] != nil {
      // A list of entities or groups has names only; the answers on each have the rest.
      return setAside(
        keys, "entities or groups", "read each: `identity/entity/id/ID`, `identity/group/id/ID`", at: place)
    }
    if path.speaks(of: "secret-id") || path.speaks(of: "secret_id") {
      for key in keys { take(CredentialFact(id: key, kind: "secret-id", status: .unknown), path, at: place) }
    } else if path.speaks(of: "approle"), !path.speaks(of: "accessor") {
      for key in keys {
        var fact = vaultIdentity(.role, key, vaultKey("approle/\(key)", at: place))
        fact.mark(unknowable: "grants")
        add(fact, at: place)
      }
    } else {
      setAside(keys, "names", "read each of them; `PATH.json` should tell what the list is of", at: place)
    }
  }

  private mutating func setAside(_ keys: [String], _ what: String, _ hint: String, at place: Place) {
    countFiltered(UInt64(keys.count))
    if keys.isEmpty { return }
    diagnose(.warning, place, "this list of Vault holds \(what) alone", hint: hint)
  }

  mutating func readSecretID(_ data: Node, _ path: VaultPath, at place: Place) {
    guard let id = data["secret_id_accessor"]?.text, !id.isEmpty else {
      return refuse(place, "the secret id has no accessor")
    }
    if data["secret_id"] != nil { warnOfSecret(data) }
    var credential = CredentialFact(id: id, kind: "secret-id", status: .active)
    credential.created = readInstant(data["creation_time"])
    credential.lastRotated = credential.created
    setExpiry(data["expiration_time"], ttl: data["secret_id_ttl"], of: &credential)
    take(credential, path, at: place)
  }

  /// Year 1 and no time to live both say "never".
  private mutating func setExpiry(_ time: Node?, ttl: Node?, of credential: inout CredentialFact) {
    if let text = time?.text, !text.isEmpty, !text.hasPrefix("0001-01-01") {
      credential.expires = readInstant(time)
    } else {
      credential.neverExpires = (ttl?.text ?? "0") == "0"
    }
  }

  /// A secret id belongs to the role that the path names; where none does, it stands for itself.
  private mutating func take(_ credential: CredentialFact, _ path: VaultPath, at place: Place) {
    let role = path.after("role")
    if role == nil, !vault.hasToldRole {
      vault.hasToldRole = true
      diagnose(
        .warning, place, "the answer does not say whose secret id it is",
        hint: "write it to `auth/approle/role/NAME/secret-id/….json`")
    }
    let principal = vaultKey(role.map { "approle/\($0)" } ?? "secret-id/\(credential.id)", at: place)
    vault.credentials.append(
      .init(principal: principal, name: role ?? credential.id, credential: credential, place: place))
    countUsed()
  }

  /// `auth/token/lookup-accessor`: whose token it is, as the audit log's reader tells it.
  mutating func readToken(_ data: Node, at place: Place) {
    guard let accessor = data["accessor"]?.text, !accessor.isEmpty else {
      // Batch tokens have none.
      return countFiltered()
    }
    if let id = data["id"]?.text, !id.isEmpty { warnOfSecret(data) }
    var credential = CredentialFact(id: accessor, kind: "token", status: .active)
    credential.created = readInstant(data["issue_time"] ?? data["creation_time"])
    setExpiry(data["expire_time"], ttl: data["ttl"], of: &credential)
    let (name, entity) = (data["display_name"]?.text ?? "", data["entity_id"]?.text ?? "")
    let policies = vaultPolicies(data)
    let rest: String
    if name == "root" || policies == ["root"] {
      rest = "root"
    } else if let role = data["meta"]?["role_name"]?.text {
      rest = "approle/\(role)"
    } else {
      rest = entity.isEmpty ? "name/\(name.isEmpty ? accessor : name)" : "entity/\(entity)"
    }
    let principal = vaultKey(rest, at: place)
    vault.credentials.append(
      .init(principal: principal, name: principal.shortName, credential: credential, place: place))
    vault.holders.append(.init(principal: principal, policies: policies, place: place))
    countUsed()
  }
}
