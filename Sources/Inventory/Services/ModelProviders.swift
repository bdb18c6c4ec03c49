import Base
import Documents
import Model

extension InventoryFormat {
  /// OpenAI's administration API: projects, service accounts, keys of projects and of administrators (API reference, "Administration").
  static let openAI = InventoryFormat(
    name: "openai",
    recognises: { $0.object?.text("object")?.hasPrefix("organization.") == true && $0.hasKey("id") },
    read: { content, reading in reading.readOpenAI(content) })

  /// Anthropic's Admin API: keys; workspaces, users and invitations are no identities that act.
  static let anthropic = InventoryFormat(
    name: "anthropic",
    recognises: { content in
      guard let object = content.object, let type = object["type"]?.text, let id = object["id"]?.text else {
        return false
      }
      return type == "api_key" && id.hasPrefix("apikey_") || type == "workspace" && id.hasPrefix("wrkspc_")
        || type == "user" && id.hasPrefix("user_") && object["role"] != nil
    },
    read: { content, reading in reading.readAnthropic(content) })
}

extension InventoryReading {
  fileprivate mutating func readOpenAI(_ content: InventoryContent) {
    guard let object = content.object, let id = require(object, "id", of: "the object") else { return }
    switch object.text("object") {
    case "organization.project.service_account":
      var fact = identity(
        "openai:service-account/\(id)", .serviceAccount, object.text("name") ?? id,
        unknowable: [
          "credentials", "credentials.lastUsed", "grants", "isEnabled", "lastUsed", "owners", "tags", "trusts",
        ])
      fact.uniqueID = id
      fact.created = readTime(object["created_at"])
      fact.grants = [opaque(role: object, content)]
      complete(fact, at: content.place)
    case "organization.project.api_key", "organization.admin_api_key": readOpenAIKey(object, id, content)
    default: countFiltered()
    }
  }

  private func opaque(role object: Node, _ content: InventoryContent) -> GrantFact {
    let project =
      content.path.split { "/.".contains($0) }.first { $0.hasPrefix("proj_") }.map { "/project:\($0)" } ?? ""
    return GrantFact(
      effect: .allow, actions: [], resources: [], via: "role:\(object.text("role") ?? "member")\(project)")
  }

  private mutating func readOpenAIKey(_ object: Node, _ id: String, _ content: InventoryContent) {
    let owner = object["owner"]
    let account = owner?["service_account"] ?? (owner?.text("type") == "service_account" ? owner : nil)
    let user = owner?["user"] ?? (owner?.text("type") == "user" ? owner : nil)
    let holder = account ?? user
    let unknowable = ["credentials", "grants", "isEnabled", "owners", "tags", "trusts"]
    var fact: IdentityFact
    if let account, let holderID = account.text("id") {
      fact = identity(
        "openai:service-account/\(holderID)", .serviceAccount, account.text("name") ?? holderID, unknowable: unknowable)
      fact.uniqueID = holderID
    } else if let user, let holderID = user.text("id") {
      fact = identity(
        "openai:user/\(holderID)", .user, user.text("email", "name") ?? holderID, unknowable: unknowable)
      fact.uniqueID = holderID
      fact.owners = [user.text("email")].compactMap(\.self)
      fact.tags = [Tag(key: "muster:class", value: "human")]
    } else {
      fact = identity("apikey:openai/\(id)", .apiKey, object.text("name") ?? id, unknowable: unknowable)
    }
    fact.created = readTime(holder?.value("created_at", "added_at") ?? object["created_at"])
    var key = CredentialFact(id: id, kind: "api-key", status: .active)
    key.created = readTime(object["created_at"])
    key.lastUsed = readTime(object["last_used_at"])
    key.expires = readTime(object["expires_at"])
    key.neverExpires = key.expires == nil
    fact.credentials = [key]
    fact.lastUsed = key.lastUsed
    if object.text("object") == "organization.admin_api_key" {
      // An administrator's key opens the whole administration API.
      fact.grants = [
        GrantFact(effect: .allow, actions: ["openai:organization.*"], resources: ["*"], via: "admin-key:\(id)")
      ]
    } else if let holder {
      fact.grants = [opaque(role: holder, content)]
    }
    complete(fact, at: content.place)
  }

  fileprivate mutating func readAnthropic(_ content: InventoryContent) {
    guard let object = content.object, let id = require(object, "id", of: "the key"), object.text("type") == "api_key"
    else { return countFiltered() }
    var fact = identity(
      "apikey:anthropic/\(id)", .apiKey, object.text("name") ?? id,
      unknowable: ["credentials.lastUsed", "grants", "lastUsed", "trusts"])
    fact.uniqueID = id
    fact.created = readTime(object["created_at"])
    let status = object.text("status") ?? "active"
    var key = CredentialFact(
      id: id, kind: "api-key",
      status: status == "active" ? .active : status == "expired" ? .expired : .inactive)
    key.created = fact.created
    key.expires = readTime(object["expires_at"])
    key.neverExpires = key.expires == nil
    fact.isEnabled = key.status == .active
    fact.credentials = [key]
    fact.owners = [object["created_by"]?.text("id")].compactMap(\.self)
    let workspace = object.text("workspace_id") ?? "default"
    fact.grants = [GrantFact(effect: .allow, actions: [], resources: [], via: "workspace:\(workspace)")]
    fact.tags = [Tag(key: "anthropic:workspace", value: workspace)]
    add(fact, at: content.place)
  }
}
