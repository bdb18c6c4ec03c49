import Base
import Model

extension AuditFold {
  /// What remains to be said when the history is told: the decisions are judged with the signatures that they have now.
  package mutating func finish() -> AuditReport {
    report.items = items.count
    for tracked in decisions {
      let (problems, who) = DecisionJudge(tracked: tracked).judge()
      report.events[tracked.event].who = who
      report.decisions.append(
        JudgedDecision(
          item: tracked.item, path: tracked.path, decision: tracked.decision, commit: tracked.made.commit,
          time: tracked.made.time, who: who, problems: problems + tracked.losses))
    }
    for (path, tracked) in items.sorted(by: { $0.key < $1.key }) { judgePresent(path, tracked) }
    judgePopulations()
    return report
  }

  private mutating func judgePresent(_ path: String, _ tracked: TrackedItem) {
    let item = tracked.item
    if let removed = tracked.removed {
      problem(
        .itemRemoved, removed, item.id, path, "the review item was deleted",
        "restore it: git checkout \(removed.before) -- \(path.escapedOnOneLine)")
      return
    }
    if let (made, diagnostic) = tracked.unreadable {
      report.problems.append(unreadableProblem(path, item.id, made, diagnostic))
    }
    guard let last = tracked.stored.last, let position = tracked.decisions[DecisionKey(last)], !item.status.isFinal,
      report.decisions[position].decision.on != item.evidence.digest
    else { return }
    report.decisions[position].problems.append(
      AuditProblem(
        code: .staleEvidence, isFailure: true, item: item.id, path: path, commit: report.decisions[position].commit,
        message: "the evidence has changed since the decision", hint: "decide again on \(item.evidence.digest)"))
  }
}

/// Takes a problem: code, whether it fails, message, what to do.
private typealias Adding = (AuditProblem.Code, Bool, String, String) -> Void

/// Judges one decision by what was in force before the commit that brought it.
struct DecisionJudge {
  let tracked: TrackedDecision

  private var decision: Decision { tracked.decision }
  private var owners: Owners { tracked.made.rules.owners }
  private var mustBeSigned: Bool { tracked.made.rules.signedSeverities.contains(tracked.severity) }

  func judge() -> (problems: [AuditProblem], who: AuditActor) {
    var problems: [AuditProblem] = []
    let add = { (code: AuditProblem.Code, isFailure: Bool, message: String, hint: String) in
      problems.append(
        AuditProblem(
          code: code, isFailure: isFailure, item: tracked.item, path: tracked.path, commit: tracked.made.commit,
          message: message, hint: hint))
    }
    for missing in DecisionRules.missing(decision) {
      add(decision.approver == decision.by ? .approverDecides : .incomplete, true, missing.message, missing.hint)
    }
    judgePerson(decision.by, "", add)
    if let approver = decision.approver, approver != decision.by { judgePerson(approver, "the approver ", add) }
    if decision.by.name == tracked.identity {
      add(.identityDecides, true, "the identity decided about itself", "a person must decide")
    }
    if !tracked.digests.contains(decision.on) {
      add(
        .otherEvidence, true, "it was not made on the item's evidence", "decide on the digest that stands in `evidence`"
      )
    }
    if tracked.made.isFirst {
      add(
        .unproven, false, "the history begins with this commit, so nothing before it says who may decide",
        "compare owners.yaml of that commit with what you know from elsewhere")
    }
    let (who, signers) = judgeSignature(add)
    judgeDuties(signers, add)
    return (problems, who)
  }

  private func judgePerson(_ person: OwnerReference, _ role: String, _ add: Adding) {
    let time = max(tracked.made.latest, decision.at)
    guard let why = owners.whyNotAccountable(person, at: time) else { return }
    let known = owners.people[person.name]
    let code: AuditProblem.Code = known == nil ? .unknownPerson : known?.isBot == true ? .botDecides : .personLeft
    add(
      code, true, "\(role)\(why), by owners.yaml as it was before the commit",
      known == nil
        ? "add the person to owners.yaml in a change of its own, then decide again" : "another person must decide")
  }

  /// Who is proven to have signed, and the actor to show.
  private func judgeSignature(_ add: Adding) -> (AuditActor, Set<String>) {
    guard let armor = decision.signature else { return judgeUnsigned(add) }
    guard let bytes = tracked.signedBytes else {
      add(
        .signatureInvalid, true, "the decision is not written line by line, so nothing can be signed",
        "write a key a line")
      return (.broken(why: "not written line by line"), [])
    }
    let actors = tracked.made.rules.keys.signers(of: bytes, armor, namespace: SSHKeygen.namespace)
    for actor in actors {
      switch actor {
      case .signed, .unsigned: continue
      case .unknownKey(let fingerprint):
        add(
          .unknownKey, true, "signed by the key \(fingerprint), which was nobody's before the commit",
          "list the key in owners.yaml in a change of its own, then decide again")
      case .broken(let why):
        add(
          .signatureInvalid, true, "the signature does not hold: \(why)",
          "the decision was changed after signing, or the signature was")
      }
    }
    let people = Set(actors.compactMap(\.person))
    if !people.contains(decision.by.name), let other = people.min() {
      add(.signedByAnother, true, "decided by \(decision.by), but signed by person:\(other)", "who decides must sign")
    }
    if let approver = decision.approver, !people.contains(approver.name) {
      add(
        .approverUnsigned, mustBeSigned, "the approver \(approver) has not signed",
        "let the approver sign the same decision too")
    }
    let own = actors.first { $0.person == decision.by.name }
    return (own ?? actors.first ?? .broken(why: "it is empty"), people)
  }

  private func judgeUnsigned(_ add: Adding) -> (AuditActor, Set<String>) {
    if mustBeSigned {
      add(
        .signatureMissing, true, "\(tracked.severity.rawValue) items need a signed decision",
        "decide again with a signing key")
    } else if tracked.made.actor.person != decision.by.name {
      add(
        .unproven, false, "nothing proves who decided: neither the decision nor its commit is signed by \(decision.by)",
        "decide with a signing key, or sign the commit")
    }
    return (tracked.made.actor, [])
  }

  /// Who declared must not be the only one who says that it is right.
  private func judgeDuties(_ signers: Set<String>, _ add: Adding) {
    guard let declarer = tracked.declarer?.actor.person, declarer == decision.by.name else { return }
    let second = signers.subtracting([declarer]).contains { $0 == decision.approver?.name }
    if !second {
      add(
        .selfApproval, true, "person:\(declarer) decided on what he or she declared last",
        "let another person decide, or approve and sign too")
    }
  }
}
