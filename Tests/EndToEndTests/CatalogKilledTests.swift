import Base
import TestSupport
import Testing

/// Whatever instant `sync` is killed at, running it again gives the catalog, the rollup and the facts of a run that was not.
@Suite(.enabled(if: Muster.path != nil, Muster.missing)) struct CatalogKilledTests {
  /// What the catalog says, without the numbers that depend on the order of reading.
  private func catalog(_ acme: Acme) throws -> String {
    let words = [PackageFolder.path("Tests/Tools/catalog.py"), acme.path + "/.git/muster/catalog.sqlite"]
    let result = try runProgram("python3", words)
    try #require(result.status == 0, "\(result.error)")
    return result.output.replacing(acme.path, with: "ACME")
  }

  /// The rollup's bytes, which hold the paths of the logs.
  private func rollup(_ acme: Acme) throws -> [String] {
    let part = try #require(try FileSystem.files(at: acme.path + "/.git/muster/parts").first)
    let result = try runProgram("strings", ["-n", "12", part])
    return result.output.replacing(acme.path, with: "ACME").split(separator: "\n").map(String.init)
  }

  private func logs(_ acme: Acme) throws -> [String] {
    try FileSystem.files(at: acme.path + "/logs/cloudtrail").map { String($0.dropFirst(acme.path.utf8.count + 1)) }
  }

  /// Half of the logs are read, then the others come.
  private func prepared() throws -> (before: Acme, after: Acme) {
    let acme = try Acme(synced: false)
    let late = try logs(acme).enumerated().filter { $0.offset % 2 == 1 }.map(\.element)
    try runProgram("mkdir", ["-p", acme.path + "/late"])
    for log in late { try runProgram("mv", ["\(acme.path)/\(log)", acme.path + "/late/"]) }
    #expect(try Muster.run("sync", "-q", "--as-of", Acme.now, in: acme.path).status == 0)
    for log in late {
      let name = try #require(log.split(separator: "/").last)
      try runProgram("mv", ["\(acme.path)/late/\(name)", "\(acme.path)/\(log)"])
    }
    try runProgram("rmdir", [acme.path + "/late"])
    let after = try Acme(copying: acme)
    #expect(try Muster.run("sync", "-q", "--as-of", Acme.now, in: after.path).status == 0)
    return (acme, after)
  }

  @Test func syncGoesOnWhereItWasKilled() throws {
    let (before, after) = try prepared()
    let expected = (try catalog(after), try rollup(after), try after.git("rev-parse", "muster/observed^{tree}"))
    #expect(expected.0.count > 100_000)
    let killer = try Killer()
    let words = ["sync", "-q", "--as-of", Acme.now]
    let changes = try killer.count(words, in: Acme(copying: before))
    // Not the very last ones: a run may have a few changes less another time.
    let end = changes - 64
    for instant in stride(from: 1, to: end, by: max(1, end / 9)) {
      let acme = try Acme(copying: before)
      #expect(try killer.run(words, killedAt: instant, in: acme) == 137, "change \(instant) of \(changes)")
      let result = try Muster.run("sync", "-q", "--as-of", Acme.now, in: acme.path)
      #expect(result.status == 0, "change \(instant) of \(changes): \(result.error)")
      #expect(try catalog(acme) == expected.0, "change \(instant) of \(changes)")
      #expect(try rollup(acme) == expected.1, "change \(instant) of \(changes)")
      #expect(try acme.git("rev-parse", "muster/observed^{tree}") == expected.2)
    }
  }

  @Test func catalogAndRollupCanBeMadeAgain() throws {
    let acme = try Acme()
    let tree = try acme.git("rev-parse", "muster/observed^{tree}")
    let expected = (try catalog(acme), try rollup(acme))
    for lost in ["catalog.sqlite", "parts", ""] {
      try runProgram("rm", ["-rf", acme.path + "/.git/muster/\(lost)"])
      let result = try Muster.run("sync", "--as-of", Acme.now, in: acme.path)
      #expect(result.status == 0, "\(result.error)")
      #expect(try catalog(acme) == expected.0, "without \(lost)")
      #expect(try rollup(acme) == expected.1, "without \(lost)")
      #expect(try acme.git("rev-parse", "muster/observed^{tree}") == tree)
    }
  }

  @Test func readsInPiecesWhatItReadsAtOnce() throws {
    let (_, after) = try prepared()
    let whole = try Acme()
    #expect(try catalog(after) == catalog(whole))
    #expect(try rollup(after) == rollup(whole))
    #expect(try after.git("rev-parse", "muster/observed^{tree}") == whole.git("rev-parse", "muster/observed^{tree}"))
  }
}
