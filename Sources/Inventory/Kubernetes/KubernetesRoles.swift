import Base
import Documents
import Model

/// Roles and bindings, as they are written.
extension InventoryReading {
  mutating func readKubernetesRole(_ object: KubernetesObject) {
    let isOfCluster = object.kind == "ClusterRole"
    let name = KubernetesJoins.RoleName(namespace: isOfCluster ? nil : namespace(of: object), name: object.name)
    var role = KubernetesJoins.Role(place: object.place)
    role.isLive = object.isLive
    for rule in AWSFields.list(object.node["rules"]) {
      guard rule.kind == .mapping else {
        role.isWhole = false
        diagnose(.unreadable, .node(rule), "expected a rule of `\(object.name)`, found a \(rule.kind)")
        continue
      }
      let read = readRule(rule, of: object.name)
      if read.size > KubernetesRule.largest {
        role.isWhole = false
        diagnose(
          .unreadable, .node(rule), "a rule of `\(object.name)` combines \(read.size) verbs, groups and resources")
        continue
      }
      role.rules.append(read)
    }
    let labels = object.node["metadata"]?["labels"]?.members ?? []
    for label in labels { role.labels[label.key.text ?? ""] = label.value.text ?? "" }
    if let selectors = object.node["aggregationRule"]?["clusterRoleSelectors"] {
      role.selectors = selectors.elements.map { LabelSelector($0) }
    }
    guard let known = kubernetes.roles[name] else {
      kubernetes.roles[name] = role
      return countUsed()
    }
    countDuplicate()
    if known.rules != role.rules {
      diagnose(
        .unreadable, object.place, "the \(object.kind) `\(object.name)` says something else at \(known.place.location)",
        hint: "export both files again at one time")
    }
  }

  private mutating func readRule(_ node: Node, of role: String) -> KubernetesRule {
    func texts(_ key: String) -> [String] {
      AWSFields.list(node[key]).compactMap { $0.text ?? ($0.kind == .null ? "" : nil) }
    }
    let rule = KubernetesRule(
      verbs: texts("verbs"), groups: texts("apiGroups"), resources: texts("resources"), names: texts("resourceNames"),
      urls: texts("nonResourceURLs"))
    let literal = rule.literalWildcards
    if !literal.isEmpty {
      diagnose(
        .warning, .node(node), "in `\(role)`, \(literal.map { "`\($0)`" }.joined(separator: ", ")) matches nothing",
        hint: "Kubernetes knows `*` only where it stands alone, `*/subresource`, and a `*` at the end of a path")
    }
    return rule
  }

  mutating func readKubernetesBinding(_ object: KubernetesObject) {
    let namespace = object.kind == "RoleBinding" ? namespace(of: object) : nil
    guard let role = object.node["roleRef"], let kind = role["kind"]?.text, let name = role["name"]?.text,
      kind == "ClusterRole" || (kind == "Role" && namespace != nil)
    else { return refuse(object.place, "the \(object.kind) `\(object.name)` names no role that it could bind") }
    let key = "\(namespace ?? "")/\(object.name)"
    let binding = KubernetesJoins.Binding(
      namespace: namespace, name: object.name,
      role: .init(namespace: kind == "Role" ? namespace : nil, name: name),
      subjects: AWSFields.list(object.node["subjects"]).compactMap { readSubject($0, of: object) }, place: object.place,
      isLive: object.isLive)
    if let known = kubernetes.bindings[key] {
      countDuplicate()
      if known.role != binding.role || known.subjects != binding.subjects {
        diagnose(
          .unreadable, object.place,
          "the \(object.kind) `\(object.name)` says something else at \(known.place.location)",
          hint: "export both files again at one time")
      }
      return
    }
    kubernetes.bindings[key] = binding
    countUsed()
  }

  private mutating func readSubject(_ node: Node, of object: KubernetesObject) -> KubernetesJoins.Subject? {
    let name = node["name"]?.text ?? ""
    switch node["kind"]?.text {
    case "User" where !name.isEmpty:
      // The name under which a service account acts.
      let parts = name.split(separator: ":", omittingEmptySubsequences: false)
      let isAccount = parts.count == 4 && name.hasPrefix("system:serviceaccount:")
      return isAccount ? .account(namespace: String(parts[2]), name: String(parts[3])) : .user(name)
    case "Group" where !name.isEmpty: return .group(name)
    case "ServiceAccount" where !name.isEmpty:
      if let namespace = node["namespace"]?.text ?? object.namespace {
        return .account(namespace: namespace, name: name)
      }
      diagnose(.unreadable, .node(node), "the service account `\(name)` of `\(object.name)` has no namespace")
    case let kind:
      diagnose(.unreadable, .node(node), "`\(kind ?? "")` is no kind of subject that `\(object.name)` could have")
    }
    return nil
  }
}

/// A label selector (Kubernetes documentation, "Labels and Selectors").
struct LabelSelector {
  private enum Need {
    case isIn(String, [String])
    case isNotIn(String, [String])
    case exists(String)
    case doesNotExist(String)
    case never
  }

  private let needs: [Need]

  init(_ node: Node) {
    var needs: [Need] = (node["matchLabels"]?.members ?? []).map {
      .isIn($0.key.text ?? "", [$0.value.text ?? ""])
    }
    for expression in node["matchExpressions"]?.elements ?? [] {
      let (key, values) = (expression["key"]?.text ?? "", (expression["values"]?.elements ?? []).compactMap(\.text))
      switch expression["operator"]?.text {
      case "In": needs.append(.isIn(key, values))
      case "NotIn": needs.append(.isNotIn(key, values))
      case "Exists": needs.append(.exists(key))
      case "DoesNotExist": needs.append(.doesNotExist(key))
      default: needs.append(.never)
      }
    }
    self.needs = needs
  }

  /// Whether it selects what has the labels; an empty one selects everything.
  func matches(_ labels: [String: String]) -> Bool {
    needs.allSatisfy { need in
      switch need {
      case .isIn(let key, let values): labels[key].map { values.contains($0) } ?? false
      case .isNotIn(let key, let values): labels[key].map { !values.contains($0) } ?? true
      case .exists(let key): labels[key] != nil
      case .doesNotExist(let key): labels[key] == nil
      case .never: false
      }
    }
  }
}
