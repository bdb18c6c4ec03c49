import Base
import Model

/// What bindings give: to a service account, a user or a group by name, and to all that a group of the system holds.
extension InventoryReading {
  mutating func joinBindings() {
    let bindings = kubernetes.bindings.sorted { $0.key < $1.key }.map(\.value)
    for binding in bindings { seeAccounts(of: binding) }
    kubernetes.accountsByNamespace = Dictionary(grouping: kubernetes.accounts, by: \.namespace)
    joinMappings()
    var resolver = RoleResolver(roles: kubernetes.roles)
    for binding in bindings {
      let granted = resolver.grants(of: binding)
      for subject in binding.subjects { give(granted, to: subject, binding) }
    }
    for name in resolver.missing.sorted(by: { $0.text < $1.text }) {
      guard let binding = bindings.first(where: { $0.role == name }) else { continue }
      diagnose(
        .warning, binding.place, "`\(binding.name)` gives the \(name.text), which no file shows",
        hint: "export roles too (`kubectl get roles,clusterroles -A -o json`): what it gives is unknown")
    }
  }

  /// An account that is bound but not shown exists before groups are looked at.
  private mutating func seeAccounts(of binding: KubernetesJoins.Binding) {
    for case .account(let namespace, let name) in binding.subjects { _ = account(namespace, name, at: binding.place) }
  }

  private mutating func give(
    _ granted: RoleResolver.Granted, to subject: KubernetesJoins.Subject, _ binding: KubernetesJoins.Binding
  ) {
    let head = kubernetesHead(at: binding.place)
    switch subject {
    case .account(let namespace, let name):
      give(granted, to: PrincipalKey("\(head)\(namespace)/\(name)"), through: "")
    case .user(let name):
      give(granted, to: actor("user", name, at: binding.place), through: "")
    case .group(let name):
      give(granted, to: actor("group", name, at: binding.place), through: "")
      for member in members(of: name) { give(granted, to: member, through: "group:\(name)/") }
    }
  }

  /// Who is in a group as far as the cluster itself says so (Kubernetes documentation, "Authenticating": service account tokens).
  private func members(of group: String) -> [PrincipalKey] {
    let own = kubernetes.mappings.filter { $0.groups.contains(group) }.map {
      PrincipalKey("\(coveredAccount(of: "k8s").map { "k8s:\($0)/" } ?? "k8s:")user:\($0.user)")
    }
    switch group {
    case "system:authenticated", "system:serviceaccounts": return kubernetes.accounts.map(\.principal) + own
    default:
      guard group.hasPrefix("system:serviceaccounts:") else { return own }
      let namespace = String(group.dropFirst("system:serviceaccounts:".utf8.count))
      return (kubernetes.accountsByNamespace[namespace] ?? []).map(\.principal) + own
    }
  }

  private mutating func give(_ granted: RoleResolver.Granted, to principal: PrincipalKey, through group: String) {
    update(principal) { identity in
      for grant in granted.grants {
        let mine = group.isEmpty ? grant : grant.with(via: "\(group)\(grant.via)")
        if !identity.grants.contains(mine) { identity.grants.append(mine) }
      }
      if !granted.isWhole { identity.mark(unknowable: "grants") }
    }
  }

  /// A user or a group, which have no objects of their own: `k8s:<cluster>/user:<name>`.
  mutating func actor(_ word: String, _ name: String, at place: Place) -> PrincipalKey {
    let principal = PrincipalKey("\(kubernetesHead(at: place))\(word):\(name)")
    if fact(of: principal) != nil { return principal }
    let kind: IdentityKind = name.hasPrefix("system:") ? .service : word == "user" ? .user : .group
    var identity = IdentityFact(principal: principal, kind: kind, name: name, source: source.name)
    let isMail = name.contains("@") && !name.hasSuffix(".gserviceaccount.com")
    if kind == .user && isMail { identity.tags.append(Tag(key: "muster:class", value: "human")) }
    identity.unknowable = [
      "created", "credentials", "credentials.lastUsed", "lastUsed", "tags", "trusts", "uniqueID",
    ]
    // Which groups a user is in is the authenticator's knowledge, not the cluster's.
    if word == "user" { identity.mark(unknowable: "grants") }
    insert(identity, at: place)
    return principal
  }

