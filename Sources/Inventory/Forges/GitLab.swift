import Base
import Documents
import Model

extension InventoryFormat {
  /// `GET /users` (GitLab Docs, "Users API"): which users are bots.
  static let gitLabUsers = InventoryFormat(
    name: "gitlab-users",
    recognises: { $0.hasKeys("username", "state", "bot") || $0.hasKeys("username", "state", "is_admin") },
    read: { content, reading in reading.readGitLabUser(content) })

  /// `GET /projects/:id/access_tokens`, `/groups/:id/access_tokens`, `/personal_access_tokens`.
  static let gitLabTokens = InventoryFormat(
    name: "gitlab-access-tokens",
    recognises: { $0.hasKeys("user_id", "scopes", "revoked") },
    read: { content, reading in reading.readGitLabToken(content) })

  /// `GET /projects/:id/deploy_tokens`, `/groups/:id/deploy_tokens`, `/deploy_tokens`.
  static let gitLabDeployTokens = InventoryFormat(
    name: "gitlab-deploy-tokens",
    recognises: { $0.hasKeys("username", "scopes", "revoked") && !$0.hasKey("user_id") },
    read: { content, reading in reading.readDeployToken(content) })

  /// `GET /projects/:id/deploy_keys`, `/deploy_keys`.
  static let gitLabDeployKeys = InventoryFormat(
    name: "gitlab-deploy-keys",
    recognises: { content in
      content.hasKeys("id", "title", "key") && !content.hasKey("read_only", "readOnly")
        && content.hasKey("can_push", "projects_with_write_access", "fingerprint")
    },
    read: { content, reading in reading.readGitLabDeployKey(content) })

  /// `GET /projects/:id/variables`, `/groups/:id/variables`: the names of what pipelines hold; the values are in the answer and not read.
  static let gitLabVariables = InventoryFormat(
    name: "gitlab-variables",
    recognises: { $0.hasKeys("key", "variable_type") && $0.hasKey("protected", "masked", "environment_scope", "raw") },
    read: { content, reading in reading.readGitLabVariable(content) })

  /// `GET /runners/all`, `/groups/:id/runners`, `/projects/:id/runners`.
  static let gitLabRunners = InventoryFormat(
    name: "gitlab-runners",
    recognises: { $0.hasKeys("id", "runner_type") },
    read: { content, reading in reading.readGitLabRunner(content) })
}

/// GitLab Docs, "Members API: Roles".
private let gitLabRoles = [
  "5": "minimal", "10": "guest", "15": "planner", "20": "reporter", "25": "security-manager", "30": "developer",
  "40": "maintainer", "50": "owner", "60": "admin",
]

extension InventoryReading {
  fileprivate mutating func readGitLabUser(_ content: InventoryContent) {
    guard let object = content.object, let id = require(object, "id", of: "the user") else { return }
    let isBot = object["bot"]?.isTrue == true || object.text("user_type")?.hasSuffix("_bot") == true
    services.gitLabUsers[id] = ServiceJoins.GitLabUser(
      name: object.text("username") ?? id, isBot: isBot, isMember: object["bot"] != nil,
      created: readTime(object["created_at"]), isEnabled: object.text("state") == "active",
      email: object.text("email"))
    countUsed()
  }

  fileprivate mutating func readGitLabToken(_ content: InventoryContent) {
    guard let object = content.object, let user = require(object, "user_id", of: "the token"),
      let id = require(object, "id", of: "the token")
    else { return }
    let known = services.gitLabUsers[user]
    // Tokens of projects and groups belong to a bot user of their own; they alone have an access level.
    let level = object.text("access_level")
    let isBot = level != nil || known?.isBot == true
    var fact = identity(
      "gitlab:user/\(user)", isBot ? .bot : .user, known?.name ?? object.text("name") ?? user,
      unknowable: ["grants", "tags", "trusts"] + (isBot && level != nil ? [] : ["credentials"])
        + (known == nil ? ["created", "isEnabled"] : []))
    fact.uniqueID = user
    fact.created = known?.created
    fact.isEnabled = known?.isEnabled
    if known?.isMember == true, !isBot { fact.tags = [Tag(key: "muster:class", value: "human")] }
    fact.owners = [known?.email].compactMap(\.self)
    var token = CredentialFact(id: id, kind: "token", status: status(object))
    readTimes(object, into: &token)
    fact.lastUsed = token.lastUsed
    fact.credentials = [token]
    let role = level.map { "/access-level:\(gitLabRoles[$0] ?? $0)" } ?? ""
    let scopes = object["scopes"]?.texts ?? []
    if !scopes.isEmpty {
      fact.grants = [
        GrantFact(effect: .allow, actions: scopes, resources: [resource(content)], via: "token:\(id)\(role)")
      ]
    }
    complete(fact, at: content.place)
  }

