import Base
import Model
import TestSupport
import Testing

@testable import Reviews

@Suite struct DecisionTests {
  @Test func appendsADecisionAndNothingElse() throws {
    var acme = Acme()
    let item = try acme.openOne()
    let draft = try makeDecision(
      acme.decide(.extend, until: "2027-03-31"), on: item, owners: acme.governance.owners, willSign: false)
    let block = String(decoding: draft.signedBytes, as: UTF8.self)
    let expected = [
      "  - decision: extend", "    by: person:ana", "    at: 2026-11-21T09:12:44Z", "    until: 2027-03-31",
      "    route: owner",
      "    reason: It publishes each release.", "    on: \(item.evidence.digest)",
    ]
    #expect(block == expected.map { $0 + "\n" }.joined())
    #expect(draft.item.text == item.text.replacing("decisions: []", with: "decisions:\n" + block.dropLast()))
    #expect(!draft.isRepeat)
  }

  @Test func addsNothingWhenTheSameIsDecidedAgain() throws {
    var acme = Acme()
    _ = try acme.openOne()
    let first = try acme.decided(.keep)
    var again = acme.decide(.keep)
    again.at = instant("2026-11-22T00:00:00Z")
    let draft = try makeDecision(again, on: first, owners: acme.governance.owners, willSign: false)
    #expect(draft.isRepeat)
    #expect(draft.item == first)
  }

  @Test(arguments: [
    (Decision.Kind.extend, "ana", "needs the last day"), (.acceptRisk, "ana", "needs the last day"),
    (.reassign, "ana", "needs the new owner"), (.keep, "bo", "left on 2026-10-01"), (.keep, "robo", "is a bot"),
    (.keep, "anna", "is not in owners.yaml"), (.keep, "release-publisher", "is not in owners.yaml"),
  ]) func refusesWhatBreaksARule(kind: Decision.Kind, by: String, message: String) throws {
    var acme = Acme()
    let item = try acme.openOne()
    let error = #expect(throws: ReviewError.self) {
      try makeDecision(acme.decide(kind, by: by), on: item, owners: acme.governance.owners, willSign: false)
    }
    #expect(error?.message.contains(message) == true)
    #expect(error?.hint.isEmpty == false)
  }

  @Test(arguments: ["", "  ", "...", "-"]) func refusesADecisionWithoutAReason(reason: String) throws {
    var acme = Acme()
    let item = try acme.openOne()
    #expect(throws: ReviewError.self) {
      try makeDecision(acme.decide(.keep, reason: reason), on: item, owners: acme.governance.owners, willSign: false)
    }
  }

  @Test func needsASecondPersonToAcceptARisk() throws {
    var acme = Acme()
    let item = try acme.openOne()
    var request = acme.decide(.acceptRisk, until: "2027-01-31")
    for approver in [nil, "person:ana", "person:bo", "team:platform", "person:robo"] {
      request.approver = approver.flatMap { OwnerReference($0) }
      #expect(throws: ReviewError.self) {
        try makeDecision(request, on: item, owners: acme.governance.owners, willSign: false)
      }
    }
    request.approver = OwnerReference("person:chi")
    let draft = try makeDecision(request, on: item, owners: acme.governance.owners, willSign: false)
    #expect(draft.item.standing(at: acme.now) == .deferred)
    #expect(draft.item.standing(at: instant("2027-02-01T00:00:00Z")) == .inReview)
  }

  @Test func asksForAKeyWhereTheSeverityMustBeSigned() throws {
    var acme = Acme()
    let item = try acme.openOne()
    let error = #expect(throws: ReviewError.self) {
      try makeDecision(
        acme.decide(.keep), on: item, owners: acme.governance.owners, signedSeverities: [.high], willSign: false)
    }
    #expect(error?.hint.contains("gpg.format ssh") == true)
  }

  @Test(arguments: [("ana", ReviewRoute.owner), ("chi", .escalation), ("dora", .direct)])
  func notesByWhichWayItCame(by: String, route: ReviewRoute) throws {
    var acme = Acme()
    _ = try acme.openOne()
    #expect(try acme.decided(.keep, by: by).decisions.last?.route == route)
  }

  @Test func refusesToDecideOnOtherEvidence() throws {
    var acme = Acme()
    let item = try acme.openOne()
    var request = acme.decide(.keep)
    request.on = "sha256:" + String(repeating: "0", count: 64)
    #expect(throws: ReviewError.self) {
      try makeDecision(request, on: item, owners: acme.governance.owners, willSign: false)
    }
  }

  @Test(arguments: ItemTests.hostile) func letsNoReasonInjectYAML(reason: String) throws {
    guard !reason.allSatisfy({ $0.isWhitespace || $0.isPunctuation }) else { return }
    var acme = Acme()
    let item = try acme.openOne()
    let draft = try makeDecision(
      acme.decide(.keep, reason: "x" + reason + "x"), on: item, owners: acme.governance.owners, willSign: false)
    #expect(draft.decision.reason == "x" + reason + "x")
    #expect(draft.item.decisions.count == 1)
    #expect(ReviewItem.read(draft.item.source).diagnostics.isEmpty)
  }

  @Test(arguments: [
    "decisions: [{ decision: keep, by: person:ana, at: 2026-11-21, reason: fine, on: DIGEST }]",
    "decisions:\n- { decision: keep, by: person:ana, at: 2026-11-21, reason: fine, on: DIGEST }",
    "decisions:\n-\n  decision: keep\n  by: person:ana\n  at: 2026-11-21\n  reason: fine\n  on: DIGEST",
    "decisions:\n- decision: keep\n  by: person:ana\n  at: 2026-11-21\n  reason: \"fine\nsignature: no\"\n  on: DIGEST",
  ]) func countsButCannotSignWhatIsNotWrittenLineByLine(text: String) throws {
    var acme = Acme()
    let item = try acme.openOne()
    let edited = item.text.replacing("decisions: []", with: text.replacing("DIGEST", with: item.evidence.digest))
    acme.store([SourceFile(path: item.path, bytes: Array(edited.utf8))])
    let read = try acme.item()
    #expect(read.decisions.count == 1)
    #expect(DecisionBlock.signedBytes(of: read.decisions[0], in: read) == nil)
  }

  @Test(arguments: ["\n", "\r\n"]) func signsTheLinesAsTheyStand(feed: String) throws {
    var acme = Acme()
    let item = try acme.openOne()
    let entry = [
      "  - decision: keep   # after a talk", "    by: person:ana", "", "    # a remark", "    at: 2026-11-21",
      "    signature: |", "      armor",
      "", "    reason: |", "      two", "      lines", "    on: \(item.evidence.digest)",
    ]
    let edited = item.text.replacing(
      "decisions: []", with: "decisions:\n" + entry.joined(separator: "\n") + "\n\n# end"
    )
    .replacing("\n", with: feed)
    acme.store([SourceFile(path: item.path, bytes: Array(edited.utf8))])
    let read = try acme.item()
    let bytes = try #require(DecisionBlock.signedBytes(of: read.decisions[0], in: read))
    // The blank line below the armor is no line of the signature's: only lines with text, or between such, are left
    // out.
    let expected = (entry[0...4] + entry[7...]).map { $0 + feed }.joined()
    #expect(String(decoding: bytes, as: UTF8.self) == expected)
  }
}
