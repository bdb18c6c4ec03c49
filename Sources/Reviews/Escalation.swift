package import Base
package import Model

/// When silence is answered, and by whom: a reminder before the deadline, then one step up for every step of time after
/// it.
struct EscalationPlan {
  var due: Day
  /// Who answers after the owner, in order: the backup, then the escalation path.
  var path: [OwnerReference]

  /// Days between two steps up.
  static let step = 3

  var reminderDay: Day { due.advanced(by: -1) }

  /// Level 1 is the first of `path`: the day after the deadline.
  func day(ofLevel level: Int) -> Day { due.advanced(by: 1 + (level - 1) * Self.step) }

  /// 0 while only the owner is to be reminded; `nil` before that.
  func level(at now: Instant) -> Int? {
    let today = now.day
    if today < reminderDay { return nil }
    let late = Int(today.number - due.number)
    return late < 1 ? 0 : min(1 + (late - 1) / Self.step, path.count)
  }

  /// The path of an item: backup, the owner's escalation, the exception queue; without those who cannot answer, without
  /// repeats.
  static func path(
    owner: OwnerReference?, backup: OwnerReference?, owners: Owners, queue: OwnerReference?, now: Instant
  ) -> [OwnerReference] {
    var seen: Set<OwnerReference> = owner.map { [$0] } ?? []
    let candidates =
      [backup].compactMap { $0 } + (owner.map { owners.escalation(of: $0) } ?? []) + [queue].compactMap { $0 }
    return candidates.filter { owners.whyNotAccountable($0, at: now) == nil && seen.insert($0).inserted }
  }
}

/// One person or team to write to about one item that waits.
package struct Reminder: Sendable, Hashable {
  /// The item's id.
  package var item: String
  /// The item's file.
  package var path: String
  /// 0 the owner, 1 the backup, then the escalation path.
  package var level: Int
  /// `nil` when nobody answers for the item.
  package var to: OwnerReference?
  /// Channel or e-mail addresses.
  package var contact: String
  /// The last day to decide.
  package var due: Day
  /// Whether that day is over.
  package var isOverdue: Bool
  /// One line to send.
  package var message: String
  /// Whether this step was written into the item before.
  package var wasSent: Bool
}