  private func status(_ object: Node) -> CredentialFact.Status {
    if object["revoked"]?.isTrue == true { return .deleted }
    if object["expired"]?.isTrue == true { return .expired }
    guard let active = object["active"] else { return .active }
    return active.isTrue ? .active : .inactive
  }

  /// GitLab's tokens end at the first instant, in UTC, of the day that is called their last.
  private mutating func readTimes(_ object: Node, into token: inout CredentialFact) {
    token.created = readTime(object["created_at"])
    token.expires = readTime(object["expires_at"])
    token.neverExpires = token.expires == nil && object["expires_at"] != nil
    token.lastUsed = readTime(object["last_used_at"])
  }

  fileprivate mutating func readDeployToken(_ content: InventoryContent) {
    guard let object = content.object, let id = require(object, "id", of: "the deploy token") else { return }
    let name = object.text("name") ?? id
    let project = gitLabProject(content)
    sayProjectless(project, content)
    let key = project.map { "gitlab:\($0)/deploy-token/\(name)" } ?? "gitlab:deploy-token/\(id)"
    var fact = identity(
      key, .token, name, unknowable: ["created", "credentials.lastUsed", "lastUsed", "owners", "tags", "trusts"])
    fact.uniqueID = id
    var token = CredentialFact(id: id, kind: "token", status: status(object))
    readTimes(object, into: &token)
    fact.credentials = [token]
    fact.isEnabled = token.status == .active
    fact.grants = [
      GrantFact(
        effect: .allow, actions: object["scopes"]?.texts ?? [], resources: [resource(content)],
        via: "deploy-token:\(id)")
    ]
    add(fact, at: content.place)
  }

  fileprivate mutating func readGitLabDeployKey(_ content: InventoryContent) {
    guard let object = content.object, let id = require(object, "id", of: "the deploy key") else { return }
    func projects(_ key: String) -> [String] {
      (object[key]?.elements ?? []).compactMap { $0.text("path_with_namespace") }
    }
    let (writing, reading) = (projects("projects_with_write_access"), projects("projects_with_readonly_access"))
    let own = gitLabProject(content)
    let places = writing.isEmpty && reading.isEmpty ? [own] : (writing + reading).map(Optional.some)
    if places == [nil] { sayProjectless(nil, content) }
    for (index, project) in places.enumerated() {
      let title = object.text("title") ?? id
      let key = project.map { "gitlab:\($0)/deploy-key/\(title)" } ?? "gitlab:deploy-key/\(id)"
      var fact = identity(
        key, .apiKey, title, unknowable: ["credentials.lastUsed", "lastUsed", "owners", "tags", "trusts"])
      fact.uniqueID = id
      fact.created = readTime(object["created_at"])
      var credential = CredentialFact(id: id, kind: "ssh-key", status: .active)
      readTimes(object, into: &credential)
      fact.credentials = [credential]
      let canPush = object["can_push"]?.isTrue == true || project.map { writing.contains($0) } == true
      fact.grants = [
        GrantFact(
          effect: .allow, actions: canPush ? ["read_repository", "write_repository"] : ["read_repository"],
          resources: [project ?? "*"], via: "deploy-key:\(id)")
      ]
      if index == 0 { add(fact, at: content.place) } else { insert(fact, at: content.place) }
    }
  }

