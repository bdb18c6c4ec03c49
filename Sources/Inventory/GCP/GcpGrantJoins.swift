import Base
import Model

/// Who may do what: bindings with their roles, down the tree, through groups; then what is denied.
extension InventoryReading {
  mutating func joinGcpGrants() {
    if gcp.bindings.isEmpty { return }
    var book = GrantBook()
    for binding in gcp.bindings {
      ensureGcp(binding.member, at: binding.place)
      book.add(grant(of: binding), to: binding.member.principal)
    }
    expandGcpGroups(&book)
    let isWhole = knowsWholeTree
    for (principal, grants) in book.grants {
      update(principal) { identity in
        identity.grants += grants.filter { !identity.grants.contains($0) }
        if isWhole, !identity.grants.contains(where: \.isOpaque) { identity.unknowable.removeAll { $0 == "grants" } }
      }
    }
    if isWhole {
      updateAll { identity in
        if identity.principal.platform == "gcp", identity.grants.isEmpty {
          identity.unknowable.removeAll { $0 == "grants" }
        }
      }
    }
  }

  /// Whether no binding may stand elsewhere: all policies up to the organisation are there, and nobody gets roles through a group
  /// whose members are not told.
  private var knowsWholeTree: Bool {
    let hasTop = gcp.policiesSeen.contains { $0.hasPrefix("organizations/") } && !gcp.enumerated.isEmpty
    return hasTop
      && gcp.bindings.allSatisfy { binding in
        binding.member.kind != .group || binding.member.trait == "public"
          || gcp.memberships[binding.member.principal] != nil
          || binding.member.principal.description.hasPrefix("gcp:project")
      }
  }

  private mutating func grant(of binding: GcpJoins.Binding) -> GrantFact {
    let permissions = gcp.roles[binding.role]
    let hasStorage = permissions?.contains { $0.hasPrefix("storage.") } ?? true
    let patterns =
      binding.node == "${project}" ? [binding.node] : gcp.tree.patterns(of: binding.node, hasStorage: hasStorage)
    var grant = GrantFact(
      effect: .allow, actions: permissions ?? [], resources: patterns,
      via: "binding:\(binding.node)/role:\(binding.role)")
    grant.condition = binding.condition
    // A role without permissions, such as a deleted one, would read as an unknown one.
    if permissions?.isEmpty == true { grant.actions = ["none"] }
    return grant
  }

  /// Members of groups get what their groups have, groups in groups too; `projectEditor:p` are those who have the role on the project.
  private mutating func expandGcpGroups(_ book: inout GrantBook) {
    var members = gcp.memberships
    let basic = ["roles/owner": "projectOwner", "roles/editor": "projectEditor", "roles/viewer": "projectViewer"]
    for binding in gcp.bindings {
      guard binding.condition == nil, let name = basic[binding.role], let project = binding.node.after("projects/"),
        !project.contains("/"), !binding.member.principal.description.hasPrefix("gcp:project")
      else { continue }
      members[PrincipalKey("gcp:\(name):\(project)"), default: []].insert(binding.member)
    }
    for (group, first) in members.sorted(by: { $0.key < $1.key }) {
      guard let grants = book.grants[group] else { continue }
      let name = group.description.after("gcp:group:") ?? group.description.after("gcp:") ?? ""
      var queue = first.sorted { $0.principal < $1.principal }
      var done: Set<PrincipalKey> = [group]
      while let member = queue.popLast() {
        guard done.insert(member.principal).inserted else { continue }
        queue += (members[member.principal] ?? []).sorted { $0.principal < $1.principal }
        guard let place = gcp.bindings.first?.place else { continue }
        ensureGcp(member, at: place)
        for grant in grants where !grant.via.hasPrefix("group:") {
          book.add(grant.with(via: "group:\(name)/\(grant.via)"), to: member.principal)
        }
      }
    }
  }

  /// Deny policies are asked before allow policies, and hold for all that lies below (IAM documentation, "Deny policies").
  mutating func joinGcpDenials() {
    for denial in gcp.denials {
      var grant = GrantFact(
        effect: .deny, actions: denial.actions, resources: gcp.tree.patterns(of: denial.node, hasStorage: true),
        via: denial.name)
      (grant.notActions, grant.condition) = (denial.notActions, denial.condition)
      let (named, excepted) = (GcpMembers(denial.principals), GcpMembers(denial.exceptions))
      let memberships = gcp.memberships
      updateAll { identity in
        guard identity.principal.platform == "gcp" else { return }
        let isMeant = named.contain(identity, memberships).and(!excepted.contain(identity, memberships))
        if isMeant == .no { return }
        var own = grant
        if isMeant == .unknown {
          own.condition =
            own.condition ?? "who is in \((denial.principals + denial.exceptions).joined(separator: ", "))".asJSON
        }
        if !identity.grants.contains(own) { identity.grants.append(own) }
      }
    }
  }
}

/// Grants by identity, each once.
struct GrantBook {
  private(set) var grants: [PrincipalKey: [GrantFact]] = [:]
  /// Numbers of an identity's grants by their paths: roles have thousands of permissions, which are compared under one path only.
  private var known: [PrincipalKey: [String: [Int]]] = [:]

  mutating func add(_ grant: GrantFact, to principal: PrincipalKey) {
    let same = known[principal]?[grant.via] ?? []
    if same.contains(where: { grants[principal]?[$0] == grant }) { return }
    known[principal, default: [:]][grant.via, default: []].append(grants[principal]?.count ?? 0)
    grants[principal, default: []].append(grant)
  }
}

/// The principals of a deny rule.
private struct GcpMembers {
  private var isEveryone = false
  private var keys: Set<PrincipalKey> = []
  /// `principalSet://…/workloadIdentityPools/P/` of whole pools, `gcp:…/subject` and the like lie inside.
  private var prefixes: [String] = []
  private var groups: Set<PrincipalKey> = []
  private var hasUnknown = false

  init(_ texts: [String]) {
    for text in texts {
      guard let member = GcpMember(text) else {
        hasUnknown = true
        continue
      }
      if member.trait == "public" {
        isEveryone = true
      } else if member.principal.description.hasSuffix("/*") {
        prefixes.append(String(text.dropLast().dropFirst("principalSet://".count)))
      } else if member.kind == .group {
        groups.insert(member.principal)
      }
      keys.insert(member.principal)
    }
  }

  /// Whether the identity is among them; unknown where that hangs on a group whose members are not told.
  func contain(_ identity: IdentityFact, _ memberships: [PrincipalKey: Set<GcpMember>]) -> Answer {
    if isEveryone || keys.contains(identity.principal) { return .yes }
    let name = identity.principal.description
    if prefixes.contains(where: {
      name.hasPrefix("gcp:principal://\($0)") || name.hasPrefix("gcp:principalSet://\($0)")
    }) {
      return .yes
    }
    if identity.kind == .group { return .no }
    var answer = Answer(false)
    for group in groups {
      guard let members = memberships[group] else {
        answer = .unknown
        continue
      }
      if members.contains(where: { $0.principal == identity.principal }) { return .yes }
      if members.contains(where: { $0.kind == .group }) { answer = .unknown }
    }
    return hasUnknown ? .unknown : answer
  }
}
