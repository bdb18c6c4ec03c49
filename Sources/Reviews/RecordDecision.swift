package import Base
package import Git
package import Model

/// A key and the program that signs with it.
package struct DecisionSigner: Sendable {
  /// The key.
  package var key: SigningKey
  /// What signs.
  package var program: SSHKeygen
  /// Whether the commit is signed too, as git's `commit.gpgsign` asks.
  package var signsCommit: Bool

  package init(key: SigningKey, program: SSHKeygen, signsCommit: Bool = false) {
    self.key = key
    self.program = program
    self.signsCommit = signsCommit
  }
}

/// A decision as committed.
package struct RecordedDecision: Sendable {
  /// The decision in its item, signed where a signer was given.
  package var draft: DraftedDecision
  /// `nil` when the branch held it already.
  package var commit: ObjectID?
}

/// Signs a drafted decision where a signer is given, and commits its item alone on the branch that is checked out;
/// everything else in index and work tree stays. Killed at any moment, the same call again completes it.
package func recordDecision(
  _ draft: DraftedDecision, in repository: borrowing Repository, signer: DecisionSigner?, owners: Owners,
  at now: Instant
) throws(ReviewError) -> RecordedDecision {
  var draft = draft
  if let signer, !draft.isSigned(owners) {
    let signature = try signer.program.sign(draft.signedBytes, with: signer.key)
    try requireOwnKey(signature, draft, owners)
    draft = try draft.signed(signature)
  }
  do {
    guard let author = try repository.author(), let committer = try repository.committer() else {
      throw ReviewError(
        .git, "git does not know who you are",
        hint: "git config user.name \"Your Name\"; git config user.email you@example.org")
    }
    let commit = CommitDraft(
      message: draft.message, author: CommitPerson(name: author.name, email: author.email, time: now),
      committer: CommitPerson(name: committer.name, email: committer.email, time: now))
    let sign = signer.flatMap { signer in signer.signsCommit ? CommitSignature.signing(with: signer) : nil }
    let id = try repository.commitInWorkTree(
      commit, files: [draft.item.path: .write(draft.item.source.bytes)], signing: sign)
    return RecordedDecision(draft: draft, commit: id)
  } catch let error as GitError {
    throw ReviewError(.git, error.message, hint: error.hint)
  } catch let error as ReviewError {
    throw error
  } catch {
    throw ReviewError(.git, "\(error)")
  }
}

extension CommitSignature {
  fileprivate static func signing(with signer: DecisionSigner) -> CommitSigner {
    { payload in try signer.program.sign(payload, with: signer.key, namespace: "git") }
  }
}

/// A signature by a key that nobody could check is worse than none: it is refused before it is written.
private func requireOwnKey(_ armor: String, _ draft: DraftedDecision, _ owners: Owners) throws(ReviewError) {
  let name = draft.signer.name
  let actor = KeyRing(owners).signer(of: draft.signedBytes, armor, namespace: SSHKeygen.namespace)
  switch actor {
  case .signed(name): return
  case .signed(let other):
    throw ReviewError(
      .cannotSign, "the signing key is person:\(other)'s, but \(draft.signer) decides",
      hint: "decide as person:\(other), or use another key")
  case .unknownKey(let fingerprint):
    throw ReviewError(
      .cannotSign, "the signing key \(fingerprint) is not listed for \(draft.signer)",
      hint: "add its public key under people: \(name): keys: in owners.yaml, in a change of its own")
  case .broken(let why): throw ReviewError(.cannotSign, "ssh-keygen gave a signature that does not hold: \(why)")
  case .unsigned: throw ReviewError(.cannotSign, "ssh-keygen gave no signature")
  }
}

extension DraftedDecision {
  /// Whether the one who is to sign has signed.
  fileprivate func isSigned(_ owners: Owners) -> Bool {
    guard let armor = decision.signature else { return false }
    let actors = KeyRing(owners).signers(of: signedBytes, armor, namespace: SSHKeygen.namespace)
    return actors.contains { $0.person == signer.name }
  }

  /// The commit's message; its trailers are an index, not the proof.
  fileprivate var message: String {
    let verb = signer == decision.by ? "Decide" : "Approve"
    let until = decision.until.map { " until \($0)" } ?? ""
    let subject = item.identity ?? item.principal?.shortName ?? item.id
    return """
      \(verb) \(decision.kind.rawValue)\(until) for \(subject)

      \(decision.reason)

      Muster-Item: \(item.id)
      Muster-Decision: \(decision.kind.rawValue)
      """.split(separator: "\n", omittingEmptySubsequences: false).map { String($0).escapedOnOneLine }.joined(
        separator: "\n")
  }
}

/// The last decision of an item, for its approver (or for a decider who has not signed yet) to sign.
package func makeCosignature(
  on item: ReviewItem, by person: OwnerReference, owners: Owners, at now: Instant
) throws(ReviewError) -> DraftedDecision {
  guard let decision = item.decisions.last, let bytes = DecisionBlock.signedBytes(of: decision, in: item) else {
    throw ReviewError(.refusedDecision, "the item \(item.id) has no decision to sign", hint: "decide first")
  }
  guard person == decision.approver || person == decision.by else {
    throw ReviewError(
      .refusedDecision, "\(person) is neither the decider nor the approver of this decision",
      hint: decision.approver.map { "its approver is \($0)" } ?? "it names no approver", at: decision.location)
  }
  if let problem = DecisionRules.whyMayNotDecide(person, owners, at: now) {
    throw ReviewError(.refusedDecision, problem.message, hint: problem.hint)
  }
  return DraftedDecision(
    item: item, index: item.decisions.count - 1, isRepeat: true, signedBytes: bytes, signer: person)
}
