import TestSupport
import Testing

@testable import Git

@Suite struct WorkTreeCommitTests {
  let draft = CommitDraft(message: "Decide", author: ana)

  func commit(at path: String, _ files: [String: String?]) throws -> ObjectID? {
    let repository = try Repository(at: path)
    let edits = files.mapValues { text -> FileEdit in text.map { .write(Array($0.utf8)) } ?? .delete }
    return try repository.commitInWorkTree(draft, files: edits)
  }

  @Test func commitsOnlyTheGivenFiles() throws {
    let scratch = try ScratchRepository()
    for name in ["reviews/a.md", "staged.txt", "edited.txt", "gone.md"] { try scratch.write(name, "one") }
    try scratch.commitAll("One")
    try scratch.write("staged.txt", "two")
    try scratch.run("add", "staged.txt")
    try scratch.write("staged.txt", "three")
    try scratch.write("edited.txt", "two")
    try scratch.write("new.txt", "untracked")
    let before = try scratch.run("status", "--porcelain")
    let id = try #require(
      try commit(at: scratch.path, ["reviews/a.md": "decided", "reviews/n/b.md": "new", "gone.md": nil]))
    #expect(try scratch.run("rev-parse", "main") == id.hex)
    #expect(
      try scratch.run("diff-tree", "-r", "--name-status", "HEAD~1", "HEAD")
        == "D\tgone.md\nM\treviews/a.md\nA\treviews/n/b.md")
    #expect(try scratch.run("status", "--porcelain") == before)
    #expect(try scratch.run("diff", "--cached", "--name-only") == "staged.txt")
    // Without git's refreshing: the stamps in the index are right already.
    #expect(try scratch.run("diff-files", "--name-only") == "edited.txt\nstaged.txt")
    #expect(try scratch.read("reviews/a.md") == "decided" && scratch.read("reviews/n/b.md") == "new")
    #expect(!scratch.folder.has("repository/gone.md"))
    #expect(try scratch.run("reflog", "--format=%gs", "-1") == "commit: Decide")
    #expect(try scratch.run("fsck", "--strict") == "")
    #expect(try commit(at: scratch.path, ["reviews/a.md": "decided"]) == nil)
    #expect(try runProgram("ls", ["-A", scratch.path + "/.git/muster/unfinished"]).output == "")
  }

  @Test func commitsOnAnUnbornBranch() throws {
    let scratch = try ScratchRepository()
    let id = try #require(try commit(at: scratch.path, ["a/b.md": "x"]))
    #expect(try scratch.run("rev-parse", "HEAD") == id.hex)
    #expect(try scratch.run("status", "--porcelain") == "")
    #expect(try scratch.run("ls-files") == "a/b.md")
  }

  @Test func keepsExecutablesAndWorksInALinkedWorkTree() throws {
    let scratch = try ScratchRepository()
    try scratch.folder.write("repository/run.sh", bytes: [], mode: 0o755)
    try scratch.commitAll("One")
    try scratch.run("worktree", "add", "-q", "../linked", "-b", "side")
    let linked = scratch.folder.path("linked")
    let id = try #require(try commit(at: linked, ["run.sh": "#!/bin/sh\n"]))
    #expect(try scratch.run("rev-parse", "side") == id.hex)
    #expect(try scratch.run("-C", linked, "status", "--porcelain") == "")
    #expect(try scratch.run("ls-tree", "side", "run.sh").hasPrefix("100755 blob"))
    #expect(try runProgram("test", ["-x", linked + "/run.sh"]).status == 0)
    #expect(try scratch.run("-C", linked, "reflog", "-1", "--format=%gs", "HEAD") == "commit: Decide")
  }

  @Test func refusesWhereItCannotBeDoneRight() throws {
    let scratch = try ScratchRepository()
    try scratch.write("a.md", "x")
    try scratch.commitAll("One")
    try scratch.folder.link("repository/link", to: "/tmp")
    try scratch.folder.link("repository/b.md", to: "a.md")
    #expect(try failure { _ = try commit(at: scratch.path, ["link/x.md": "y"]) }.code == .file)
    #expect(try failure { _ = try commit(at: scratch.path, ["b.md": "y"]) }.code == .invalidInput)
    #expect(try scratch.read("a.md") == "x")
    try scratch.run("checkout", "-q", "--detach")
    #expect(try failure { _ = try commit(at: scratch.path, ["a.md": "y"]) }.code == .detachedHead)
    try scratch.run("switch", "-q", "main")
    try scratch.run("update-index", "--split-index")
    #expect(try failure { _ = try commit(at: scratch.path, ["a.md": "y"]) }.code == .splitIndex)
    #expect(try scratch.read("a.md") == "x")
    try scratch.run("update-index", "--no-split-index")
    try scratch.write(".git/MERGE_HEAD", try scratch.run("rev-parse", "HEAD") + "\n")
    let error = try failure { _ = try commit(at: scratch.path, ["a.md": "y"]) }
    #expect(error.code == .operationInProgress && error.message == "a merge is under way in this work tree")
    let bare = try ScratchRepository("--bare")
    #expect(try failure { _ = try commit(at: bare.path, ["a.md": "y"]) }.code == .bareRepository)
  }

  @Test func doesNotHideAnEditOfTheSameInstant() throws {
    let scratch = try ScratchRepository()
    try scratch.write("a.md", "x")
    try scratch.write("racy.txt", "one")
    try scratch.run("add", "--all")
    // Same size, same second as the index: git must still look into the file after the commit.
    try scratch.write("racy.txt", "two")
    _ = try commit(at: scratch.path, ["a.md": "y"])
    #expect(try scratch.run("diff", "--name-only") == "racy.txt")
  }

  @Test func completesAKilledRun() throws {
    // As if killed after the files, after the branch, and with its lock left behind.
    let scratch = try ScratchRepository()
    try scratch.write("a.md", "one")
    try scratch.commitAll("One")
    try scratch.write("a.md", "two")
    try scratch.write(".git/index.lock", "muster lock\n")
    try scratch.write(".git/refs/heads/main.lock", "muster lock\n")
    try scratch.write(".git/muster/unfinished/file-1-1", "left behind")
    try scratch.write(".git/muster/unfinished/file-1-2", "of a run that may go on")
    try runProgram("touch", ["-d", "2 hours ago", ".git/muster/unfinished/file-1-1"], in: scratch.path)
    let id = try #require(try commit(at: scratch.path, ["a.md": "two"]))
    #expect(try runProgram("ls", [scratch.path + "/.git/muster/unfinished"]).line == "file-1-2")
    #expect(try scratch.run("status", "--porcelain") == "")
    try scratch.run("reset", "-q", "HEAD~1", "--", "a.md")
    #expect(try scratch.run("status", "--porcelain") == "MM a.md")
    #expect(try commit(at: scratch.path, ["a.md": "two"]) == nil)
    #expect(try scratch.run("status", "--porcelain") == "")
    #expect(try scratch.run("rev-parse", "HEAD") == id.hex)
  }
}
