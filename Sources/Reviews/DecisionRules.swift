import Base
import Model

/// What a decision must have to count, and who may make it.
enum DecisionRules {
  struct Problem: Hashable {
    var message: String
    var hint: String
  }

  /// What is wrong with the decision by itself: what its kind needs and it lacks.
  static func missing(_ decision: Decision) -> [Problem] {
    var problems: [Problem] = []
    func need(_ isThere: Bool, _ message: String, _ hint: String) {
      if !isThere { problems.append(Problem(message: message, hint: hint)) }
    }
    let kind = decision.kind.rawValue
    need(decision.by.kind == .person, "a person decides, not a team", "write `by: person:NAME`")
    switch decision.kind {
    case .extend: need(decision.until != nil, "`\(kind)` needs the last day", "add `until: YYYY-MM-DD`")
    case .acceptRisk:
      need(decision.until != nil, "`\(kind)` needs the last day", "add `until: YYYY-MM-DD`")
      need(decision.approver != nil, "`\(kind)` needs a second person", "add `approver: person:NAME`")
    case .reassign: need(decision.owner != nil, "`\(kind)` needs the new owner", "add `owner: team:NAME`")
    case .keep, .reduce, .rotate, .disable, .revoke, .falsePositive, .dontKnow: break
    }
    if let approver = decision.approver {
      need(approver.kind == .person, "a person approves, not a team", "write `approver: person:NAME`")
      need(approver != decision.by, "who decides cannot approve it too", "name another person as `approver`")
    }
    let isBlank = decision.reason.allSatisfy { $0.isWhitespace || $0.isPunctuation }
    need(!isBlank, "a decision needs a reason in words", "say why, for the person who reads it in a year")
    if let until = decision.until {
      need(decision.at < until.end, "`until` is before the decision's own time", "name a day that is still to come")
    }
    return problems
  }

  /// Why the person may not decide at that instant; `nil` when he may.
  static func whyMayNotDecide(_ person: OwnerReference, _ owners: Owners, at instant: Instant) -> Problem? {
    guard let why = owners.whyNotAccountable(person, at: instant) else { return nil }
    let known = owners.people.keys.sorted()
    let hint =
      owners.people[person.name] == nil
      ? suggestion(for: person.name, among: known) + "; people are listed in owners.yaml"
      : "only people who are there decide; ask the owner's backup"
    return Problem(message: "\(why), so cannot decide", hint: hint)
  }

  /// The way by which the person came to decide: on the item's own way, or of his own accord.
  static func route(of person: OwnerReference, _ item: ReviewItem, _ owners: Owners, at now: Instant) -> ReviewRoute {
    func speaks(for reference: OwnerReference?) -> Bool {
      reference.map { owners.people(for: $0, at: now).contains(person.name) } ?? false
    }
    if speaks(for: item.owner) { return item.route }
    let further = item.history.filter { $0.kind == .escalated || $0.kind == .reassigned }.map(\.to)
    return speaks(for: item.backup) || further.contains(where: speaks) ? .escalation : .direct
  }
}
