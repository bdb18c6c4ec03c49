import Base
package import Model

/// One thing that two snapshots do not agree on.
package struct FactsChange: Sendable, Hashable {
  package enum Kind: String, Sendable, CaseIterable {
    case created, deleted
    /// The same name, another of the platform's own ids.
    case recreated
    /// Another name, the same of the platform's own ids.
    case renamed
    case enabled, disabled
    case privilegeRaised = "privilege-raised"
    case privilegeLowered = "privilege-lowered"
    case keyAdded = "key-added"
    case keyRemoved = "key-removed"
    case keyChanged = "key-changed"
    case trustWidened = "trust-widened"
    case trustNarrowed = "trust-narrowed"
    case exposed
  }

  package var kind: Kind
  package var principal: PrincipalKey
  /// What changed, in words.
  package var text: String

  /// Whether somebody can do more than before.
  package var widens: Bool {
    switch kind {
    case .created, .recreated, .enabled, .privilegeRaised, .keyAdded, .trustWidened, .exposed: true
    default: false
    }
  }
}

/// What changed in the inventory from one snapshot to another; sorted by principal, then kind. Both with their sources joined.
package func factsChanges(from base: FactSet, to head: FactSet) -> [FactsChange] {
  let before = Dictionary(base.identities.map { ($0.principal, $0) }, uniquingKeysWith: { first, _ in first })
  let after = Dictionary(head.identities.map { ($0.principal, $0) }, uniquingKeysWith: { first, _ in first })
  var (created, deleted): ([IdentityFact], [IdentityFact]) = ([], [])
  var changes: [FactsChange] = []
  for identity in head.identities {
    guard let old = before[identity.principal] else {
      created.append(identity)
      continue
    }
    if old != identity { changes += IdentityDiff(old, identity).changes }
  }
  for identity in base.identities where after[identity.principal] == nil { deleted.append(identity) }
  changes += arrivals(created, deleted)
  let known = Set(base.signals.map(\.key))
  for signal in head.signals where !known.contains(signal.key) {
    let name = signal.credential ?? signal.principal ?? signal.hash.map { "sha256:\($0.prefix(12))" } ?? signal.place
    changes.append(
      FactsChange(kind: .exposed, principal: PrincipalKey(name), text: "\(signal.rule) at \(signal.place)"))
  }
  let order = FactsChange.Kind.allCases
  return changes.sorted { a, b in
    if a.principal != b.principal { return a.principal < b.principal }
    let (left, right) = (order.firstIndex(of: a.kind) ?? 0, order.firstIndex(of: b.kind) ?? 0)
    return left == right ? utf8Precedes(a.text, b.text) : left < right
  }
}

/// Who came and who went; one who did both under the platform's own id has another name.
private func arrivals(_ created: [IdentityFact], _ deleted: [IdentityFact]) -> [FactsChange] {
  func ids(_ identities: [IdentityFact]) -> [String: IdentityFact] {
    Dictionary(
      identities.compactMap { fact in fact.uniqueID.map { ("\(fact.principal.platform) \($0)", fact) } },
      uniquingKeysWith: { first, _ in first })
  }
  let (come, gone) = (ids(created), ids(deleted))
  let renamed = Set(come.keys).intersection(gone.keys)
  var changes: [FactsChange] = []
  for id in renamed.sorted() {
    guard let old = gone[id], let new = come[id] else { continue }
    changes.append(FactsChange(kind: .renamed, principal: new.principal, text: "was \(old.principal)"))
  }
  let (newNames, oldNames) = (
    Set(renamed.compactMap { come[$0]?.principal }), Set(renamed.compactMap { gone[$0]?.principal })
  )
  for fact in created where !newNames.contains(fact.principal) {
    let keys = fact.credentials.isEmpty ? "" : ", \(counted(fact.credentials.count, "credential"))"
    changes.append(
      FactsChange(
        kind: .created, principal: fact.principal,
        text: "\(fact.kind.rawValue), \(counted(fact.grants.count, "grant"))\(keys)"))
  }
  for fact in deleted where !oldNames.contains(fact.principal) {
    changes.append(FactsChange(kind: .deleted, principal: fact.principal, text: fact.kind.rawValue))
  }
  return changes
}

private struct IdentityDiff {
  let old: IdentityFact
  let new: IdentityFact

