package import Base
package import Model

/// What reminding would send and write.
package struct ReminderPlan: Sendable {
  /// By item.
  package var reminders: [Reminder] = []
  /// The items with the new steps in their history, by path.
  package var files: [SourceFile] = []
}

/// Who is to be written to about what waits: the owner shortly before the deadline, then one step further up after each
/// step of time. An owner who has left meanwhile is passed over. A step that the item's history holds already is told
/// but not written again.
package func remind(_ reviews: ReviewSet, governance: Governance, now: Instant) throws(ReviewError) -> ReminderPlan {
  let owners = governance.owners
  let queues = Dictionary(governance.campaigns.map { ($0.id.value, $0.exceptionQueue) }) { first, _ in first }
  var plan = ReminderPlan()
  for item in reviews.items where item.standing(at: now).awaitsDecision && !reviews.isClosed(item.campaign) {
    let path = EscalationPlan.path(
      owner: item.owner, backup: item.backup, owners: owners, queue: queues[item.campaign] ?? nil, now: now)
    let level = EscalationPlan(due: item.due, path: path).effectiveLevel(of: item, owners, at: now)
    guard let level else { continue }
    let to = level == 0 ? item.owner : path[level - 1]
    let cycle = item.history.lastIndex { $0.kind == .regressed || $0.kind == .updated }
    let recent = item.history[(cycle.map { $0 + 1 } ?? 0)...]
    let wasSent = recent.contains {
      ($0.kind == .reminded || $0.kind == .escalated) && $0.level == level && $0.to == to
    }
    plan.reminders.append(makeReminder(item, level, to, owners, wasSent, now))
    if wasSent { continue }
    var edit = ItemEdit(item)
    edit.append(ItemEvent(level == 0 ? .reminded : .escalated, at: now, to: to, level: level))
    if level > 0 { edit.set("status", ReviewStatus.escalated.rawValue) }
    plan.files.append(try edit.apply().source)
  }
  plan.reminders.sort { ($0.due, $0.item) < ($1.due, $1.item) }
  return plan
}

extension EscalationPlan {
  /// As `level(at:)`; at once one step up when the owner himself cannot answer, or does not know.
  fileprivate func effectiveLevel(of item: ReviewItem, _ owners: Owners, at now: Instant) -> Int? {
    let byTime = level(at: now)
    let cannotAnswer = item.owner.map { owners.whyNotAccountable($0, at: now) != nil } ?? true
    let doesNotKnow = item.currentDecision(at: now)?.kind == .dontKnow
    if (cannotAnswer || doesNotKnow) && !path.isEmpty { return max(byTime ?? 1, 1) }
    return byTime
  }
}

private func makeReminder(
  _ item: ReviewItem, _ level: Int, _ to: OwnerReference?, _ owners: Owners, _ wasSent: Bool, _ now: Instant
) -> Reminder {
  let late = now.day > item.due
  let days = abs(Int(now.day.number - item.due.number))
  let time = late ? "\(days) day\(days == 1 ? "" : "s") overdue" : days == 0 ? "due today" : "due on \(item.due)"
  let name = item.identity ?? item.principal?.shortName ?? item.id
  return Reminder(
    item: item.id, path: item.path, level: level, to: to, contact: to.map { owners.contact(of: $0, at: now) } ?? "",
    due: item.due, isOverdue: late,
    message: "\(name): \(item.policy) waits for your decision, \(time): \(item.path)".escapedOnOneLine, wasSent: wasSent
  )
}

extension Owners {
  /// Where to write to: a team's contact, else the e-mail addresses of its people.
  func contact(of reference: OwnerReference, at now: Instant) -> String {
    if reference.kind == .team, let contact = teams[reference.name]?.contact { return contact }
    return people(for: reference, at: now).compactMap { people[$0]?.emails.first }.joined(separator: ", ")
  }
}
