import Base
import Documents
import Model

extension InventoryFormat {
  /// `gh api repos/OWNER/REPO/keys`, `gh repo deploy-key list --json …`.
  static let gitHubDeployKeys = InventoryFormat(
    name: "github-deploy-keys",
    recognises: { $0.hasKeys("id", "title") && $0.hasKey("read_only", "readOnly") },
    read: { content, reading in reading.readDeployKey(content) })

  /// `gh api …/actions/secrets`, also of Dependabot and Codespaces, and `gh secret list --json …`: names and times, as nobody can
  /// read the values.
  static let gitHubSecrets = InventoryFormat(
    name: "github-secrets",
    recognises: { content in
      guard let (outer, name) = content.enclosing.last, name == "secrets", outer["total_count"] != nil else {
        return content.hasKeys("name", "updatedAt") && content.hasKey("visibility", "numSelectedRepos")
      }
      return content.hasKeys("name", "created_at", "updated_at")
    },
    read: { content, reading in reading.readActionsSecret(content) })

  /// `gh api …/actions/runners`: self-hosted runners of a repository, an organisation or an enterprise.
  static let gitHubRunners = InventoryFormat(
    name: "github-runners",
    recognises: { $0.hasKeys("id", "name", "os", "busy") },
    read: { content, reading in reading.readRunner(content) })

  /// `gh api …/actions/oidc/customization/sub` and `…/actions/permissions/workflow`: what a pipeline's tokens say and may do.
  static let gitHubActions = InventoryFormat(
    name: "github-actions",
    recognises: { $0.hasKey("include_claim_keys", "default_workflow_permissions") || $0.isDefaultSubject },
    read: { content, reading in reading.readActionsSettings(content) })
}

extension InventoryContent {
  /// `{"use_default": true}` and nothing else.
  fileprivate var isDefaultSubject: Bool { object.map { $0["use_default"] != nil && $0.count <= 2 } ?? false }
}

extension InventoryReading {
  fileprivate mutating func readDeployKey(_ content: InventoryContent) {
    guard let object = content.object, let id = require(object, "id", of: "the deploy key") else { return }
    let place = gitHubPlace(content)
    sayPlaceless(place, content, needsRepository: true)
    var fact = identity(
      "\(place.prefix)deploy-key/\(id)", .apiKey, object.text("title") ?? id, unknowable: ["tags", "trusts"])
    fact.uniqueID = id
    fact.created = readTime(object.value("created_at", "createdAt"))
    fact.isEnabled = object["enabled"].map(\.isTrue)
    fact.lastUsed = readTime(object["last_used"])
    fact.owners = [object.text("added_by")].compactMap(\.self)
    var key = CredentialFact(id: id, kind: "ssh-key", status: fact.isEnabled == false ? .inactive : .active)
    (key.created, key.lastUsed, key.neverExpires) = (fact.created, fact.lastUsed, true)
    fact.credentials = [key]
    let isReader = object.value("read_only", "readOnly")?.isTrue ?? true
    let resources = place.repository == nil ? ["*"] : [place.path]
    fact.grants = [
      GrantFact(
        effect: .allow, actions: [isReader ? "contents:read" : "contents:write"], resources: resources,
        via: "deploy-key:\(id)")
    ]
    add(fact, at: content.place)
  }

  /// The pipeline that holds them: of a repository, of an environment of it, of the whole organisation.
  private mutating func pipeline(_ place: GitHubPlace, unknowable: [String]) -> IdentityFact {
    let key: String
    if place.repository != nil, let environment = place.environment {
      key = "\(place.prefix)environment/\(environment)"
    } else {
      key = "\(place.prefix)actions"
    }
    let name = [place.path, place.environment].compactMap(\.self).joined(separator: "/")
    let always = ["created", "isEnabled", "lastUsed", "tags", "trusts", "uniqueID"]
    return identity(key, .pipeline, name.isEmpty ? "actions" : name, unknowable: always + unknowable)
  }

  fileprivate mutating func readActionsSecret(_ content: InventoryContent) {
    guard let object = content.object, let name = require(object, "name", of: "the secret") else { return }
    var place = gitHubPlace(content)
    // Only secrets of an organisation say who sees them.
    if object.value("visibility") != nil { (place.repository, place.environment) = (nil, nil) }
    sayPlaceless(place, content, needsRepository: object.value("visibility") == nil)
    var fact = pipeline(place, unknowable: ["credentials.lastUsed", "grants"])
    var secret = CredentialFact(id: name, kind: "secret", status: .active)
    secret.created = readTime(object.value("created_at", "createdAt"))
    secret.lastRotated = readTime(object.value("updated_at", "updatedAt"))
    // What it opens elsewhere may end; GitHub does not know.
    fact.credentials = [secret]
    let visibility = object.text("visibility").map { " (\($0))" } ?? ""
    fact.links = [LinkFact(.holds, to: name, via: "actions secret\(visibility)")]
    complete(fact, at: content.place)
  }

  fileprivate mutating func readRunner(_ content: InventoryContent) {
    guard let object = content.object, let id = require(object, "id", of: "the runner") else { return }
    let place = gitHubPlace(content)
    sayPlaceless(place, content)
    var fact = identity(
      "\(place.prefix)runner/\(id)", .device, object.text("name") ?? id,
      unknowable: ["created", "credentials", "credentials.lastUsed", "grants", "isEnabled", "lastUsed", "trusts"])
    fact.uniqueID = id
    let labels = (object["labels"]?.elements ?? []).compactMap { $0.text("name") ?? $0.text }
    fact.tags = [("os", object.text("os")), ("labels", labels.sorted().joined(separator: ","))]
      .compactMap { key, value in value.map { Tag(key: "github:\(key)", value: $0) } }.sorted()
    if object["ephemeral"]?.isTrue == true { fact.tags.insert(Tag(key: "github:ephemeral", value: "true"), at: 0) }
    add(fact, at: content.place)
  }

  fileprivate mutating func readActionsSettings(_ content: InventoryContent) {
    guard let object = content.object else { return }
    let place = gitHubPlace(content)
    sayPlaceless(place, content)
    var fact = pipeline(place, unknowable: ["credentials", "credentials.lastUsed", "grants"])
    if let level = object.text("default_workflow_permissions") {
      let via = "default_workflow_permissions:\(level)"
      let actions = level == "write" ? Self.writeDefaults : ["contents:read", "metadata:read", "packages:read"]
      fact.grants = [GrantFact(effect: .allow, actions: actions, resources: place.resources, via: via)]
      if object["can_approve_pull_request_reviews"]?.isTrue == true {
        fact.tags.append(Tag(key: "github:can-approve-pull-requests", value: "true"))
      }
    } else {
      let claims = object["include_claim_keys"]?.texts ?? []
      let isDefault = object["use_default"]?.isTrue == true || claims.isEmpty
      let words = isDefault ? "default" : claims.joined(separator: ",")
      fact.tags = [Tag(key: "github:oidc-subject", value: words)]
    }
    complete(fact, at: content.place)
  }

  /// GitHub Docs, "Permissions for the GITHUB_TOKEN": the permissive default. A workflow's own `permissions` narrow it.
  private static let writeDefaults =
    [
      "actions", "attestations", "checks", "contents", "deployments", "discussions", "issues", "packages", "pages",
      "pull-requests", "repository-projects", "security-events", "statuses",
    ].map { "\($0):write" } + ["metadata:read"]
}
