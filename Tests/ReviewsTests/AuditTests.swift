import Base
import Model
import TestSupport
import Testing

@testable import Reviews

/// A history made of values: no repository is needed to test what the audit says.
struct Story {
  var acme = Acme()
  var steps: [AuditStep] = []
  var severities: Set<Severity> = []
  var hour = 0
  let keys: Keys

  init(_ keys: Keys, _ people: String...) throws {
    self.keys = keys
    for name in people { acme.governance.owners.people[name]?.keys = [located(try keys.publicKey(name))] }
  }

  /// A commit with the files of the tree that are not as they were; `signedBy` signs it as git would.
  @discardableResult
  mutating func commit(
    _ files: [SourceFile], deleting: [String] = [], declaring: [String] = [], signedBy: String? = nil,
    by author: String = "Mallory"
  ) throws -> AuditStep {
    acme.store(files)
    for path in deleting { acme.remove(path) }
    hour += 1
    let payload = Array("commit \(steps.count)".utf8)
    let signature = try signedBy.map {
      try keys.program.sign(payload, with: .file(keys.folder.path($0)), namespace: "git")
    }
    let step = AuditStep(
      commit: SHA256Digest(of: "\(steps.count)").hex,
      time: instant("2026-11-20T10:00:00Z").advanced(by: Milliseconds(Int64(hour) * 3_600_000)),
      author: author, signature: signature.map { .one(text: $0, payload: payload) } ?? .none,
      rules: AuditRules(owners: acme.governance.owners, signedSeverities: severities),
      changes: files.map { AuditStep.Change(path: $0.path, bytes: $0.bytes) }
        + deleting.map { AuditStep.Change(path: $0, bytes: nil) }
        + declaring.map { AuditStep.Change(path: $0, bytes: []) })
    steps.append(step)
    return step
  }

  mutating func open() throws { try commit(try acme.open().files) }

  @discardableResult
  mutating func decide(
    _ kind: Decision.Kind, by: String = "ana", signedWith key: String? = nil, approver: String? = nil,
    until: String? = nil
  ) throws -> DraftedDecision {
    var request = acme.decide(kind, by: by, until: until)
    request.approver = approver.map { OwnerReference(kind: .person, name: $0) }
    var draft = try makeDecision(request, on: try acme.item(), owners: Acme.owners, willSign: key != nil)
    if let key { draft = try keys.sign(draft, key) }
    try commit([draft.item.source])
    return draft
  }

  /// Replaces text in the item's file.
  mutating func edit(_ old: String, _ new: String) throws {
    let item = try acme.item()
    let text = item.text.replacing(old, with: new, maxReplacements: 1)
    guard text != item.text else { throw Missing("nothing to replace: \(old)") }
    try commit([SourceFile(path: item.path, bytes: Array(text.utf8))])
  }

