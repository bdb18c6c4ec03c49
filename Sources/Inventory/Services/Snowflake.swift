import Base
import Documents
import Model

extension InventoryFormat {
  /// `SHOW USERS`, `ACCOUNT_USAGE.USERS`, `SHOW GRANTS TO USER|ROLE …`, `ACCOUNT_USAGE.GRANTS_TO_USERS` and `GRANTS_TO_ROLES`,
  /// as JSON or CSV (Snowflake documentation, "SHOW USERS", "SHOW GRANTS", "Account Usage").
  static let snowflake = InventoryFormat(
    name: "snowflake",
    recognises: { content in
      let names = content.object.map { $0.members.compactMap { $0.key.text?.lowercased() } } ?? content.csvNames
      return SnowflakeRow(names: Set(names)) != nil
    },
    read: { content, reading in
      for row in reading.rows(content) { reading.readSnowflake(row) }
    })
}

private enum SnowflakeRow {
  case user, roleGrant, privilege, role

  init?(names: Set<String>) {
    if names.isSuperset(of: ["granted_to", "grantee_name", "role"]) {
      self = .roleGrant
    } else if names.isSuperset(of: ["privilege", "granted_on", "grantee_name"]) {
      self = .privilege
    } else if names.isSuperset(of: ["login_name", "name"]),
      !names.isDisjoint(with: ["default_role", "has_rsa_public_key"])
    {
      self = .user
    } else if names.isSuperset(of: ["assigned_to_users", "granted_to_roles", "granted_roles", "name"]) {
      self = .role
    } else {
      return nil
    }
  }

  init?(_ row: ExportRow) {
    let all = [
      "granted_to", "grantee_name", "role", "privilege", "granted_on", "login_name", "name", "default_role",
      "has_rsa_public_key", "assigned_to_users", "granted_to_roles", "granted_roles",
    ]
    self.init(names: Set(all.filter { row.has($0) }))
  }
}

extension InventoryReading {
  fileprivate mutating func readSnowflake(_ row: ExportRow) {
    switch SnowflakeRow(row) {
    case .user: readSnowflakeUser(row)
    case .roleGrant:
      guard let grantee = row["grantee_name"], let role = row["role"] else {
        return refuse(row.place, "the grant names no `grantee_name` or no `role`")
      }
      let isUser = row["granted_to"]?.uppercased() == "USER"
      note(
        .init(grantee: grantee, isUser: isUser, role: role, privilege: "USAGE", object: role), row)
    case .privilege:
      guard let grantee = row["grantee_name"], let privilege = row["privilege"] else {
        return refuse(row.place, "the grant names no `grantee_name` or no `privilege`")
      }
      let isRole = row["granted_on"]?.uppercased() == "ROLE" && privilege.uppercased() == "USAGE"
      // ACCOUNT_USAGE gives the last part only, and what it stands in beside it.
      let name = row["name"] ?? ""
      let within = name.contains(".") ? [] : [row["table_catalog"], row["table_schema"]].compactMap(\.self)
      let isSelf = within.last == name
      let object = ((isSelf ? within.dropLast() : within) + [name]).joined(separator: ".")
      note(
        .init(
          grantee: grantee, isUser: row["granted_to"]?.uppercased() == "USER", role: isRole ? name : nil,
          privilege: privilege, object: object), row)
    case .role, nil: countFiltered()
    }
  }

  private mutating func note(_ grant: ServiceJoins.SnowflakeGrant, _ row: ExportRow) {
    // ACCOUNT_USAGE keeps what was taken away.
    if row["deleted_on"] != nil { return countFiltered() }
    if services.snowflakeGrants.insert(grant).inserted { countUsed() } else { countDuplicate() }
  }

  private mutating func readSnowflakeUser(_ row: ExportRow) {
    guard let name = row["name"] else { return refuse(row.place, "the user has no `name`") }
    let type = row["type"]?.uppercased()
    let isMachine = type == "SERVICE" || type == "LEGACY_SERVICE" || type == "SNOWFLAKE_SERVICE"
    var fact = identity(
      "snowflake:user/\(name)", isMachine ? .serviceAccount : .user, name,
      unknowable: ["credentials.lastUsed", "grants", "trusts"])
    fact.uniqueID = row["user_id"]
    fact.created = readTime(row["created_on"], row)
    fact.deleted = readTime(row["deleted_on"], row)
    fact.isEnabled = row.has("disabled") ? !row.isTrue("disabled") && fact.deleted == nil : nil
    fact.lastUsed = readTime(row["last_success_login"], row)
    fact.owners = [row["email"]].compactMap(\.self)
    // Without a type, a user is a person (CREATE USER, property TYPE) unless it can sign in with a key only.
    let hasKeyOnly = row.isTrue("has_rsa_public_key") && row.has("has_password") && !row.isTrue("has_password")
    if type == "PERSON" || type == nil && !hasKeyOnly { fact.tags.append(Tag(key: "muster:class", value: "human")) }
    fact.tags += [("type", type), ("default-role", row["default_role"]), ("comment", row["comment"])]
      .compactMap { key, value in value.map { Tag(key: "snowflake:\(key)", value: $0) } }
    fact.tags.sort()
    readSnowflakeCredentials(row, into: &fact)
    add(fact, at: row.place)
  }