  /// A variable of a pipeline: a secret where GitLab hides it in logs, or where it is a file; other variables are settings.
  fileprivate mutating func readGitLabVariable(_ content: InventoryContent) {
    guard let object = content.object, let name = require(object, "key", of: "the variable") else { return }
    let isHidden = object["masked"]?.isTrue == true || object["hidden"]?.isTrue == true
    let isSecret = isHidden || object.text("variable_type") == "file"
    if isSecret, object.text("value") != nil {
      sayOnce(
        "gitlab values", content.place, "the export holds the values of variables in clear text; they are not read",
        hint: "delete the file when it was read, or drop the values: `jq 'map(del(.value))'`")
    }
    if !isSecret { return countFiltered() }
    let project = gitLabProject(content)
    sayProjectless(project, content)
    var fact = identity(
      project.map { "gitlab:\($0)/ci" } ?? "gitlab:ci", .pipeline, project ?? "ci",
      unknowable: ["created", "credentials.lastUsed", "grants", "isEnabled", "lastUsed", "tags", "trusts", "uniqueID"])
    let scope = object.text("environment_scope").flatMap { $0 == "*" ? nil : " (\($0))" } ?? ""
    fact.credentials = [CredentialFact(id: "\(name)\(scope)", kind: "secret", status: .active)]
    fact.links = [LinkFact(.holds, to: name, via: "CI/CD variable\(scope)")]
    complete(fact, at: content.place)
  }

  fileprivate mutating func readGitLabRunner(_ content: InventoryContent) {
    guard let object = content.object, let id = require(object, "id", of: "the runner") else { return }
    var fact = identity(
      "gitlab:runner/\(id)", .device, object.text("description", "name") ?? id,
      unknowable: ["credentials", "credentials.lastUsed", "grants", "trusts"])
    fact.uniqueID = id
    fact.created = readTime(object["created_at"])
    fact.lastUsed = readTime(object["contacted_at"])
    // `active` is what older versions call the opposite of `paused`.
    fact.isEnabled = object["paused"].map { !$0.isTrue } ?? object["active"].map(\.isTrue)
    fact.owners = [object["created_by"]?.text("username")].compactMap(\.self)
    let labels = object["tag_list"]?.texts.sorted().joined(separator: ",")
    fact.tags = [("runner-type", object.text("runner_type")), ("tag-list", labels)]
      .compactMap { key, value in value.map { Tag(key: "gitlab:\(key)", value: $0) } }.sorted()
    add(fact, at: content.place)
  }

  /// What the token is good for, as the audit log names it: the project's or group's path.
  private func resource(_ content: InventoryContent) -> String {
    if let project = gitLabProject(content) { return project }
    guard let kind = content.object?.text("resource_type"), let id = content.object?.text("resource_id") else {
      return "*"
    }
    return "\(kind)/\(id)"
  }

  /// The path of the project or group: by what encloses the record, by the folders of the file (`projects/acme%2Fweb/…`,
  /// `projects/acme/web/…`), by what the source covers.
  private func gitLabProject(_ content: InventoryContent) -> String? {
    for (outer, name) in content.enclosing.reversed() {
      if let path = outer.text("path_with_namespace", "full_path", "project", "group") { return path }
      if name.contains("/") { return name }
    }
    let folders = content.path.split(separator: "/").dropLast().map(String.init)
    if let index = folders.lastIndex(where: { $0 == "projects" || $0 == "groups" }), index + 1 < folders.count {
      let path = folders[(index + 1)...].joined(separator: "/").replacing("%2F", with: "/").replacing("%2f", with: "/")
      if !path.allSatisfy(\.isNumber) { return path }
    }
    return coveredAccount(of: "gitlab")
  }

  private mutating func sayProjectless(_ project: String?, _ content: InventoryContent) {
    if project != nil { return }
    sayOnce(
      "gitlab project", content.place, "the export does not name its project: keys of GitLab are left without it",
      hint: "name it by `covers: [\"gitlab:GROUP/PROJECT\"]`, or keep the file below `projects/GROUP/PROJECT/`")
  }
}
