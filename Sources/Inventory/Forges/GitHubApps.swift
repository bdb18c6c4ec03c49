import Base
import Documents
import Model

extension InventoryFormat {
  /// `gh api orgs/ORG/installations` (GitHub Docs, "REST API endpoints for organizations: List app installations").
  static let gitHubInstallations = InventoryFormat(
    name: "github-app-installations",
    recognises: { $0.hasKeys("app_id", "permissions") && ($0.hasKey("app_slug", "repository_selection")) },
    read: { content, reading in reading.readInstallation(content) })

  /// `gh api orgs/ORG/personal-access-tokens` (GitHub Docs, "List fine-grained personal access tokens with access to organization
  /// resources"), and the requests for such tokens, which give nothing yet.
  static let gitHubTokens = InventoryFormat(
    name: "github-fine-grained-tokens",
    recognises: { $0.hasKeys("owner", "permissions", "token_expired") },
    read: { content, reading in reading.readFineGrainedToken(content) })

  /// `gh api orgs/ORG/credential-authorizations` (GitHub Docs, "List SAML SSO authorizations for an organization").
  static let gitHubAuthorizations = InventoryFormat(
    name: "github-saml-authorizations",
    recognises: { $0.hasKeys("login", "credential_id", "credential_type") },
    read: { content, reading in reading.readAuthorization(content) })
}

extension InventoryReading {
  /// The app acts as `<slug>[bot]`; its keys and secrets are the app owner's and in no list.
  fileprivate mutating func readInstallation(_ content: InventoryContent) {
    guard let object = content.object, let slug = require(object, "app_slug", "app_id", of: "the installation") else {
      return
    }
    var place = gitHubPlace(content)
    if let owner = object["account"]?.text("login", "slug") { place = GitHubPlace(owner: owner) }
    sayPlaceless(place, content)
    let app = place.owner.map { "github:\($0)/app/\(slug)" } ?? "github:app/\(slug)"
    var fact = identity(app, .bot, slug, unknowable: ["credentials", "credentials.lastUsed", "lastUsed", "trusts"])
    fact.uniqueID = object.text("id")
    fact.created = readTime(object["created_at"])
    fact.isEnabled = object.value("suspended_at") == nil
    fact.grants = permissions(object, place, via: "installation:\(object.text("id") ?? slug)")
    if let id = object.text("app_id") { fact.tags.append(Tag(key: "github:app-id", value: id)) }
    add(fact, at: content.place)
  }

  fileprivate mutating func readFineGrainedToken(_ content: InventoryContent) {
    guard let object = content.object else { return }
    // A request that nobody has granted.
    if object["reason"] != nil, object.value("access_granted_at") == nil { return countFiltered() }
    guard let owner = object["owner"], let login = require(owner, "login", of: "the token's owner"),
      let id = require(object, "token_id", "id", of: "the token")
    else { return }
    let place = gitHubPlace(content)
    sayPlaceless(place, content)
    var fact = gitHubUser(login, owner)
    fact.uniqueID = owner.text("id")
    if fact.uniqueID != nil { fact.unknowable.removeAll { $0 == "uniqueID" } }
    var token = CredentialFact(
      id: id, kind: "token", status: object["token_expired"]?.isTrue == true ? .expired : .active)
    // Tokens are older than their leave to enter; nothing else tells their age.
    token.created = readTime(object["access_granted_at"])
    token.expires = readTime(object["token_expires_at"])
    token.neverExpires = token.expires == nil && object["token_expires_at"] != nil
    token.lastUsed = readTime(object["token_last_used_at"])
    fact.lastUsed = token.lastUsed
    fact.credentials = [token]
    fact.grants = permissions(object, place, via: "token:\(id)")
    complete(fact, at: content.place)
  }

  /// A classic token, an SSH key or an app's leave; a scope is good for whatever its holder may do in the organisation.
  fileprivate mutating func readAuthorization(_ content: InventoryContent) {
    guard let object = content.object, let login = require(object, "login", of: "the authorisation"),
      let id = require(object, "credential_id", of: "the authorisation")
    else { return }
    let place = gitHubPlace(content)
    sayPlaceless(place, content)
    var fact = gitHubUser(login, nil)
    let kind = object.text("credential_type")?.lowercased() ?? ""
    var credential = CredentialFact(id: id, kind: kind.contains("ssh") ? "ssh-key" : "token", status: .active)
    credential.created = readTime(object["credential_authorized_at"])
    credential.expires = readTime(object["authorized_credential_expires_at"])
    credential.neverExpires = credential.expires == nil && object["authorized_credential_expires_at"] != nil
    credential.lastUsed = readTime(object["credential_accessed_at"])
    fact.lastUsed = credential.lastUsed
    fact.credentials = [credential]
    let scopes = object["scopes"]?.texts ?? []
    if !scopes.isEmpty {
      fact.grants = [GrantFact(effect: .allow, actions: scopes, resources: place.resources, via: "token:\(id)")]
    }
    complete(fact, at: content.place)
  }

  /// The member whose credential it is. His role in the organisation, and his other credentials, are in other lists.
  private func gitHubUser(_ login: String, _ owner: Node?) -> IdentityFact {
    let isBot = owner?.text("type") == "Bot" || login.hasSuffix("[bot]")
    var user = identity(
      "github:user/\(login)", isBot ? .bot : .user, login,
      unknowable: ["created", "credentials", "grants", "isEnabled", "trusts", "uniqueID"])
    if !isBot { user.tags = [Tag(key: "muster:class", value: "human")] }
    return user
  }

  /// `{"contents": "write"}`, or the same by `repository`, `organization` and `other`.
  private func permissions(_ object: Node, _ place: GitHubPlace, via: String) -> [GrantFact] {
    guard let granted = object["permissions"] else { return [] }
    let named = (object["repositories"]?.elements ?? []).compactMap { $0.text("full_name") ?? $0.text }
    let isSelected = object.text("repository_selection") == "selected"
    let isNone = object.text("repository_selection") == "none"
    var actions: [(isRepository: Bool, action: String)] = []
    for (key, value) in granted.members {
      guard let name = key.text else { continue }
      if value.kind == .mapping {
        actions += value.members.compactMap { member in
          guard let permission = member.key.text, let level = member.value.text else { return nil }
          return (name == "repository", "\(permission):\(level)")
        }
      } else if let level = value.text {
        let isOrganization = name.hasPrefix("organization_") || name == "members"
        actions.append((!isOrganization, "\(name):\(level)"))
      }
    }
    var grants: [GrantFact] = []
    let ofRepositories = actions.filter(\.isRepository).map(\.action).sorted()
    if !ofRepositories.isEmpty, !isNone {
      let resources = named.isEmpty ? place.resources : named.sorted()
      var grant = GrantFact(effect: .allow, actions: ofRepositories, resources: resources, via: "\(via)/repositories")
      // Which ones are selected is in a list of its own.
      if isSelected, named.isEmpty { grant.condition = #"{"repository_selection":"selected"}"# }
      grants.append(grant)
    }
    let others = actions.filter { !$0.isRepository }.map(\.action).sorted()
    if !others.isEmpty {
      grants.append(
        GrantFact(effect: .allow, actions: others, resources: [place.owner ?? "*"], via: "\(via)/organization"))
    }
    return grants
  }
}
