import Base
import Git
import Model
import TestSupport
import Testing

@testable import Reviews

/// A governance repository with real commits and real keys.
struct GovernedRepository {
  let scratch: ScratchRepository
  let keys: Keys
  var acme = Acme()

  init(signed: String = "[]") throws {
    scratch = try ScratchRepository()
    keys = try Keys("ana", "chi", "eve")
    for name in ["ana", "chi"] { acme.governance.owners.people[name]?.keys = [located(try keys.publicKey(name))] }
    try scratch.write("muster.yaml", "muster: 1\nreviews: { signed: \(signed) }\n")
    try writeOwners(["ana", "chi"])
    try scratch.write("identities/payments/release-publisher.yaml", "identity: release-publisher\n")
    try scratch.commitAll("Declare")
  }

  func writeOwners(_ names: [String]) throws {
    let people = try names.map { "  \($0): { emails: [\($0)@acme.example], keys: [\"\(try keys.publicKey($0))\"] }\n" }
      .joined()
    try scratch.write("owners.yaml", "teams:\n  payments: { members: [ana] }\npeople:\n" + people)
  }

  mutating func store(_ files: [SourceFile]) throws {
    for file in files { try scratch.write(file.path, bytes: file.bytes) }
    acme.store(files)
  }

  mutating func open() throws {
    try store(try acme.open().files)
    try scratch.commitAll("Open the campaign")
  }

  func draft(_ kind: Decision.Kind = .keep, by: String = "ana") throws -> DraftedDecision {
    try makeDecision(acme.decide(kind, by: by), on: try acme.item(), owners: acme.governance.owners, willSign: true)
  }

  func record(_ draft: DraftedDecision, _ key: String?, signsCommit: Bool = false) throws -> RecordedDecision {
    let repository = try Repository(at: scratch.path, environment: scratch.environment)
    var signer = key.map { keys.signer($0) }
    signer?.signsCommit = signsCommit
    return try recordDecision(
      draft, in: repository, signer: signer, owners: acme.governance.owners, at: instant("2026-11-21T09:12:44Z"))
  }

  func audit() throws -> AuditReport {
    let repository = try Repository(at: scratch.path, environment: scratch.environment)
    return try repository.auditReviews(at: try repository.require("HEAD"))
  }
}

@Suite struct GitAuditTests {
  @Test func commitsASignedDecisionThatVerifies() throws {
    var governed = try GovernedRepository(signed: "[critical, high]")
    try governed.open()
    try governed.scratch.write("unrelated.txt", "not staged")
    let recorded = try governed.record(try governed.draft(), "ana")
    let commit = try #require(recorded.commit)
    #expect(try governed.scratch.run("rev-parse", "HEAD") == commit.hex)
    #expect(try governed.scratch.run("status", "--porcelain") == "?? unrelated.txt")
    let trailers = try governed.scratch.run("log", "-1", "--format=%(trailers:only,unfold)")
    #expect(trailers == "Muster-Item: \(recorded.draft.item.id)\nMuster-Decision: keep")
    let report = try governed.audit()
    #expect(report.allProblems.isEmpty)
    #expect(report.passed == 1)
    #expect(report.decisions.map(\.commit) == [commit.hex])
    #expect(report.decisions.map(\.who) == [.signed(person: "ana")])
    #expect(try governed.record(recorded.draft, "ana").commit == nil, "the branch holds it already")
  }

  @Test func signsTheCommitToo() throws {
    var governed = try GovernedRepository()
    try governed.open()
    _ = try governed.record(try governed.draft(), "ana", signsCommit: true)
    try governed.scratch.folder.write("allowed", "ana \(governed.keys.publicKey("ana"))\n")
    let status = try governed.scratch.run(
      "-c", "gpg.ssh.allowedSignersFile=\(governed.scratch.folder.path("allowed"))", "log", "-1", "--format=%G? %GS")
    #expect(status == "G ana")
    #expect(try governed.audit().allProblems.isEmpty)
  }

  @Test func refusesAKeyThatIsNotTheDeciders() throws {
    var governed = try GovernedRepository()
    try governed.open()
    let head = try governed.scratch.run("rev-parse", "HEAD")
    for (key, message) in [("eve", "is not listed for person:ana"), ("chi", "is person:chi's")] {
      let error = #expect(throws: ReviewError.self) { try governed.record(try governed.draft(), key) }
      #expect(error?.message.contains(message) == true)
    }
    #expect(try governed.scratch.run("rev-parse", "HEAD") == head)
    #expect(try governed.scratch.run("status", "--porcelain") == "")
  }

  @Test func letsNobodyAddHimselfInTheSameChange() throws {
    var governed = try GovernedRepository()
    try governed.open()
    // Eve lists herself and decides, as one commit.
    try governed.writeOwners(["ana", "chi", "eve"])
    var owners = governed.acme.governance.owners
    owners.people["eve"] = Person(name: "eve", location: place("owners.yaml"))
    let draft = try makeDecision(
      governed.acme.decide(.keep, by: "eve"), on: try governed.acme.item(), owners: owners, willSign: true)
    try governed.store([try governed.keys.sign(draft, "eve").item.source])
    try governed.scratch.commitAll("Tidy")
    #expect(Set(try governed.audit().allProblems.map(\.code)) == [.unknownPerson, .unknownKey])
  }

