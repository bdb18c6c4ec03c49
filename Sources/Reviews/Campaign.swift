package import Base
package import Model

/// Everything that opening a campaign looks at; nothing else decides the outcome.
package struct CampaignRequest {
  /// Which findings take part, and by when.
  package var template: CampaignTemplate
  /// What the check found.
  package var result: CheckResult
  /// What is declared, and who can be asked.
  package var governance: Governance
  /// What was discovered and used.
  package var facts: FactSet
  /// The items and campaigns that exist.
  package var reviews: ReviewSet
  /// The instant of opening.
  package var now: Instant
  /// The owners that CODEOWNERS names for a path, as written there.
  package var codeOwners: (String) -> [String]
  /// The template's filter: whether the finding belongs to the campaign.
  package var includes: (Finding) -> Bool

  package init(
    template: CampaignTemplate, result: CheckResult, governance: Governance, facts: FactSet, reviews: ReviewSet,
    now: Instant, codeOwners: @escaping (String) -> [String] = { _ in [] },
    includes: @escaping (Finding) -> Bool = { _ in true }
  ) {
    self.template = template
    self.result = result
    self.governance = governance
    self.facts = facts
    self.reviews = reviews
    self.now = now
    self.codeOwners = codeOwners
    self.includes = includes
  }
}

/// What opening a campaign would write; running it again on the same inputs gives an empty one.
package struct CampaignPlan: Sendable {
  /// The campaign's id.
  package var campaign: String
  /// New and changed files, by path.
  package var files: [SourceFile] = []
  /// Items by what happened to them, by id.
  package var opened: [ReviewItem] = []
  /// Items whose evidence changed.
  package var updated: [ReviewItem] = []
  /// Items that were closed and are back.
  package var regressed: [ReviewItem] = []
  /// The number of items that are as they were.
  package var unchanged = 0
  /// What the campaign leaves out.
  package var excluded: [Exclusion] = []
  /// `sha256:…` of the frozen population.
  package var population: String

  /// The items that nobody owns.
  package var unowned: Int { (opened + updated + regressed).filter { $0.route == .exceptionQueue }.count }
}

/// A finding that the campaign leaves out, and why.
package struct Exclusion: Sendable, Hashable {
  /// The finding's policy.
  package var policy: String
  /// The principal, handle or other subject.
  package var subject: String
  /// Why, in words.
  package var reason: String
}

/// Works out the review items of a campaign: pure, and stable over runs.
package func openCampaign(_ request: CampaignRequest) throws(ReviewError) -> CampaignPlan {
  let id = request.template.id
  guard ItemID.isPathSafe(id.value) else {
    throw ReviewError(
      .invalidCampaign, "the campaign's name '\(id.value)' cannot name a folder",
      hint: "use letters, digits, `-`, `_` and `.`", at: id.location)
  }
  let record = request.reviews.campaigns.first { $0.id == id.value }
  if let record, record.status == .closed {
    throw ReviewError(
      .invalidCampaign, "the campaign '\(id.value)' was closed on \(record.closed?.description ?? "an earlier day")",
      hint: "start a new campaign with another name", at: id.location)
  }
  var opening = CampaignOpening(request)
  try opening.run()
  if record == nil { opening.plan.files += opening.population.files }
  opening.plan.files.sort { $0.path < $1.path }
  if let record { opening.plan.population = record.population }
  return opening.plan
}

/// One run of `openCampaign`.
private struct CampaignOpening {
  let request: CampaignRequest
  let index: CaseIndex
  let resolver: OwnerResolver
  var plan: CampaignPlan
  var population: Population
  /// What the campaign's items are about.
  let asked: Set<ItemKey>

  init(_ request: CampaignRequest) {
    self.request = request
    index = CaseIndex(request.governance, request.facts, now: request.now)
    resolver = OwnerResolver(
      owners: request.governance.owners, codeOwners: request.codeOwners,
      exceptionQueue: request.template.exceptionQueue, now: request.now)
    population = Population(request)
    asked = Set(request.reviews.items.filter { $0.campaign == request.template.id.value }.map(\.key))
    plan = CampaignPlan(campaign: request.template.id.value, population: "")
  }

  mutating func run() throws(ReviewError) {
    var existing: [String: ReviewItem] = [:]
    var elsewhere: [String: ReviewItem] = [:]
    for item in request.reviews.items {
      if item.campaign == plan.campaign {
        existing[item.id] = item
      } else if item.standing(at: request.now).awaitsDecision, !request.reviews.isClosed(item.campaign) {
        elsewhere[item.id] = item
      }
    }
    let chosen = select()
    for group in FindingGroup.groups(of: chosen, taken: request.reviews.keys) {
      if let other = elsewhere[group.id], existing[group.id] == nil {
        exclude(group.first, "open in campaign \(other.campaign)")
        continue
      }
      try place(index.makeCase(group), existing[group.id])
    }
    plan.excluded.sort { ($0.reason, $0.policy, $0.subject) < ($1.reason, $1.policy, $1.subject) }
    population.excluded = plan.excluded
    plan.population = population.digest
  }

  /// The findings that the template takes; what it leaves out is noted.
  private mutating func select() -> [Finding] {
    let template = request.template
    let policies = Set(template.policies.map(\.value))
    var chosen: [Finding] = []
    for finding in request.result.findings where finding.verdict != .pass && finding.change != .fixed {
      if !policies.isEmpty && !policies.contains(finding.policy) {
        exclude(finding, "policy not in the campaign")
      } else if finding.severity < template.minimumSeverity {
        exclude(finding, "below \(template.minimumSeverity.rawValue)")
      } else if finding.verdict == .unknown && template.filter == nil && !isAsked(finding) {
        exclude(finding, "could not be judged")
      } else if !request.includes(finding) {
        exclude(finding, "left out by the campaign's filter")
      } else {
        chosen.append(finding)
      }
    }
    for finding in request.result.excepted {
      exclude(finding, "covered by exception \(finding.exception ?? "without a name")")
    }
    return chosen
  }

  /// Whether an item asks about the subject already.
  private func isAsked(_ finding: Finding) -> Bool {
    asked.contains(ItemKey(policy: finding.policy, subject: ItemID.subject(of: finding), field: finding.field))
  }

  private mutating func exclude(_ finding: Finding, _ reason: String) {
    plan.excluded.append(Exclusion(policy: finding.policy, subject: ItemID.subject(of: finding), reason: reason))
  }

  private mutating func place(_ review: ReviewCase, _ existing: ReviewItem?) throws(ReviewError) {
    let draft = ItemDraft(review: review, resolver: resolver, template: request.template)
    guard let existing else {
      let item = draft.newItem()
      plan.opened.append(item)
      plan.files.append(item.source)
      population.items.append((item, review.group.subject))
      return
    }
    if review.group.verdict == .unknown && request.template.filter == nil {
      // What cannot be judged now is neither mended nor changed.
      plan.unchanged += 1
    } else if existing.status.isFinal {
      let item = try draft.regressed(existing)
      plan.regressed.append(item)
      plan.files.append(item.source)
    } else if existing.evidence.digest != draft.digest {
      let item = try draft.updated(existing)
      plan.updated.append(item)
      plan.files.append(item.source)
    } else {
      plan.unchanged += 1
    }
  }
}
