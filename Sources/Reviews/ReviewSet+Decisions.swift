package import Base
package import Model

extension ReviewSet {
  /// Every decision of every item, for policies, in the order of the files: judged by this tree alone (the audit is what judges by
  /// the history).
  package func decisions(at now: Instant, _ owners: Owners) -> [ReviewDecision] {
    let keys = KeyRing(owners)
    return items.flatMap { item in
      item.decisions.enumerated().map { position, decision in
        var fact = ReviewDecision(
          item: item.id, campaign: item.campaign, policy: item.policy, severity: item.severity,
          status: item.standing(at: now), due: item.due, kind: decision.kind, by: decision.by, at: decision.at,
          reason: decision.reason, location: decision.location)
        fact.handle = item.identity
        fact.principal = item.principal
        fact.owner = item.owner
        fact.until = decision.until
        fact.approver = decision.approver
        fact.newOwner = decision.owner
        fact.ticket = decision.ticket
        fact.isLast = position == item.decisions.count - 1
        fact.isOnEvidence = decision.on == item.evidence.digest
        fact.missing = DecisionRules.missing(decision).map(\.message)
        fact.signature = { item.signature(of: decision, keys) }
        return fact
      }
    }
  }
}

extension ReviewItem {
  fileprivate func signature(of decision: Decision, _ keys: KeyRing) -> ReviewDecision.Signature {
    guard let armor = decision.signature else { return .none }
    guard let bytes = DecisionBlock.signedBytes(of: decision, in: self) else { return .broken }
    let actors = keys.signers(of: bytes, armor, namespace: SSHKeygen.namespace)
    if actors.contains(where: { $0.person == decision.by.name }) { return .valid }
    if actors.contains(where: { $0.person != nil }) { return .other }
    for case .unknownKey in actors { return .unknownKey }
    return .broken
  }
}
