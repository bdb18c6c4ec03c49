import Base
import Documents
import Model

extension InventoryFormat {
  /// Answers of HashiCorp Vault and OpenBao, as `vault read|list -format=json` and the API print them. They do not repeat the path that
  /// was asked: the file's path, or the key that an answer stands under, should hold it (`auth/approle/role/NAME.json`).
  static let vault = InventoryFormat(
    name: "vault",
    recognises: { content in
      guard let data = content.object?["data"], data.kind == .mapping else { return false }
      // Samples and wrappers often leave the lease out.
      let telling = ["bind_secret_id", "secret_id_accessor", "creation_ttl", "member_entity_ids", "bucket_key_hash"]
      return content.hasKeys("lease_duration", "renewable") || telling.contains { data[$0] != nil }
    },
    read: { content, reading in
      guard let data = content.object?["data"] else { return }
      reading.read(vault: data, VaultPath(content), at: content.place)
    })
}

/// The path that an answer is of, as far as its file's path and the keys around it tell.
struct VaultPath {
  let parts: [String]

  init(_ content: InventoryContent) {
    let file = content.path.split(separator: "/").map(String.init)
    let names = content.enclosing.flatMap { $0.name.split(separator: "/").map(String.init) }
    var parts = file + names
    for ending in [".json", ".yaml", ".hcl"] where parts.last?.hasSuffix(ending) ?? false {
      parts[parts.count - 1].removeLast(ending.count)
    }
    self.parts = parts
  }

  /// The part after another: `NAME` of `role/NAME`.
  func after(_ part: String) -> String? {
    guard let index = parts.lastIndex(of: part), index + 1 < parts.count else { return nil }
    return parts[index + 1]
  }

  /// The file's own name, without its ending.
  var last: String { parts.last ?? "" }

  /// Whether one of its parts speaks of it.
  func speaks(of word: String) -> Bool { parts.contains { $0.contains(word) } }
}

extension InventoryReading {
  fileprivate mutating func read(vault data: Node, _ path: VaultPath, at place: Place) {
    if data["keys"]?.kind == .sequence { return readVaultList(data, path, at: place) }
    if data["secret_id_accessor"] != nil { return readSecretID(data, path, at: place) }
    if data["bind_secret_id"] != nil { return readAppRole(data, path, at: place) }
    if data["canonical_id"] != nil { return countFiltered() }
    if data["member_entity_ids"] != nil { return readVaultGroup(data, at: place) }
    if data["aliases"] != nil || data["direct_group_ids"] != nil { return readEntity(data, at: place) }
    if data["accessor"] != nil, data["creation_ttl"] != nil { return readToken(data, at: place) }
    if let text = (data["policy"] ?? data["rules"])?.text {
      return readVaultPolicy(text, name: data["name"]?.text ?? path.after("acl") ?? path.last, at: place)
    }
    if data["token_policies"] != nil { return readLoginRole(data, path, at: place) }
    countFiltered()
    diagnose(
      .warning, place, "this answer of Vault says nothing of an identity", hint: "if it is a secret, delete the file")
  }

  /// `vault:approle/<name>`, as the audit log's reader calls it; a cluster or a namespace only where the source's `covers` has it.
  mutating func vaultKey(_ rest: String, at place: Place) -> PrincipalKey {
    // The audit log names no cluster either.
    let head = namedAccount(of: "vault", called: "cluster", at: place, isTold: false)
    return PrincipalKey(head.map { "vault:\($0)/\(rest)" } ?? "vault:\(rest)")
  }

  private mutating func readAppRole(_ data: Node, _ path: VaultPath, at place: Place) {
    let named = path.after("role") ?? data["role_name"]?.text
    if named == nil {
      diagnose(
        .warning, place, "the answer does not say which role it is of; `\(path.last)` is taken from the file's name",
        hint: "write it to `auth/approle/role/NAME.json`")
    }
    let name = named ?? path.last
    var fact = vaultIdentity(.role, name, vaultKey("approle/\(name)", at: place))
    fact.isEnabled = true
    fact.tags = ["bind_secret_id", "secret_id_ttl", "secret_id_num_uses", "token_ttl", "token_max_ttl"].compactMap {
      key in
      data[key]?.text.map { Tag(key: "muster:\(key.replacing("_", with: "-"))", value: $0) }
    }
    note(policies: data, of: fact.principal, at: place)
    add(fact, at: place)
  }

