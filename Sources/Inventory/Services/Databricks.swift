import Base
import Documents
import Model

// Databricks REST API: "Service Principals" (SCIM), "Token Management", "Service Principal Secrets". The audit log names the account
// (`databricks:<account>/servicePrincipal/<application id>`), the lists do not: `covers: ["databricks:ACCOUNT"]` does.

extension InventoryFormat {
  /// `databricks service-principals list -o json`, `GET …/scim/v2/ServicePrincipals`.
  static let databricksPrincipals = InventoryFormat(
    name: "databricks-service-principals",
    recognises: { $0.hasKey("applicationId") && $0.hasKey("displayName", "entitlements", "active", "schemas") },
    read: { content, reading in reading.readDatabricksPrincipal(content) })

  /// `databricks token-management list -o json`, `GET /api/2.0/token/list`.
  static let databricksTokens = InventoryFormat(
    name: "databricks-tokens",
    recognises: { $0.hasKeys("token_id", "creation_time") && $0.hasKey("expiry_time") },
    read: { content, reading in reading.readDatabricksToken(content) })

  /// `databricks service-principal-secrets list ID -o json`: the file's folder or name is the number of the service principal.
  static let databricksSecrets = InventoryFormat(
    name: "databricks-oauth-secrets",
    recognises: { $0.hasKeys("id", "secret_hash") && $0.hasKey("create_time", "expire_time") },
    read: { content, reading in reading.readDatabricksSecret(content) })
}

extension InventoryReading {
  private func databricksKey(_ actor: String) -> String {
    let account = coveredAccount(of: "databricks").map { "\($0)/" } ?? ""
    return "databricks:\(account)\(actor.contains("@") ? "user" : "servicePrincipal")/\(actor)"
  }

  private mutating func sayAccountless(_ place: Place) {
    if coveredAccount(of: "databricks") != nil { return }
    sayOnce(
      "databricks account", place, "the export does not name its account: keys of Databricks are left without it",
      hint: "name it by `covers: [\"databricks:ACCOUNT-ID\"]`, as the audit log does")
  }

  fileprivate mutating func readDatabricksPrincipal(_ content: InventoryContent) {
    guard let object = content.object, let id = require(object, "applicationId", of: "the service principal") else {
      return
    }
    sayAccountless(content.place)
    var fact = identity(
      databricksKey(id.lowercased()), .serviceAccount, object.text("displayName") ?? id,
      unknowable: ["created", "credentials", "credentials.lastUsed", "grants", "lastUsed", "owners", "tags", "trusts"])
    fact.uniqueID = object.text("id")
    fact.isEnabled = object["active"].map(\.isTrue)
    let values = { (key: String) in (object[key]?.elements ?? []).compactMap { $0.text("value") ?? $0.text }.sorted() }
    let actions = values("entitlements")
    if !actions.isEmpty {
      fact.grants.append(GrantFact(effect: .allow, actions: actions, resources: ["*"], via: "entitlements"))
    }
    let roles = values("roles").map { "role:\($0)" }
    let groups = (object["groups"]?.elements ?? []).compactMap { $0.text("display", "value") }.map { "group:\($0)" }
    for via in roles + groups.sorted() {
      fact.grants.append(GrantFact(effect: .allow, actions: [], resources: [], via: via))
    }
    if let number = fact.uniqueID { services.databricksNumbers[number] = fact.principal }
    add(fact, at: content.place)
  }

  fileprivate mutating func readDatabricksToken(_ content: InventoryContent) {
    guard let object = content.object, let id = require(object, "token_id", of: "the token") else { return }
    guard let owner = object.text("created_by_username", "owner_username", "created_by_id", "owner_id") else {
      return refuse(content.place, "the token `\(id)` names no owner", hint: "export it by token-management")
    }
    sayAccountless(content.place)
    let isPerson = owner.contains("@")
    var fact = identity(
      databricksKey(isPerson ? owner : owner.lowercased()), isPerson ? .user : .serviceAccount, owner,
      unknowable: ["created", "credentials", "grants", "isEnabled", "owners", "tags", "trusts", "uniqueID"])
    if isPerson { fact.tags = [Tag(key: "muster:class", value: "human")] }
    var token = CredentialFact(id: id, kind: "token", status: .active)
    token.created = readTime(object["creation_time"])
    if object.text("expiry_time") == "-1" {
      token.neverExpires = true
    } else {
      token.expires = readTime(object["expiry_time"])
    }
    token.lastUsed = readTime(object["last_used_day"])
    fact.lastUsed = token.lastUsed
    fact.credentials = [token]
    complete(fact, at: content.place)
  }

  fileprivate mutating func readDatabricksSecret(_ content: InventoryContent) {
    guard let object = content.object, let id = require(object, "id", of: "the secret") else { return }
    let names = content.enclosing.flatMap { [$0.name, $0.object.text("service_principal_id") ?? ""] }.reversed()
    let parts = content.path.split { "/.-_".contains($0) }.map(String.init).reversed()
    let holder = (Array(names) + Array(parts)).first { $0.count >= 4 && $0.allSatisfy(\.isNumber) }
    guard let holder else {
      return refuse(
        content.place, "nothing names the service principal of the secret `\(id)`",
        hint: "call the file by the principal's number: secrets-5823123.json")
    }
    var secret = CredentialFact(
      id: id, kind: "secret", status: object.text("status") == "ACTIVE" ? .active : .inactive)
    secret.created = readTime(object["create_time"])
    secret.lastRotated = readTime(object["update_time"])
    secret.expires = readTime(object["expire_time"])
    secret.neverExpires = secret.expires == nil
    services.databricksSecrets.append(
      .init(holder: holder, credential: secret, place: content.place, file: fileNumber))
  }

  mutating func joinDatabricks() {
    for secret in services.databricksSecrets {
      guard let principal = services.databricksNumbers[secret.holder] else {
        countUnreadable(inFile: secret.file)
        diagnose(
          .unreadable, secret.place, "no file shows the service principal `\(secret.holder)` of this secret",
          hint: "export `databricks service-principals list -o json` too")
        continue
      }
      update(principal) { fact in
        if !fact.credentials.contains(where: { $0.id == secret.credential.id }) {
          fact.credentials.append(secret.credential)
          fact.credentials.sort { $0.id < $1.id }
        }
      }
      countUsed(inFile: secret.file)
    }
  }
}