  private mutating func readSnowflakeCredentials(_ row: ExportRow, into fact: inout IdentityFact) {
    let status = fact.isEnabled == false ? CredentialFact.Status.inactive : .active
    if !row.has("has_password"), !row.has("has_rsa_public_key") { fact.mark(unknowable: "credentials") }
    if row.isTrue("has_password") {
      var password = CredentialFact(id: "\(fact.name)/password", kind: "password", status: status)
      password.lastRotated = readTime(row["password_last_set_time"], row)
      password.neverExpires = row["expires_at_time"] == nil
      password.expires = readTime(row["expires_at_time"], row)
      fact.credentials.append(password)
    }
    if row.isTrue("has_rsa_public_key") || row["rsa_public_key_fp"] != nil {
      let print = row["rsa_public_key_fp"]
      var key = CredentialFact(id: print ?? "\(fact.name)/rsa-public-key", kind: "key", status: status)
      key.lastRotated = readTime(row["rsa_public_key_last_set_time"], row)
      key.neverExpires = true
      fact.credentials.append(key)
    }
    fact.credentials.sort { $0.id < $1.id }
  }

  /// Gives each user what its roles and theirs were granted; roles that hold something are identities too.
  mutating func joinSnowflake() {
    if services.snowflakeGrants.isEmpty { return }
    let all = services.snowflakeGrants.sorted {
      ($0.grantee, $0.object, $0.privilege) < ($1.grantee, $1.object, $1.privilege)
    }
    let ofRoles = Dictionary(grouping: all.filter { !$0.isUser }, by: \.grantee)
    let ofUsers = Dictionary(grouping: all.filter(\.isUser), by: \.grantee)
    for (role, grants) in ofRoles.sorted(by: { $0.key < $1.key }) {
      var fact = identity(
        "snowflake:role/\(role)", .role, role, unknowable: ["created", "isEnabled", "lastUsed", "tags", "uniqueID"])
      fact.grants = resolve(grants, ofRoles)
      if self.fact(of: fact.principal) == nil { insert(fact, at: .path(source.name)) }
    }
    for (user, grants) in ofUsers.sorted(by: { $0.key < $1.key }) {
      let principal = PrincipalKey("snowflake:user/\(user)")
      if self.fact(of: principal) == nil {
        let unknowable = [
          "created", "credentials", "credentials.lastUsed", "isEnabled", "lastUsed", "tags", "uniqueID",
        ]
        insert(identity(principal.description, .user, user, unknowable: unknowable), at: .path(source.name))
      }
      let isWhole = reachable(from: grants, ofRoles).allSatisfy { $0 == "PUBLIC" || ofRoles[$0] != nil }
      let resolved = resolve(grants, ofRoles)
      update(principal) { fact in
        fact.grants = resolved
        fact.unknowable.removeAll { $0 == "grants" && isWhole }
      }
    }
  }

  private func reachable(
    from grants: [ServiceJoins.SnowflakeGrant], _ ofRoles: [String: [ServiceJoins.SnowflakeGrant]]
  ) -> Set<String> {
    var seen: Set<String> = []
    var open = grants.compactMap(\.role)
    while let role = open.popLast() {
      if seen.insert(role).inserted { open += (ofRoles[role] ?? []).compactMap(\.role) }
    }
    return seen
  }

  /// Privileges by the path of roles that leads to them: `role:ANALYST/role:READER`. Each role counts once, on its shortest path.
  private func resolve(
    _ grants: [ServiceJoins.SnowflakeGrant], _ ofRoles: [String: [ServiceJoins.SnowflakeGrant]]
  ) -> [GrantFact] {
    var found: [GrantFact] = []
    var seen: Set<String> = []
    var level = [(path: [String](), grants: grants)]
    while !level.isEmpty {
      var next: [(path: [String], grants: [ServiceJoins.SnowflakeGrant])] = []
      for (path, grants) in level {
        let via = path.isEmpty ? "direct" : path.map { "role:\($0)" }.joined(separator: "/")
        let privileges = Dictionary(grouping: grants.filter { $0.role == nil }, by: \.object)
        for (object, grants) in privileges.sorted(by: { $0.key < $1.key }) {
          let actions = Set(grants.map { "snowflake:\($0.privilege.uppercased())" }).sorted()
          found.append(
            GrantFact(effect: .allow, actions: actions, resources: [object.isEmpty ? "*" : object], via: via))
        }
        for grant in grants {
          guard let role = grant.role, seen.insert(role).inserted else { continue }
          if let own = ofRoles[role] {
            next.append((path + [role], own))
          } else {
            let opaque = (path + [role]).map { "role:\($0)" }.joined(separator: "/")
            found.append(GrantFact(effect: .allow, actions: [], resources: [], via: opaque))
          }
        }
      }
      level = next
    }
    return found
  }
}
