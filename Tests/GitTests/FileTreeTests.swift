import Base
import TestSupport
import Testing

@testable import Git

@Suite struct FileTreeTests {
  /// A repository with a file, an executable, a link, folders whose names sort differently with and without slash.
  static func sample() throws -> ScratchRepository {
    let scratch = try ScratchRepository()
    try scratch.write("muster.yaml", "muster: 1\n")
    try scratch.write("identities/a/x.yaml", "x")
    try scratch.write("identities/a.yaml", "a")
    try scratch.write("identities/a-b.yaml", "ab")
    try scratch.write("identities/é.yaml", "e")
    try scratch.write("other/big.txt", "other")
    try scratch.folder.write("repository/identities/run.sh", bytes: Array("#!".utf8), mode: 0o755)
    try scratch.folder.link("repository/identities/link", to: "../other/big.txt")
    return scratch
  }

  static let wanted = ["identities/", "muster.yaml", "absent", "owners.yaml/x"]
  static let paths = [
    "identities/a-b.yaml", "identities/a.yaml", "identities/a/x.yaml", "identities/link", "identities/run.sh",
    "identities/é.yaml", "muster.yaml",
  ]

  @Test func listsTheSameFilesEverywhere() throws {
    let scratch = try Self.sample()
    let head = try #require(ObjectID(hex: scratch.commitAll("One")))
    let repository = try Repository(at: scratch.path)
    let trees = [
      try repository.files(in: head, below: Self.wanted), try repository.stagedFiles(below: Self.wanted),
      try repository.workTreeFiles(below: Self.wanted), try FileTree(folder: scratch.path, below: Self.wanted),
    ]
    for tree in trees {
      #expect(tree.entries.map(\.path) == Self.paths)
      #expect(tree.unreadable.isEmpty)
      let reader = try tree.reader()
      let texts = try tree.entries.map { String(decoding: try reader.contents(of: $0), as: UTF8.self) }
      #expect(texts == ["ab", "a", "x", "../other/big.txt", "#!", "e", "muster: 1\n"])
    }
    #expect(trees[0].entries == trees[1].entries)
    #expect(trees[0]["identities/link"]?.kind == .link && trees[2]["identities/link"]?.kind == .link)
    #expect(trees[0]["identities/run.sh"]?.kind == .executable)
    #expect(trees[0]["identities/a/x.yaml"]?.id?.hex == (try scratch.run("rev-parse", "HEAD:identities/a/x.yaml")))
    #expect(trees[0]["identities"] == nil && trees[0]["zzz"] == nil)
    #expect(trees[0].entries(below: "identities/a").map(\.path) == ["identities/a/x.yaml"])
    #expect(try repository.files(in: head).entries.count == 8)
  }

  @Test func readsTheStagedBlobNotTheFile() throws {
    let scratch = try Self.sample()
    try scratch.commitAll("One")
    try scratch.write("muster.yaml", "staged\n")
    try scratch.run("add", "muster.yaml")
    try scratch.write("muster.yaml", "edited later\n")
    try scratch.write("identities/announced.yaml", "not staged")
    try scratch.run("add", "--intent-to-add", "identities/announced.yaml")
    let repository = try Repository(at: scratch.path)
    let tree = try repository.stagedFiles(below: Self.wanted)
    #expect(tree.entries.map(\.path) == Self.paths)
    let entry = try #require(tree["muster.yaml"])
    #expect(try tree.reader().contents(of: entry) == Array("staged\n".utf8))
    let head = try #require(try repository.resolve("HEAD"))
    #expect(try repository.stagedChanges(since: head).map(\.path) == ["muster.yaml"])
  }

  @Test func namesTheConflict() throws {
    let scratch = try ScratchRepository()
    for (branch, text) in [("main", "one"), ("side", "two")] {
      if branch == "side" { try scratch.run("switch", "-q", "--orphan", "side") }
      try scratch.write("identities/a.yaml", text)
      try scratch.write("other.txt", text)
      try scratch.commitAll(branch)
    }
    #expect(try scratch.attempt("merge", "--allow-unrelated-histories", "main").status != 0)
    let repository = try Repository(at: scratch.path)
    let error = try failure { _ = try repository.stagedFiles(below: ["identities"]) }
    #expect(error.code == .conflictedIndex && error.subject == "identities/a.yaml")
    #expect(try repository.stagedFiles(below: ["policies"]).entries.isEmpty)
  }

