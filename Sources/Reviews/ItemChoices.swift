import Base
import Model

/// The choices that an owner has, what each does, what would stop working, and how to answer.
struct ItemChoices {
  var review: ReviewCase
  var due: Day
  var digest: String

  func write(_ page: inout Markdown) {
    page.heading(2, "What you can decide")
    page.table(
      ["Decision", "What it does", "What would stop working"], choices.map { [$0.0.rawValue.code, $0.0.effect, $0.1] })
    page.heading(2, "How to decide")
    page.paragraph("Either run this in a clone of the repository; it writes, signs and commits your decision:")
    page.fenced("sh", ["muster decide \(review.group.id) keep --reason \"why\""])
    page.paragraph(
      "Or edit this file in a pull request: add this under `decisions:` at its top, with your own name, time, decision and reason."
    )
    page.fenced(
      "yaml",
      [
        "  - decision: keep", "    by: person:your-name",
        "    at: \(Instant(milliseconds: review.now.milliseconds / 1000 * 1000))",
        "    reason: Why this is right.", "    on: \(digest)",
      ])
    page.paragraph(
      "`extend` and `accept-risk` also need `until: YYYY-MM-DD`; `accept-risk` needs `approver: person:…`, who is not you; "
        + "`reassign` needs `owner: team:…` or `owner: person:…`. "
        + "If the evidence changes after your decision, you are asked again.")
  }

  private var choices: [(Decision.Kind, String)] {
    // Nothing but an identity can be rotated, switched off or extended.
    let kinds: [Decision.Kind] =
      review.isAboutIdentity
      ? Decision.Kind.allCases : [.keep, .reassign, .acceptRisk, .falsePositive, .dontKnow]
    return kinds.map { ($0, breaks($0)) }
  }

  private func breaks(_ kind: Decision.Kind) -> String {
    switch kind {
    case .keep, .reassign, .extend, .acceptRisk, .falsePositive, .dontKnow: return "nothing"
    case .rotate: return rotation
    case .reduce: return reduction
    case .disable, .revoke: return all
    }
  }

  /// Everything that was seen to work would stop.
  private var all: String {
    guard let usage = review.usage else { return unseen }
    let working = usage.topActions.filter(\.succeeded)
    if working.isEmpty { return "nothing that was seen to work since \(usage.first.day)" }
    return "\(working.count) action\(working.count == 1 ? "" : "s") that it used: "
      + firstFew(working.map { "\($0.name.code) (last \($0.last.day))" })
  }

  /// Only what is used without being declared would stop, when it is cut to its declaration.
  private var reduction: String {
    guard let usage = review.usage else { return unseen }
    guard let declaration = review.declaration else {
      return "nothing, if it keeps the \(usage.topActions.filter(\.succeeded).count) actions that it uses"
    }
    let outside = usage.topActions.filter { $0.succeeded && !declaration.declares($0.name) }
    if outside.isEmpty { return "nothing that was seen, if it keeps what is declared" }
    return "cut to its declaration: \(outside.count) used action\(outside.count == 1 ? "" : "s"), "
      + firstFew(outside.map(\.name.code))
  }

  private var rotation: String {
    let keys = review.fact?.credentials.filter { $0.status == .active && $0.kind != "mfa" } ?? []
    if keys.isEmpty { return "nothing: no long-lived credential is known" }
    return "whatever still holds " + firstFew(keys.map(\.id.code))
  }

  private var unseen: String {
    if let window = review.window { return "nothing that was seen from \(window.lowerBound) to \(window.upperBound)" }
    return "unknown: no usage log covers it"
  }
}
