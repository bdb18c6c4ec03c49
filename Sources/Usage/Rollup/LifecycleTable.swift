import Base
package import Model

/// What happened to credentials, by id.
struct LifecycleTable {
  private var byID: [ExactText: CredentialLifecycle] = [:]

  mutating func add(_ change: LifecycleChange, at time: Int64, by author: RawText) {
    let id = change.credential.string
    let instant = Instant(milliseconds: time)
    let person = author.isEmpty ? nil : PrincipalKey(author.string)
    var one = CredentialLifecycle(id: id)
    if !change.owner.isEmpty { one.owner = PrincipalKey(change.owner.string) }
    switch change.kind {
    case .created: (one.created, one.createdBy) = (instant, person)
    case .deleted: (one.deleted, one.deletedBy) = (instant, person)
    case .enabled: one.enabled = instant
    case .disabled: one.disabled = instant
    }
    let key = ExactText(id)
    byID[key] = byID[key].map { $0.merged(with: one) } ?? one
  }

  /// Sorted by id.
  func drained() -> [CredentialLifecycle] { byID.values.sorted { precedes($0.id, $1.id) } }
}

extension CredentialLifecycle {
  /// What both say of the same credential; commutative and associative.
  package func merged(with other: CredentialLifecycle) -> CredentialLifecycle {
    precondition(id == other.id, "lifecycles of one credential are merged")
    var sum = CredentialLifecycle(id: id)
    sum.owner = [owner, other.owner].compactMap { $0 }.min()
    sum.created = earlier(created, other.created)
    sum.createdBy = Self.author(sum.created, (created, createdBy), (other.created, other.createdBy))
    sum.enabled = later(enabled, other.enabled)
    sum.disabled = later(disabled, other.disabled)
    if let on = sum.enabled, let off = sum.disabled, on >= off { sum.disabled = nil }
    sum.deleted = later(deleted, other.deleted)
    sum.deletedBy = Self.author(sum.deleted, (deleted, deletedBy), (other.deleted, other.deletedBy))
    return sum
  }

  /// Who did it at that instant; the least of several.
  private static func author(_ at: Instant?, _ a: (Instant?, PrincipalKey?), _ b: (Instant?, PrincipalKey?))
    -> PrincipalKey?
  {
    [a, b].compactMap { $0.0 == at ? $0.1 : nil }.min()
  }
}

/// The lifecycles of both, one a credential; both sorted by id, as is the result.
package func mergeLifecycles(_ a: [CredentialLifecycle], _ b: [CredentialLifecycle]) -> [CredentialLifecycle] {
  joined(a + b, by: { byteOrder($0.id, $1.id) }) { $0 = $0.merged(with: $1) }
}
