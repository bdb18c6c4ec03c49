import TestSupport
import Testing

@testable import Git

@Suite struct OpeningTests {
  @Test func opensFromASubfolder() throws {
    let scratch = try ScratchRepository()
    try scratch.write("a/b/c.txt", "x")
    let repository = try Repository(at: scratch.path + "/a/b")
    #expect(repository.workTree == scratch.path)
    #expect(repository.gitDirectory == scratch.path + "/.git")
    #expect(repository.commonDirectory == repository.gitDirectory)
    #expect(repository.isShallow == false)
    #expect(try repository.headBranch == "main")
  }

  @Test func opensABareRepository() throws {
    let scratch = try ScratchRepository("--bare")
    let repository = try Repository(at: scratch.path)
    #expect(repository.workTree == nil)
    #expect(throws: GitError.self) { try repository.workTreeFiles() }
  }

  @Test func opensALinkedWorkTree() throws {
    let scratch = try ScratchRepository()
    try scratch.write("a.txt", "x")
    try scratch.commitAll("A")
    try scratch.run("worktree", "add", "-q", "../linked", "-b", "side")
    let repository = try Repository(at: scratch.folder.path("linked"))
    #expect(repository.workTree == scratch.folder.path("linked"))
    #expect(repository.commonDirectory == scratch.path + "/.git")
    #expect(repository.gitDirectory == scratch.path + "/.git/worktrees/linked")
    #expect(try repository.headBranch == "side")
    #expect(try repository.stagedFiles().entries.map(\.path) == ["a.txt"])
  }

  @Test func saysWhereThereIsNoRepository() throws {
    let folder = try TemporaryFolder()
    let error = try failure { _ = try Repository(at: folder.path) }
    #expect(error.code == .noRepository && error.description.contains(folder.path))
    #expect(try failure { _ = try Repository(at: folder.path("absent")) }.code == .noRepository)
    #expect(try failure { _ = try Repository(at: "/tmp/a\0b") }.code == .invalidInput)
  }

  @Test(
    arguments: zip(
      [
        "extensions.refStorage=reftable", "extensions.partialClone=origin", "extensions.worktreeConfig=true",
        "extensions.x=1",
      ],
      [.reftable, .partialCloneExtension, .worktreeConfig, .unsupportedFormat] as [GitError.Code]))
  func saysWhichFormatItCannotRead(_ setting: String, _ code: GitError.Code) throws {
    let scratch = try ScratchRepository()
    let parts = setting.split(separator: "=").map(String.init)
    try scratch.run("config", "core.repositoryFormatVersion", "1")
    try scratch.run("config", parts[0], parts[1])
    let error = try failure { _ = try Repository(at: scratch.path) }
    #expect(error.code == code, "\(error)")
    #expect(error.description.contains("cannot read") || error.description.contains("cannot open"))
  }

  @Test func saysThatItCannotReadSHA256() throws {
    let scratch = try ScratchRepository("--object-format=sha256")
    let error = try failure { _ = try Repository(at: scratch.path) }
    #expect(error.code == .sha256Repository, "\(error)")
    #expect(error.hint.contains("--object-format=sha1"))
  }

  @Test func saysThatAnotherUserOwnsIt() throws {
    guard try runProgram("id", ["-u"]).line == "0" else { return }  // only root can give a folder away
    let scratch = try ScratchRepository()
    try runProgram("chown", ["-R", "12345", scratch.path])
    try scratch.folder.write("repository/a/b", "x")
    let error = try failure { _ = try Repository(at: scratch.path + "/a") }
    #expect(error.code == .unsafeOwner, "\(error)")
    #expect(error.hint == "if you trust it, run: git config --global --add safe.directory '\(scratch.path)'")
  }

  @Test func seesReplacementsAndGrafts() throws {
    let scratch = try ScratchRepository()
    let first = try scratch.commitAll("One")
    let second = try scratch.commitAll("Two")
    #expect(try Repository(at: scratch.path).hasReplaceRefsOrGrafts == false)
    try scratch.run("replace", second, first)
    let repository = try Repository(at: scratch.path)
    #expect(try repository.hasReplaceRefsOrGrafts == true)
    let id = try #require(try repository.resolve("HEAD"))
    #expect(id.hex == second)
    #expect(try repository.commit(id).subject == "Two")
    try scratch.run("replace", "-d", second)
    try scratch.write(".git/info/grafts", second + "\n")
    #expect(try Repository(at: scratch.path).hasReplaceRefsOrGrafts)
  }
}

