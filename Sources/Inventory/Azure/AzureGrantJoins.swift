import Base
import Model

/// Who may do what in Azure and Entra: role assignments down the scopes, through groups, then deny assignments.
extension InventoryReading {
  mutating func joinAzureGrants() {
    var book = GrantBook()
    for item in azure.assignments { addRole(item, &book) }
    for item in azure.directoryRoles { addDirectoryRole(item, &book) }
    for item in azure.appRoleAssignments { addAppRole(item, &book) }
    for item in azure.permissionGrants { addPermissions(item, &book) }
    for item in azure.ownGrants {
      let member = item.principal
      book.add(item.grant, to: ensureEntra(member.id, type: member.type, name: member.name, at: item.place))
    }
    let hasUnknownGroups = expandEntraGroups(&book)
    joinDenials(&book)
    // Assignments above the subscriptions are shown only where someone asked for them.
    let isWhole =
      azure.assignments.contains { !$0.scope.hasPrefix("/subscriptions/") } && !hasUnknownGroups
      && !azure.appRoleAssignments.isEmpty
    for (key, grants) in book.grants {
      update(key) { identity in identity.grants += grants.filter { !identity.grants.contains($0) } }
    }
    updateAll { identity in
      guard identity.principal.platform == "entra", identity.kind != .oauthApp else { return }
      if isWhole, !identity.grants.contains(where: \.isOpaque) {
        identity.unknowable.removeAll { $0 == "grants" }
      } else {
        identity.mark(unknowable: "grants")
      }
    }
  }

  private mutating func addRole(_ item: AzureJoins.Assignment, _ book: inout GrantBook) {
    let key = ensureEntra(item.principal.id, type: item.principal.type, name: item.principal.name, at: item.place)
    let role = azure.definitions[item.role] ?? AzureRole.builtIn[item.role]
    let via =
      "\(item.isEligible ? "eligibleAssignment" : "assignment"):\(item.scope)/role:\(role?.name ?? item.roleName ?? item.role)"
    for grant in grants(of: role, on: resources(in: item.scope), via: via, condition: item.condition) {
      book.add(grant, to: key)
    }
  }

  /// Roles of the directory reach the tenant's own objects, not Azure's resources.
  private mutating func addDirectoryRole(_ item: AzureJoins.DirectoryRole, _ book: inout GrantBook) {
    let key = ensureEntra(item.principal.id, type: item.principal.type, name: item.principal.name, at: item.place)
    let role = azure.directoryDefinitions[item.role]
    let via = "\(item.assignment):\(item.scope)/role:\(role?.name ?? item.name ?? item.role)"
    let place = key.place
    let resources =
      item.scope == "/"
      ? ["\(place)/*"] : ["\(place)\(item.scope.lowercased())", "\(place)\(item.scope.lowercased())/*"]
    for grant in grants(of: role, on: resources, via: via, condition: item.condition) { book.add(grant, to: key) }
  }

  private func grants(of role: AzureRole?, on resources: [String], via: String, condition: String?) -> [GrantFact] {
    let known = role?.permissions.flatMap { $0.grants(.allow, on: resources, via: via) } ?? []
    let all =
      known.isEmpty && role == nil ? [GrantFact(effect: .allow, actions: [], resources: resources, via: via)] : known
    return all.map { grant in
      var grant = grant
      grant.condition = [grant.condition, condition].compactMap(\.self).joined(separator: ",")
      if grant.condition?.isEmpty == true { grant.condition = nil }
      if grant.condition != nil, condition != nil, grant.condition != condition {
        grant.condition = "[\(grant.condition ?? "")]"
      }
      return grant
    }
  }

  private mutating func addAppRole(_ item: AzureJoins.AppRoleAssignment, _ book: inout GrantBook) {
    let key = ensureEntra(item.principal.id, type: item.principal.type, name: item.principal.name, at: item.place)
    let resource = entraKey("servicePrincipal", item.resource, at: item.place)
    let name = fact(of: resource)?.name ?? item.resourceName ?? item.resource
    let value = azure.appRoles[item.resource]?[item.role]
    // Nobody has a role where the application makes none: the principal may sign in, and that is all.
    let isDefault = item.role == AzureFields.everybody
    book.add(
      GrantFact(
        effect: .allow, actions: isDefault ? ["default-access"] : [value].compactMap(\.self),
        resources: [resource.description],
        via: "appRoleAssignment:\(name)/role:\(isDefault ? "default access" : value ?? item.role)"),
      to: key)
  }