  init(_ old: IdentityFact, _ new: IdentityFact) { (self.old, self.new) = (old, new) }

  var changes: [FactsChange] {
    if let was = old.uniqueID, let id = new.uniqueID, was != id {
      return [change(.recreated, "the platform's id was \(was), is \(id)")]
    }
    var found: [FactsChange] = []
    if let was = old.isEnabled, let isOn = new.isEnabled, was != isOn {
      found.append(change(isOn ? .enabled : .disabled, ""))
    }
    found += privileges(.privilegeRaised, new, beyond: old) + privileges(.privilegeLowered, old, beyond: new)
    found += credentials + trusts
    return found
  }

  /// The statements of one that no statement of the other holds whole.
  private func privileges(_ kind: FactsChange.Kind, _ wider: IdentityFact, beyond narrower: IdentityFact)
    -> [FactsChange]
  {
    if Set(wider.grants) == Set(narrower.grants) && wider.boundary == narrower.boundary { return [] }
    let held = narrower.effectiveGrants().map(\.grant)
    let known = Set(held)
    var seen: Set<String> = []
    return wider.effectiveGrants().map(\.grant).compactMap { grant in
      if known.contains(grant) || held.contains(where: { $0.covers(grant) }) { return nil }
      if grant.isOpaque && held.contains(where: { $0.via == grant.via }) { return nil }
      let text = Self.words(grant)
      return seen.insert(text).inserted ? change(kind, text) : nil
    }
  }

  private static func words(_ grant: GrantFact) -> String {
    if grant.isOpaque { return "\(grant.via) (content not in the inventory)" }
    var actions = grant.actions.joined(separator: ", ")
    if !grant.notActions.isEmpty {
      actions = "\(actions.isEmpty ? "*" : actions) except \(grant.notActions.joined(separator: ", "))"
    }
    var resources = grant.resources.joined(separator: ", ")
    if !grant.notResources.isEmpty { resources = "* except \(grant.notResources.joined(separator: ", "))" }
    let condition = grant.condition == nil ? "" : ", under a condition"
    return "\(actions)\(resources.isEmpty ? "" : " on \(resources)") by \(grant.via)\(condition)"
  }

  private var credentials: [FactsChange] {
    let before = Dictionary(old.credentials.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    let after = Dictionary(new.credentials.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    var found: [FactsChange] = []
    for credential in new.credentials {
      guard let was = before[credential.id] else {
        found.append(change(.keyAdded, "\(credential.kind) \(credential.id)"))
        continue
      }
      var words: [String] = []
      if was.status != credential.status { words.append("\(was.status.rawValue) → \(credential.status.rawValue)") }
      if was.expires != credential.expires {
        words.append(
          "expires \(was.expires?.day.description ?? "never") → \(credential.expires?.day.description ?? "never")")
      }
      if was.lastRotated != credential.lastRotated, let rotated = credential.lastRotated {
        words.append("rotated on \(rotated.day)")
      }
      if !words.isEmpty {
        found.append(change(.keyChanged, "\(credential.kind) \(credential.id): \(words.joined(separator: ", "))"))
      }
    }
    for credential in old.credentials where after[credential.id] == nil {
      found.append(change(.keyRemoved, "\(credential.kind) \(credential.id)"))
    }
    return found
  }

  private var trusts: [FactsChange] {
    let (before, after) = (Set(old.trusts), Set(new.trusts))
    func texts(_ trusts: Set<TrustFact>, _ kind: FactsChange.Kind) -> [FactsChange] {
      trusts.map { trust in
        let who =
          trust.principals.isEmpty
          ? "all but \(trust.notPrincipals.joined(separator: ", "))" : trust.principals.joined(separator: ", ")
        return change(kind, "\(trust.effect.rawValue) \(who)\(trust.condition == nil ? "" : ", under a condition")")
      }.sorted { $0.text < $1.text }
    }
    // A deny that goes widens.
    let (added, removed) = (after.subtracting(before), before.subtracting(after))
    return texts(added.filter { $0.effect == .allow }.union(removed.filter { $0.effect == .deny }), .trustWidened)
      + texts(removed.filter { $0.effect == .allow }.union(added.filter { $0.effect == .deny }), .trustNarrowed)
  }

  private func change(_ kind: FactsChange.Kind, _ text: String) -> FactsChange {
    FactsChange(kind: kind, principal: new.principal, text: text)
  }
}
