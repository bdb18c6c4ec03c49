package import Base
package import Model

/// One thing that a change of declarations gives or takes.
package struct AccessChange: Sendable, Hashable {
  /// Whether the change lets the identity do more, less, or something else.
  package enum Direction: String, Sendable, CaseIterable { case gives, takes, changes }

  package var direction: Direction
  package var identity: String
  /// `scope`, `expires`, `owner`, `environments`, `regions`, `review`, `declaration`.
  package var field: String
  /// What changes, in words.
  package var text: String
  /// What the logs say of it; empty where they say nothing.
  package var evidence: String
  package var location: SourceLocation
}

/// What going from one version of the declarations to another gives or takes, with the usage evidence; sorted by identity, then
/// gives before takes before changes.
package func accessChanges(from base: Governance, to head: Governance, facts: FactSet) -> [AccessChange] {
  let before = Dictionary(base.declarations.map { ($0.handle.value, $0) }, uniquingKeysWith: { first, _ in first })
  let after = Dictionary(head.declarations.map { ($0.handle.value, $0) }, uniquingKeysWith: { first, _ in first })
  let usage = Dictionary(facts.usage.map { ($0.principal, $0) }, uniquingKeysWith: { first, _ in first })
  var changes: [AccessChange] = []
  for handle in Set(before.keys).union(after.keys).sorted() {
    let declaration = after[handle] ?? before[handle]
    let used = (declaration?.principals ?? []).compactMap { usage[$0.value] }
    changes += DeclarationDiff(handle: handle, base: before[handle], head: after[handle], usage: used).changes
  }
  return changes
}

private struct DeclarationDiff {
  let handle: String
  let base: Declaration?
  let head: Declaration?
  let usage: [UsageFact]

  var changes: [AccessChange] {
    var found: [AccessChange] = []
    if base == nil, let head { found.append(change(.gives, "declaration", "is declared", at: head.location)) }
    if head == nil, let base { found.append(change(.takes, "declaration", "is no longer declared", at: base.location)) }
    found += scope(from: head, beyond: base, .gives) + scope(from: base, beyond: head, .takes)
    if let base, let head { found += fields(base, head) }
    let order: [AccessChange.Direction] = [.gives, .takes, .changes]
    return order.flatMap { direction in found.filter { $0.direction == direction } }
  }

  /// The pairs of one version's scope that the other's does not hold.
  private func scope(
    from wider: Declaration?, beyond narrower: Declaration?, _ direction: AccessChange.Direction
  ) -> [AccessChange] {
    guard let wider else { return [] }
    let other = DeclaredScope(narrower?.scope ?? [])
    return wider.scope.flatMap { entry -> [AccessChange] in
      let resources = entry.resources.isEmpty ? ["*"] : entry.resources.map(\.value)
      let grant = GrantFact(effect: .allow, actions: entry.actions.map(\.value), resources: resources, via: "scope")
      return other.undeclared(of: grant).map { pair in
        let place = entry.actions.first { $0.value == pair.action }?.location ?? wider.location
        var change = change(direction, "scope", "\(pair.action) on \(pair.resource)", at: place)
        change.evidence = evidence(of: pair.action)
        return change
      }
    }
  }

  private func evidence(of action: String) -> String {
    let pattern = AccessPattern(action: action)
    let uses = usage.flatMap(\.actions).filter { pattern.matches($0.action) == .yes && $0.lastSuccess != nil }
    if let last = uses.compactMap(\.lastSuccess).max() {
      return "used \(uses.map(\.count).reduce(0, +)) times, last on \(last.day)"
    }
    if usage.isEmpty { return "" }
    return ActionObservability.silence(of: pattern) == .no ? "not used in the logs" : "the logs cannot show its use"
  }

  private func fields(_ base: Declaration, _ head: Declaration) -> [AccessChange] {
    var found: [AccessChange] = []
    if base.expires?.value != head.expires?.value {
      let isLater = (head.expires?.value.number ?? .max) > (base.expires?.value.number ?? .max)
      let isLonger = head.expires == nil || (base.expires != nil && isLater)
      let words = "expiry \(base.expires?.value.description ?? "none") → \(head.expires?.value.description ?? "none")"
      found.append(change(isLonger ? .gives : .takes, "expires", words, at: head.location(of: "expires")))
    }
    if base.owner?.value != head.owner?.value {
      let words = "owner \(base.owner?.value.description ?? "none") → \(head.owner?.value.description ?? "none")"
      found.append(change(.changes, "owner", words, at: head.location(of: "owner")))
    }
    found += list("environments", base.environments.map(\.value), head.environments.map(\.value), head)
    found += list(
      "principals", base.principals.map(\.value.description), head.principals.map(\.value.description), head)
    if !(base.behaviour.regions.isEmpty && head.behaviour.regions.isEmpty) {
      found += list("regions", base.behaviour.regions.map(\.value), head.behaviour.regions.map(\.value), head)
    }
    if base.reviewEvery?.value != head.reviewEvery?.value {
      let isRarer = (head.reviewEvery?.value.count ?? .max) > (base.reviewEvery?.value.count ?? .max)
      let words =
        "review every \(base.reviewEvery?.value.description ?? "never") → \(head.reviewEvery?.value.description ?? "never")"
      found.append(change(isRarer ? .gives : .takes, "review", words, at: head.location(of: "review")))
    }
    return found
  }

  private func list(_ field: String, _ base: [String], _ head: [String], _ declaration: Declaration) -> [AccessChange] {
    let place = declaration.location(of: field == "regions" ? "behaviour" : field)
    return head.filter { !base.contains($0) }.map { change(.gives, field, $0, at: place) }
      + base.filter { !head.contains($0) }.map { change(.takes, field, $0, at: place) }
  }

  private func change(
    _ direction: AccessChange.Direction, _ field: String, _ text: String, at location: SourceLocation
  ) -> AccessChange {
    AccessChange(
      direction: direction, identity: handle, field: field, text: text, evidence: "", location: location)
  }
}