@Suite struct EnvironmentTests {
  @Test func obeysGitDirAndWorkTree() throws {
    let scratch = try ScratchRepository()
    try scratch.write("a.txt", "x")
    let elsewhere = try TemporaryFolder()
    try elsewhere.write("b.txt", "y")
    let environment = ["GIT_DIR": scratch.path + "/.git", "GIT_WORK_TREE": elsewhere.path]
    let repository = try Repository(at: elsewhere.path, environment: environment)
    #expect(repository.gitDirectory == scratch.path + "/.git")
    #expect(repository.workTree == elsewhere.path)
    #expect(try repository.workTreeFiles().entries.map(\.path) == ["b.txt"])
    let relative = try Repository(at: scratch.path, environment: ["GIT_DIR": ".git"])
    #expect(relative.workTree == scratch.path)
  }

  @Test func readsTheIndexOfAPartialCommit() throws {
    let scratch = try ScratchRepository()
    try scratch.write("a.txt", "one")
    try scratch.write("b.txt", "one")
    try scratch.commitAll("One")
    try scratch.write("a.txt", "two")
    try scratch.write("b.txt", "two")
    try scratch.run("add", "b.txt")
    // `git commit a.txt` gives its hook another index: a.txt staged, b.txt not.
    let hook = "#!/bin/sh\nenv | grep ^GIT_ > ../hook.env\ncp \"$GIT_INDEX_FILE\" ../hook.index\n"
    try scratch.folder.write("repository/.git/hooks/pre-commit", bytes: Array(hook.utf8), mode: 0o755)
    try scratch.run("commit", "-q", "-m", "Two", "a.txt")
    let environment = try scratch.folder.read("hook.env")
    #expect(environment.contains("GIT_INDEX_FILE="))
    let head = try #require(try Repository(at: scratch.path).resolve("HEAD~1"))
    let inHook = try Repository(at: scratch.path, environment: ["GIT_INDEX_FILE": scratch.folder.path("hook.index")])
    #expect(try inHook.stagedChanges(since: head).map(\.path) == ["a.txt"])
    let outside = try Repository(at: scratch.path)
    #expect(try outside.stagedChanges(since: head).map(\.path) == ["a.txt", "b.txt"])
  }

  @Test func readsObjectsInThePushQuarantine() throws {
    let server = try ScratchRepository("--bare")
    let client = try ScratchRepository()
    try client.write("a.txt", "x")
    let id = try client.commitAll("One")
    // The hook keeps a copy of the quarantine, whose name only git's environment tells, and refuses the push.
    let hook = """
      #!/bin/sh
      echo "$GIT_OBJECT_DIRECTORY" > ../quarantine.name
      echo "$GIT_ALTERNATE_OBJECT_DIRECTORIES" > ../alternates
      cp -r "$GIT_OBJECT_DIRECTORY" ../quarantine
      exit 1
      """
    try server.folder.write("repository/hooks/pre-receive", bytes: Array(hook.utf8), mode: 0o755)
    #expect(try client.attempt("push", "-q", server.path, "main").status != 0)
    let commit = try #require(ObjectID(hex: id))
    #expect(try Repository(at: server.path).has(commit) == false)
    let environment = [
      "GIT_DIR": ".", "GIT_OBJECT_DIRECTORY": "../quarantine",
      "GIT_ALTERNATE_OBJECT_DIRECTORIES": try server.folder.read("alternates").split(separator: "\n").joined(),
    ]
    let repository = try Repository(at: server.path, environment: environment)
    #expect(try repository.commit(commit).subject == "One")
    let tree = try repository.files(in: commit)
    #expect(try tree.reader().contents(of: tree.entries[0]) == Array("x".utf8))
  }

  @Test func stopsSearchingAtACeiling() throws {
    let scratch = try ScratchRepository()
    try scratch.write("a/b/c", "x")
    let environment = ["GIT_CEILING_DIRECTORIES": scratch.path + "/a"]
    #expect(
      try failure { _ = try Repository(at: scratch.path + "/a/b", environment: environment) }.code == .noRepository)
  }

  @Test func refusesWhatItCannotObey() throws {
    let scratch = try ScratchRepository()
    let environment = ["GIT_COMMON_DIR": scratch.path]
    #expect(try failure { _ = try Repository(at: scratch.path, environment: environment) }.code == .invalidInput)
  }
}

/// The error that the body throws.
func failure(_ body: () throws -> Void, location: SourceLocation = #_sourceLocation) throws -> GitError {
  do {
    try body()
  } catch let error as GitError {
    return error
  }
  Issue.record("nothing was thrown", sourceLocation: location)
  return GitError(.other, "see any error")
}
