import Base
import TestSupport
import Testing

/// A program that is killed before any change of a file leaves the repository whole, and running it again completes it.
/// `Tests/Tools/killed.c` counts the changes and kills before the nth, so that every test run tries the same instants.
@Suite(.enabled(if: Muster.path != nil, Muster.missing)) struct KilledTests {
  @Test(arguments: [false, true]) func syncCompletesWhatWasKilled(isSecond: Bool) throws {
    let before = try Acme(synced: isSecond)
    if isSecond {
      // The pack of the first facts is replaced then.
      let file = "exports/aws-dev/\(try #require(FileSystem.names(in: "\(before.path)/exports/aws-dev").first))"
      try before.write(file, before.read(file).replacing("CreateDate\": \"2025", with: "CreateDate\": \"2024"))
    }
    let killer = try Killer()
    let words = ["sync", "--as-of", Acme.now]
    let whole = try Acme(copying: before)
    let changes = try killer.count(words, in: whole)
    let expected = try whole.git("rev-parse", "muster/observed^{tree}")
    let commits = isSecond ? "2" : "1"
    #expect(try whole.git("rev-list", "--count", "muster/observed") == commits)
    // Some of the catalog's changes, and each step of the end: the pack, the branch, the old pack. A run may have a few changes
    // less another time: whether a folder of objects is there already, which worker reads which log, and how SQLite shares its pages,
    // depends on times.
    let instants = Array(stride(from: 1, to: changes - 32, by: max(1, changes / 6))) + (max(1, changes - 31)..<changes)
    var killed = 0
    for instant in instants {
      let acme = try Acme(copying: before)
      let status = try killer.run(words, killedAt: instant, in: acme)
      killed += status == 137 ? 1 : 0
      #expect(status == 137 || status == 0 && instant > changes - 64, "change \(instant) of \(changes)")
      try acme.git("fsck", "--strict", "--no-dangling")
      let result = try Muster.run("sync", "--as-of", Acme.now, in: acme.path)
      #expect(result.status == 0, "change \(instant) of \(changes): \(result.error)")
      #expect(try acme.git("rev-parse", "muster/observed^{tree}") == expected)
      #expect(try acme.git("rev-list", "--count", "muster/observed") == commits)
      #expect(try acme.git("status", "--porcelain", "--untracked-files=all", "--", ".", ":!exports") == "")
      let packs = try FileSystem.names(in: "\(acme.path)/.git/objects/pack")
      // Of a killed first run a whole pack may stay until git collects it.
      #expect(packs.count == 3 || !isSecond && packs.count == 5, "\(packs)")
      #expect(packs.filter { $0.hasSuffix(".keep") }.count == 1)
    }
    // Else the end was not tried at all.
    #expect(killed >= instants.count - 24, "\(killed) of \(instants.count)")
  }

  @Test func decideCompletesWhatWasKilled() throws {
    let opened = try Acme()
    #expect(try Muster.run("review", "open", "2026-q4", "--as-of", Acme.now, in: opened.path).status == 0)
    try opened.git("add", "--all")
    try opened.git("commit", "--quiet", "-m", "Open the review")
    let item = try #require(
      try FileSystem.files(at: opened.path + "/reviews/2026-q4").first { $0.contains("purpose-missing") })
    let name = String(try #require(item.split(separator: "/").last).dropLast(3))
    let words = ["decide", name, "dont-know", "--by", "person:eli", "--as-of", Acme.now, "--reason", "Not mine."]
    let killer = try Killer()
    let changes = try killer.count(words, in: Acme(copying: opened))
    // Every second one, and each of the end: the commit, the branch, the index.
    for instant in Array(stride(from: 1, to: changes - 8, by: 2)) + ((changes - 7)..<changes) {
      let acme = try Acme(copying: opened)
      #expect(try killer.run(words, killedAt: instant, in: acme) == 137, "change \(instant) of \(changes)")
      try acme.git("fsck", "--strict", "--no-dangling")
      let environment = try Muster.environment(home: acme.path)
      let result = try runProgram(#require(Muster.path), words, environment: environment, in: acme.path)
      #expect(result.status == 0, "change \(instant) of \(changes): \(result.error)")
      // Once, committed once, and nothing is left lying about.
      let text = try acme.git("show", "HEAD:reviews/2026-q4/\(name).md")
      #expect(text.matches(of: /- decision: dont-know/).count == 1)
      #expect(try acme.git("rev-list", "--count", "HEAD") == "3")
      #expect(try acme.git("status", "--porcelain") == "")
    }
  }
}

/// `Tests/Tools/killed.c`, built.
struct Killer {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    let words = ["-shared", "-fPIC", "-O1", "-o", folder.path("killed.so"), PackageFolder.path("Tests/Tools/killed.c")]
    let result = try runProgram("clang", words)
    try #require(result.status == 0, "clang: \(result.error)")
  }

  /// How many changes of files a whole run makes.
  func count(_ words: [String], in acme: Acme) throws -> Int {
    #expect(try run(words, ["MUSTER_KILL_COUNT": folder.path("count")], in: acme) == 0)
    let text = try folder.read("count")
    let count = try #require(Int(text.filter(\.isNumber)))
    // Fewer would mean that the changes are made by calls that the tool does not see.
    try #require(count > 20, "only \(count) changes of files were seen")
    return count
  }

  func run(_ words: [String], killedAt instant: Int, in acme: Acme) throws -> Int32 {
    try run(words, ["MUSTER_KILL_AT": "\(instant)"], in: acme)
  }

  private func run(_ words: [String], _ variables: [String: String], in acme: Acme) throws -> Int32 {
    let environment = try Muster.environment(home: acme.path).merging(variables) { $1 }
    let command = ["LD_PRELOAD=\(folder.path("killed.so"))", try #require(Muster.path)] + words
    return try runProgram("env", command, environment: environment, in: acme.path).status
  }
}
