import Base
import TestSupport
import Testing

@testable import Git

@Suite struct RevisionTests {
  @Test func findsWhatGitFinds() throws {
    let source = try ScratchRepository()
    for name in ["one", "two", "three"] {
      try source.write(name, name)
      try source.commitAll(name)
    }
    try source.run("tag", "light", "HEAD~1")
    try source.run("tag", "-a", "-m", "v1", "heavy", "HEAD~2")
    try source.run("branch", "muster/observed", "HEAD~1")
    let scratch = try ScratchRepository(cloneOf: source.path)
    let repository = try Repository(at: scratch.path)
    let short = try String(scratch.run("rev-parse", "HEAD").prefix(8))
    for revision in [
      "HEAD", "main", "HEAD~2", "HEAD^", "light", "heavy", "refs/tags/heavy", "origin/main", "origin/muster/observed",
      short,
    ] {
      let expected = try scratch.run("rev-parse", "\(revision)^{commit}")
      #expect(try repository.resolve(revision)?.hex == expected, "\(revision)")
      #expect(try repository.require(revision).hex == expected, "\(revision)")
    }
    for absent in ["nothing", "HEAD~9", "muster/observed", String(repeating: "1", count: 40)] {
      #expect(try repository.resolve(absent) == nil, "\(absent)")
    }
    let error = try failure { _ = try Repository(at: scratch.path).require("nothing") }
    #expect(error.code == .noSuchRevision && error.description.contains("'nothing' names no commit here"))
    #expect(try failure { _ = try Repository(at: scratch.path).resolve("HEAD:one") }.code == .wrongKind)
    #expect(try failure { _ = try Repository(at: scratch.path).resolve("a\0b") }.code == .invalidInput)
    #expect(try repository.tip(ofBranch: "main") == repository.resolve("HEAD"))
    #expect(try repository.tip(ofBranch: "side") == nil)
    try scratch.run("checkout", "-q", "--detach")
    #expect(try repository.headBranch == nil)
  }

  @Test func tellsAnUnbornBranchFromABrokenOne() throws {
    let scratch = try ScratchRepository()
    let repository = try Repository(at: scratch.path)
    #expect(try repository.resolve("HEAD") == nil && repository.headBranch == "main")
    try scratch.write(".git/refs/heads/broken", String(repeating: "1", count: 40) + "\n")
    #expect(try failure { _ = try Repository(at: scratch.path).resolve("broken") }.code == .missingObject)
    try scratch.write(".git/refs/heads/garbage", "garbage\n")
    #expect(throws: GitError.self) { _ = try Repository(at: scratch.path).resolve("garbage") }
  }

  @Test func findsCommonAncestors() throws {
    let scratch = try ScratchRepository()
    let base = try scratch.commitAll("Base")
    let main = try scratch.commitAll("Main")
    try scratch.run("switch", "-q", "-c", "side", base)
    let side = try scratch.commitAll("Side")
    try scratch.run("switch", "-q", "--orphan", "other")
    let other = try scratch.commitAll("Other")
    let repository = try Repository(at: scratch.path)
    let ids = try [base, main, side, other].map { try #require(ObjectID(hex: $0)) }
    #expect(try repository.mergeBase(ids[1], ids[2]) == ids[0])
    #expect(try repository.mergeBase(ids[1], ids[3]) == nil)
    #expect(try repository.isAncestor(ids[0], of: ids[1]) && repository.isAncestor(ids[0], of: ids[0]))
    #expect(try !repository.isAncestor(ids[1], of: ids[2]) && !repository.isAncestor(ids[1], of: ids[0]))
  }

  @Test func saysThatACloneIsShallow() throws {
    let source = try ScratchRepository()
    for name in ["one", "two", "three"] {
      try source.write(name, name)
      try source.commitAll(name)
    }
    let scratch = try ScratchRepository(cloneOf: "file://" + source.path, "--depth=2")
    let repository = try Repository(at: scratch.path)
    #expect(repository.isShallow == true)
    let head = try repository.require("HEAD")
    let parent = try repository.require("HEAD~1")
    // Two trees are all that a pull request's check needs.
    #expect(try repository.files(in: head).entries.count == 3)
    #expect(try repository.changes(from: parent, to: head).map(\.path) == ["three"])
    let missing = try repository.commit(parent).parents[0]
    for body: (borrowing Repository) throws -> Void in [
      { try $0.history(from: head) { _ in } }, { _ = try $0.mergeBase(head, missing) },
      { _ = try $0.isAncestor(missing, of: head) }, { _ = try $0.commit(missing) }, { _ = try $0.files(in: missing) },
    ] {
      let error = try failure { try body(try Repository(at: scratch.path)) }
      #expect(error.code == .shallow && error.hint.contains("git fetch --unshallow"), "\(error)")
    }
    var steps: [String] = []
    try repository.history(from: head, excluding: [parent]) { steps.append($0.commit.hex) }
    #expect(steps == [head.hex])
    try scratch.run("worktree", "add", "-q", "../linked", "-b", "side")
    #expect(try Repository(at: scratch.folder.path("linked")).isShallow == true)
    try scratch.run("fetch", "-q", "--unshallow")
    #expect(repository.isShallow == false)
    #expect(try Repository(at: scratch.path).commits(from: head).count == 3)
  }

  @Test func saysHowToCompleteAPartialClone() throws {
    let source = try ScratchRepository()
    try source.run("config", "uploadpack.allowFilter", "true")
    try source.write("a.txt", "old")
    let old = try source.commitAll("One")
    try source.write("a.txt", "new")
    try source.commitAll("Two")
    let scratch = try ScratchRepository(cloneOf: "file://" + source.path, "--filter=blob:none")
    let id = try #require(ObjectID(hex: old))
    let read = { () throws -> [UInt8] in
      let tree = try Repository(at: scratch.path).files(in: id)
      let reader = try tree.reader()
      return try reader.contents(of: tree.entries[0])
    }
    let error = try failure { _ = try read() }
    #expect(error.code == .missingObject && error.hint.contains("git fetch --refetch --no-filter"))
    try scratch.run("fetch", "-q", "--refetch", "--no-filter")
    #expect(try read() == Array("old".utf8))
  }

  @Test func readsSettingsAndPersons() throws {
    let scratch = try ScratchRepository()
    try scratch.run("config", "user.name", "Ana Ünal")
    try scratch.run("config", "user.email", "ana@acme.example")
    try scratch.run("config", "gpg.format", "ssh")
    let repository = try Repository(at: scratch.path)
    #expect(try repository.setting("gpg.format") == "ssh" && repository.setting("gpg.ssh.allowedSignersFile") == nil)
    try scratch.run("config", "gpg.ssh.allowedSignersFile", "~/signers")
    let signers = try #require(try Repository(at: scratch.path).pathSetting("gpg.ssh.allowedSignersFile"))
    #expect(signers.hasPrefix("/") && signers.hasSuffix("/signers"))
    #expect(try Repository(at: scratch.path).pathSetting("user.name.absent") == nil)
    #expect(try repository.committer() == PersonName(name: "Ana Ünal", email: "ana@acme.example"))
    let variables = ["GIT_AUTHOR_NAME": "Bo", "GIT_AUTHOR_EMAIL": "bo@acme.example"]
    let other = try Repository(at: scratch.path, environment: variables)
    #expect(try other.author() == PersonName(name: "Bo", email: "bo@acme.example"))
    #expect(try other.committer()?.name == "Ana Ünal")
    try scratch.run("config", "committer.email", "ci@acme.example")
    #expect(try Repository(at: scratch.path).committer()?.email == "ci@acme.example")
  }
}
