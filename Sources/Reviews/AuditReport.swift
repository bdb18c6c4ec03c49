package import Base
package import Model

/// One step in an item's life, with the commit that made it.
package struct AuditEvent: Sendable, Hashable {
  /// Which step.
  package enum Kind: String, Sendable, CaseIterable {
    case opened, routed, reassigned, updated, reminded, escalated, decided, excepted, remediated, verified, closed
    case autoResolved = "auto-resolved"
    case regressed, removed, restored
    case campaignOpened = "campaign-opened"
    case campaignClosed = "campaign-closed"
  }

  /// Which step it was.
  package var kind: Kind
  /// The item's id; empty for a campaign's own steps.
  package var item: String
  /// The campaign of the item.
  package var campaign: String
  /// The handle, principal or other subject.
  package var identity: String
  /// The file.
  package var path: String
  /// The commit in hexadecimal; empty where none is to blame.
  package var commit: String
  /// The committer's time.
  package var time: Instant
  /// Who did it, as far as it is proven.
  package var who: AuditActor
  /// In words: to whom, which decision, why.
  package var detail: String
}

/// Something that an auditor must know.
package struct AuditProblem: Sendable, Hashable {
  /// What kind of problem; stable, for machines.
  package enum Code: String, Sendable, CaseIterable {
    case signatureMissing = "signature-missing"
    case signatureInvalid = "signature-invalid"
    case unknownKey = "unknown-key"
    case signedByAnother = "signed-by-another"
    case approverUnsigned = "approver-unsigned"
    case unproven
    case unknownPerson = "unknown-person"
    case personLeft = "person-left"
    case botDecides = "bot-decides"
    case selfApproval = "self-approval"
    case approverDecides = "approver-decides"
    case identityDecides = "identity-decides"
    case incomplete = "incomplete-decision"
    case staleEvidence = "stale-evidence"
    case otherEvidence = "other-evidence"
    case decisionAltered = "decision-altered"
    case decisionRemoved = "decision-removed"
    case itemRemoved = "item-removed"
    case recordAltered = "record-altered"
    case closedWithoutProof = "closed-without-proof"
    case populationAltered = "population-altered"
    case severalSignatures = "several-signatures"
    case unreadable
  }

  /// What kind of problem it is.
  package var code: Code
  /// Fails the audit; else it only keeps something from being known.
  package var isFailure: Bool
  /// The item's id; empty for a campaign's own.
  package var item: String
  /// The file.
  package var path: String
  /// The commit in hexadecimal; empty where none is to blame.
  package var commit: String
  /// One sentence without a full stop.
  package var message: String
  /// What to do.
  package var hint: String
}

/// One decision and what the audit says of it.
package struct JudgedDecision: Sendable {
  /// The item's id; empty for a campaign's own.
  package var item: String
  /// The file.
  package var path: String
  /// The decision as it stands now.
  package var decision: Decision
  /// The commit that brought it to the main line.
  package var commit: String
  /// The committer's time.
  package var time: Instant
  /// Who did it, as far as it is proven.
  package var who: AuditActor
  /// What is wrong with it or keeps it from being proven.
  package var problems: [AuditProblem]

  /// `fail` with any failure, `unknown` when something keeps it from being proven.
  package var verdict: Verdict {
    problems.contains(where: \.isFailure) ? .fail : problems.isEmpty ? .pass : .unknown
  }
}

/// What the audit of a history comes to.
package struct AuditReport: Sendable {
  /// In the order of the history; within a commit by path.
  package var events: [AuditEvent] = []
  /// In the order of the history.
  package var decisions: [JudgedDecision] = []
  /// Problems of no single decision, in the order of the history.
  package var problems: [AuditProblem] = []
  /// The number of commits that touched reviews.
  package var commits = 0
  /// The number of items that the history ever held.
  package var items = 0

  /// The number of decisions that hold.
  package var passed: Int { decisions.filter { $0.verdict == .pass }.count }
  /// The number of decisions and other things that cannot be proven.
  package var unknown: Int {
    decisions.filter { $0.verdict == .unknown }.count + problems.filter { !$0.isFailure }.count
  }
  /// The number of decisions that do not hold, and of other failures.
  package var failed: Int { decisions.filter { $0.verdict == .fail }.count + problems.filter(\.isFailure).count }

  /// All problems in the order of the history's items: those of decisions, then the others.
  package var allProblems: [AuditProblem] { decisions.flatMap(\.problems) + problems }
}
