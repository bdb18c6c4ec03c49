import Base
import Model
import Testing

@testable import Reviews

@Suite struct AuditRecordTests {
  let keys: Keys

  init() throws { keys = try Keys("ana") }

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
}
