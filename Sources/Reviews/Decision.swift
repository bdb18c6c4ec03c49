package import Base
package import Model

/// One entry of an item's `decisions:` list.
package struct Decision: Sendable, Hashable {
  /// What can be decided.
  package typealias Kind = DecisionKind

  /// What was decided.
  package var kind: Kind
  /// Who decided, as written; the signature is the proof.
  package var by: OwnerReference
  /// When, as written; the commit's place in history is the proof.
  package var at: Instant
  /// The last day on which it holds, UTC.
  package var until: Day?
  /// The new owner of `reassign`.
  package var owner: OwnerReference?
  /// The second person of `accept-risk`.
  package var approver: OwnerReference?
  /// By which way it came to the person.
  package var route: ReviewRoute?
  /// Why, in words.
  package var reason: String
  /// Where the work is tracked.
  package var ticket: String?
  /// `sha256:…` of the evidence that was decided on.
  package var on: String
  /// One armored OpenSSH signature, or several one after another; `nil` when unsigned.
  package var signature: String?
  /// The place of the entry's first key.
  package var location: SourceLocation

  package init(kind: Kind, by: OwnerReference, at: Instant, reason: String, on: String, location: SourceLocation) {
    self.kind = kind
    self.by = by
    self.at = at
    self.reason = reason
    self.on = on
    self.location = location
  }

  /// Whether the decision has all that its kind needs, was made on this evidence, and its time is not over.
  package func holds(on digest: String, at now: Instant) -> Bool {
    on == digest && (until.map { now < $0.end } ?? true) && DecisionRules.missing(self).isEmpty
  }
}

extension Decision.Kind {
  /// What the decision does, for an owner who reads it the first time.
  package var effect: String {
    switch self {
    case .keep: "It stays as it is, and your reason is recorded. Nothing changes on the platform."
    case .reduce: "Its permissions are cut to what it needs. Someone makes that change; later facts must show it."
    case .rotate: "Its keys or secrets are replaced by new ones. Later facts must show the old ones gone."
    case .disable: "It is switched off and can be switched on again."
    case .revoke: "It and its credentials are removed for good."
    case .reassign: "It is not yours: you name who owns it, and the declaration is changed."
    case .extend: "Its last valid day moves to the day that you name, and the declaration is changed."
    case .acceptRisk: "You and a second person take the risk until the day that you name. Then it is asked again."
    case .falsePositive: "The finding is wrong. Say why, so that the policy can be mended."
    case .dontKnow: "You cannot tell. It goes to the next person; it does not count as reviewed."
    }
  }
}
