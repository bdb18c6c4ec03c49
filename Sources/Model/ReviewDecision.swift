package import Base

/// One decision of a review item with what the tree alone says of it: what policies are asked about.
package struct ReviewDecision: Sendable {
  /// What the decision's signature proves by the keys of the same tree.
  package enum Signature: String, Sendable, CaseIterable {
    /// There is none.
    case none
    /// Who decided signed it.
    case valid
    /// Somebody else of owners.yaml signed it.
    case other
    /// A key signed it that owners.yaml lists for nobody.
    case unknownKey = "unknown-key"
    /// It does not fit the text.
    case broken
  }

  /// The item's id.
  package var item: String
  package var campaign: String
  /// The declared handle that the item is about.
  package var handle: String?
  package var principal: PrincipalKey?
  /// The policy that the item is about.
  package var policy: String
  package var severity: Severity
  /// Where the item stands at the instant of the run.
  package var status: ReviewStatus
  /// Who the item asks.
  package var owner: OwnerReference?
  /// The item's last day to decide, UTC.
  package var due: Day

  package var kind: DecisionKind
  package var by: OwnerReference
  package var at: Instant
  /// The last day on which it holds, UTC.
  package var until: Day?
  package var approver: OwnerReference?
  /// The new owner of `reassign`.
  package var newOwner: OwnerReference?
  package var reason: String
  package var ticket: String?
  /// Whether the item has no later decision.
  package var isLast: Bool
  /// Whether it was made on the evidence that the item has now.
  package var isOnEvidence: Bool
  /// What its kind needs and it lacks, in words.
  package var missing: [String]
  /// Worked out when asked for: verifying costs.
  package var signature: @Sendable () -> Signature
  /// The place of the entry's first key.
  package var location: SourceLocation

  package init(
    item: String, campaign: String, policy: String, severity: Severity, status: ReviewStatus, due: Day,
    kind: DecisionKind, by: OwnerReference, at: Instant, reason: String, location: SourceLocation
  ) {
    self.item = item
    self.campaign = campaign
    self.policy = policy
    self.severity = severity
    self.status = status
    self.due = due
    self.kind = kind
    self.by = by
    self.at = at
    self.reason = reason
    self.location = location
    (isLast, isOnEvidence, missing) = (true, true, [])
    signature = { .none }
  }
}
