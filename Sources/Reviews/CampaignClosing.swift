package import Base
package import Model

/// Whether a campaign may close, and what it comes to.
package struct ClosingReport: Sendable {
  /// The campaign's id.
  package var campaign: String
  /// Items by where they stand, in the order of `ReviewStatus`.
  package var counts: [(status: ReviewStatus, items: Int)]
  /// What keeps the campaign open; empty when it may close.
  package var obstacles: [Diagnostic]
  /// Findings in the campaign's reach that came after it was opened and have no item; they do not keep it open.
  package var sinceOpened: Int
  /// The changed `campaign.md`; `nil` while there are obstacles.
  package var file: SourceFile?

  /// Whether nothing keeps the campaign open.
  package var mayClose: Bool { obstacles.isEmpty }
}

/// Closes a campaign when every item is decided, excepted or escalated and its frozen population is all there.
package func closeCampaign(
  _ name: String, in reviews: ReviewSet, result: CheckResult? = nil, now: Instant
) throws(ReviewError) -> ClosingReport {
  guard let record = reviews.campaigns.first(where: { $0.id == name }) else {
    let known = reviews.campaigns.map(\.id)
    throw ReviewError(
      .invalidCampaign, "there is no campaign '\(name)'",
      hint: known.isEmpty ? "open one first" : suggestion(for: name, among: known))
  }
  let items = reviews.items.filter { $0.campaign == name }
  var obstacles = unreadable(name, reviews) + population(record, items)
  for item in items {
    let standing = item.standing(at: now)
    if standing.isAnswered { continue }
    obstacles.append(
      Diagnostic(
        .invalid, at: item.location(of: "status"), "\(item.id) is \(standing.rawValue)",
        hint: "it needs a decision, an exception or an escalation"))
  }
  let counts = ReviewStatus.allCases.map { status in
    (status: status, items: items.filter { $0.standing(at: now) == status }.count)
  }.filter { $0.items > 0 }
  let known = Set(items.map(\.key))
  let findings = result?.findings.filter { $0.verdict != .pass } ?? []
  let policies = Set(items.map(\.policy))
  let fresh = FindingGroup.groups(of: findings, taken: reviews.keys).filter { group in
    policies.contains(group.policy)
      && !known.contains(ItemKey(policy: group.policy, subject: group.subject, field: group.field))
  }
  var report = ClosingReport(
    campaign: name, counts: counts, obstacles: obstacles.sorted(), sinceOpened: fresh.count, file: nil)
  if obstacles.isEmpty, record.status == .active { report.file = try close(record, report, now) }
  return report
}

private func unreadable(_ name: String, _ reviews: ReviewSet) -> [Diagnostic] {
  reviews.diagnostics.filter { $0.kind != .warning && $0.location.path.hasPrefix("reviews/\(name)/") }
}

/// The frozen population against the items that are there.
private func population(_ record: CampaignRecord, _ items: [ReviewItem]) -> [Diagnostic] {
  let place = SourceLocation(path: "reviews/\(record.id)/population.txt")
  guard let frozen = record.frozenItems else {
    let what = record.populationFile == nil ? "is missing" : "is not the one that was frozen"
    return [Diagnostic(.invalid, at: place, "the population \(what)", hint: "restore it from history")]
  }
  let there = Set(items.map(\.id))
  return frozen.filter { !there.contains($0) }.map {
    Diagnostic(.invalid, at: place, "the item \($0) of the frozen population is gone", hint: "restore it from history")
  }
}

private func close(_ record: CampaignRecord, _ report: ClosingReport, _ now: Instant) throws(ReviewError) -> SourceFile
{
  var markdown = Markdown()
  markdown.heading(2, "Closed \(now.day)")
  markdown.table(["Standing", "Items"], report.counts.map { [$0.status.rawValue, String($0.items)] })
  markdown.paragraph(
    "All \(record.items) items of the frozen population are there. Findings that came later and wait for the next campaign: "
      + "\(report.sinceOpened).")
  return try FrontMatterEdit.closing(record.source, on: now.day, adding: markdown.text)
}
