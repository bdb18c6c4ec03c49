import Base
import Foundation
import TestSupport
import Testing

/// Rollups of many machines, as their users run them.
@Suite(.enabled(if: Rollups.path != nil, Rollups.missing)) struct RollupTests {
  private let logs: Rollups

  init() throws { logs = try Rollups() }

  @Test func givesTheSameBytesFromBothPrograms() throws {
    try logs.run("logs", "-o", "small.rollup")
    let muster = try Muster.run("rollup", "logs", "-o", "whole.rollup", in: logs.folder)
    #expect(muster.status == 0)
    #expect(try logs.bytes("small.rollup") == logs.bytes("whole.rollup"))
    #expect(try Muster.run("-C", logs.folder, "rollup", "logs", "-o", "moved.rollup", in: "/").status == 0)
    #expect(try logs.bytes("moved.rollup") == logs.bytes("whole.rollup"))
    #expect(muster.error.contains("20 events of 2 identities from 8 inputs, 4 second deliveries"))
  }

  @Test(arguments: [1, 2, 7, 16]) func givesTheSameBytesFromAnyNumberOfShards(_ count: Int) throws {
    try logs.run("logs", "-o", "whole.rollup")
    try logs.run("plan", "logs", "-o", "plan.manifest")
    for shard in 1...count {
      try logs.run("--shard", "\(shard)/\(count)", "--manifest", "plan.manifest", "--out", "parts", "--threads", "1")
    }
    try logs.run("merge", "parts", "--manifest", "plan.manifest", "-o", "all.rollup")
    #expect(try logs.bytes("all.rollup") == logs.bytes("whole.rollup"))
  }

  /// Each shard is killed before another change of a file: the folder, the part, its bytes, its name.
  @Test func completesWhatWasKilled() throws {
    try logs.run("logs", "-o", "whole.rollup")
    try logs.run("plan", "logs", "-o", "plan.manifest")
    let killer = logs.folder + "/killed.so"
    let source = PackageFolder.path("Tests/Tools/killed.c")
    try #require(try runProgram("clang", ["-shared", "-fPIC", "-O1", "-o", killer, source]).status == 0)
    let program = try #require(Rollups.path)
    var killed = 0
    for shard in 1...7 {
      let words = ["--shard", "\(shard)/7", "--manifest", "plan.manifest", "--out", "parts"]
      let before = ["LD_PRELOAD=\(killer)", "MUSTER_KILL_AT=\(shard * 2)", program]
      if try runProgram("env", before + words, in: logs.folder).status == 137 { killed += 1 }
      // And a part of which only the head is there.
      if shard == 3 {
        try FileSystem.write(Array("muster.rollup/3\n".utf8), to: logs.folder + "/parts/shard-3-of-7.rollup")
      }
      try logs.run(words)
    }
    #expect(killed >= 5)
    let again = try logs.run("--shard", "3/7", "--manifest", "plan.manifest", "--out", "parts")
    #expect(again.error.contains("is there already"))
    try logs.run("merge", "parts/*.rollup", "--manifest", "plan.manifest", "-o", "all.rollup")
    #expect(try logs.bytes("all.rollup") == logs.bytes("whole.rollup"))
  }

  @Test(arguments: ["JOB_COMPLETION_INDEX", "AWS_BATCH_JOB_ARRAY_INDEX"])
  func takesItsShardFromTheJob(_ variable: String) throws {
    try logs.run("plan", "logs", "-o", "plan.manifest")
    _ = try logs.shell("for i in 0 1 2; do \(variable)=$i \"$0\" --shard 3 --manifest plan.manifest --out parts; done")
    for shard in 1...3 { try logs.run("--shard", "\(shard)/3", "--manifest", "plan.manifest", "--out", "other") }
    for shard in 1...3 {
      #expect(try logs.bytes("parts/shard-\(shard)-of-3.rollup") == logs.bytes("other/shard-\(shard)-of-3.rollup"))
    }
  }

  @Test func refusesPartsThatAreNotThoseOfTheManifest() throws {
    try logs.run("plan", "logs", "-o", "plan.manifest")
    for shard in 1...2 { try logs.run("--shard", "\(shard)/2", "--manifest", "plan.manifest", "--out", "parts") }
    let missing = try logs.run(
      "merge", "parts/shard-1-of-2.rollup", "--manifest", "plan.manifest", "-o", "all.rollup", status: 3)
    #expect(missing.error.contains("missing: 'logs/") && missing.error.contains("nothing is written"))
    #expect(FileSystem.kind(logs.folder + "/all.rollup") == nil)
    let twice = try logs.run("merge", "parts", "parts/shard-1-of-2.rollup", "-o", "all.rollup", status: 2)
    #expect(twice.error.contains("is also in parts/shard-1-of-2.rollup"))
  }

  @Test(arguments: [("xxh128", ["-H128"], "xxhsum"), ("sha256", [], "sha256sum")])
  func namesItsInputsByDigests(kind: String, words: [String], program: String) throws {
    let digests = ".inputs[] | .digest"
    try logs.run(["logs", "-o", "a.rollup"] + (kind == "sha256" ? ["--digest", kind] : []))
    let named = try jq(digests, logs.run("show", "a.rollup", "-o", "json").outputBytes)
    let listed = try logs.shell("\(program) \(words.joined(separator: " ")) logs/*").output.split(separator: "\n")
    #expect(named == listed.map { "\(kind):\($0.prefix { $0 != " " })" } && named.count == 8)
    _ = try logs.shell("cp logs/3.json copy.json")
    try logs.run(["copy.json", "-o", "b.rollup"] + (kind == "sha256" ? ["--digest", kind] : []))
    let twice = try logs.run("merge", "a.rollup", "b.rollup", "-o", "all.rollup", status: 2)
    #expect(twice.error.contains("is also in"))
  }

  @Test func refusesAnUnknownDigest() throws {
    #expect(
      try logs.run("logs", "-o", "a.rollup", "--digest", "md5", status: 2).error.contains("--digest cannot be 'md5'"))
  }

  @Test func givesAVanishedInputItsRow() throws {
    try logs.run("plan", "logs", "-o", "plan.manifest")
    try FileManager.default.removeItem(atPath: logs.folder + "/logs/3.json")
    let result = try logs.run("--manifest", "plan.manifest", "-o", "all.rollup", status: 3)
    #expect(result.error.contains("cannot open 'logs/3.json'"))
    let row = ".inputs[] | select(.name == \"logs/3.json\") | \"\\(.status) \\(.events)\""
    #expect(try jq(row, logs.run("show", "all.rollup", "-o", "json").outputBytes) == ["unreadable 0"])
    #expect(try jq(".inputs | length", logs.run("show", "all.rollup", "-o", "json").outputBytes) == ["8"])
  }

  @Test func plansOnlyWhatAPartHasNotRead() throws {
    try logs.run("logs/1.json", "logs/2.json", "-o", "part.rollup")
    let plan = try logs.run("plan", "logs", "--since", "part.rollup").output.split(separator: "\n")
    #expect(plan.count == 6 && !plan.contains { $0.hasPrefix("logs/1.json\t") })
  }

  @Test func readsFramesToTheSameBytes() throws {
    try logs.run("logs", "-o", "whole.rollup")
    let names = try FileSystem.files(at: logs.folder + "/logs").map { "logs/" + ($0.split(separator: "/").last ?? "") }
    let frames = try names.flatMap { try logs.frame($0) }
    try logs.run("--frames", "-o", "framed.rollup", input: frames + Array("\t0\n".utf8))
    #expect(try logs.bytes("framed.rollup") == logs.bytes("whole.rollup"))
    // Whatever the place where the stream breaks off, it is not taken for whole.
    for end in stride(from: 0, through: frames.count, by: frames.count / 23) {
      let result = try logs.run("--frames", "-o", "cut.rollup", input: Array(frames[..<end]), status: 3)
      #expect(result.error.contains("without the frame that ends it"))
      #expect(FileSystem.kind(logs.folder + "/cut.rollup") == nil)
    }
  }

  @Test func mergesFramedParts() throws {
    try logs.run("logs", "-o", "whole.rollup")
    try logs.run("logs/0.json", "logs/1.json", "logs/2.json", "-o", "a.rollup")
    let rest = (3..<8).map { "logs/\($0).json" }
    try logs.run(rest + ["-o", "b.rollup"])
    let frames = try logs.frame("a.rollup") + logs.frame("b.rollup") + Array("\t0\n".utf8)
    try logs.run("merge", "--frames", "-o", "all.rollup", input: frames)
    #expect(try logs.bytes("all.rollup") == logs.bytes("whole.rollup"))
  }

  @Test func countsWhatIsWholeBesideWhatIsNot() throws {
    let bad: [(String, [UInt8])] = [
      ("cut.json.gz", [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 0x4B]),
      ("binary.json", (0..<4096).map { UInt8(truncatingIfNeeded: $0 * 7) }),
      ("other.json", Array("{\"hello\": \"world\"}".utf8)), ("long.json", [UInt8](repeating: 0x61, count: 100 << 20)),
      ("broken.json", Array("{\"Records\":[{\"eventTime\": nonsense},".utf8)), ("empty.json", []),
    ]
    for (name, bytes) in bad { try FileSystem.write(bytes, to: "\(logs.folder)/logs/\(name)") }
    let result = try logs.run("logs", "-o", "all.rollup", status: 3)
    for (name, _) in bad { #expect(result.error.contains("logs/\(name)")) }
    let json = try logs.run("show", "all.rollup", "-o", "json").outputBytes
    #expect(try jq(".events, .duplicates, (.inputs | length)", json) == ["20", "4", "14"])
    #expect(try jq(".inputs[] | select(.status == \"ok\") | .name", json).count == 8)
    #expect(try jq("[.inputs[].bad] | add", json) != ["0"])
  }

  @Test func writesNothingWhereItCannot() throws {
    let result = try logs.run("logs", "-o", "no/such/folder.rollup", status: 3)
    #expect(result.error.contains("cannot be written"))
    #expect(try logs.run("logs", "--shard", "9/3", "--manifest", "x", status: 2).error.contains("--shard cannot be"))
    #expect(try logs.run("show", "logs/1.json", status: 3).error.contains("this is no rollup"))
  }

  @Test(.enabled(if: getuid() == 0, "only root may change the root folder"))
  func runsWhereThereIsNothingElse() throws {
    try logs.run("logs", "-o", "whole.rollup")
    let made = try runProgram(
      PackageFolder.path + "/.ci/rollup-folder", [logs.folder + "/root", try #require(Rollups.path)], seconds: 120)
    try #require(made.status == 0, "\(made.error)")
    _ = try logs.shell("cp -r logs root/logs")
    let root = logs.folder + "/root"
    #expect(try runProgram("chroot", [root, "/muster-rollup", "--version"]).output.hasPrefix("muster-rollup "))
    // Relative paths begin at the root there.
    let inside = try runProgram("chroot", [root, "/muster-rollup", "logs", "-o", "all.rollup"])
    #expect(inside.status == 0, "\(inside.error)")
    #expect(try logs.bytes("root/all.rollup") == logs.bytes("whole.rollup"))
    let outside = try runProgram("root/muster-rollup", ["logs", "-o", "again.rollup"], in: logs.folder)
    #expect(outside.status == 0, "\(outside.error)")
    #expect(try logs.bytes("again.rollup") == logs.bytes("whole.rollup"))
  }
}

/// A folder with eight small logs of twenty events, four of them delivered twice, in files next to each other.
struct Rollups {
  static let path = PackageFolder.program("muster-rollup")
  static let missing: Comment = "there is no muster-rollup program beside the tests; run `swift build`"

  private let home: TemporaryFolder
  var folder: String { home.path }

  init() throws {
    home = try TemporaryFolder()
    var files = [[String]](repeating: [], count: 8)
    for number in 0..<20 {
      let record = Self.record(number)
      files[number % 8].append(record)
      if number % 5 == 0 { files[(number + 1) % 8].append(record) }
    }
    for (number, records) in files.enumerated() {
      try home.write("logs/\(number).json", "{\"Records\":[" + records.joined(separator: ",") + "]}")
    }
  }

  private static func record(_ number: Int) -> String {
    """
    {"eventVersion":"1.10","userIdentity":{"type":"IAMUser","arn":"arn:aws:iam::111122223333:user/u\(number % 2)",\
    "accountId":"111122223333","accessKeyId":"AKIA\(number % 3)"},"eventTime":"2026-03-0\(number % 9 + 1)T00:00:0\(number % 10)Z",\
    "eventSource":"s3.amazonaws.com","eventName":"GetObject","awsRegion":"eu-west-1","sourceIPAddress":"192.0.2.\(number % 4)",\
    "userAgent":"aws-cli/2","eventID":"e-\(number)","recipientAccountId":"111122223333",\
    "requestParameters":{"bucketName":"b","key":"k\(number % 6)"},\
    "additionalEventData":{"bytesTransferredOut":\(number * 10).0}}
    """
  }

  @discardableResult
  func run(_ words: String..., input: [UInt8] = [], status: Int32? = 0) throws -> ProgramResult {
    try run(words, input: input, status: status)
  }

  @discardableResult
  func run(_ words: [String], input: [UInt8] = [], status: Int32? = 0) throws -> ProgramResult {
    let result = try runProgram(try #require(Self.path), words, in: folder, input: input, seconds: 120)
    if let status { #expect(result.status == status, "\(words): \(result.error)") }
    return result
  }

  /// The program is `$0` of the script.
  func shell(_ script: String) throws -> ProgramResult {
    try runProgram("sh", ["-c", script, try #require(Self.path)], in: folder, seconds: 120)
  }

  func bytes(_ name: String) throws -> [UInt8] { try FileSystem.read("\(folder)/\(name)") }

  func frame(_ name: String) throws -> [UInt8] {
    let bytes = try bytes(name)
    return Array("\(name)\t\(bytes.count)\n".utf8) + bytes
  }
}
