import Base
import Glibc
import TestSupport
import Testing

@testable import Git

/// Muster's own branch lies in one pack, to which each commit appends.
@Suite struct PackingTests {
  private let scratch: ScratchRepository
  private static let branch = "muster/observed"

  init() throws {
    scratch = try ScratchRepository()
    try scratch.write("a.txt", "theirs")
    try scratch.commitAll("One")
    try scratch.run("gc", "--quiet")
  }

  private var folder: String { "\(scratch.path)/.git/objects/pack" }

  private func names(_ suffix: String) throws -> [String] {
    try FileSystem.names(in: folder).filter { $0.hasSuffix(suffix) }
  }

  /// Names and sizes of the packs that are marked as Muster's.
  private func own() throws -> [(name: String, size: Int)] {
    try names(".keep").map { name in
      let name = String(name.dropLast(5))
      return (name, try #require(FileSystem.status("\(folder)/\(name).pack")).size)
    }
  }

  @discardableResult
  private func commit(_ files: [String: [UInt8]], branch: String = branch) throws -> ObjectID? {
    let repository = try Repository(at: scratch.path)
    let parent = try repository.tip(ofBranch: branch)
    let edits = try TreeEdits(files.mapValues { .write($0) })
    return try repository.commit(CommitDraft(message: "x", author: ana), on: branch, expecting: parent, edits: edits)
  }

  private func content(_ revision: String, _ path: String) throws -> [UInt8] {
    let repository = try Repository(at: scratch.path)
    let commit = try repository.require(revision)
    let entry = try #require(try repository.files(in: commit, below: [path]).entries.first)
    return try repository.contents(of: #require(entry.id))
  }

  private func requireWhole() throws {
    #expect(try scratch.run("fsck", "--strict", "--no-dangling") == "")
    for pack in try own() { try scratch.run("verify-pack", "\(folder)/\(pack.name).idx") }
  }

  @Test func growsByWhatChangedThroughAllVersions() throws {
    var random = RandomLines(7)
    var files: [String: [UInt8]] = [:]
    for number in 0..<40 { files["facts/\(number / 8)/\(number)"] = random.lines(60) }
    try commit(files)
    let first = try #require(try own().first).size
    var versions = [files]
    // More than the longest chain.
    for _ in 0..<60 {
      files["facts/0/3"] = random.changed(try #require(files["facts/0/3"]))
      files["facts/2/19"] = random.changed(try #require(files["facts/2/19"]))
      try commit(files)
      versions.append(files)
    }
    let packs = try own()
    #expect(packs.count == 1)
    let perCommit = (try #require(packs.first).size - first) / 60
    #expect(perCommit < 1200, "\(perCommit) bytes a commit of \(first)")
    try requireWhole()
    for (number, version) in versions.enumerated() {
      for path in ["facts/0/3", "facts/2/19"] {
        #expect(try content("\(Self.branch)~\(60 - number)", path) == version[path])
      }
    }
    #expect(try scratch.run("count-objects", "-v").hasPrefix("count: 0\n"))
  }

  @Test func leavesItsPackAloneWhenGitCollects() throws {
    var random = RandomLines(8)
    try commit(["x": random.lines(300)])
    let before = try own()
    try scratch.run("gc", "--quiet", "--aggressive", "--prune=now")
    #expect(try own().map(\.name) == before.map(\.name))
    let text = random.changed(try content(Self.branch, "x"))
    try commit(["x": text])
    let after = try own()
    #expect(after.count == 1)
    #expect(try #require(after.first).size - #require(before.first).size < 1000)
    try scratch.run("gc", "--quiet", "--prune=now")
    try requireWhole()
    let clone = try ScratchRepository(cloneOf: "file://\(scratch.path)", "--bare")
    #expect(Array(try clone.run("show", "\(Self.branch):x").utf8) == text.dropLast())
  }

  @Test func beginsAgainWhereItsPackIsGone() throws {
    var random = RandomLines(9)
    try commit(["x": random.lines(50), "y": random.lines(50)])
    for pack in try own() { unlink("\(folder)/\(pack.name).keep") }
    try scratch.run("gc", "--quiet", "--prune=now")
    let theirs = try names(".pack")
    let text = random.changed(try content(Self.branch, "x"))
    try commit(["x": text])
    #expect(try own().count == 1)
    #expect(try Set(names(".pack")).isSuperset(of: theirs))
    #expect(try content(Self.branch, "x") == text)
    try requireWhole()
  }

  @Test func removesWhatKilledRunsLeft() throws {
    var random = RandomLines(10)
    try commit(["x": random.lines(50)])
    let first = try #require(try own().first).name
    let kept = try ["pack", "idx", "keep"].map { (suffix: $0, bytes: try FileSystem.read("\(folder)/\(first).\($0)")) }
    try commit(["x": random.changed(try content(Self.branch, "x"))])
    // The old pack is still there whole; one has no index yet; one is only a mark; one has not its name yet.
    for (suffix, bytes) in kept {
      try FileSystem.write(bytes, to: "\(folder)/\(first).\(suffix)")
      if suffix != "idx" { try FileSystem.write(bytes, to: "\(folder)/pack-\(ObjectID.zero.hex).\(suffix)") }
      if suffix == "keep" { try FileSystem.write(bytes, to: "\(folder)/pack-\(first.dropFirst(5)).keep") }
    }
    try FileSystem.write([1, 2, 3], to: "\(folder)/tmp_pack_muster-1-2")
    let theirs = try names("").filter { name in !name.hasPrefix("tmp_") }.count
    #expect(theirs > 5)
    try commit(["x": random.changed(try content(Self.branch, "x"))])
    #expect(try own().count == 1)
    #expect(try names(".pack").count == 2)
    #expect(try names("").filter { $0.hasPrefix("tmp_") } == [])
    try requireWhole()
  }

  @Test func goesOnWhereItsPackIsDamaged() throws {
    var random = RandomLines(11)
    try commit(["x": random.lines(50)])
    let name = try #require(try own().first).name
    try commit(["y": random.lines(5)])
    let standing = try #require(try own().first).name
    #expect(standing != name)
    var index = try FileSystem.read("\(folder)/\(standing).idx")
    index[index.count - 1] ^= 1
    try FileSystem.write(index, to: "\(folder)/\(standing).idx")
    try commit(["y": random.lines(6)])
    // What it cannot read it does not remove.
    #expect(try own().count == 2)
    #expect(try content(Self.branch, "x").count > 100)
  }

  @Test func keepsTheBranchesApartAndGivesBackADeletedOne() throws {
    var random = RandomLines(12)
    try commit(["x": random.lines(50)])
    try commit(["x": random.lines(50)], branch: "observed/other")
    #expect(try own().count == 2)
    try scratch.run("update-ref", "-d", "refs/heads/\(Self.branch)")
    try commit(["x": random.lines(20)])
    #expect(try own().count == 2)
    #expect(try names(".pack").count == 4)
    try scratch.run("reflog", "expire", "--all", "--expire=now")
    try scratch.run("gc", "--quiet", "--prune=now")
    #expect(try names(".pack").count == 3)
    try requireWhole()
  }

  @Test func readersGoOnWhileThePackIsReplaced() throws {
    var random = RandomLines(13)
    try commit(["x": random.lines(50), "y": random.lines(50)])
    let early = try Repository(at: scratch.path)
    let late = try Repository(at: scratch.path)
    let tip = try #require(try early.tip(ofBranch: Self.branch))
    let tree = try early.files(in: tip, below: ["x", "y"])
    try scratch.run("multi-pack-index", "write")
    try commit(["x": random.changed(try content(Self.branch, "x"))])
    for entry in tree.entries { #expect(try early.contents(of: #require(entry.id)).count > 100) }
    #expect(try late.files(in: tip, below: ["x"]).entries.count == 1)
    let newTip = try early.tip(ofBranch: Self.branch)
    #expect(newTip != tip)
    #expect(try early.files(in: newTip ?? tip, below: ["x"]).entries.count == 1)
    #expect(try scratch.attempt("log", "-p", Self.branch).error == "")
    #expect(try scratch.attempt("fsck", "--strict", "--no-dangling").error == "")
  }
}

/// Lines as facts are: long, alike, sorted.
private struct RandomLines {
  private var random: RandomBits

  init(_ seed: UInt64) { random = RandomBits(state: seed) }

  mutating func lines(_ count: Int) -> [UInt8] {
    var text = ""
    for number in 0..<count { text += line(number) }
    return Array(text.utf8)
  }

  private mutating func line(_ number: Int) -> String {
    "{\"principal\":\"arn:aws:iam::111122223333:role/\(1000 + number)\",\"uniqueID\":\"\(random.next())\"}\n"
  }

  /// One line is another.
  mutating func changed(_ bytes: [UInt8]) -> [UInt8] {
    var lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n").map { "\($0)\n" }
    let number = Int(random.next() % UInt64(lines.count))
    lines[number] = line(number)
    return Array(lines.joined().utf8)
  }
}

struct RandomBits: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return (state ^ state >> 29) &* 0xBF58_476D_1CE4_E5B9
  }
}
