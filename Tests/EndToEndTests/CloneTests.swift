import Base
import TestSupport
import Testing

/// What an auditor or a new colleague has: a clone.
@Suite(.enabled(if: Muster.path != nil, Muster.missing)) struct CloneTests {
  @Test func judgesOnTheFactsOfTheRemote() throws {
    let acme = try Acme(synced: true)
    let folder = try TemporaryFolder()
    try acme.git("clone", "--quiet", acme.path, folder.path + "/clone")
    let clone = folder.path + "/clone"
    let here = try Muster.run("check", "--as-of", Acme.now, "-o", "json", in: acme.path)
    let there = try Muster.run("check", "--as-of", Acme.now, "-o", "json", in: clone)
    #expect(here.status == 1)
    #expect(there.output == here.output)
  }

  @Test func startsNoSecondHistoryOfTheFacts() throws {
    let acme = try Acme(synced: true)
    let folder = try TemporaryFolder()
    try acme.git("clone", "--quiet", acme.path, folder.path + "/clone")
    let result = try Muster.run("sync", in: folder.path + "/clone")
    #expect(result.status == 2)
    #expect(result.error.contains("git branch muster/observed origin/muster/observed"))
  }
}
