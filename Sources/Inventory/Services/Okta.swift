import Base
import Documents
import Model

// Okta Developer, "Management API": Applications, API Tokens, Application Grants, Application Credentials. The System Log names no
// organisation, so keys are `okta:app/<id>` and `okta:user/<id>`; ids are unique in all of Okta.

extension InventoryFormat {
  /// `GET /api/v1/apps`. An app without an OAuth client signs people in, and is none that acts.
  static let oktaApps = InventoryFormat(
    name: "okta-apps",
    recognises: { $0.hasKeys("id", "signOnMode") && $0.hasKey("label", "settings") },
    read: { content, reading in reading.readOktaApp(content) })

  /// `GET /api/v1/api-tokens`.
  static let oktaTokens = InventoryFormat(
    name: "okta-api-tokens",
    recognises: { $0.hasKeys("id", "userId") && $0.hasKey("tokenWindow", "clientName") },
    read: { content, reading in reading.readOktaToken(content) })

  /// `GET /api/v1/apps/{id}/grants`.
  static let oktaGrants = InventoryFormat(
    name: "okta-grants",
    recognises: { $0.hasKeys("scopeId", "clientId") },
    read: { content, reading in reading.readOktaGrant(content) })

  /// `GET /api/v1/apps/{id}/credentials/secrets` and `…/jwks`.
  static let oktaSecrets = InventoryFormat(
    name: "okta-app-secrets",
    recognises: { $0.hasKeys("secret_hash", "created") && $0.hasKey("client_secret", "_links", "lastUpdated") },
    read: { content, reading in reading.readOktaSecret(content) })
}

extension InventoryReading {
  fileprivate mutating func readOktaApp(_ content: InventoryContent) {
    guard let object = content.object, let id = require(object, "id", of: "the app") else { return }
    let client = object["credentials"]?["oauthClient"]
    let settings = object["settings"]?["oauthClient"]
    guard client?.kind == .mapping || settings?.kind == .mapping else { return countFiltered() }
    let key = client?.text("client_id") ?? id
    var fact = identity(
      "okta:app/\(key)", .oauthApp, object.text("label", "name") ?? id,
      unknowable: ["credentials", "credentials.lastUsed", "grants", "lastUsed", "owners", "tags", "trusts"])
    fact.uniqueID = id
    fact.created = readTime(object["created"])
    fact.isEnabled = object.text("status").map { $0 == "ACTIVE" }
    fact.tags = [
      ("application-type", settings?.text("application_type")),
      ("grant-types", settings?["grant_types"]?.texts.sorted().joined(separator: ",")),
      ("token-endpoint-auth-method", client?.text("token_endpoint_auth_method")),
    ].compactMap { name, value in value.map { Tag(key: "okta:\(name)", value: $0) } }.sorted()
    for jwk in settings?["jwks"]?["keys"]?.elements ?? [] {
      guard let keyID = jwk.text("kid") else { continue }
      var key = CredentialFact(
        id: keyID, kind: "key", status: jwk.text("status") == "INACTIVE" ? .inactive : .active)
      (key.created, key.neverExpires) = (readTime(jwk["created"]), true)
      fact.credentials.append(key)
    }
    complete(fact, at: content.place)
  }

  fileprivate mutating func readOktaToken(_ content: InventoryContent) {
    guard let object = content.object, let user = require(object, "userId", of: "the API token"),
      let id = require(object, "id", of: "the API token")
    else { return }
    var fact = identity(
      "okta:user/\(user)", .user, user,
      unknowable: ["created", "grants", "isEnabled", "lastUsed", "tags", "trusts"])
    fact.uniqueID = user
    var token = CredentialFact(id: id, kind: "token", status: .active)
    token.created = readTime(object["created"])
    token.expires = readTime(object["expiresAt"])
    // Each use renews the token for the length of its window.
    token.lastUsed = readTime(object["lastUpdated"])
    if token.lastUsed == token.created { token.lastUsed = nil }
    fact.credentials = [token]
    // An API token may do whatever its user may.
    fact.grants = [GrantFact(effect: .allow, actions: [], resources: [], via: "user:\(user)")]
    complete(fact, at: content.place)
  }

  fileprivate mutating func readOktaGrant(_ content: InventoryContent) {
    guard let object = content.object, let client = require(object, "clientId", of: "the grant"),
      let scope = require(object, "scopeId", of: "the grant")
    else { return }
    if let status = object.text("status"), status != "ACTIVE" { return countFiltered() }
    let title = object["_links"]?["app"]?.text("title")
    var fact = identity(
      "okta:app/\(client)", .oauthApp, title ?? client,
      unknowable: [
        "created", "credentials", "credentials.lastUsed", "grants", "isEnabled", "lastUsed", "owners", "tags", "trusts",
        "uniqueID",
      ])
    fact.grants = [
      GrantFact(effect: .allow, actions: [scope], resources: ["*"], via: "grant:\(object.text("id") ?? scope)")
    ]
    complete(fact, at: content.place)
  }

  /// The app stands in the address of what one may do with the secret.
  fileprivate mutating func readOktaSecret(_ content: InventoryContent) {
    guard let object = content.object, let id = require(object, "id", of: "the secret") else { return }
    let links = (object["_links"]?.members ?? []).compactMap { $0.value.text("href") } + [content.path]
    let app = links.compactMap { link -> String? in
      let words = link.split(separator: "/").map(String.init)
      guard let index = words.firstIndex(of: "apps"), words.indices.contains(index + 1) else { return nil }
      return words[index + 1]
    }.first
    guard let app else {
      return refuse(content.place, "the secret `\(id)` names no app", hint: "keep the file below `apps/APP-ID/`")
    }
    var fact = identity(
      "okta:app/\(app)", .oauthApp, app,
      unknowable: ["created", "credentials.lastUsed", "grants", "isEnabled", "lastUsed", "tags", "trusts", "uniqueID"])
    var secret = CredentialFact(
      id: id, kind: "secret", status: object.text("status") == "INACTIVE" ? .inactive : .active)
    (secret.created, secret.neverExpires) = (readTime(object["created"]), true)
    fact.credentials = [secret]
    complete(fact, at: content.place)
  }
}