  @Test func letsNobodyAddHimselfOnTheBranchThatIsMerged() throws {
    var governed = try GovernedRepository()
    try governed.open()
    try governed.scratch.run("checkout", "--quiet", "-b", "topic")
    try governed.writeOwners(["ana", "chi", "eve"])
    try governed.scratch.commitAll("Add Eve")
    var owners = governed.acme.governance.owners
    owners.people["eve"] = Person(name: "eve", location: place("owners.yaml"))
    let draft = try makeDecision(
      governed.acme.decide(.keep, by: "eve"), on: try governed.acme.item(), owners: owners, willSign: true)
    try governed.store([try governed.keys.sign(draft, "eve").item.source])
    try governed.scratch.commitAll("Decide")
    try governed.scratch.run("checkout", "--quiet", "main")
    try governed.scratch.run("merge", "--quiet", "--no-ff", "-m", "Merge topic", "topic")
    let report = try governed.audit()
    #expect(Set(report.allProblems.map(\.code)) == [.unknownPerson, .unknownKey])
    #expect(report.decisions.map(\.commit) == [try governed.scratch.run("rev-parse", "HEAD")])
  }

  @Test func survivesSquashAndRebase() throws {
    var governed = try GovernedRepository(signed: "[high]")
    try governed.open()
    try governed.scratch.run("checkout", "--quiet", "-b", "topic")
    _ = try governed.record(try governed.draft(), "ana")
    try governed.scratch.run("checkout", "--quiet", "main")
    try governed.scratch.run("merge", "--quiet", "--squash", "topic")
    try governed.scratch.commitAll("Squashed")
    let report = try governed.audit()
    #expect(report.allProblems.isEmpty && report.passed == 1)
  }

  @Test func judgesByThePeopleWhoWereThereThen() throws {
    var governed = try GovernedRepository()
    try governed.open()
    _ = try governed.record(try governed.draft(), "ana")
    // Years later Ana and her key are gone from owners.yaml.
    try governed.writeOwners(["chi"])
    try governed.scratch.commitAll("Ana left")
    let report = try governed.audit()
    #expect(report.allProblems.isEmpty && report.passed == 1)
  }

  @Test func cannotProveWhatTheFirstCommitBrings() throws {
    var governed = try GovernedRepository()
    try governed.store(try governed.acme.open().files)
    try governed.store([try governed.keys.sign(try governed.draft(), "ana").item.source])
    try governed.scratch.run("checkout", "--quiet", "--orphan", "copied")
    try governed.scratch.commitAll("Everything at once")
    let report = try governed.audit()
    #expect(report.allProblems.map(\.code) == [.unproven])
    #expect(report.failed == 0 && report.unknown == 1)
  }

  @Test func seesADeclarersOwnDecision() throws {
    var governed = try GovernedRepository()
    try governed.scratch.write(
      "identities/payments/release-publisher.yaml", "identity: release-publisher\npurpose: x\n")
    try governed.scratch.run("add", "--all")
    try governed.scratch.run(
      "-c", "gpg.format=ssh", "-c", "user.signingkey=\(governed.keys.folder.path("ana"))", "commit", "--quiet", "-S",
      "-m", "Declare more")
    try governed.open()
    _ = try governed.record(try governed.draft(), "ana")
    #expect(try governed.audit().allProblems.map(\.code) == [.selfApproval])
    try governed.scratch.run("reset", "--quiet", "--hard", "HEAD~1")
    _ = try governed.record(try governed.draft(by: "chi"), "chi")
    #expect(try governed.audit().allProblems.isEmpty)
  }

  @Test func completesADecisionThatWasKilled() throws {
    var governed = try GovernedRepository()
    try governed.open()
    // The run before wrote the item and was killed before the branch moved.
    let draft = try governed.keys.sign(try governed.draft(), "ana")
    try governed.store([draft.item.source])
    let again = try governed.draft()
    #expect(again.isRepeat)
    #expect(try governed.record(again, "ana").commit != nil)
    let report = try governed.audit()
    #expect(report.decisions.count == 1 && report.allProblems.isEmpty)
    #expect(try governed.scratch.run("status", "--porcelain") == "")
  }

  @Test func refusesAShallowClone() throws {
    var governed = try GovernedRepository()
    try governed.open()
    _ = try governed.record(try governed.draft(), "ana")
    let clone = try ScratchRepository(cloneOf: "file://\(governed.scratch.path)", "--depth=1")
    let repository = try Repository(at: clone.path, environment: clone.environment)
    let error = #expect(throws: GitError.self) { try repository.auditReviews(at: try repository.require("HEAD")) }
    #expect(error?.code == .shallow)
  }

  @Test func saysWhenGitDoesNotKnowWhoCommits() throws {
    var governed = try GovernedRepository()
    try governed.open()
    var environment = scrubbedEnvironment(home: governed.scratch.folder.path)
    environment["GIT_CONFIG_GLOBAL"] = "/dev/null"
    // The person who runs the tests may have a name of his own.
    try governed.scratch.run("config", "user.name", "")
    let repository = try Repository(at: governed.scratch.path, environment: environment)
    let draft = try governed.draft()
    let error = #expect(throws: ReviewError.self) {
      try recordDecision(
        draft, in: repository, signer: nil, owners: governed.acme.governance.owners, at: governed.acme.now)
    }
    #expect(error?.hint.contains("user.name") == true)
  }
}
