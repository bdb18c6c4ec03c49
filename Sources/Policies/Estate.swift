package import Base
package import Model

/// Declared, granted and used, joined at one instant.
package final class Estate: Sendable {
  package let governance: Governance
  package let facts: FactSet
  package let now: Instant
  /// One a declared principal, one a declaration without principals, one an undeclared identity of the facts; sorted by
  /// principal, then handle.
  package let identities: [JoinedIdentity]
  /// Last valid decision by the declaration's handle, from the review items.
  package let reviewed: [String: Instant]
  /// Every decision of the review items.
  package let decisions: [ReviewDecision]
  /// What changed since the base; `nil` where there is no base to compare with.
  let changes: DeclaredChanges?
  /// The identities of what changed, by handle: looking through all of them for each change would take minutes.
  let changedIdentities: [String: [JoinedIdentity]]

  /// Services whose data events the logs hold: there, silence means that an action was not used.
  let loggedDataServices: Set<String>
  /// The declarations that take part; `nil` for all, and for what is undeclared.
  package let handles: Set<String>?

  /// Joins. With `handles`, only the declarations of those are joined (a commit hook touches few of many thousands). With `base`,
  /// what changed since that version is there to be judged too.
  package init(
    governance: Governance, facts: FactSet, now: Instant, reviewed: [String: Instant] = [:],
    decisions: [ReviewDecision] = [], since base: Governance? = nil, only handles: Set<String>? = nil
  ) {
    var (governance, facts) = (governance, facts)
    governance.owners = governance.owners.completed(by: facts.people)
    facts.sources = facts.sources.map { $0.seen(at: now) }
    self.governance = governance
    self.facts = facts
    self.now = now
    self.reviewed = reviewed
    self.handles = handles
    self.decisions = decisions
    changes = base.map { DeclaredChanges(from: $0, to: governance, only: handles) }
    let actions = Set(facts.usage.flatMap { $0.actions.map(\.action) })
    let data = actions.filter { ActionObservability.silence(of: AccessPattern(action: $0)) == .unknown }
    loggedDataServices = Set(data.map { String($0.prefix { $0 != ":" }) })
    identities = Joiner(governance: governance, facts: facts, now: now).join(only: handles)
    let changed = Set(changes?.changes.map(\.handle) ?? [])
    changedIdentities =
      changed.isEmpty
      ? [:] : Dictionary(grouping: identities.filter { $0.isDeclared && changed.contains($0.handle) }, by: \.handle)
  }
}

/// One identity with all that is known of it.
package final class JoinedIdentity: Sendable {
  package let declaration: Declaration?
  package let principal: PrincipalKey?
  package let fact: IdentityFact?
  package let usage: UsageFact?
  /// Whether there is a declaration, and whether there is usage: asked without copying these.
  let isDeclared: Bool
  let isUsed: Bool
  /// Whether it was discovered; `nil` when no inventory that could show it is fresh and whole.
  package let isDiscovered: Bool?
  /// Why `isDiscovered` is `nil`.
  package let inventoryGap: String
  /// Since when the logs of its place are whole; `nil` when no usage source covers it up to now.
  package let coveredSince: Instant?
  /// Why `coveredSince` is `nil`.
  package let usageGap: String
  /// The environments of the place that holds the identity.
  package let placeEnvironments: [String]
  package let credentials: [JoinedCredential]
  /// What scanners and security events say of it by its name.
  package let signals: [SignalFact]
  /// What allows it something after denies and boundary.
  package let grants: [EffectiveGrant]

  init(
    declaration: Declaration?, principal: PrincipalKey?, fact: IdentityFact?, usage: UsageFact?, inventory: Sight,
    logs: Sight, placeEnvironments: [String], credentials: [JoinedCredential],
    signals: [SignalFact], now: Instant
  ) {
    self.declaration = declaration
    self.principal = principal
    self.fact = fact
    self.usage = usage
    isDeclared = declaration != nil
    isUsed = usage != nil
    if let fact {
      isDiscovered = fact.deleted.map { now < $0 } ?? true
    } else {
      isDiscovered = inventory.since != nil ? false : nil
    }
    inventoryGap = inventory.gap
    coveredSince = logs.since
    usageGap = logs.gap
    self.placeEnvironments = placeEnvironments
    self.credentials = credentials
    self.signals = signals
    holder = JoinedIdentity.holder(fact, principal)
    grants = fact?.effectiveGrants() ?? []
  }

  /// The declared handle, else the principal's short name.
  package var handle: String { declaration?.handle.value ?? principal?.shortName ?? "?" }

  /// What kind of holder it is: `machine`, `service` (the platform's own), `root`, `human`, `group`, `federated` (known by another
  /// platform's token only: what it becomes here is the identity to govern).
  package let holder: String

  private static func holder(_ fact: IdentityFact?, _ principal: PrincipalKey?) -> String {
    if let fact {
      if fact.kind == .service { return "service" }
      if fact.kind == .root { return "root" }
      if fact.kind == .group { return "group" }
      if let tag = fact.tags.first(where: { $0.key == "muster:class" }), tag.value.hasPrefix("human") { return "human" }
    }
    guard let text = principal?.description else { return "machine" }
    if principal?.isService == true || text.holds(":role/aws-service-role/") { return "service" }
    if text.hasPrefix("arn:"), text.hasSuffix(":root") { return "root" }
    if text.holds("/web-identity/") || text.holds("/saml/") { return "federated" }
    if text.holds(".svc.id.goog[") || text.hasPrefix("gcp:principal") { return "federated" }
    return text.holds("AWSReservedSSO_") ? "human" : "machine"
  }

  /// The last use that logs or the platform itself show.
  package var lastUsed: Instant? {
    [usage?.last, fact?.lastUsed, credentials.compactMap(\.lastUsed).max()].compactMap { $0 }.max()
  }
}

/// A credential with what inventory, logs and its own history say of it.
package struct JoinedCredential: Sendable, Hashable {
  package var id: String
  package var kind: String
  package var fact: CredentialFact?
  package var use: CredentialUse?
  package var lifecycle: CredentialLifecycle?
  /// What scanners and security events say of it, or of its identity as a whole.
  package var signals: [SignalFact] = []
  /// The earliest of deletion, switching off, expiry and the declared end; `nil` while it may live.
  package var ended: Instant?
  /// `deleted`, `switched off`, `expired`, `declared to end`.
  package var endedHow: String

  var lastUsed: Instant? { [fact?.lastUsed, use?.last].compactMap { $0 }.max() }
}

/// Since when a source shows a place without a hole up to now, or why it does not.
struct Sight: Sendable {
  var since: Instant?
  var gap: String
}

extension String {
  /// `contains` by bytes: the standard library's own makes tables for each search.
  fileprivate func holds(_ part: StaticString) -> Bool {
    var text = self
    return text.withUTF8 { text in
      part.withUTF8Buffer { part in
        guard let first = part.first, part.count <= text.count else { return false }
        return (0...(text.count - part.count)).contains { start in
          text[start] == first && text[start..<(start + part.count)].elementsEqual(part)
        }
      }
    }
  }
}