  @Test(arguments: [("update-index", "--split-index", GitError.Code.splitIndex)])
  func saysWhichIndexItCannotRead(_ command: String, _ option: String, _ code: GitError.Code) throws {
    let scratch = try Self.sample()
    try scratch.commitAll("One")
    try scratch.run(command, option)
    let repository = try Repository(at: scratch.path)
    let error = try failure { _ = try repository.stagedFiles() }
    #expect(error.code == code, "\(error)")
    try scratch.run("update-index", "--no-split-index")
    #expect(try repository.stagedFiles().entries.count == 8)
  }

  @Test func saysThatTheIndexIsSparse() throws {
    let scratch = try Self.sample()
    try scratch.commitAll("One")
    try scratch.run("config", "index.sparse", "true")
    try scratch.run("sparse-checkout", "set", "--cone", "--sparse-index", "identities")
    // Git 2.39 sets extensions.worktreeConfig with it; without that the index is what cannot be read.
    try scratch.run("config", "--unset", "extensions.worktreeConfig")
    try scratch.run("config", "core.repositoryFormatVersion", "0")
    let repository = try Repository(at: scratch.path)
    let error = try failure { _ = try repository.stagedFiles() }
    #expect(error.code == .sparseIndex, "\(error)")
  }

  @Test(arguments: ["2", "3", "4"])
  func readsEachVersionOfTheIndex(_ version: String) throws {
    let scratch = try Self.sample()
    try scratch.commitAll("One")
    try scratch.run("config", "core.untrackedCache", "true")
    try scratch.run("update-index", "--index-version", version)
    #expect(try Repository(at: scratch.path).stagedFiles(below: Self.wanted).entries.map(\.path) == Self.paths)
  }

  @Test func readsAnIndexThatIgnoresCase() throws {
    let scratch = try ScratchRepository()
    for name in ["B.yaml", "a.yaml", "a/B.yaml", "A/c.yaml"] { try scratch.write("identities/\(name)", name) }
    let head = try #require(ObjectID(hex: scratch.commitAll("One")))
    try scratch.run("config", "core.ignoreCase", "true")
    let repository = try Repository(at: scratch.path)
    #expect(try repository.stagedFiles().entries == repository.files(in: head).entries)
    #expect(try repository.stagedChanges(since: head).isEmpty)
  }

  @Test func neverFollowsALink() throws {
    let secret = try TemporaryFolder()
    try secret.write("inner/secret.yaml", "secret")
    let folder = try TemporaryFolder()
    try folder.link("identities/inner", to: secret.path("inner"))
    try folder.link("policies", to: secret.path("inner"))
    try folder.write("reviews/a.md", "a")
    let tree = try FileTree(folder: folder.path, below: ["identities", "policies", "policies/secret.yaml", "reviews"])
    #expect(tree.entries.map(\.path) == ["identities/inner", "policies", "reviews/a.md"])
    #expect(tree.entries.map(\.kind) == [.link, .link, .file])
    // Not even when the folder becomes a link after it was listed.
    let reader = try tree.reader()
    folder.remove("reviews")
    try folder.link("reviews", to: secret.path("inner"))
    try secret.write("inner/a.md", "secret")
    let entry = try #require(tree["reviews/a.md"])
    #expect(try failure { _ = try reader.contents(of: entry) }.code == .file)
  }

  @Test func leavesOutRepositoriesInside() throws {
    let folder = try TemporaryFolder()
    try folder.write("identities/.git/config", "x")
    try folder.write("identities/a.yaml", "x")
    try folder.write(".GIT/config", "x")
    let tree = try FileTree(folder: folder.path)
    #expect(tree.entries.map(\.path) == ["identities"] && tree.entries.map(\.kind) == [.submodule])
    let reader = try tree.reader()
    #expect(try failure { _ = try reader.contents(of: tree.entries[0]) }.code == .wrongKind)
  }

