import Model

/// A rule of a role (Kubernetes documentation, "Using RBAC Authorization"), and the statements that it comes to.
///
/// An action is spelled as audit logs give it: `verb:group/resource/subresource`, without a group for the core one; a resource is
/// `<namespace>/<resource>/<name>`. The pattern language's `*` runs across `/`, so `*` of the core group becomes the list of its
/// resources; otherwise `get:*` would reach into every group.
struct KubernetesRule: Hashable {
  var verbs: [String] = []
  var groups: [String] = []
  var resources: [String] = []
  var names: [String] = []
  var urls: [String] = []

  /// The statements within a namespace, or (`nil`) in the whole cluster.
  func grants(in namespace: String?, via: String) -> [GrantFact] {
    var grants: [GrantFact] = []
    var actions: Set<String> = []
    for verb in verbs where KubernetesRule.isPlain(verb) {
      for group in groups where KubernetesRule.isPlain(group) {
        for resource in resources { actions.formUnion(KubernetesRule.actions(verb, group, resource)) }
      }
    }
    if !actions.isEmpty {
      var grant = GrantFact(
        effect: .allow, actions: actions.sorted(), resources: objects(in: namespace), via: via)
      // All resources of all groups are not the paths that are no resources.
      if groups.contains("*") && resources.contains("*") { grant.notActions = ["*:/*"] }
      grants.append(grant)
    }
    // A binding of a namespace gives no path of the cluster.
    if namespace == nil, !urls.isEmpty {
      let paths = urls.filter { KubernetesRule.isPath($0) }.map { $0.hasPrefix("/") ? $0 : "/\($0)" }
      let calls = verbs.filter(KubernetesRule.isPlain).flatMap { verb in paths.map { "\(verb):\($0)" } }
      if !calls.isEmpty {
        grants.append(
          GrantFact(effect: .allow, actions: Set(calls).sorted(), resources: Set(paths).sorted(), via: via))
      }
    }
    return grants
  }

  /// How many actions it spells; past the limit it is no rule that anybody wrote.
  var size: Int { verbs.count * max(groups.count * resources.count, urls.count, names.count) }
  static let largest = 50_000

  /// What in the rule is no wildcard although it looks like one, and so matches nothing.
  var literalWildcards: [String] {
    let words = (verbs + groups).filter { !KubernetesRule.isPlain($0) }
    let kinds = resources.filter {
      $0 != "*" && !KubernetesRule.isPlain($0.hasPrefix("*/") ? String($0.dropFirst(2)) : $0)
    }
    return Set(words + kinds + urls.filter { !KubernetesRule.isPath($0) }).sorted()
  }

  /// Patterns of the objects that the rule is about.
  private func objects(in namespace: String?) -> [String] {
    if names.isEmpty { return [namespace.map { "\($0)/*" } ?? "*"] }
    var found: Set<String> = []
    for resource in resources {
      let kind = resource.split(separator: "/").first.map(String.init) ?? "*"
      for name in names {
        let object = "\(kind)/\(KubernetesRule.escaped(name))"
        if let namespace { found.insert("\(namespace)/\(object)") } else { found.formUnion([object, "*/\(object)"]) }
      }
    }
    return found.sorted()
  }

  private static func actions(_ verb: String, _ group: String, _ resource: String) -> [String] {
    if resource == "*" {
      return group == "*" ? ["\(verb):*"] : group.isEmpty ? core.map { "\(verb):\($0)" } : ["\(verb):\(group)/*"]
    }
    if resource.hasPrefix("*/") {
      let part = resource.dropFirst(2)
      guard isPlain(String(part)) else { return [] }
      if group == "*" { return ["\(verb):*/\(part)"] }
      if !group.isEmpty { return ["\(verb):\(group)/*/\(part)"] }
      return core.filter { $0.hasSuffix("/*") }.map { "\(verb):\($0.dropLast())\(part)" }
    }
    guard isPlain(resource) else { return [] }
    return group == "*"
      ? ["\(verb):\(resource)", "\(verb):*/\(resource)"]
      : [group.isEmpty ? "\(verb):\(resource)" : "\(verb):\(group)/\(resource)"]
  }

  /// Whether the text means what it says as a pattern: `*` stands for all only when it stands alone.
  private static func isPlain(_ text: String) -> Bool {
    text == "*" || !text.utf8.contains { $0 == 0x2A || $0 == 0x3F }
  }

  /// A path may end in one `*`.
  private static func isPath(_ text: String) -> Bool {
    !(text.hasSuffix("*") ? text.dropLast() : text[...]).utf8.contains { $0 == 0x2A || $0 == 0x3F }
  }

  /// Names may have the characters of patterns in them; `${*}` and its kin spell them.
  private static func escaped(_ name: String) -> String {
    guard name.utf8.contains(where: { "*?$".utf8.contains($0) }) else { return name }
    return name.map { "*?$".contains($0) ? "${\($0)}" : String($0) }.joined()
  }

  /// The core group's resources, with `/*` for those that have subresources (Kubernetes API reference, v1.34; `componentstatuses`
  /// since 1.0). The group is closed: new resources come in other groups.
  static let core: [String] =
    ["namespaces", "nodes", "persistentvolumeclaims", "persistentvolumes", "pods", "replicationcontrollers"].flatMap {
      [$0, "\($0)/*"]
    } + ["resourcequotas", "serviceaccounts", "services"].flatMap { [$0, "\($0)/*"] } + [
      "bindings", "componentstatuses", "configmaps", "endpoints", "events", "limitranges", "podtemplates", "secrets",
    ]
}
