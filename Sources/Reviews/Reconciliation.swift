package import Base
package import Model

/// A change of an item's status that a check's result calls for.
package struct ItemChange: Sendable {
  /// The item as changed, ready to write.
  package var item: ReviewItem
  /// The status as it was written.
  package var from: ReviewStatus
  /// The status as it should be.
  package var to: ReviewStatus
  /// One line: why.
  package var why: String
}

/// What reconciling found.
package struct ReconciliationPlan: Sendable {
  /// By path.
  package var changes: [ItemChange] = []
  /// Items that could not be judged, with the reason; they stay as they are.
  package var notes: [Diagnostic] = []

  /// The files to write, by path.
  package var files: [SourceFile] { changes.map(\.item.source) }
}

/// Brings the items' statuses up to what a check shows. An item closes only when *later* facts, from healthy sources,
/// no longer show its finding: claimed is not done.
package func reconcile(
  _ reviews: ReviewSet, with result: CheckResult, governance: Governance, facts: FactSet, now: Instant
) throws(ReviewError) -> ReconciliationPlan {
  let run = Reconciling(
    groups: byID(FindingGroup.groups(of: result.findings.filter { $0.verdict != .pass }, taken: reviews.keys)),
    excepted: byID(FindingGroup.groups(of: result.excepted, taken: reviews.keys)),
    policies: Set(result.policies.map(\.id)), index: CaseIndex(governance, facts, now: now), facts: facts, now: now)
  var plan = ReconciliationPlan()
  for item in reviews.items where !item.status.isFinal && !reviews.isClosed(item.campaign) {
    let outcome = run.judge(item)
    if let note = outcome.note { plan.notes.append(Diagnostic(.warning, at: item.location(of: "status"), note)) }
    guard outcome.status != item.status else { continue }
    var edit = ItemEdit(item)
    edit.set("status", outcome.status.rawValue)
    for event in outcome.events { edit.append(event) }
    plan.changes.append(ItemChange(item: try edit.apply(), from: item.status, to: outcome.status, why: outcome.why))
  }
  return plan
}

private func byID(_ groups: [FindingGroup]) -> [String: FindingGroup] {
  Dictionary(groups.map { ($0.id, $0) }) { first, _ in first }
}

private struct Reconciling {
  struct Outcome {
    var status: ReviewStatus
    var why = ""
    var events: [ItemEvent] = []
    var note: String?
  }

  let groups: [String: FindingGroup]
  let excepted: [String: FindingGroup]
  let policies: Set<String>
  let index: CaseIndex
  let facts: FactSet
  let now: Instant

  func judge(_ item: ReviewItem) -> Outcome {
    if let group = groups[item.id] { return stillShown(item, group) }
    if let group = excepted[item.id] {
      let name = group.first.exception ?? "without a name"
      let event = ItemEvent(.excepted, at: now, note: "exception \(name)")
      return Outcome(status: .deferred, why: "the exception \(name) covers it", events: [event])
    }
    return gone(item)
  }

  private func stillShown(_ item: ReviewItem, _ group: FindingGroup) -> Outcome {
    if group.verdict == .unknown {
      return Outcome(status: item.status, note: "cannot be judged now: \(group.first.message)")
    }
    let digest = EvidenceDigest.make(index.makeCase(group), campaign: item.campaign)
    if digest != item.evidence.digest, !item.decisions.isEmpty {
      return Outcome(
        status: .staleDecision, why: "the evidence changed after the decision",
        note: "the evidence changed since the decision; `muster review open` brings the item up to date")
    }
    var asked = item
    // A check that still shows the finding takes back what waited for later facts, or for an exception that no longer
    // holds.
    if item.status == .awaitingVerification || item.status == .deferred {
      asked.status = item.route == .exceptionQueue ? .unowned : .inReview
    }
    let standing = asked.standing(at: now)
    return Outcome(status: standing, why: why(standing, item))
  }

  private func why(_ status: ReviewStatus, _ item: ReviewItem) -> String {
    let decision = item.decisions.last.map { "\($0.kind.rawValue) by \($0.by)" } ?? "no decision"
    switch status {
    case .remediating: return "decided (\(decision)); the check still shows it"
    case .decided, .deferred, .escalated: return "decided (\(decision))"
    case .inReview, .unowned: return "no decision holds"
    default: return "a decision is due"
    }
  }

  private func gone(_ item: ReviewItem) -> Outcome {
    guard policies.contains(item.policy) else {
      return Outcome(
        status: item.status,
        note: "the check did not run the policy \(item.policy), so it cannot say whether this is mended")
    }
    let isDecided = !item.decisions.isEmpty
    let waiting = Outcome(
      status: isDecided ? .awaitingVerification : item.status,
      why: "the check no longer shows it; later facts must confirm",
      events: [ItemEvent(.remediated, at: now, facts: facts.commit, note: "the check no longer shows it")])
    guard let commit = facts.commit, commit != item.evidence.facts else { return waiting }
    if let why = whyNotHealthy(item) {
      return Outcome(
        status: waiting.status, why: waiting.why, events: waiting.events,
        note: "cannot confirm that this is mended: \(why)")
    }
    let verified = ItemEvent(.verified, at: now, facts: commit, note: "the finding is gone")
    if isDecided {
      return Outcome(
        status: .closed, why: "later facts no longer show it", events: [verified, ItemEvent(.closed, at: now)])
    }
    return Outcome(
      status: .autoResolved, why: "later facts no longer show it, without any decision",
      events: [ItemEvent(.autoResolved, at: now, facts: commit, note: "no longer observed")])
  }

  /// Why the facts cannot confirm that something is gone; `nil` when they can.
  private func whyNotHealthy(_ item: ReviewItem) -> String? {
    let sources = item.principal.map { index.sources(covering: $0.place) } ?? facts.sources
    if item.principal != nil, !sources.contains(where: { $0.kind == .inventory }) {
      return "no inventory covers \(item.principal?.place ?? "it")"
    }
    if let sick = sources.first(where: { !$0.isHealthy(at: now) }) {
      return "the source \(sick.name) is stale or could not be read whole"
    }
    let newest = sources.compactMap { $0.kind == .usage ? $0.last : $0.collected }.max()
    if let window = item.evidence.window, let newest, newest.day < window.upperBound {
      return "the facts are older than those that the item was opened on"
    }
    return nil
  }
}
