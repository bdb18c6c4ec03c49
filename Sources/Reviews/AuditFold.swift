import Base
import Model

/// Folds a history, oldest step first, into what happened and what is wrong with it.
package func audit(_ steps: some Sequence<AuditStep>) -> AuditReport {
  var fold = AuditFold()
  for step in steps { fold.take(step) }
  return fold.finish()
}

/// The state of the audit between two commits.
package struct AuditFold {
  var report = AuditReport()
  /// By path.
  var items: [String: TrackedItem] = [:]
  /// Where each item lies, by campaign and id.
  var paths: [String: String] = [:]
  /// By folder.
  var campaigns: [String: TrackedCampaign] = [:]
  var decisions: [TrackedDecision] = []
  /// The commit that last changed each declaration's file; its signature is looked at only where a decision asks.
  var declarers: [String: AuditStep] = [:]
  /// The latest time that any commit so far claims: a backdated commit on top of it cannot be older.
  var latest = Instant(milliseconds: .min)

  package init() {}

  /// Takes the next commit.
  package mutating func take(_ step: AuditStep) {
    latest = max(latest, step.time)
    let reviews = step.changes.filter { $0.path.hasPrefix("reviews/") }
    let declared = step.changes.filter { $0.path.hasPrefix("identities/") }
    if !reviews.isEmpty { takeReviews(reviews, step) }
    // After the decisions: what the commit itself declares is not what was decided on.
    for change in declared {
      declarers[change.path] = step
      declarers[change.path]?.changes = []
    }
  }

  private mutating func takeReviews(_ reviews: [AuditStep.Change], _ step: AuditStep) {
    let made = Made(step, latest: latest)
    report.commits += 1
    if case .several = step.signature, let first = reviews.first {
      problem(
        .severalSignatures, made, "", first.path, "the commit has several signature headers",
        "git and other readers disagree about what such a commit signs: make the commit again")
    }
    // Deletions last: an item that moved is still there then.
    for change in reviews { if let bytes = change.bytes { take(SourceFile(path: change.path, bytes: bytes), made) } }
    for change in reviews where change.bytes == nil { remove(change.path, made) }
  }

  private mutating func take(_ file: SourceFile, _ made: Made) {
    if file.path.hasSuffix("/campaign.md") || file.path.hasSuffix("/population.txt") {
      campaign(file, made)
    } else if file.path.hasSuffix(".md") && !file.path.hasSuffix("/README.md") {
      item(file, made)
    }
  }

  mutating func problem(
    _ code: AuditProblem.Code, isFailure: Bool = true, _ made: Made, _ item: String, _ path: String, _ message: String,
    _ hint: String
  ) {
    report.problems.append(
      AuditProblem(
        code: code, isFailure: isFailure, item: item, path: path, commit: made.commit, message: message, hint: hint))
  }

  mutating func event(_ kind: AuditEvent.Kind, _ item: ReviewItem, _ made: Made, _ detail: String) {
    report.events.append(
      AuditEvent(
        kind: kind, item: item.id, campaign: item.campaign,
        identity: item.identity ?? item.principal?.description ?? item.subject ?? "", path: item.path,
        commit: made.commit, time: made.time, who: made.actor, detail: detail))
  }
}

/// By which commit, when and by whom something was made.
struct Made {
  var commit: String
  var time: Instant
  /// Not before any commit that came earlier.
  var latest: Instant
  var actor: AuditActor
  var rules: AuditRules
  var isFirst: Bool

  init(_ step: AuditStep, latest: Instant) {
    commit = step.commit
    time = step.time
    self.latest = latest
    actor = step.actor
    rules = step.rules
    isFirst = step.isFirst
  }

  /// How to see the version before.
  var before: String { "\(commit.prefix(12))~1" }
}

/// An item as the history showed it last.
struct TrackedItem {
  /// The last version that could be read.
  var item: ReviewItem
  /// Its decisions as stored, in order.
  var stored: [StoredDecision] = []
  /// Places in `AuditFold.decisions`.
  var decisions: [DecisionKey: Int] = [:]
  /// The highest severity that it ever had: lowering it cannot spare a signature.
  var severity: Severity
  /// Set while the newest version has errors.
  var unreadable: (made: Made, diagnostic: Diagnostic)?
  /// Set while the file is gone.
  var removed: Made?
}

/// What makes a decision the same one wherever it stands in the list: its signed bytes, else its text.
struct DecisionKey: Hashable {
  var bytes: [UInt8]

  init(_ stored: StoredDecision) { bytes = stored.block?.signedBytes ?? stored.text }
}

/// A decision with all that it is judged by.
struct TrackedDecision {
  var item: String
  var path: String
  var identity: String?
  /// With the signature that it has now.
  var decision: Decision
  /// `nil` when the entry is not written line by line.
  var signedBytes: [UInt8]?
  /// The digests that the item's evidence had before and after the commit.
  var digests: Set<String>
  var severity: Severity
  var declarer: AuditStep?
  var made: Made
  /// What happened to the record later.
  var losses: [AuditProblem] = []
  /// Its place in `AuditReport.events`.
  var event: Int
}
