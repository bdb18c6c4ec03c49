import Base
import Facts
import Git
import Model
import TestSupport
import Testing

private let person = CommitPerson(name: "muster", email: "muster@acme.example", time: Instant(milliseconds: 1_000_000))

@Suite struct FactsBranchTests {
  private let scratch: ScratchRepository

  init() throws { scratch = try ScratchRepository() }

  private func open() throws -> Repository { try Repository(at: scratch.path, environment: [:]) }

  @Test func readsWhatItWrote() throws {
    let repository = try open()
    let branch = FactsBranch()
    #expect(try branch.read(repository).commit == nil)
    var random = RandomFacts()
    let facts = random.facts(60)
    let commit = try #require(try branch.update(repository, by: person) { $0 = facts })
    let read = try branch.read(repository)
    #expect(read.says(facts))
    #expect(read.commit == commit.hex)
    #expect(try scratch.run("rev-parse", "muster/observed") == commit.hex)
    #expect(try scratch.run("fsck", "--strict") == "")
    #expect(try scratch.run("log", "-1", "--format=%s", "muster/observed").hasPrefix("Observe 60 identities, "))
    #expect(try branch.read(repository, at: "muster/observed").says(facts))
  }

  @Test func makesNoCommitWhereNothingChanged() throws {
    let repository = try open()
    let branch = FactsBranch("observed/x")
    var random = RandomFacts()
    let facts = random.facts(10)
    #expect(try branch.update(repository, by: person) { $0 = facts } != nil)
    #expect(try branch.update(repository, by: person) { _ in } == nil)
    #expect(try branch.update(repository, by: person) { $0 = facts } == nil)
    #expect(try scratch.run("rev-list", "--count", "observed/x") == "1")
  }

  @Test func growsByAFiftiethInADayWithAHundredthChanged() throws {
    let repository = try open()
    let branch = FactsBranch()
    var random = RandomFacts()
    let facts = random.facts(3000)
    _ = try branch.update(repository, by: person) { $0 = facts }
    var sizes = [try size()]
    for day in 0..<4 {
      _ = try branch.update(repository, by: person) { facts in
        for number in facts.identities.indices where number % 100 == day * 7 {
          facts.identities[number].lastUsed = Instant(milliseconds: Int64(1_000_000_000 * (day + number)))
        }
      }
      sizes.append(try size())
      if day == 1 { try scratch.run("gc", "--quiet", "--prune=now") }
    }
    for (before, after) in zip(sizes, sizes.dropFirst()) { #expect(50 * (after - before) <= sizes[0], "\(sizes)") }
    #expect(try scratch.run("rev-list", "--count", "muster/observed") == "5")
    #expect(try scratch.run("fsck", "--strict") == "")
  }

  /// Of all files of the repository's objects.
  private func size() throws -> Int {
    try FileSystem.files(at: "\(scratch.path)/.git/objects").reduce(0) { $0 + (FileSystem.status($1)?.size ?? 0) }
  }

  @Test func touchesOnlyTheShardsThatChanged() throws {
    let repository = try open()
    let branch = FactsBranch()
    var random = RandomFacts()
    let facts = random.facts(200)
    _ = try branch.update(repository, by: person) { $0 = facts }
    _ = try branch.update(repository, by: person) {
      $0.identities[7].lastUsed = Instant(milliseconds: 77)
      $0.identities.remove(at: 9)
      $0.sources[0].collected = Instant(milliseconds: 77)
    }
    let touched = try scratch.run("diff", "--name-only", "muster/observed~", "muster/observed").split(separator: "\n")
    #expect(touched.count <= 3 && touched.first == "coverage.jsonl", "\(touched)")
    let subject = try scratch.run("log", "-1", "--format=%s", "muster/observed")
    #expect(subject.hasSuffix(": 1 gone, 1 changed"), "\(subject)")
  }

  @Test func readsOnlyTheShardsOfThePrincipals() throws {
    let repository = try open()
    let branch = FactsBranch()
    var random = RandomFacts()
    var facts = random.facts(100)
    facts.identities[5].credentials = [CredentialFact(id: facts.lifecycles[0].id, kind: "access-key", status: .active)]
    _ = try branch.update(repository, by: person) { $0 = facts }
    let read = try branch.read(repository, principals: [facts.identities[5].principal])
    #expect(read.withoutPlaces.identities == [facts.identities[5]])
    #expect(read.lifecycles.contains { $0.id == facts.lifecycles[0].id })
    #expect(read.sources.count == 3)
  }

  @Test func triesAgainWhereTheBranchMoved() throws {
    let repository = try open()
    let other = try open()
    let branch = FactsBranch()
    var random = RandomFacts()
    let (mine, theirs) = (random.facts(5), random.facts(6))
    var runs = 0
    _ = try branch.update(repository, by: person) { facts in
      runs += 1
      // Another sync commits between the reading and the writing of this one.
      if runs == 1 { _ = try? branch.update(other, by: person) { $0 = theirs } }
      facts.identities = mine.identities
    }
    #expect(runs == 2)
    let read = try branch.read(repository)
    #expect(read.withoutPlaces.identities == mine.identities && read.withoutPlaces.usage == theirs.usage)
    #expect(try scratch.run("rev-list", "--count", "muster/observed") == "2")
  }

  @Test func refusesToWriteOverWhatItDidNotRead() throws {
    let repository = try open()
    let branch = FactsBranch()
    var random = RandomFacts()
    let facts = random.facts(3)
    #expect(try branch.write(facts, to: repository, by: person) != nil)
    let error = #expect(throws: FactsError.self) { try branch.write(facts, to: repository, by: person) }
    #expect(error?.code == .contended)
    #expect(try branch.write(try branch.read(repository), to: repository, by: person) == nil)
  }

  @Test func namesTheBranchWhereGitSaysNo() throws {
    let repository = try open()
    let error = #expect(throws: FactsError.self) { try FactsBranch().read(repository, at: "nowhere") }
    #expect(error?.code == .git && error?.location.path == "nowhere")
    try scratch.write("a", "b")
    _ = try scratch.commitAll("x")
    let other = #expect(throws: FactsError.self) { try FactsBranch().read(repository, at: "HEAD") }
    #expect(other?.code == .unknownSchema)
  }
}