  private mutating func joinMappings() {
    for mapping in kubernetes.mappings {
      let user = actor("user", mapping.user, at: mapping.place)
      let trust = TrustFact(effect: .allow, principals: ["AWS:\(mapping.from)"], actions: [mapping.via], condition: nil)
      update(user) { identity in
        if !identity.trusts.contains(trust) { identity.trusts.append(trust) }
        identity.unknowable.removeAll { $0 == "trusts" }
      }
    }
  }
}

/// What roles give, each resolved once for each place where it is bound.
struct RoleResolver {
  struct Granted {
    var grants: [GrantFact]
    /// Whether the role and all that it takes over are known.
    var isWhole: Bool
  }

  private let roles: [KubernetesJoins.RoleName: KubernetesJoins.Role]
  private var rules: [KubernetesJoins.RoleName: (rules: [KubernetesRule], isWhole: Bool)] = [:]
  /// Roles that are bound but in no file.
  private(set) var missing: Set<KubernetesJoins.RoleName> = []

  init(roles: [KubernetesJoins.RoleName: KubernetesJoins.Role]) { self.roles = roles }

  mutating func grants(of binding: KubernetesJoins.Binding) -> Granted {
    let via = "\(binding.text)/\(binding.role.text)"
    guard let (rules, isWhole) = rules(of: binding.role) else {
      missing.insert(binding.role)
      return Granted(grants: [GrantFact(effect: .allow, actions: [], resources: [], via: via)], isWhole: false)
    }
    return Granted(grants: rules.flatMap { $0.grants(in: binding.namespace, via: via) }, isWhole: isWhole)
  }

  private mutating func rules(of name: KubernetesJoins.RoleName) -> (rules: [KubernetesRule], isWhole: Bool)? {
    if let known = rules[name] { return known }
    guard let role = roles[name] else { return RoleResolver.builtIn(name).map { ($0, true) } }
    let isAggregated = role.selectors != nil && !role.isLive
    let found = isAggregated ? aggregate(name) : (role.rules, role.isWhole)
    rules[name] = found
    return found
  }

  /// The control plane overwrites the rules of an aggregated role with those of the roles selected, which may be aggregated
  /// themselves. In a manifest nothing is filled in yet, and the cluster may add roles that no file shows.
  private func aggregate(_ name: KubernetesJoins.RoleName) -> (rules: [KubernetesRule], isWhole: Bool) {
    var (rules, seen, open) = ([KubernetesRule](), Set([name]), [name])
    while let next = open.popLast(), let role = roles[next] {
      guard let selectors = role.selectors else {
        rules += role.rules.filter { !rules.contains($0) }
        continue
      }
      let selected = roles.filter { key, role in
        key.namespace == nil && selectors.contains { $0.matches(role.labels) } && !seen.contains(key)
      }
      let names = selected.keys.sorted { $0.name > $1.name }
      seen.formUnion(names)
      open += names
    }
    return (rules, false)
  }

  /// The one default role that every cluster has in the same form (Kubernetes documentation, "User-facing roles"): manifests bind it
  /// without showing it.
  private static func builtIn(_ name: KubernetesJoins.RoleName) -> [KubernetesRule]? {
    guard name == KubernetesJoins.RoleName(namespace: nil, name: "cluster-admin") else { return nil }
    return [
      KubernetesRule(verbs: ["*"], groups: ["*"], resources: ["*"]), KubernetesRule(verbs: ["*"], urls: ["*"]),
    ]
  }
}
