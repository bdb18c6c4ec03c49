import Base
import Model

/// What going from the base to this version changes about one identity: in its declaration and in its exceptions.
struct DeclaredChange: Sendable {
  enum Kind: String, CaseIterable { case added, removed, changed }

  let handle: String
  let before: Declaration?
  let after: Declaration?
  /// Ids of its exceptions that are new, and of those that end later than they did.
  let addedExceptions: [Located<String>]
  let extendedExceptions: [Located<String>]

  var kind: Kind { before == nil && after != nil ? .added : before != nil && after == nil ? .removed : .changed }

  /// The pairs of the scope of one version that the other's does not hold.
  static func scope(of wider: Declaration?, beyond narrower: Declaration?) -> [UndeclaredAccess] {
    guard let wider else { return [] }
    let other = DeclaredScope(narrower?.scope ?? [])
    return wider.scope.flatMap { entry in
      let resources = entry.resources.isEmpty ? ["*"] : entry.resources.map(\.value)
      return other.undeclared(
        of: GrantFact(effect: .allow, actions: entry.actions.map(\.value), resources: resources, via: "scope"))
    }.uniqued()
  }

  /// How much later it ends, negative for earlier; `nil` unless both versions say when.
  var expiryMoved: Milliseconds? {
    guard let from = before?.expires?.value, let to = after?.expires?.value else { return nil }
    return Milliseconds(to.end.milliseconds - from.end.milliseconds)
  }

  /// What limits of an identity that was there before allow now, in words.
  func loosened(at now: Instant) -> [String] {
    guard let before, let after else { return [] }
    var found = after.behaviour.looser(than: before.behaviour, at: now)
    if let limit = before.credentialMaxAge?.value, limit < after.credentialMaxAge?.value ?? Milliseconds(.max) {
      found.append("credentials of \(after.credentialMaxAge?.value.description ?? "any age")")
    }
    if let every = before.reviewEvery?.value, every < after.reviewEvery?.value ?? Milliseconds(.max) {
      found.append(after.reviewEvery.map { "a review every \($0.value)" } ?? "no review")
    }
    return found
  }
}

/// All that differs between two versions of what is declared.
struct DeclaredChanges: Sendable {
  /// By handle; of exceptions for undeclared identities, by principal.
  let changes: [DeclaredChange]
  /// What changes about the rules that judge them, in words.
  let rules: [String]

  init(from base: Governance, to head: Governance, only handles: Set<String>?) {
    rules = DeclaredChanges.rules(from: base, to: head)
    let before = Dictionary(base.declarations.map { ($0.handle.value, $0) }, uniquingKeysWith: { first, _ in first })
    let after = Dictionary(head.declarations.map { ($0.handle.value, $0) }, uniquingKeysWith: { first, _ in first })
    let exceptions = DeclaredChanges.exceptions(from: base.exceptions, to: head.exceptions)
    let names = Set(before.keys).union(after.keys).union(exceptions.keys)
    changes = names.filter { handles?.contains($0) ?? true }.sorted().compactMap { name in
      let (old, new, own) = (before[name], after[name], exceptions[name])
      // Most are the same to the byte; the others may still only have moved.
      if own == nil, old == new { return nil }
      if own == nil, let old, let new, new.changedKeys(since: old).isEmpty { return nil }
      return DeclaredChange(
        handle: name, before: old, after: new, addedExceptions: own?.added ?? [],
        extendedExceptions: own?.extended ?? [])
    }
  }

  private static func exceptions(
    from base: [PolicyException], to head: [PolicyException]
  ) -> [String: (added: [Located<String>], extended: [Located<String>])] {
    let before = Dictionary(base.map { ($0.id.value, $0) }, uniquingKeysWith: { first, _ in first })
    var found: [String: (added: [Located<String>], extended: [Located<String>])] = [:]
    for exception in head {
      let name = exception.identity.value
      if let old = before[exception.id.value] {
        if (exception.expires?.value.number ?? .max) > (old.expires?.value.number ?? .max) {
          found[name, default: ([], [])].extended.append(exception.id)
        }
      } else {
        found[name, default: ([], [])].added.append(exception.id)
      }
    }
    return found
  }

  private static func rules(from base: Governance, to head: Governance) -> [String] {
    var found: [String] = []
    let before = Dictionary(base.policyFiles.map { ($0.path, $0.bytes) }, uniquingKeysWith: { first, _ in first })
    let after = Dictionary(head.policyFiles.map { ($0.path, $0.bytes) }, uniquingKeysWith: { first, _ in first })
    for path in Set(before.keys).union(after.keys).sorted() where before[path] != after[path] {
      found.append("\(path) \(before[path] == nil ? "added" : after[path] == nil ? "removed" : "changed")")
    }
    let (old, new) = (base.configuration, head.configuration)
    let wasOff = Set(old.disabledPolicies.map(\.value))
    for policy in new.disabledPolicies.map(\.value).sorted() where !wasOff.contains(policy) {
      found.append("\(policy) switched off")
    }
    for policy in Set(old.policyParameters.keys).union(new.policyParameters.keys).sorted() {
      let (from, to) = (old.policyParameters[policy] ?? [:], new.policyParameters[policy] ?? [:])
      for name in Set(from.keys).union(to.keys).sorted() where from[name]?.value != to[name]?.value {
        found.append("\(policy).\(name) \(from[name]?.value ?? "default") → \(to[name]?.value ?? "default")")
      }
    }
    return found
  }
}
