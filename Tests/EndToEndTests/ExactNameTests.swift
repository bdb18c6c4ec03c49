import Base
import TestSupport
import Testing

/// Names that Unicode calls equal and platforms do not: "é" as one scalar and as two.
@Suite(.enabled(if: Muster.path != nil, Muster.missing)) struct ExactNameTests {
  private static let names = ["caf\u{E9}", "cafe\u{301}"]

  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    try runProgram("git", ["init", "--quiet", folder.path])
    try folder.write("muster.yaml", "muster: 1\nsources:\n  usage:\n    - {name: audit, path: logs}\n")
    for (number, name) in Self.names.enumerated() {
      let other = Self.names[1 - number]
      try folder.write("logs/\(name).log", event(1, name) + event(2, other) + event(3, name))
    }
  }

  private func event(_ number: Int, _ name: String) -> String {
    """
    {"eventVersion":"1.10","userIdentity":{"type":"IAMUser","arn":"arn:aws:iam::111122223333:user/\(name)",\
    "accountId":"111122223333","accessKeyId":"AKIA\(name)"},"eventTime":"2026-03-01T10:0\(number):00Z",\
    "eventSource":"s3.amazonaws.com","eventName":"Get\(name)","awsRegion":"\(name)","eventID":"\(name)-\(number)",\
    "resources":[{"ARN":"arn:aws:s3:::b/\(name)"}]}

    """
  }

  private func muster(_ words: String...) throws -> ProgramResult {
    try runProgram(
      #require(Muster.path), words + ["--as-of", "2026-03-02T00:00:00Z"],
      environment: Muster.environment(home: folder.path), in: folder.path)
  }

  /// What the text holds of the name, as it is written.
  private func count(_ name: String, _ text: String) -> Int { text.split(separator: "\n").count { $0.contains(name) } }

  @Test func keepsThemApart() throws {
    for state in ["new", "as they were"] {
      let sync = try muster("sync")
      #expect(sync.status == 0, "\(sync.error)")
      #expect(sync.error.contains("6 events, 0 twice, 0 unreadable, from 2 files (2 \(state))"), "\(sync.error)")
    }
    #expect(try muster("logs", "list").output.split(separator: "\n").count == 2)
    #expect(try muster("logs", "verify").status == 0)
    let who = try muster("who", "--identity", "*user/*", "-o", "json")
    let counts = #"[.access[] | [.identity, .action, .resource, .count] | map(tostring) | join(" ")] | .[]"#
    let lines = try jq(counts, who.outputBytes)
    #expect(lines.count == 2)
    for name in Self.names {
      let line = "arn:aws:iam::111122223333:user/\(name) s3:Get\(name) arn:aws:s3:::b/\(name) 3"
      #expect(lines.contains { $0.utf8.elementsEqual(line.utf8) }, "\(lines)")
      let usage = try runProgram("sh", ["-c", "git grep -hF '\(name)' muster/observed -- usage"], in: folder.path)
        .output
      #expect(count("\"events\":3,", usage) == 1, "\(usage)")
      let trail = try muster("trail", "AKIA\(name)")
      #expect(trail.output.contains("×3"), "\(trail.output) \(trail.error)")
    }
  }

  @Test func rollsThemUpApart() throws {
    let whole = folder.path + "/whole.rollup"
    #expect(try muster("rollup", "logs", "-o", whole).status == 0)
    for (number, name) in Self.names.enumerated() {
      #expect(try muster("rollup", "logs/\(name).log", "-o", "\(folder.path)/\(number).rollup").status == 0)
    }
    #expect(try muster("rollup", "merge", "1.rollup", "0.rollup", "-o", "merged.rollup").status == 0)
    #expect(
      try FileSystem.read(whole, limit: 1 << 20) == FileSystem.read(folder.path + "/merged.rollup", limit: 1 << 20))
    let plan = try muster("plan", "logs")
    for name in Self.names { #expect(plan.output.contains(name), "\(plan.output)") }
  }

  @Test func namesWhatCannotBeOpened() throws {
    // Swift cannot name such a file: the shell can.
    try runProgram(
      "bash",
      [
        "-c",
        "cat logs/*.log > x.log; mv x.log $'logs/caf\\xe9.log'; ln -s nowhere logs/gone.log; ln -s /dev/zero logs/zero.log",
      ],
      in: folder.path)
    for words in [["rollup", "logs", "-o", "x.rollup"], ["events", "logs"], ["sync"]] {
      let result = try runProgram(
        #require(Muster.path), words, environment: Muster.environment(home: folder.path), in: folder.path)
      #expect(result.status == 3, "\(words): \(result.error)")
      #expect(
        result.error.contains("gone.log") && result.error.contains("caf\u{FFFD}.log"), "\(words): \(result.error)")
    }
  }
}
