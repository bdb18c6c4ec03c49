import Base
import Expressions
import Model

extension [Evaluator] {
  mutating func judgeDecisions(_ estate: Estate) {
    if estate.decisions.isEmpty { return }
    let declarations = Dictionary(estate.declarations.map { ($0.handle.value, $0) }) { first, _ in first }
    let alike = AlikeDecisions(estate.decisions)
    for decision in estate.decisions {
      let declaration = decision.handle.flatMap { declarations[$0] }
      // A commit that touches few declarations is asked about those alone.
      if estate.handles != nil, declaration == nil { continue }
      judge(Subject(DecisionSubject(decision, declaration, alike: alike.count(decision), estate)))
    }
  }
}

extension Subject {
  init(_ change: DeclaredChange, _ estate: Estate) {
    let declaration = change.after ?? change.before
    self.init(
      values: [PolicyVocabulary.change.object(ChangeSubject(change: change, estate: estate))],
      declaration: declaration, key: change.handle,
      location: (change.addedExceptions + change.extendedExceptions).first?.location)
    if let before = change.before, change.after != nil {
      related.append(RelatedLocation(role: "previous", location: before.location, message: "as it was at the base"))
    }
  }

  init(_ subject: DecisionSubject) {
    let decision = subject.decision
    self.init(
      values: [PolicyVocabulary.decision.object(subject)], declaration: subject.declaration,
      key: "\(decision.campaign)/\(decision.item) \(decision.by) \(decision.at)", location: decision.location)
    hasOwnPlace = true
  }
}

/// Finds decisions that one person made with the same words at about the same time.
struct AlikeDecisions {
  private struct Key: Hashable {
    let by: OwnerReference
    let words: String

    init(_ decision: ReviewDecision) {
      by = decision.by
      words = decision.reason.lowercased().split { !$0.isLetter && !$0.isNumber }.joined(separator: " ")
    }
  }

  private static let hour: Int64 = 3_600_000
  /// When each was made, sorted.
  private var times: [Key: [Int64]] = [:]

  init(_ decisions: [ReviewDecision]) {
    for decision in decisions { times[Key(decision), default: []].append(decision.at.milliseconds) }
    for key in times.keys { times[key]?.sort() }
  }

  /// How many others there are within an hour before and after.
  func count(_ decision: ReviewDecision) -> Int {
    let times = times[Key(decision)] ?? []
    let at = decision.at.milliseconds
    return first(in: times, from: at + AlikeDecisions.hour + 1) - first(in: times, from: at - AlikeDecisions.hour) - 1
  }

  /// The place of the first time that is not earlier.
  private func first(in times: [Int64], from time: Int64) -> Int {
    var (low, high) = (0, times.count)
    while low < high {
      let middle = (low + high) / 2
      if times[middle] < time { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
