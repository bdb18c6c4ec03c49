/// Where a review item stands. What a person writes into `decisions:` counts at once: `ReviewItem.standing` works it
/// out.
package enum ReviewStatus: String, Sendable, CaseIterable {
  /// Nobody answers for the identity: the exception queue has it.
  case unowned
  /// Waits for its owner's decision.
  case inReview = "in-review"
  /// Past its deadline, or its owner does not know: someone further up has it.
  case escalated
  /// Decided, nothing to change on the platform.
  case decided
  /// Decided; the change has not been seen yet.
  case remediating
  /// The finding is gone from the check, but on the facts that it was opened on: a later inventory must confirm.
  case awaitingVerification = "awaiting-verification"
  /// Later facts show the change.
  case closed
  /// Put off until a day, by an accepted risk or an exception.
  case deferred
  /// The evidence changed after the decision: decide again.
  case staleDecision = "stale-decision"
  /// Was closed, and is back.
  case regressed
  /// No longer observed without any decision, while the sources were healthy.
  case autoResolved = "auto-resolved"

  /// Whether nothing is left to do.
  package var isFinal: Bool { self == .closed || self == .autoResolved }

  /// Whether the item waits for a decision; only such items are reminded of.
  package var awaitsDecision: Bool {
    switch self {
    case .unowned, .inReview, .escalated, .staleDecision, .regressed: true
    case .decided, .remediating, .awaitingVerification, .closed, .deferred, .autoResolved: false
    }
  }

  /// Whether a campaign may close over it: decided, excepted or escalated.
  package var isAnswered: Bool { !awaitsDecision || self == .escalated }
}

/// The way by which an item or a decision reached the person who decides.
package enum ReviewRoute: String, Sendable, CaseIterable {
  /// The resolved owner.
  case owner
  /// The queue of what has no owner.
  case exceptionQueue = "exception-queue"
  /// Someone above the owner, after silence or "don't know".
  case escalation
  /// Someone who is not on the item's way decided of his own accord.
  case direct
}

/// What can be decided about a review item.
package enum DecisionKind: String, Sendable, CaseIterable {
  case keep, reduce, rotate, disable, revoke, reassign, extend
  case acceptRisk = "accept-risk"
  case falsePositive = "false-positive"
  case dontKnow = "dont-know"

  /// Whether something must change, on the platform or in the declaration, before the item can close.
  package var needsChange: Bool {
    switch self {
    case .reduce, .rotate, .disable, .revoke, .reassign, .extend: true
    case .keep, .acceptRisk, .falsePositive, .dontKnow: false
    }
  }
}
