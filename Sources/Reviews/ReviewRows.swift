package import Base
import Documents
package import Model

/// One item as `review list` shows it.
package struct ReviewRow: Sendable, Hashable {
  /// The item's id.
  package var item: String
  /// The campaign's id.
  package var campaign: String
  /// The handle, principal or other subject.
  package var subject: String
  /// The policy's id.
  package var policy: String
  /// As the item has it.
  package var severity: Severity
  /// 0 to 100.
  package var risk: Int
  /// Where it stands, decisions added by hand included.
  package var status: ReviewStatus
  /// Who is asked, or `nobody`.
  package var owner: String
  /// The last day to decide.
  package var due: Day
  /// Negative when it is past.
  package var daysLeft: Int
  /// The item's file.
  package var path: String
  /// The last decision: `extend by person:ana`; empty without one.
  package var decision: String
}

/// Which items `review list` shows.
package struct ReviewFilter: Sendable {
  /// The campaign's id.
  package var campaign: String?
  /// Items whose owner this is, or a team of his.
  package var owner: OwnerReference?
  /// Only these; all when empty.
  package var statuses: Set<ReviewStatus>
  /// Only what waits for a decision.
  package var onlyWaiting: Bool
  /// Only what waits past its deadline.
  package var onlyOverdue: Bool

  package init() { (statuses, onlyWaiting, onlyOverdue) = ([], false, false) }
}

extension ReviewSet {
  /// The items that fit, the most urgent first: waiting before answered, then by deadline, risk and id.
  package func rows(_ filter: ReviewFilter = ReviewFilter(), owners: Owners, now: Instant) -> [ReviewRow] {
    let rows = items.compactMap { item -> ReviewRow? in
      let status = item.standing(at: now)
      let row = item.row(at: now)
      if let campaign = filter.campaign, campaign != item.campaign { return nil }
      if !filter.statuses.isEmpty && !filter.statuses.contains(status) { return nil }
      if (filter.onlyWaiting || filter.onlyOverdue) && !status.awaitsDecision { return nil }
      if filter.onlyOverdue && row.daysLeft >= 0 { return nil }
      if let wanted = filter.owner, !item.isOwned(by: wanted, owners) { return nil }
      return row
    }
    return rows.sorted { a, b in
      if a.status.awaitsDecision != b.status.awaitsDecision { return a.status.awaitsDecision }
      return (a.due, -a.risk, a.item, a.campaign) < (b.due, -b.risk, b.item, b.campaign)
    }
  }
}

extension ReviewItem {
  /// The item as a row.
  package func row(at now: Instant) -> ReviewRow {
    ReviewRow(
      item: id, campaign: campaign, subject: identity ?? principal?.description ?? subject ?? id, policy: policy,
      severity: severity, risk: risk, status: standing(at: now), owner: owner?.description ?? "nobody", due: due,
      daysLeft: Int(due.number - now.day.number), path: path,
      decision: decisions.last.map { "\($0.kind.rawValue) by \($0.by)" } ?? "")
  }

  /// The text below the front matter, for `review show`.
  package var body: String {
    FrontMatter.read(source.bytes, path: path).frontMatter?.body ?? ""
  }

  fileprivate func isOwned(by wanted: OwnerReference, _ owners: Owners) -> Bool {
    guard let owner else { return false }
    if owner == wanted { return true }
    return wanted.kind == .person && owner.kind == .team
      && (owners.teams[owner.name]?.members.contains { $0.value == wanted.name } ?? false)
  }
}
