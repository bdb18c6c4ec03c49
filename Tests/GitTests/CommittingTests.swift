import Base
import TestSupport
import Testing

@testable import Git

let ana = CommitPerson(
  name: "Ana", email: "ana@acme.example", time: Instant(milliseconds: 1_785_585_600_000), offset: 120)

@Suite struct CommittingTests {
  static func edits(_ edits: [String: String?]) throws -> TreeEdits {
    try TreeEdits(edits.mapValues { $0.map { .write(Array($0.utf8)) } ?? .delete })
  }

  @Test func commitsOnABranchWithoutTouchingTheWorkTree() throws {
    let scratch = try ScratchRepository()
    try scratch.write("a.txt", "a")
    try scratch.commitAll("One")
    try scratch.write("a.txt", "edited")
    let status = try scratch.run("status", "--porcelain")
    let repository = try Repository(at: scratch.path)
    let draft = CommitDraft(message: "Facts of today\n\nMuster-Facts: 1", author: ana)
    let first = try #require(
      try repository.commit(
        draft, on: "muster/observed", expecting: nil, edits: try Self.edits(["facts/aws/ü.jsonl": "{}\n", "x": "1"])))
    #expect(try scratch.run("rev-parse", "muster/observed") == first.hex)
    #expect(try scratch.run("show", "muster/observed:facts/aws/ü.jsonl") == "{}")
    #expect(
      try scratch.run("log", "-1", "--format=%an|%ae|%aI|%s|%P", "muster/observed")
        == "Ana|ana@acme.example|2026-08-01T14:00:00+02:00|Facts of today|")
    #expect(try scratch.run("log", "-1", "--format=%(trailers:key=Muster-Facts,valueonly)", "muster/observed") == "1")
    let edits = try Self.edits(["facts/aws/ü.jsonl": "{1}\n", "x": nil, "y/z": "2"])
    let second = try #require(
      try repository.commit(draft, on: "muster/observed", expecting: first, edits: edits))
    #expect(
      try scratch.run("diff-tree", "-r", "--name-status", "-z", first.hex, second.hex)
        == "M\0facts/aws/ü.jsonl\0D\0x\0A\0y/z\0")
    #expect(try scratch.run("status", "--porcelain") == status)
    #expect(try scratch.run("fsck", "--strict") == "")
    #expect(
      try scratch.run("reflog", "show", "--format=%gs", "muster/observed")
        == "commit: Facts of today\ncommit (initial): Facts of today")
    #expect(try repository.commit(second).trailers("muster-facts") == ["1"])
  }

  @Test func makesNoCommitWhereNothingChanges() throws {
    let scratch = try ScratchRepository("--bare")
    let repository = try Repository(at: scratch.path)
    let draft = CommitDraft(message: "x", author: ana)
    #expect(try repository.commit(draft, on: "b", expecting: nil, edits: TreeEdits()) == nil)
    let edits = try Self.edits(["a/b": "1", "a/c": "2"])
    let first = try #require(try repository.commit(draft, on: "b", expecting: nil, edits: edits))
    #expect(try repository.commit(draft, on: "b", expecting: first, edits: edits) == nil)
    #expect(
      try repository.commit(draft, on: "b", expecting: first, edits: Self.edits(["absent/x": nil, "a/b/c": nil])) == nil
    )
    #expect(try repository.tip(ofBranch: "b") == first)
    #expect(try repository.commit(draft, on: "b", expecting: first, edits: Self.edits(["a": nil])) != nil)
    #expect(try scratch.run("ls-tree", "-r", "--name-only", "b") == "")
  }

  @Test func takesACompleteList() throws {
    let scratch = try ScratchRepository("--bare")
    let repository = try Repository(at: scratch.path)
    let draft = CommitDraft(message: "x", author: ana)
    let first = try repository.commit(
      draft, on: "b", expecting: nil,
      edits: Self.edits(["facts/a": "1", "facts/b": "2", "facts/c/d": "3", "other": "4"]))
    var edits = TreeEdits()
    try edits.replaceAll(below: "facts/")
    try edits.write("facts/b", blob: repository.writeBlob(Array("2".utf8)))
    try edits.write("facts/e", Array("5".utf8))
    let second = try repository.commit(draft, on: "b", expecting: first, edits: edits)
    #expect(try scratch.run("ls-tree", "-r", "--name-only", "b") == "facts/b\nfacts/e\nother")
    var nothing = TreeEdits()
    try nothing.replaceAll(below: "")
    try nothing.write("only", [])
    _ = try repository.commit(draft, on: "b", expecting: second, edits: nothing)
    #expect(try scratch.run("ls-tree", "-r", "--name-only", "b") == "only")
  }

  @Test func changesBetweenFileAndFolderAndKeepsTheMode() throws {
    let scratch = try ScratchRepository()
    try scratch.folder.write("repository/run.sh", bytes: [], mode: 0o755)
    try scratch.write("file", "x")
    try scratch.write("folder/x", "x")
    let head = ObjectID(hex: try scratch.commitAll("One"))
    try scratch.run("branch", "side")
    let repository = try Repository(at: scratch.path)
    let edits = try Self.edits(["run.sh": "#!", "file/below": "y", "folder": "z"])
    _ = try repository.commit(CommitDraft(message: "x", author: ana), on: "side", expecting: head, edits: edits)
    let modes = try scratch.run("ls-tree", "-r", "--format=%(objectmode) %(path)", "side")
    #expect(modes == "100644 file/below\n100644 folder\n100755 run.sh")
  }

  @Test func refusesWhatGitWouldNotAllow() throws {
    let scratch = try ScratchRepository()
    try scratch.commitAll("One")
    try scratch.run("branch", "a/b")
    try scratch.run("pack-refs", "--all")
    let repository = try Repository(at: scratch.path)
    let commit = { (branch: String, person: CommitPerson, path: String) in
      try failure {
        let repository = try Repository(at: scratch.path)
        let edits = try Self.edits([path: "1"])
        _ = try repository.commit(CommitDraft(message: "x", author: person), on: branch, expecting: nil, edits: edits)
      }.code
    }
    for branch in ["", "a..b", "a b", "-x", "HEAD", "x.lock", "a\0b", "/x", "a", "a/b/c"] {
      #expect(try commit(branch, ana, "x") == .invalidInput, "\(branch)")
    }
    for name in ["", "a<b", "a\nb"] {
      let person = CommitPerson(name: name, email: "x", time: ana.time)
      #expect(try commit("new", person, "x") == .invalidInput, "\(name)")
    }
    for path in ["", "../x", ".git/config", "a//b", "/x", String(repeating: "a/", count: 200) + "b"] {
      #expect(try commit("new", ana, path) == .invalidInput, "\(path)")
    }
    #expect(try commit("main", ana, "x") == .branchCheckedOut)
    try scratch.run("worktree", "add", "-q", "../linked", "-b", "side")
    #expect(try commit("side", ana, "x") == .branchCheckedOut)
    #expect(try failure { _ = try Self.bothFileAndFolder(repository) }.code == .invalidInput)
    #expect(try repository.tip(ofBranch: "new") == nil)
  }

  static func bothFileAndFolder(_ repository: borrowing Repository) throws -> ObjectID? {
    let edits = try Self.edits(["a": "1", "a/b": "2"])
    return try repository.commit(CommitDraft(message: "x", author: ana), on: "new", expecting: nil, edits: edits)
  }

  @Test func losesARaceWithoutHarm() throws {
    let scratch = try ScratchRepository("--bare")
    let repository = try Repository(at: scratch.path)
    let draft = CommitDraft(message: "x", author: ana)
    let first = try repository.commit(draft, on: "b", expecting: nil, edits: Self.edits(["a": "1"]))
    let late = { (parent: ObjectID?) in
      try failure {
        let repository = try Repository(at: scratch.path)
        _ = try repository.commit(draft, on: "b", expecting: parent, edits: Self.edits(["a": "2"]))
      }.code
    }
    #expect(try late(nil) == .modified)
    let second = try repository.commit(draft, on: "b", expecting: first, edits: Self.edits(["a": "3"]))
    try scratch.run("pack-refs", "--all")
    #expect(try late(first) == .modified)
    #expect(try repository.tip(ofBranch: "b") == second)
    // Many at once: each that wins builds on the one before, none is lost.
    let winners = try race(at: scratch.path, count: 8)
    #expect(try scratch.run("rev-list", "--count", "b") == "\(2 + winners)")
    #expect(winners >= 1)
    #expect(try scratch.run("fsck", "--strict", "--no-dangling") == "")
  }

  /// Commits from several threads that all know the same tip; gives how many got through.
  func race(at path: String, count: Int) throws -> Int {
    let repository = try Repository(at: path)
    let tip = try repository.tip(ofBranch: "b")
    let results = Results()
    let group = (0..<count).map { number in
      makeThread {
        let outcome = Result {
          let repository = try Repository(at: path)
          let edits = try Self.edits(["a": "race \(number)"])
          _ = try repository.commit(CommitDraft(message: "x", author: ana), on: "b", expecting: tip, edits: edits)
        }
        results.add(outcome)
      }
    }
    for thread in group { thread.join() }
    for case .failure(let error) in results.all where (error as? GitError)?.code != .modified { throw error }
    return results.all.filter { if case .success = $0 { true } else { false } }.count
  }

  @Test func waitsForALockAndBreaksOnlyStaleOnes() throws {
    let folder = try TemporaryFolder()
    let file = folder.path("index")
    try folder.write("index.lock", "somebody else's")
    #expect(try failure { _ = try LockFile(of: file, scratch: folder.path, patience: 20) }.code == .locked)
    #expect(try folder.read("index.lock") == "somebody else's")
    // What a killed run leaves: the mark, and nobody who holds it.
    try folder.write("index.lock", "muster lock\n")
    do {
      let lock = try LockFile(of: file, scratch: folder.path, patience: 0)
      #expect(try failure { _ = try LockFile(of: file, scratch: folder.path, patience: 20) }.code == .locked)
      withExtendedLifetime(lock) {}
    }
    #expect(!folder.has("index.lock"))
    #expect(try runProgram("ls", ["-A", folder.path]).output == "")
  }

  @Test func signsACommitThatGitAccepts() throws {
    let scratch = try ScratchRepository("--bare")
    let key = scratch.folder.path("key")
    try runProgram("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "ana", "-f", key])
    let publicKey = try scratch.folder.read("key.pub")
    try scratch.folder.write("signers", "ana@acme.example " + publicKey)
    let repository = try Repository(at: scratch.path)
    let id = try #require(
      try repository.commit(
        CommitDraft(message: "Signed\n", author: ana), on: "b", expecting: nil, edits: Self.edits(["a": "1"])
      ) { payload in
        let result = try runProgram("ssh-keygen", ["-q", "-Y", "sign", "-n", "git", "-f", key], input: payload)
        return result.output
      })
    let verified = try scratch.run(
      "-c", "gpg.ssh.allowedSignersFile=\(scratch.folder.path("signers"))", "log", "-1", "--format=%G? %GS", id.hex)
    #expect(verified == "G ana@acme.example")
    #expect(try scratch.run("fsck", "--strict") == "")
    guard case .one(let text, let payload) = try repository.commit(id).signature else {
      return #expect(Bool(false), "no signature was found")
    }
    #expect(text.hasPrefix("-----BEGIN SSH SIGNATURE-----\n") && text.hasSuffix("-----END SSH SIGNATURE-----\n"))
    #expect(String(decoding: payload, as: UTF8.self).hasSuffix("+0200\n\nSigned\n"))
    struct Refused: Error, CustomStringConvertible { let description = "no key" }
    let error = try failure {
      let repository = try Repository(at: scratch.path)
      _ = try repository.commit(
        CommitDraft(message: "x", author: ana), on: "c", expecting: nil, edits: Self.edits(["a": "1"])
      ) { _ in throw Refused() }
    }
    #expect(error.code == .signingFailed && error.description.contains("no key"))
    #expect(try repository.tip(ofBranch: "c") == nil)
  }
}
