import Base
import Model

/// What an item should say now, from the case that it is about.
struct ItemDraft {
  let review: ReviewCase
  let owner: ResolvedOwner
  let risk: RiskScore
  let digest: String
  let template: CampaignTemplate
  let owners: Owners

  init(review: ReviewCase, resolver: OwnerResolver, template: CampaignTemplate) {
    self.review = review
    self.template = template
    owners = resolver.owners
    owner = resolver.resolve(review.declaration, review.fact)
    risk = RiskScore(review, owner: owner)
    digest = EvidenceDigest.make(review, campaign: template.id.value)
  }

  private var now: Instant { review.now }
  private var isUnowned: Bool { owner.how == .exceptionQueue }

  /// Days to decide where the template names none. Proposed defaults of our own, no standard's.
  static let defaultDays: [Severity: Int64] = [.critical: 1, .high: 5, .medium: 14, .low: 30, .info: 30]

  private func due(_ severity: Severity) -> Day {
    let own = template.due[severity] ?? Milliseconds((Self.defaultDays[severity] ?? 30) * 86_400_000)
    return now.advanced(by: isUnowned ? min(own, template.unownedDue) : own).day
  }

  private var backup: OwnerReference? {
    let declared = review.declaration?.backup?.value
    return declared == owner.owner ? nil : declared
  }

  private var evidence: ReviewItem.Evidence {
    ReviewItem.Evidence(facts: review.facts, digest: digest, window: review.window)
  }

  private func body(due: Day) -> ItemBody {
    ItemBody(
      review: review, owner: owner, risk: risk, due: due, campaign: template, digest: digest,
      path: EscalationPlan.path(
        owner: owner.owner, backup: backup, owners: owners, queue: template.exceptionQueue, now: now))
  }

  func newItem() -> ReviewItem {
    let id = review.group.id
    let subject = review.group.subject
    let due = due(review.group.severity)
    var item = ReviewItem(
      id: id, campaign: template.id.value, identity: review.identity, principal: review.group.first.principal,
      subject: review.group.first.principal == nil && review.identity == nil ? subject : nil,
      policy: review.group.policy, code: review.group.first.code.isEmpty ? nil : review.group.first.code,
      field: review.group.field.isEmpty ? nil : review.group.field, severity: review.group.severity, risk: risk.total,
      status: isUnowned ? .unowned : .inReview, owner: owner.owner, ownerResolved: owner.how, backup: backup,
      route: isUnowned ? .exceptionQueue : .owner, opened: now.day, due: due, evidence: evidence,
      declaration: review.declaration?.location.path, decisions: [],
      history: [
        ItemEvent(.routed, at: now, to: owner.owner, note: owner.how.rawValue)
      ], source: SourceFile(path: "reviews/\(template.id.value)/\(id).md", bytes: []), keyLocations: [:])
    item.source.bytes = Array((item.frontMatterText + body(due: due).whole).utf8)
    return item
  }

  /// The item with its evidence brought up to now; whoever decided on the old evidence is asked again.
  func updated(_ item: ReviewItem) throws(ReviewError) -> ReviewItem {
    let wasAnswered = !item.decisions.isEmpty
    var edit = ItemEdit(item)
    let due = wasAnswered ? due(max(item.severity, review.group.severity)) : item.due
    edit.set("status", (isUnowned ? ReviewStatus.unowned : .inReview).rawValue)
    edit.append(
      ItemEvent(
        .updated, at: now, facts: review.facts,
        note: wasAnswered ? "the evidence changed after the decision" : "the evidence changed"))
    return try bringUp(item, &edit, severity: review.group.severity, due: due)
  }

  /// The item reopened, one severity higher: what was closed came back.
  func regressed(_ item: ReviewItem) throws(ReviewError) -> ReviewItem {
    var edit = ItemEdit(item)
    let severity = max(item.severity, review.group.severity).raised
    edit.set("status", ReviewStatus.regressed.rawValue)
    edit.append(ItemEvent(.regressed, at: now, facts: review.facts, note: "closed before, and back"))
    return try bringUp(item, &edit, severity: severity, due: due(severity))
  }

  private func bringUp(
    _ item: ReviewItem, _ edit: inout ItemEdit, severity: Severity, due: Day
  ) throws(ReviewError) -> ReviewItem {
    // What regressed stays raised while it is open.
    let isRaised = item.history.contains { $0.kind == .regressed }
    let severity = isRaised ? max(severity, item.severity) : severity
    edit.set("severity", severity.rawValue)
    edit.set("risk", String(risk.total))
    edit.set("due", due.description)
    edit.set(evidence)
    if owner.owner != item.owner {
      if let reference = owner.owner { edit.set("owner", reference.description) }
      edit.set("owner-resolved", owner.how.rawValue)
      edit.set("route", (isUnowned ? ReviewRoute.exceptionQueue : .owner).rawValue)
      edit.append(ItemEvent(.routed, at: now, to: owner.owner, note: owner.how.rawValue))
    }
    edit.replaceBody(with: body(due: due), on: now.day)
    return try edit.apply()
  }
}

extension Severity {
  /// One step worse; `critical` stays.
  var raised: Severity {
    switch self {
    case .info: .low
    case .low: .medium
    case .medium: .high
    case .high, .critical: .critical
    }
  }
}
