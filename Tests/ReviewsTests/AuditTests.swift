import Base
import Model
import Testing

@testable import Reviews

@Suite struct AuditTests {
  let keys: Keys

  init() throws { keys = try Keys("ana", "chi", "eve") }

  @Test func passesASignedDecision() throws {
    var story = try Story(keys, "ana")
    story.severities = [.high]
    try story.open()
    try story.decide(.keep, signedWith: "ana")
    let report = story.report()
    #expect(report.allProblems.isEmpty)
    #expect((report.passed, report.failed, report.unknown) == (1, 0, 0))
    #expect(report.decisions.map(\.who) == [.signed(person: "ana")])
  }

  @Test func tellsEachStepWithItsCommit() throws {
    var story = try Story(keys, "ana")
    try story.open()
    story.acme.now = instant("2026-11-26T08:00:00Z")
    try story.commit(try remind(story.acme.reviews, governance: story.acme.governance, now: story.acme.now).files)
    try story.decide(.disable, signedWith: "ana")
    story.acme.findings = []
    for commit in [story.acme.facts.commit, String(repeating: "5c", count: 20)] {
      story.acme.facts.commit = commit
      story.acme.facts.sources[0].collected = story.acme.now
      story.acme.facts.sources[1].last = story.acme.now
      let plan = try reconcile(
        story.acme.reviews, with: story.acme.result, governance: story.acme.governance, facts: story.acme.facts,
        now: story.acme.now)
      try story.commit(plan.files)
    }
    let events = story.report().events
    #expect(
      events.map(\.kind) == [.opened, .routed, .campaignOpened, .escalated, .decided, .remediated, .verified, .closed])
    #expect(events.map(\.commit) == [0, 0, 0, 1, 2, 3, 4, 4].map { story.steps[$0].commit })
    #expect(events[4].who == .signed(person: "ana"))
    #expect(events[3].who == .unsigned(author: "Mallory"))
    #expect(events[3].detail == "to team:platform, level 1")
    #expect(story.report().allProblems.isEmpty)
  }

  @Test func neverTrustsAnAuthorsName() throws {
    var story = try Story(keys, "ana")
    try story.open()
    let draft = try makeDecision(
      story.acme.decide(.keep), on: try story.acme.item(), owners: Acme.owners, willSign: false)
    try story.commit([draft.item.source], by: "ana")
    #expect(story.codes() == [.unproven])
    #expect(story.report().unknown == 1)
    #expect(story.report().decisions.map(\.who) == [.unsigned(author: "ana")])
  }

  @Test func takesACommitsSignatureForAnUnsignedDecision() throws {
    var story = try Story(keys, "ana", "chi")
    try story.open()
    let draft = try makeDecision(
      story.acme.decide(.keep), on: try story.acme.item(), owners: Acme.owners, willSign: false)
    var other = story
    try story.commit([draft.item.source], signedBy: "ana")
    #expect(story.codes().isEmpty)
    try other.commit([draft.item.source], signedBy: "chi")
    #expect(other.codes() == [.unproven])
    other.severities = [.high]
    _ = other.steps.popLast()
    try other.commit([draft.item.source], signedBy: "ana")
    #expect(other.codes() == [.signatureMissing], "a squash would lose the commit's signature")
  }

  @Test func judgesByTheKeysBeforeTheCommit() throws {
    var story = try Story(keys)
    try story.open()
    try story.decide(.keep, signedWith: "ana")
    story.acme.governance.owners.people["ana"]?.keys = [located(try keys.publicKey("ana"))]
    #expect(story.codes() == [.unknownKey], "listing the key later, or in the same change, does not help")
  }

  @Test func asksForASignatureWhereOneIsRequired() throws {
    var story = try Story(keys, "ana")
    story.severities = [.high]
    try story.open()
    try story.decide(.keep)
    #expect(story.codes() == [.signatureMissing])
  }

  @Test func isNotFooledByALoweredSeverity() throws {
    var story = try Story(keys, "ana")
    story.severities = [.high]
    try story.open()
    try story.edit("severity: high", "severity: low")
    try story.decide(.keep)
    #expect(Set(story.codes()) == [.signatureMissing, .recordAltered])
  }

  @Test func seesWhoseSignatureItIs() throws {
    var story = try Story(keys, "ana", "chi")
    try story.open()
    try story.decide(.keep, by: "ana", signedWith: "chi")
    #expect(story.codes() == [.signedByAnother])
  }

  @Test func seesASharedKey() throws {
    var story = try Story(keys, "ana")
    story.acme.governance.owners.people["chi"]?.keys = [located(try keys.publicKey("ana"))]
    try story.open()
    try story.decide(.keep, signedWith: "ana")
    #expect(story.codes() == [.signatureInvalid])
  }

  @Test func separatesWhoDeclaresFromWhoDecides() throws {
    var story = try Story(keys, "ana", "chi")
    try story.commit([], declaring: ["identities/payments/release-publisher.yaml"], signedBy: "ana")
    try story.open()
    var alone = story
    try alone.decide(.keep, by: "ana", signedWith: "ana")
    #expect(alone.codes() == [.selfApproval])
    try story.decide(.keep, by: "chi", signedWith: "chi")
    #expect(story.codes().isEmpty)
  }

  @Test func letsASecondSignatureMendSelfApproval() throws {
    var story = try Story(keys, "ana", "chi")
    try story.commit([], declaring: ["identities/payments/release-publisher.yaml"], signedBy: "ana")
    try story.open()
    try story.decide(.acceptRisk, by: "ana", signedWith: "ana", approver: "chi", until: "2027-01-31")
    #expect(Set(story.codes()) == [.selfApproval, .approverUnsigned])
    let chi = OwnerReference(kind: .person, name: "chi")
    let draft = try makeCosignature(
      on: try story.acme.item(), by: chi, owners: story.acme.governance.owners, at: story.acme.now)
    try story.commit([try keys.sign(draft, "chi").item.source])
    #expect(story.codes().isEmpty)
    #expect(story.report().decisions.count == 1)
  }

  @Test(arguments: [
    ("by: person:ana", "by: person:robo", AuditProblem.Code.botDecides),
    ("by: person:ana", "by: person:bo", .personLeft),
    ("by: person:ana", "by: person:zed", .unknownPerson),
    ("by: person:ana", "by: person:release-publisher", .identityDecides),
    ("decision: keep", "decision: extend", .incomplete),
    ("by: person:ana", "approver: person:ana\n    by: person:ana", .approverDecides),
  ]) func seesWhoMayNotDecide(old: String, new: String, code: AuditProblem.Code) throws {
    var story = try Story(keys, "ana")
    try story.open()
    let draft = try makeDecision(
      story.acme.decide(.keep), on: try story.acme.item(), owners: Acme.owners, willSign: false)
    let text = draft.item.text.replacing(old, with: new)
    try story.commit([SourceFile(path: draft.item.path, bytes: Array(text.utf8))])
    #expect(story.codes().contains(code))
    #expect(story.report().failed == 1)
  }

  @Test func doesNotBelieveABackdatedCommit() throws {
    var story = try Story(keys, "ana")
    try story.open()
    story.acme.governance.owners.people["ana"]?.left = Day("2026-11-20")
    story.hour += 48
    try story.commit([], declaring: ["identities/x.yaml"])
    try story.decide(.keep, signedWith: "ana")
    story.steps[2].time = instant("2026-11-20T11:00:00Z")
    #expect(story.codes() == [.personLeft])
  }

  @Test func refusesACommitWithSeveralSignatures() throws {
    var story = try Story(keys, "ana")
    try story.open()
    try story.decide(.keep, signedWith: "ana")
    story.steps[1].signature = .several
    #expect(story.codes() == [.severalSignatures])
  }

  @Test(arguments: ItemTests.hostile) func rendersStrangersTextHarmlessly(name: String) throws {
    var story = try Story(keys)
    try story.open()
    let draft = try makeDecision(
      story.acme.decide(.keep, reason: "word \(name)"), on: try story.acme.item(), owners: Acme.owners, willSign: false)
    try story.commit([draft.item.source], by: name)
    let report = story.report()
    for text in [report.logText(), report.verifyText()] {
      #expect(!text.unicodeScalars.contains { $0.isUnprintable && $0 != "\n" })
    }
    #expect(report.logText().split(separator: "\n").count == report.events.count + 1)
    for json in [report.logJSON(), report.verifyJSON()] {
      #expect(String(decoding: json, as: UTF8.self).unicodeScalars.allSatisfy { $0.value >= 0x20 || $0 == "\n" })
    }
  }
}