  func report() -> AuditReport { audit(steps) }
  func codes() -> [AuditProblem.Code] { report().allProblems.map(\.code) }
}

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

  @Test(arguments: [
    ("digest: sha256:", "digest: sha256:0", AuditProblem.Code.recordAltered, 1),
    ("due: 2026-11-25", "due: 2027-11-25", .recordAltered, 0),
    ("role/release-publisher", "role/other", .recordAltered, 1),
  ]) func seesWhatWasChangedByHand(old: String, new: String, code: AuditProblem.Code, failures: Int) throws {
    var story = try Story(keys, "ana")
    try story.open()
    let item = try story.acme.item()
    let digest = item.evidence.digest
    let text =
      old.hasPrefix("digest")
      ? item.text.replacing(digest, with: "sha256:" + String(repeating: "0", count: 64), maxReplacements: 1)
      : item.text.replacing(old, with: new, maxReplacements: 1)
    try story.commit([SourceFile(path: item.path, bytes: Array(text.utf8))])
    #expect(story.codes() == [code])
    #expect(story.report().failed == failures)
  }

  @Test func tellsWhoGaveTheItemToAnother() throws {
    var story = try Story(keys, "ana")
    try story.open()
    try story.edit("owner: team:payments", "owner: team:platform")
    #expect(story.codes().isEmpty)
    #expect(story.report().events.last?.kind == .reassigned)
    #expect(story.report().events.last?.detail == "from team:payments to team:platform, by hand")
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

  @Test(arguments: [
    ("until: 2027-03-31", "until: 2037-03-31"), ("by: person:ana", "by: person:chi"),
    ("decision: extend", "decision: keep"),
    ("reason: It", "reason: Surely it"), ("    at:", "    # later\n    at:"),
  ]) func seesADecisionThatWasAltered(old: String, new: String) throws {
    var story = try Story(keys, "ana")
    try story.open()
    try story.decide(.extend, signedWith: "ana", until: "2027-03-31")
    let before = try story.acme.item()
    try story.edit(old, new)
    let codes = Set(story.codes())
    #expect(codes.isSuperset(of: [.decisionAltered, .signatureInvalid]))
    // Put back as it was, it counts again, and the note remains.
    try story.commit([before.source])
    let report = story.report()
    #expect(report.decisions[0].verdict == .unknown)
    #expect(report.decisions[0].problems.map(\.code) == [.decisionAltered])
  }

  @Test func seesADecisionThatWasRemoved() throws {
    var story = try Story(keys, "ana")
    try story.open()
    let opened = try story.acme.item()
    try story.decide(.keep, signedWith: "ana")
    try story.commit([opened.source])
    #expect(story.codes() == [.decisionRemoved])
    #expect(story.report().failed == 1)
  }

  @Test func seesASignatureThatWasReplaced() throws {
    var story = try Story(keys, "ana")
    try story.open()
    try story.decide(.keep, signedWith: "ana")
    try story.edit("-----BEGIN SSH SIGNATURE-----", "-----BEGIN SSH SIGNATURE-----\n      AAAA")
    #expect(Set(story.codes()) == [.decisionAltered, .signatureInvalid])
  }

  @Test func seesAnItemThatWasRemoved() throws {
    var story = try Story(keys, "ana")
    try story.open()
    let item = try story.acme.item()
    try story.commit([], deleting: [item.path])
    #expect(story.codes() == [.itemRemoved])
    #expect(story.report().events.last?.kind == .removed)
    try story.commit([item.source])
    #expect(story.codes().isEmpty)
    #expect(story.report().events.last?.kind == .restored)
  }

  @Test func followsAnItemThatMoves() throws {
    var story = try Story(keys, "ana")
    try story.open()
    try story.decide(.keep, signedWith: "ana")
    let item = try story.acme.item()
    let moved = SourceFile(path: "reviews/archive/\(item.id).md", bytes: item.source.bytes)
    try story.commit([moved], deleting: [item.path])
    #expect(story.codes().isEmpty)
    #expect(story.report().items == 1)
    #expect(story.report().events.filter { $0.kind == .opened }.count == 1)
  }

  @Test func seesThatTheEvidenceChangedSince() throws {
    var story = try Story(keys, "ana")
    try story.open()
    try story.decide(.keep, signedWith: "ana")
    story.acme.facts.identities[1].grants[0].actions.append("iam:PassRole")
    try story.commit(try story.acme.open().files)
    #expect(story.codes() == [.staleEvidence])
    try story.decide(.keep, signedWith: "ana")
    #expect(story.codes().isEmpty, "the last decision counts")
  }

  @Test func seesADecisionTakenFromAnotherItem() throws {
    var story = try Story(keys, "ana")
    story.acme.findings.append(Acme.undeclared)
    try story.open()
    let draft = try story.decide(.keep, signedWith: "ana")
    let entry = String(decoding: draft.item.source.bytes, as: UTF8.self).split(separator: "decisions:\n")[1].split(
      separator: "\n---\n")[0]
    let other = try story.acme.item(1)
    let text = other.text.replacing("decisions: []\n", with: "decisions:\n" + entry + "\n")
    try story.commit([SourceFile(path: other.path, bytes: Array(text.utf8))])
    #expect(Set(story.codes()) == [.otherEvidence, .staleEvidence])
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

  @Test func seesAnItemClosedByHand() throws {
    var story = try Story(keys, "ana")
    try story.open()
    try story.edit("status: in-review", "status: closed")
    #expect(story.codes() == [.closedWithoutProof])
    #expect(story.report().events.last?.kind == .closed)
  }

  @Test func cannotJudgeAnItemThatCameClosed() throws {
    var story = try Story(keys, "ana")
    let item = try #require(try story.acme.open().opened.first)
    let text = item.text.replacing("status: in-review", with: "status: closed")
    try story.commit([SourceFile(path: item.path, bytes: Array(text.utf8))])
    #expect(story.codes() == [.closedWithoutProof])
    #expect(story.report().failed == 0 && story.report().unknown == 1)
  }

  @Test func seesHistoryThatWasRewritten() throws {
    var story = try Story(keys, "ana")
    try story.open()
    try story.edit("to: team:payments, note", "to: team:platform, note")
    #expect(story.codes() == [.recordAltered])
  }

  @Test func seesAPopulationThatWasChanged() throws {
    var story = try Story(keys, "ana")
    try story.open()
    try story.commit([SourceFile(path: "reviews/2026-q4/population.txt", bytes: [])])
    #expect(story.codes() == [.populationAltered, .populationAltered])
  }

  @Test func saysWhatItCannotRead() throws {
    var story = try Story(keys, "ana")
    try story.open()
    let item = try story.acme.item()
    try story.commit([SourceFile(path: item.path, bytes: Array("---\nitem: [\n---\n".utf8))])
    #expect(story.codes() == [.unreadable])
    #expect(story.report().unknown == 1)
    try story.commit([item.source])
    #expect(story.codes().isEmpty)
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
