import Base
import TestSupport
import Testing

/// A program that is killed at any instant leaves the repository whole, and running it again completes it.
@Suite(.enabled(if: Muster.path != nil, Muster.missing)) struct KilledTests {
  /// Seconds after which the program is killed: from before it has read anything to about when it ends.
  static let instants = ["0.005", "0.02", "0.05", "0.1", "0.2", "0.4", "0.8"]

  @Test func syncCompletesWhatWasKilled() throws {
    let whole = try Acme()
    let expected = try whole.git("rev-parse", "muster/observed^{tree}")
    let acme = try Acme(synced: false)
    for instant in Self.instants {
      try kill(after: instant, "sync", "--as-of", Acme.now, in: acme)
      try acme.git("fsck", "--strict", "--no-dangling")
    }
    let result = try Muster.run("sync", "--as-of", Acme.now, in: acme.path)
    #expect(result.status == 0, "\(result.error)")
    #expect(try acme.git("rev-parse", "muster/observed^{tree}") == expected)
    #expect(try acme.git("status", "--porcelain") == "")
  }

  @Test func decideCompletesWhatWasKilled() throws {
    let acme = try Acme()
    #expect(try Muster.run("review", "open", "2026-q4", "--as-of", Acme.now, in: acme.path).status == 0)
    try acme.git("add", "--all")
    try acme.git("commit", "--quiet", "--allow-empty", "-m", "Open the review")
    let item = try #require(
      try FileSystem.files(at: acme.path + "/reviews/2026-q4").first { $0.contains("purpose-missing") })
    let name = String(try #require(item.split(separator: "/").last).dropLast(3))
    let words = ["decide", name, "dont-know", "--by", "person:eli", "--as-of", Acme.now, "--reason", "Not mine."]
    for instant in Self.instants {
      try kill(after: instant, words, in: acme)
      try acme.git("fsck", "--strict", "--no-dangling")
    }
    let environment = try Muster.environment(home: acme.path)
    let result = try runProgram(#require(Muster.path), words, environment: environment, in: acme.path)
    #expect(result.status == 0, "\(result.error)")
    // Once, however often it was tried, and committed.
    let text = try acme.git("show", "HEAD:reviews/2026-q4/\(name).md")
    #expect(text.matches(of: /- decision: dont-know/).count == 1)
    #expect(try acme.git("status", "--porcelain") == "")
  }

  private func kill(after seconds: String, _ arguments: String..., in acme: Acme) throws {
    try kill(after: seconds, arguments, in: acme)
  }

  private func kill(after seconds: String, _ arguments: [String], in acme: Acme) throws {
    let environment = try Muster.environment(home: acme.path)
    let command = ["--signal=KILL", seconds, try #require(Muster.path)] + arguments
    try runProgram("timeout", command, environment: environment, in: acme.path)
  }
}