  /// On behalf of a user only, which no export can foresee: the condition stays open.
  private mutating func addPermissions(_ item: AzureJoins.PermissionGrant, _ book: inout GrantBook) {
    let key = ensureEntra(item.client, type: "ServicePrincipal", name: nil, at: item.place)
    let resource = entraKey("servicePrincipal", item.resource, at: item.place)
    var grant = GrantFact(
      effect: .allow, actions: item.scopes, resources: [resource.description],
      via: "permissionGrant:\(fact(of: resource)?.name ?? item.resource)")
    grant.condition = "on behalf of \(item.user.map { "the user \($0)" } ?? "any user")".asJSON
    book.add(grant, to: key)
  }

  /// Members get what their groups have, through groups in groups; whether some group's members are not told.
  private mutating func expandEntraGroups(_ book: inout GrantBook) -> Bool {
    var isUnknown = false
    for (group, grants) in book.grants.sorted(by: { $0.key < $1.key }) {
      guard let fact = fact(of: group), fact.kind == .group, let id = group.description.after(last: "/") else {
        continue
      }
      guard let first = azure.members[id] else {
        isUnknown = true
        continue
      }
      var (queue, done) = (first, Set([id]))
      while let member = queue.popLast() {
        guard done.insert(member.id).inserted else { continue }
        queue += azure.members[member.id] ?? []
        let key = ensureEntra(member.id, type: member.type, name: member.name, at: .path(source.name))
        for grant in grants where !grant.via.hasPrefix("group:") {
          book.add(grant.with(via: "group:\(fact.name)/\(grant.via)"), to: key)
        }
      }
    }
    return isUnknown
  }

  /// Deny assignments win over all role assignments (Azure RBAC, "Understand deny assignments").
  private mutating func joinDenials(_ book: inout GrantBook) {
    for denial in azure.denials {
      let resources = denial.isLocal ? [denial.scope] : resources(in: denial.scope)
      let grants = denial.permissions.flatMap {
        $0.grants(.deny, on: resources, via: "deny:\(denial.scope)/\(denial.name)")
      }
      for draft in drafts where draft.fact.principal.platform == "entra" && draft.fact.kind != .oauthApp {
        guard let id = draft.fact.principal.description.after(last: "/") else { continue }
        let isMeant = isAmong(denial.principals, id).and(!isAmong(denial.exceptions, id))
        if isMeant == .no { continue }
        for grant in grants {
          var grant = grant
          grant.condition = denial.condition ?? grant.condition
          if isMeant == .unknown {
            grant.condition = grant.condition ?? "who is in the groups of \(denial.name)".asJSON
          }
          book.add(grant, to: draft.fact.principal)
        }
      }
    }
  }

  private func isAmong(_ members: [AzureJoins.Member], _ id: String) -> Answer {
    var answer = Answer.no
    for member in members {
      if member.id == id || member.id == AzureFields.everybody { return .yes }
      guard member.type?.lowercased() == "group" else { continue }
      guard let inside = azure.members[member.id] else {
        answer = .unknown
        continue
      }
      if inside.contains(where: { $0.id == id }) { return .yes }
      if inside.contains(where: { $0.type?.lowercased() == "group" }) { answer = .unknown }
    }
    return answer
  }

  /// Patterns of all that lies in the scope, itself included. A management group is the subscriptions in it, as far as they are told;
  /// otherwise a variable, so that the answer to a question about one is unknown.
  private mutating func resources(in scope: String) -> [String] {
    if let known = azure.patterns[scope] { return known }
    let found = listed(in: scope)
    azure.patterns[scope] = found
    return found
  }

  private func listed(in scope: String) -> [String] {
    if scope == "/" { return ["*"] }
    let marker = "/providers/microsoft.management/managementgroups/"
    guard let group = scope.after(marker), !group.contains("/") else { return [scope, "\(scope)/*"] }
    if azure.tenants.contains(group) || coveredAccount(of: "entra")?.lowercased() == group {
      return [scope, "\(scope)/*", "/subscriptions/*"]
    }
    let inside = azure.parents.keys.filter { lies($0, in: scope) }.sorted()
    if inside.isEmpty { return [scope, "\(scope)/*", "/subscriptions/${in \(group)}"] }
    return [scope, "\(scope)/*"] + inside.flatMap { [$0, "\($0)/*"] }
  }

  private func lies(_ node: String, in scope: String) -> Bool {
    var (next, steps) = (azure.parents[node], 0)
    // Hostile exports may say that a group lies in itself.
    while let parent = next, steps < 64 {
      if parent == scope { return true }
      (next, steps) = (azure.parents[parent], steps + 1)
    }
    return false
  }
}
