package import Base
package import Model

/// One step in an item's life, with the commit that made it.
package struct AuditEvent: Sendable, Hashable {
  package enum Kind: String, Sendable, CaseIterable {
    case opened, routed, reassigned, updated, reminded, escalated, decided, excepted, remediated, verified, closed
    case autoResolved = "auto-resolved"
    case regressed, removed, restored
    case campaignOpened = "campaign-opened"
    case campaignClosed = "campaign-closed"
  }

  package var kind: Kind
  /// The item's id; empty for a campaign's own steps.
  package var item: String
  package var campaign: String
  package var identity: String
  package var path: String
  package var commit: String
  /// The committer's time.
  package var time: Instant
  package var who: AuditActor
  /// In words: to whom, which decision, why.
  package var detail: String
}

/// Something that an auditor must know.
package struct AuditProblem: Sendable, Hashable {
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

  package var code: Code
  /// Fails the audit; else it only keeps something from being known.
  package var isFailure: Bool
  package var item: String
  package var path: String
  package var commit: String
  /// One sentence without a full stop.
  package var message: String
  /// What to do.
  package var hint: String
}

/// One decision and what the audit says of it.
package struct JudgedDecision: Sendable {
  package var item: String
  package var path: String
  package var decision: Decision
  /// The commit that brought it to the main line.
  package var commit: String
  package var time: Instant
  package var who: AuditActor
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
  package var items = 0

  package var passed: Int { decisions.filter { $0.verdict == .pass }.count }
  package var unknown: Int {
    decisions.filter { $0.verdict == .unknown }.count + problems.filter { !$0.isFailure }.count
  }
  package var failed: Int { decisions.filter { $0.verdict == .fail }.count + problems.filter(\.isFailure).count }

  /// All problems in the order of the history's items: those of decisions, then the others.
  package var allProblems: [AuditProblem] { decisions.flatMap(\.problems) + problems }
}
