import Base
import TestSupport
import Testing

/// What becomes of logs between two runs of `sync`.
@Suite(.enabled(if: Muster.path != nil, Muster.missing)) struct RotationTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    try runProgram("git", ["init", "--quiet", folder.path])
    try write("muster.yaml", "muster: 1\nsources:\n  usage:\n    - {name: audit, path: \"logs/**\"}\n")
  }

  private func write(_ name: String, _ text: String) throws { try folder.write(name, text) }

  private func event(_ number: Int, id: Int? = nil, name: String = "GetObject") -> String {
    """
    {"eventVersion":"1.10","userIdentity":{"type":"IAMUser","arn":"arn:aws:iam::111122223333:user/ana",\
    "accountId":"111122223333","accessKeyId":"AKIA1"},"eventTime":"2026-03-01T\(10 + number / 60):\(10 + number % 50):00Z",\
    "eventSource":"s3.amazonaws.com","eventName":"\(name)","awsRegion":"eu-west-1","eventID":"e-\(id ?? number)"}

    """
  }

  private func events(_ numbers: Range<Int>) -> String { numbers.map { event($0) }.joined() }

  private func shell(_ command: String) throws {
    let result = try runProgram("sh", ["-ec", command], in: folder.path)
    #expect(result.status == 0, "\(result.error)")
  }

  private func muster(_ words: String...) throws -> ProgramResult {
    try runProgram(
      #require(Muster.path), words + ["--as-of", "2026-03-02T00:00:00Z"],
      environment: Muster.environment(home: folder.path), in: folder.path)
  }

  /// Syncs, and expects so many events and no evidence of tampering.
  private func expect(_ count: Int, _ what: Comment) throws {
    let sync = try muster("sync")
    #expect(sync.status == 0, "\(what): \(sync.error)")
    let who = try muster("who", "--identity", "*ana", "--events", "-o", "json")
    #expect(try jq(".events | length", who.outputBytes) == ["\(count)"], "\(what): \(who.error)")
    let usage = try runProgram("sh", ["-c", "git grep -h ana muster/observed -- usage"], in: folder.path).output
    #expect(usage.contains("\"events\":\(count),"), "\(what)")
    #expect(try muster("logs", "verify").status == 0, what)
  }

  @Test func readsRotatedLogsOnce() throws {
    try write("logs/audit.log", events(0..<5))
    try expect(5, "new")
    try shell("mv logs/audit.log logs/audit.log.1")
    try write("logs/audit.log", events(5..<9))
    try expect(9, "rotated")
    try shell("mv logs/audit.log.1 logs/audit.log.2; mv logs/audit.log logs/audit.log.1")
    try write("logs/audit.log", events(9..<12))
    try expect(12, "rotated again")
    // It grew after it was read, then everything moved on.
    try write("more", events(12..<14))
    try shell(
      "cat more >> logs/audit.log; mv logs/audit.log.2 logs/audit.log.3; mv logs/audit.log.1 logs/audit.log.2; mv logs/audit.log logs/audit.log.1"
    )
    try write("logs/audit.log", events(14..<20))
    try expect(20, "grown and rotated")
    try shell("mv logs/audit.log.1 x; mv logs/audit.log.2 logs/audit.log.1; mv x logs/audit.log.2")
    try expect(20, "swapped")
    // As `copytruncate` has it: a copy that has grown, and the same file with other bytes.
    try write("more", events(20..<22))
    try write("next", events(22..<23))
    try shell("cat more >> logs/audit.log; cp logs/audit.log logs/audit.log.0; cat next > logs/audit.log")
    try expect(23, "copied and truncated")
  }

  @Test func knowsCompressedLogsAgain() throws {
    try write("logs/audit.log", events(0..<5))
    try expect(5, "new")
    try shell("gzip logs/audit.log; mv logs/audit.log.gz logs/audit.log.1.gz")
    try write("logs/audit.log", events(5..<9))
    try expect(9, "rotated and compressed")
    // As logrotate does by default with `delaycompress`.
    try shell("mv logs/audit.log.1.gz logs/audit.log.2.gz; mv logs/audit.log logs/audit.log.1")
    try write("logs/audit.log", events(9..<12))
    try expect(12, "rotated")
    try shell("mv logs/audit.log.2.gz logs/audit.log.3.gz; gzip -c logs/audit.log.1 > logs/audit.log.2.gz")
    try shell("mv logs/audit.log logs/audit.log.1")
    try write("logs/audit.log", events(12..<20))
    try expect(20, "compressed later")
    // Another log of the same length is no copy.
    try shell("tr 0-9 1-90 < logs/audit.log.1 | gzip > logs/other.gz; rm logs/audit.log.1")
    #expect(try muster("sync").error.contains("logs/audit.log.1: warning: the log file is gone"))
  }

  @Test func missesNoCopyThatIsGone() throws {
    // Both are new, and each is read.
    try write("logs/a.log", events(0..<5))
    try write("logs/b.log", events(0..<5))
    try expect(5, "two copies")
    try write("more", events(5..<7))
    try shell("rm logs/a.log; cat more >> logs/b.log")
    try expect(7, "one is gone, one has grown")
  }

  @Test func tellsKnownBytesInThePlaceOfOthers() throws {
    try write("logs/a.log", events(0..<5))
    try write("logs/b.log", events(5..<9))
    try expect(9, "new")
    try shell("cp logs/b.log logs/a.log")
    let sync = try muster("sync")
    #expect(sync.status == 3)
    #expect(sync.error.contains("logs/a.log: error: the log file was changed after it was read"), "\(sync.error)")
    #expect(try muster("logs", "verify").status == 1)
    let unknown = try muster("logs", "verify", "--source", "audti")
    #expect(unknown.status == 2 && unknown.error.contains("did you mean `audit`?"), "\(unknown.error)")
  }

  @Test func keepsWhatLiesInFoldersThatCannotBeListed() throws {
    try write("logs/a.log", events(0..<5))
    try write("logs/deep/b.log", events(5..<9))
    try expect(9, "new")
    // A hundred folders in one another are more than are listed.
    let path = (0..<100).map { _ in "d" }.joined(separator: "/")
    try shell("mkdir -p logs/\(path); touch logs/\(path)/x")
    try write("logs/c.log", events(9..<10))
    let sync = try muster("sync")
    #expect(sync.status == 3 && sync.error.contains("cannot list"), "\(sync.error)")
    #expect(sync.error.contains("2 as they were") && sync.error.contains("1 new"), "\(sync.error)")
    try shell("rm -r logs/d")
    try expect(10, "listed again")
  }

  @Test func forgetsSourcesThatAreGone() throws {
    try write("logs/a.log", events(0..<5))
    try write("other/b.log", event(7).replacing("user/ana", with: "user/zoe"))
    let both = "muster: 1\nsources:\n  usage:\n    - {name: audit, path: \"logs/**\"}\n"
    try write("muster.yaml", both + "    - {name: other, path: \"other/**\"}\n")
    #expect(try muster("sync").status == 0)
    #expect(try muster("who", "--identity", "*zoe").output.contains("zoe"))
    try write("muster.yaml", both)
    try shell("rm -r other")
    #expect(try muster("sync").status == 0)
    #expect(try !muster("logs", "list").output.contains("other/"))
    let trail = try muster("trail", "arn:aws:iam::111122223333:user/zoe")
    #expect(trail.status == 2, "\(trail.output)")
    #expect(try FileSystem.names(in: folder.path(".git/muster/parts")).count == 1)
  }

  @Test func rebuildsADamagedCatalog() throws {
    for number in 0..<300 { try write("logs/\(number).log", event(number)) }
    try expect(300, "new")
    try shell("dd if=/dev/urandom of=.git/muster/catalog.sqlite bs=4096 seek=1 count=20 conv=notrunc status=none")
    #expect(try muster("sync").status == 3)
    #expect(try muster("sync", "--rebuild").status == 0)
    try expect(300, "rebuilt")
    // A file of somebody else is not touched.
    try shell("rm .git/muster/catalog.sqlite; echo precious > .git/muster/catalog.sqlite")
    #expect(try muster("sync", "--rebuild").status == 3)
    #expect(try runProgram("cat", [folder.path(".git/muster/catalog.sqlite")]).output == "precious\n")
  }

  @Test(arguments: ["mv logs/a.log logs/z.log", "cat more >> logs/a.log; mv logs/a.log logs/z.log"])
  func goesOnWhereARunWasKilledThatSawNewNames(_ change: String) throws {
    try write("logs/a.log", events(0..<5))
    try write("more", events(5..<8))
    #expect(try muster("sync").status == 0)
    try shell("cp -R .git/muster/parts parts; git update-ref refs/before muster/observed")
    try shell(change)
    #expect(try muster("sync").status == 0)
    let facts = try runProgram("git", ["rev-parse", "muster/observed^{tree}"], in: folder.path).output
    // The catalog was written, the rollup and the facts were not.
    try shell(
      "rm -r .git/muster/parts; mv parts .git/muster/parts; git update-ref refs/heads/muster/observed refs/before")
    try write(".git/muster/parts/audit.rollup.1.tmp", "half")
    let again = try muster("sync")
    #expect(again.status == 0, "\(again.error)")
    #expect(try runProgram("git", ["rev-parse", "muster/observed^{tree}"], in: folder.path).output == facts)
    #expect(try !FileSystem.names(in: folder.path(".git/muster/parts")).contains { $0.hasSuffix(".tmp") })
  }

  @Test func onlyOneRunWritesTheCatalog() throws {
    for number in 0..<200 { try write("logs/\(number).log", event(number)) }
    let program = try #require(Muster.path)
    let script = "\"$0\" sync & first=$!; \"$0\" sync; second=$?; wait $first; echo $? $second"
    let result = try runProgram(
      "sh", ["-c", script, program], environment: Muster.environment(home: folder.path), in: folder.path)
    // Either they met, or one came after the other.
    if result.line != "0 0" {
      #expect(["0 3", "3 0"].contains(result.line), "\(result.output)")
      #expect(result.error.contains("is in use by another run of Muster"), "\(result.error)")
    }
    try expect(200, "both")
  }

  @Test func countsEventsThatShareAnIDAsTheRollupDoes() throws {
    let names = ["GetObject", "PutObject", "DeleteObject", "GetObject"]
    try write("logs/a.log", names.map { event(1, id: 1, name: $0) }.joined())
    #expect(try muster("sync").error.contains("share an id"))
    for _ in 0..<3 {
      let who = try muster("who", "--identity", "*ana", "-o", "json")
      #expect(try jq("[.access[].count] | add", who.outputBytes) == ["3"], "\(who.output)")
    }
  }

  @Test func readsOnlyTheFilesOfThePeriod() throws {
    for number in 0..<40 { try write("logs/\(number).log", event(number)) }
    #expect(try muster("sync").status == 0)
    let words = ["--since", "2026-03-01T10:14:00Z", "--until", "2026-03-01T10:16:30Z"]
    let who = try muster("who", "--action", "s3:GetObject", words[0], words[1], words[2], words[3])
    #expect(who.error.contains("read 3 files of 40"), "\(who.error)")
  }

  @Test func seesAnEditWhoseTimeWasSetBack() throws {
    try write("logs/audit.log", events(0..<5))
    try expect(5, "new")
    try shell("touch -r logs/audit.log stamp; sed -i s/ana/bob/ logs/audit.log; touch -r stamp logs/audit.log")
    let sync = try muster("sync")
    #expect(sync.status == 3 && sync.error.contains("the log file was changed after it was read"), "\(sync.error)")
  }

  /// What takes a log's place is no log, or cannot be looked at: what was read counts on, at this sync and the next.
  @Test(arguments: [
    ("mkfifo logs/b.log", "the log file is gone", Int32(0)), ("mkdir logs/b.log", "the log file is gone", 0),
    ("mkdir else; ln -s ../else logs/b.log", "the log file is gone", 0),
    ("ln -s b.log logs/b.log", "cannot be read any more", 3),
  ])
  func keepsWhatWasReadWhateverTakesItsPlace(_ change: String, _ message: String, _ status: Int32) throws {
    try write("logs/a.log", events(0..<5))
    try write("logs/b.log", events(5..<9))
    try expect(9, "new")
    try shell("rm logs/b.log; \(change)")
    for run in 1...2 {
      let sync = try muster("sync")
      #expect(sync.status == status && sync.error.contains(message), "\(run): \(sync.error)")
      #expect(sync.error.contains("9 events"), "\(run): \(sync.error)")
      #expect(try muster("logs", "list").output.split(separator: "\n").count == 2, "\(run)")
    }
    #expect(try muster("logs", "verify").status != 0)
  }

  @Test func narrowingHidesNoChange() throws {
    try write("logs/a.log", events(0..<5))
    try write("logs/b.log", events(5..<9))
    try expect(9, "new")
    try shell("sed -i s/ana/bob/ logs/a.log; sed -i 's,logs/\\*\\*,logs/a*,' muster.yaml")
    let sync = try muster("sync")
    #expect(sync.status == 3 && sync.error.contains("a.log: error: the log file was changed"), "\(sync.error)")
  }

  @Test func saysThatEventsShareAnIDWithOthers() throws {
    try write("logs/a.log", events(0..<5))
    try expect(5, "new")
    try shell("cp logs/a.log logs/z.log; sed -i s/GetObject/PutObject/ logs/a.log")
    let sync = try muster("sync")
    #expect(sync.error.contains("5 events share an id with another event"), "\(sync.error)")
  }
}
