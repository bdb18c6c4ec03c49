package import Base
package import Model

/// What a person decides about an item.
package struct DecisionRequest: Sendable {
  /// What is decided.
  package var kind: Decision.Kind
  /// Who decides.
  package var by: OwnerReference
  /// When.
  package var at: Instant
  /// Why, in words.
  package var reason: String
  /// The last day on which it holds, UTC.
  package var until: Day?
  /// The new owner of `reassign`.
  package var owner: OwnerReference?
  /// The second person, for `accept-risk`.
  package var approver: OwnerReference?
  /// Where the work is tracked.
  package var ticket: String?
  /// The digest decided on; `nil` for that of the item's present evidence.
  package var on: String?

  package init(kind: Decision.Kind, by: OwnerReference, at: Instant, reason: String) {
    self.kind = kind
    self.by = by
    self.at = at
    self.reason = reason
  }
}

/// A decision written into its item, not yet signed or committed.
package struct DraftedDecision: Sendable {
  /// The item with the decision.
  package var item: ReviewItem
  /// Its place in `item.decisions`.
  package var index: Int
  /// Whether the item held the same decision already: a killed run is completed, nothing is added.
  package var isRepeat: Bool
  /// The exact bytes to sign.
  package var signedBytes: [UInt8]
  /// Whose signature is to stand beside it: the decider, or a second person.
  package var signer: OwnerReference

  /// The decision itself.
  package var decision: Decision { item.decisions[index] }

  /// The draft with a signature stored beside the decision; a second person's is stored below the first.
  package func signed(_ signature: String) throws(ReviewError) -> DraftedDecision {
    let text = signature.hasSuffix("\n") ? signature : signature + "\n"
    let stored = decision.signature.map { $0.hasSuffix("\n") ? $0 : $0 + "\n" } ?? ""
    var edit = ItemEdit(item)
    edit.sign(decision, stored + text)
    var draft = self
    draft.item = try edit.apply()
    guard DecisionBlock.signedBytes(of: draft.decision, in: draft.item) == signedBytes else {
      throw ReviewError(.cannotSign, "the signature would change what it signs", at: decision.location)
    }
    return draft
  }
}

/// Writes a decision into its item, if the rules allow it. With `willSign` false, a severity in `signedSeverities`
/// refuses.
package func makeDecision(
  _ request: DecisionRequest, on item: ReviewItem, owners: Owners, signedSeverities: Set<Severity> = [],
  willSign: Bool
) throws(ReviewError) -> DraftedDecision {
  try refuseUnfit(request, item, owners)
  if signedSeverities.contains(item.severity) && !willSign {
    throw ReviewError(
      .refusedDecision, "decisions on \(item.severity.rawValue) items must be signed, and no signing key was found",
      hint:
        "name one with --key FILE; or `git config gpg.format ssh` and `git config user.signingkey ~/.ssh/id_ed25519.pub`; "
        + "its public key must be under your `keys` in owners.yaml")
  }
  var decision = Decision(
    kind: request.kind, by: request.by, at: Instant(milliseconds: request.at.milliseconds / 1000 * 1000),
    reason: request.reason.trimmed, on: request.on ?? item.evidence.digest, location: item.location(of: "decisions"))
  decision.until = request.until
  decision.owner = request.owner
  decision.approver = request.approver
  decision.ticket = request.ticket
  decision.route = DecisionRules.route(of: request.by, item, owners, at: request.at)
  if let problem = DecisionRules.missing(decision).first {
    throw ReviewError(.refusedDecision, problem.message, hint: problem.hint)
  }
  guard decision.on == item.evidence.digest else {
    throw ReviewError(
      .refusedDecision, "the evidence has changed since \(decision.on)",
      hint: "read the item again, then decide on its digest",
      at: item.location(of: "evidence"))
  }
  return try draft(decision, item)
}

private func draft(_ decision: Decision, _ item: ReviewItem) throws(ReviewError) -> DraftedDecision {
  let isRepeat = item.decisions.last.map { $0.says(theSameAs: decision) } ?? false
  var drafted = item
  if !isRepeat {
    var edit = ItemEdit(item)
    edit.append(decision)
    drafted = try edit.apply()
  }
  let index = drafted.decisions.count - 1
  guard let bytes = DecisionBlock.signedBytes(of: drafted.decisions[index], in: drafted) else {
    throw ReviewError(
      .cannotSign, "the decision is not written line by line, so it cannot be signed",
      hint: "write each of its keys on a line of its own", at: drafted.decisions[index].location)
  }
  return DraftedDecision(item: drafted, index: index, isRepeat: isRepeat, signedBytes: bytes, signer: decision.by)
}

private func refuseUnfit(_ request: DecisionRequest, _ item: ReviewItem, _ owners: Owners) throws(ReviewError) {
  if item.status.isFinal {
    throw ReviewError(
      .refusedDecision, "the item \(item.id) is \(item.status.rawValue)",
      hint: "it reopens by itself when the finding is back")
  }
  if let problem = DecisionRules.whyMayNotDecide(request.by, owners, at: request.at) {
    throw ReviewError(.refusedDecision, problem.message, hint: problem.hint)
  }
  if request.by.name == item.identity {
    throw ReviewError(.refusedDecision, "an identity cannot decide about itself", hint: "a person decides")
  }
  if let approver = request.approver, let problem = DecisionRules.whyMayNotDecide(approver, owners, at: request.at) {
    throw ReviewError(.refusedDecision, "as approver, " + problem.message, hint: problem.hint)
  }
  if let owner = request.owner, let why = owners.whyNotAccountable(owner, at: request.at) {
    throw ReviewError(
      .refusedDecision, "\(why), so cannot own anything", hint: "teams and people are listed in owners.yaml")
  }
}

extension Decision {
  /// Whether both say the same; when they were written down and signed does not matter.
  fileprivate func says(theSameAs other: Decision) -> Bool {
    var mine = self
    mine.at = other.at
    mine.location = other.location
    mine.signature = other.signature
    return mine == other
  }
}

extension DecisionBlock {
  /// The signed bytes of one decision of an item; `nil` where the entry is not written line by line.
  package static func signedBytes(of decision: Decision, in item: ReviewItem) -> [UInt8]? {
    StoredDecision.all(in: item.source.bytes, path: item.path).first { $0.location == decision.location }?.block?
      .signedBytes
  }
}

extension String {
  /// Without white space at its ends.
  fileprivate var trimmed: String {
    let tail = drop(while: \.isWhitespace)
    return String(tail.prefix(tail.reversed().drop(while: \.isWhitespace).count))
  }
}