  @Test func tellsWhatItCannotList() throws {
    let folder = try TemporaryFolder()
    try folder.write("good.yaml", "x")
    try runProgram("sh", ["-c", "printf x > bad$(printf '\\377').yaml; mkfifo pipe"], in: folder.path)
    let tree = try FileTree(folder: folder.path)
    #expect(tree.entries.map(\.path) == ["good.yaml"])
    #expect(tree.unreadable.map(\.location.path) == ["bad\u{FFFD}.yaml", "pipe"])
    #expect(tree.unreadable.map(\.message) == ["the file's name is not UTF-8", "it is neither a file nor a folder"])
  }

  @Test func keepsToTheLimit() throws {
    let scratch = try ScratchRepository()
    try scratch.write("a.txt", "12345")
    let head = try #require(ObjectID(hex: scratch.commitAll("One")))
    let repository = try Repository(at: scratch.path)
    for tree in [try repository.files(in: head), try repository.workTreeFiles()] {
      let reader = try tree.reader()
      let error = try failure { _ = try reader.contents(of: tree.entries[0], limit: 4) }
      #expect(error.code == .tooLarge && error.message == "'a.txt' is larger than 4 bytes")
      #expect(try reader.contents(of: tree.entries[0], limit: 5).count == 5)
    }
  }

  @Test(arguments: ["/etc", "a/../b", "..", "", ".git/config", "a//b", "a\0b", "./a"])
  func refusesPathsThatGitWouldNotStore(_ path: String) throws {
    let folder = try TemporaryFolder()
    #expect(try failure { _ = try FileTree(folder: folder.path, below: [path]) }.code == .invalidInput)
  }

  @Test func saysThatAnObjectIsMissing() throws {
    let scratch = try Self.sample()
    let head = try #require(ObjectID(hex: scratch.commitAll("One")))
    let blob = try scratch.run("rev-parse", "HEAD:muster.yaml")
    scratch.folder.remove("repository/.git/objects/\(blob.prefix(2))/\(blob.dropFirst(2))")
    let repository = try Repository(at: scratch.path)
    let tree = try repository.files(in: head)
    let entry = try #require(tree["muster.yaml"])
    let reader = try tree.reader()
    let error = try failure { _ = try reader.contents(of: entry) }
    #expect(error.code == .missingObject && error.description.contains(blob))
  }

  @Test func saysThatAnObjectIsForged() throws {
    let scratch = try ScratchRepository()
    try scratch.write("a.txt", "good")
    try scratch.write("b.txt", "evil")
    let head = try #require(ObjectID(hex: scratch.commitAll("One")))
    let (good, evil) = (try scratch.run("rev-parse", "HEAD:a.txt"), try scratch.run("rev-parse", "HEAD:b.txt"))
    let file = { (id: String) in ".git/objects/\(id.prefix(2))/\(id.dropFirst(2))" }
    try runProgram("cp", ["-f", file(evil), file(good)], in: scratch.path)
    let tree = try Repository(at: scratch.path).files(in: head)
    let reader = try tree.reader()
    #expect(try failure { _ = try reader.contents(of: tree.entries[0]) }.code == .corruptObject)
  }

  @Test(arguments: [
    "100644 b\0", "100644 \0", "10x644 a\0", "644a\0", "100644 a", "0000000000 a\0", "000000 a\0", "100644 a/b\0",
  ])
  func refusesTreesWithoutGitsForm(_ text: String) throws {
    let id = try #require(ObjectID(hex: ObjectIDTests.text))
    var bytes = Array(text.utf8)
    bytes += text.hasPrefix("100644 b") ? id.bytes.dropLast() : id.bytes
    #expect(try failure { _ = try TreeCursor(bytes, of: id) }.code == .corruptObject)
  }

  @Test func refusesTreesOutOfOrder() throws {
    let id = try #require(ObjectID(hex: ObjectIDTests.text))
    for (first, second) in [("100644 b", "100644 a"), ("100644 a", "100644 a"), ("40000 a", "100644 a.b")] {
      let bytes = Array(first.utf8) + [0] + id.bytes + Array(second.utf8) + [0] + id.bytes
      var cursor = try TreeCursor(bytes, of: id)
      #expect(try failure { try cursor.advance() }.code == .corruptObject)
    }
  }
}