  /// A role of another way to log in: Kubernetes, JWT, AWS, GCP, Azure, certificates.
  private mutating func readLoginRole(_ data: Node, _ path: VaultPath, at place: Place) {
    let (mount, name) = (path.after("auth") ?? "auth", path.after("role") ?? path.last)
    var fact = vaultIdentity(.role, name, vaultKey("auth/\(mount)/role/\(name)", at: place))
    fact.isEnabled = true
    fact.unknowable.removeAll { $0 == "trusts" }
    func texts(_ key: String) -> [String] { AWSFields.list(data[key]).compactMap(\.text) }
    var principals: [String] = []
    for namespace in texts("bound_service_account_namespaces") {
      principals += texts("bound_service_account_names").map { "k8s:*/\(namespace)/\($0)" }
    }
    principals += texts("bound_iam_principal_arn").map { "AWS:\($0)" }
    principals += texts("bound_service_accounts").map { "gcp:serviceAccount:\($0.lowercased())" }
    if let subject = data["bound_subject"]?.text, !subject.isEmpty {
      principals.append("Federated:\(mount)#\(subject)")
    }
    let claims = data["bound_claims"].flatMap { $0.count > 0 ? $0.canonicalJSON() : nil }
    if principals.isEmpty { principals = ["Federated:\(mount)#*"] }
    fact.trusts = [
      TrustFact(effect: .allow, principals: Set(principals).sorted(), actions: ["vault:login"], condition: claims)
    ]
    note(policies: data, of: fact.principal, at: place)
    add(fact, at: place)
  }

  private mutating func readEntity(_ data: Node, at place: Place) {
    guard let id = data["id"]?.text, !id.isEmpty else { return refuse(place, "the entity has no `id`") }
    let aliases = AWSFields.list(data["aliases"])
    let people = ["userpass", "ldap", "oidc", "okta", "radius", "kerberos", "saml"]
    let isHuman = !aliases.isEmpty && aliases.allSatisfy { people.contains($0["mount_type"]?.text ?? "") }
    var fact = vaultIdentity(
      isHuman ? .user : .serviceAccount, data["name"]?.text ?? id, vaultKey("entity/\(id)", at: place))
    fact.uniqueID = id
    fact.created = readInstant(data["creation_time"])
    fact.isEnabled = data["disabled"]?.bool.map { !$0 } ?? true
    if isHuman { fact.tags.append(Tag(key: "muster:class", value: "human")) }
    fact.tags += (data["metadata"]?.members ?? []).map { Tag(key: $0.key.text ?? "", value: $0.value.text ?? "") }
    fact.trusts = aliases.map { alias in
      let mount = alias["mount_path"]?.text ?? alias["mount_type"]?.text ?? ""
      return TrustFact(
        effect: .allow, principals: ["Federated:\(mount)#\(alias["name"]?.text ?? "")"], actions: ["vault:login"],
        condition: nil)
    }
    fact.unknowable.removeAll { ["created", "tags", "trusts", "uniqueID"].contains($0) }
    note(policies: data, of: fact.principal, at: place)
    vault.entities[id] = fact.principal
    add(fact, at: place)
  }

  private mutating func readVaultGroup(_ data: Node, at place: Place) {
    guard let id = data["id"]?.text, !id.isEmpty else { return refuse(place, "the group has no `id`") }
    var fact = vaultIdentity(.group, data["name"]?.text ?? id, vaultKey("group/\(id)", at: place))
    fact.uniqueID = id
    fact.created = readInstant(data["creation_time"])
    fact.unknowable.removeAll { ["created", "uniqueID"].contains($0) }
    note(policies: data, of: fact.principal, at: place)
    vault.groups[id] = .init(
      name: fact.name, policies: vaultPolicies(data),
      entities: AWSFields.list(data["member_entity_ids"]).compactMap(\.text),
      groups: AWSFields.list(data["member_group_ids"]).compactMap(\.text))
    add(fact, at: place)
  }

  /// What is known of nothing but by name.
  func vaultIdentity(_ kind: IdentityKind, _ name: String, _ principal: PrincipalKey) -> IdentityFact {
    var fact = IdentityFact(principal: principal, kind: kind, name: name, source: source.name)
    fact.unknowable = ["created", "credentials", "credentials.lastUsed", "lastUsed", "tags", "trusts", "uniqueID"]
    return fact
  }

  private mutating func note(policies data: Node, of principal: PrincipalKey, at place: Place) {
    vault.holders.append(.init(principal: principal, policies: vaultPolicies(data), place: place))
  }

  func vaultPolicies(_ data: Node) -> [String] {
    let lists = ["token_policies", "policies", "identity_policies"].flatMap { AWSFields.list(data[$0]) }
    return Set(lists.compactMap(\.text)).sorted()
  }
}
