import Base
import Expressions
import Model

/// A decision in its estate.
struct DecisionSubject: Sendable {
  let decision: ReviewDecision
  let declaration: Declaration?
  let alike: Int
  let estate: Estate

  init(_ decision: ReviewDecision, _ declaration: Declaration?, alike: Int, _ estate: Estate) {
    self.decision = decision
    self.declaration = declaration
    self.alike = alike
    self.estate = estate
  }

  func owner(_ reference: OwnerReference?) -> Value {
    reference.map { PolicyVocabulary.owner.object(OwnerSubject(reference: $0, estate: estate)) } ?? .absent
  }

  /// Why who decided could not decide at that time.
  var ineligible: String? {
    if decision.by.kind != .person { return "is a team" }
    guard let person = estate.governance.owners.people[decision.by.name] else { return "is not in owners.yaml" }
    if person.isBot { return "is an automation account" }
    if decision.by.name == decision.handle { return "is the identity itself" }
    return person.hasLeft(at: decision.at) ? "had left by then" : nil
  }
}

extension PolicyVocabulary {
  static let decision = Vocabulary<DecisionSubject>(
    "Decision", "one decision of a review item, as the tree alone shows it", text: { $0.decision.item },
    decisionWords + decisionStanding + decisionItem)

  private static let decisionWords: [Word<DecisionSubject>] = [
    Word("verdict", .string, "what was decided", values: DecisionKind.allCases.map(\.rawValue)) {
      .string($0.decision.kind.rawValue)
    },
    Word("by", .object("Owner"), "who decided, as written: only `signature` proves it") { $0.owner($0.decision.by) },
    Word("at", .timestamp, "when it was decided, as written") { .instant($0.decision.at) },
    Word("reason", .string, "why, in words") { .string($0.decision.reason) },
    Word(
      "until", .timestamp, "when it ends to hold: the first instant after its last day, UTC",
      absent: "it holds as long as its evidence"
    ) { .moment($0.decision.until?.end) },
    Word("approver", .object("Owner"), "the second person", absent: "there is none") { $0.owner($0.decision.approver) },
    Word("newOwner", .object("Owner"), "to whom `reassign` gives the identity", absent: "it reassigns nothing") {
      $0.owner($0.decision.newOwner)
    },
    Word("ticket", .string, "where the work is tracked", absent: "it does not say") { .text($0.decision.ticket) },
  ]

  private static let decisionStanding: [Word<DecisionSubject>] = [
    Word("isLast", .bool, "whether its item has no later decision") { .bool($0.decision.isLast) },
    Word("onEvidence", .bool, "whether it was made on the evidence that its item has now") {
      .bool($0.decision.isOnEvidence)
    },
    Word("missing", .list(.string), "what its verdict needs and it lacks, in words; empty where it is complete") {
      .texts($0.decision.missing)
    },
    Word(
      "holds", .bool, "whether it counts now: the last of its item, on the present evidence, complete, and not over"
    ) { subject in
      let decision = subject.decision
      let isOver = decision.until.map { subject.estate.now >= $0.end } ?? false
      return .bool(decision.isLast && decision.isOnEvidence && decision.missing.isEmpty && !isOver)
    },
    Word(
      "needsChange", .bool,
      "whether its verdict asks for a change on the platform or in the declaration, such as rotate"
    ) { .bool($0.decision.kind.needsChange) },
    Word(
      "signature", .string, "what its signature proves by the keys of owners.yaml: valid is who decided",
      values: ReviewDecision.Signature.allCases.map(\.rawValue)
    ) { .string($0.decision.signature().rawValue) },
    Word("mustBeSigned", .bool, "whether muster.yaml asks for a signature at this severity") {
      .bool($0.estate.governance.configuration.signedSeverities.contains($0.decision.severity))
    },
    Word(
      "ineligible", .string, "why who decided could not decide then, in words, by owners.yaml as it is now",
      absent: "nothing speaks against it"
    ) { .text($0.ineligible) },
    Word("alike", .int, "how many other decisions the same person made with the same words within an hour") {
      .count($0.alike)
    },
  ]

  private static let decisionItem: [Word<DecisionSubject>] = [
    Word("item", .string, "the id of its review item") { .string($0.decision.item) },
    Word("campaign", .string, "the id of the item's campaign") { .string($0.decision.campaign) },
    Word("path", .string, "the path of the file that holds it") { .string($0.decision.location.path) },
    Word("status", .string, "where the item stands now", values: ReviewStatus.allCases.map(\.rawValue)) {
      .string($0.decision.status.rawValue)
    },
    Word("isOpen", .bool, "whether something is left to do for the item: it is neither closed nor resolved by itself") {
      .bool(!$0.decision.status.isFinal)
    },
    Word("policy", .string, "the policy that the item is about, by its id") { .string($0.decision.policy) },
    Word(
      "severity", .string, "how bad the item's finding is", values: Severity.allCases.map(\.rawValue)
    ) { .string($0.decision.severity.rawValue) },
    Word("owner", .object("Owner"), "whom the item asks", absent: "nobody answers for the identity") {
      $0.owner($0.decision.owner)
    },
    Word("due", .timestamp, "the first instant after the item's last day to decide, UTC") {
      .instant($0.decision.due.end)
    },
    Word("identity", .string, "the declared handle that the item is about", absent: "it is undeclared") {
      .text($0.decision.handle)
    },
    Word(
      "principal", .string, "the platform's own name of what the item is about", absent: "the item names none"
    ) { .text($0.decision.principal?.description) },
    Word(
      "declaration", .object("Declaration"), "the declaration of the identity", absent: "it is undeclared by now"
    ) { subject in
      subject.declaration.map { declaration.object(DeclarationSubject(declaration: $0, estate: subject.estate)) }
        ?? .absent
    },
  ]
}
