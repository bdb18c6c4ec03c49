import Model

/// Who may become a service account, and whose tokens a pool takes.
extension InventoryReading {
  mutating func joinGcpTrusts() {
    joinGcpPools()
    var becoming: [String: [TrustFact]] = [:]
    for binding in gcp.bindings {
      let actions =
        gcp.roles[binding.role].map { $0.filter { GcpPermission.becomes.contains($0) } }
        ?? GcpPermission.becoming[binding.role] ?? []
      if !actions.isEmpty { becoming[binding.node, default: []] += trusts(in: binding, actions) }
    }
    for (principal, name) in gcp.accounts.sorted(by: { $0.key < $1.key }) {
      let node = gcp.tree.canonical(name)
      let above = gcp.tree.ancestors(of: node)
      // Own and inherited ones: a role on the project is a role on all of its accounts.
      let trusts = above.flatMap { becoming[$0] ?? [] }
      let isShown =
        gcp.policiesSeen.contains(name) || gcp.policiesSeen.contains(node)
        || above.contains { gcp.enumerated.contains($0) }
      update(principal) { identity in
        identity.take(trusts)
        if isShown { identity.unknowable.removeAll { $0 == "trusts" } }
      }
    }
    // Accounts that no list shows, but a policy of their own does.
    for (node, trusts) in becoming.sorted(by: { $0.key < $1.key }) {
      guard let principal = GcpName.account(in: node), gcp.accounts[principal] == nil,
        let member = GcpMember("serviceAccount:\(principal.description.after("gcp:serviceAccount:") ?? "")"),
        let place = gcp.bindings.first(where: { $0.node == node })?.place
      else { continue }
      ensureGcp(member, at: place)
      update(principal) { identity in
        identity.take(trusts)
        identity.unknowable.removeAll { $0 == "trusts" }
      }
    }
  }

  /// The pool as the group of all that its providers let in.
  private mutating func joinGcpPools() {
    for provider in gcp.providers where !provider.isOff {
      let pool = gcpPool(provider.pool)
      if fact(of: pool.principal) == nil { insert(pool, at: provider.place) }
      let trust = TrustFact(
        effect: .allow, principals: [provider.principal("*")], actions: ["sts.googleapis.com/v1/token"],
        condition: provider.condition)
      update(pool.principal) { identity in
        if !identity.trusts.contains(trust) { identity.trusts.append(trust) }
        identity.unknowable.removeAll { $0 == "trusts" }
      }
    }
  }

  private func trusts(in binding: GcpJoins.Binding, _ actions: [String]) -> [TrustFact] {
    let key = binding.member.principal.description
    if let mail = key.after("gcp:serviceAccount:"), mail.hasSuffix("]"), let end = mail.firstRange(of: ".svc.id.goog[")
    {
      // Any cluster of the project's: `PROJECT.svc.id.goog[namespace/name]`. Which cluster that is, the clusters themselves say.
      let account = mail[end.upperBound...].dropLast()
      let pool = "\(mail[..<end.lowerBound]).svc.id.goog"
      return [
        TrustFact(
          effect: .allow, principals: ["k8s:*/\(account)"], actions: actions,
          condition: binding.condition ?? "the cluster is of the workload identity pool \(pool)".asJSON)
      ]
    }
    guard key.hasPrefix("gcp:principal"), let start = key.firstRange(of: "//iam.googleapis.com/") else {
      return [TrustFact(effect: .allow, principals: [key], actions: actions, condition: binding.condition)]
    }
    return federated(String(key[start.upperBound...]), binding, actions)
  }

  /// `projects/N/locations/global/workloadIdentityPools/P/subject/S`: one trust for each provider of the pool.
  private func federated(_ name: String, _ binding: GcpJoins.Binding, _ actions: [String]) -> [TrustFact] {
    let parts = name.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    guard parts.count > 6, parts[4] == "workloadIdentityPools" else {
      return [
        TrustFact(
          effect: .allow, principals: [binding.member.principal.description], actions: actions,
          condition: binding.condition)
      ]
    }
    let (pool, selector) = (parts[0..<6].joined(separator: "/"), parts[6...].joined(separator: "/"))
    let same = [pool, gcp.tree.canonical(pool)]
    let all = gcp.providers.filter { same.contains($0.pool) || same.contains(gcp.tree.canonical($0.pool)) }
    let known = all.filter { !$0.isOff && !gcp.closedPools.contains($0.pool) }
    if !all.isEmpty, known.isEmpty { return [] }
    if all.isEmpty {
      let text = "Federated:\(pool)#\(selector.after("subject/") ?? selector)"
      return [TrustFact(effect: .allow, principals: [text], actions: actions, condition: binding.condition)]
    }
    return known.map { provider in
      let conditions = [provider.condition, binding.condition].compactMap(\.self)
      let condition = conditions.count > 1 ? "[\(conditions.joined(separator: ","))]" : conditions.first
      return TrustFact(
        effect: .allow, principals: [provider.principal(selector)], actions: actions, condition: condition)
    }
  }
}

extension IdentityFact {
  fileprivate mutating func take(_ more: [TrustFact]) {
    var known = Set(trusts)
    for trust in more where known.insert(trust).inserted { trusts.append(trust) }
  }
}
