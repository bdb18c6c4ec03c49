import TestSupport
import Testing

@testable import Git

@Suite struct HistoryTests {
  /// `git diff-tree -z --raw` and the like as changes in one line each.
  static func shown(_ changes: [FileChange]) -> [String] {
    changes.map { "\($0.before?.id.hex ?? "-") \($0.after?.id.hex ?? "-") \($0.path)" }
  }

  static func parsed(_ raw: String) -> [String] {
    let fields = raw.split(separator: "\0", omittingEmptySubsequences: true).map(String.init)
    return stride(from: 0, to: fields.count - 1, by: 2).map { at in
      let words = fields[at].split(separator: " ")
      let ids = words[2...3].map { $0.allSatisfy { $0 == "0" } ? "-" : String($0) }
      return "\(ids[0]) \(ids[1]) \(fields[at + 1])"
    }
  }

  /// A random edit of a work tree whose names try what sorting can get wrong.
  static func edit(_ scratch: ScratchRepository, _ generator: inout some RandomNumberGenerator) throws {
    let names = ["a", "a.b", "a-b", "a0", "b", "c/a", "c/a.b", "d/e/f", "é", "z z"]
    for _ in 0..<Int.random(in: 1...4, using: &generator) {
      let name = names.randomElement(using: &generator) ?? "a"
      let inside = Bool.random(using: &generator) ? "\(name)/\(names.randomElement(using: &generator) ?? "b")" : name
      scratch.folder.remove("repository/\(name)")
      if Int.random(in: 0..<4, using: &generator) > 0 {
        // A part of the path may be a file from an earlier edit.
        let top = String(inside.prefix { $0 != "/" })
        if try runProgram("test", ["-f", scratch.path + "/" + top]).status == 0 {
          scratch.folder.remove("repository/\(top)")
        }
        if (try? scratch.write(inside, "\(Int.random(in: 0...99, using: &generator))")) == nil { continue }
      }
    }
  }

  @Test(arguments: 0..<4)
  func seesTheChangesThatGitSees(_ round: Int) throws {
    var generator = SystemRandomNumberGenerator()
    let scratch = try ScratchRepository()
    try scratch.commitAll("Start")
    for _ in 0..<12 {
      try Self.edit(scratch, &generator)
      try scratch.run("add", "--all")
      let repository = try Repository(at: scratch.path)
      let head = try repository.require("HEAD")
      let staged = try repository.stagedChanges(since: head)
      let expected = try scratch.run("diff-index", "--cached", "--raw", "-z", "--no-abbrev", "--no-renames", "HEAD")
      #expect(Self.shown(staged) == Self.parsed(expected))
      try scratch.commitAll("Next")
      let next = try Repository(at: scratch.path)
      let tip = try next.require("HEAD")
      #expect(try next.changes(from: head, to: tip) == staged)
      let below = try next.changes(from: head, to: tip, below: ["a", "c/", "z z"])
      let limited = try scratch.run(
        "diff-tree", "-r", "--raw", "-z", "--no-abbrev", "--no-renames", head.hex, tip.hex, "--", "a", "c", "z z")
      #expect(Self.shown(below) == Self.parsed(limited))
      #expect(try next.stagedChanges(since: head, below: ["a", "c/", "z z"]) == below)
      #expect(try next.stagedChanges(since: tip).isEmpty && next.changes(from: tip, to: tip).isEmpty)
      let all = try next.files(in: tip).entries
      #expect(try next.changes(from: nil, to: tip).map(\.path) == all.map(\.path))
      #expect(try next.stagedChanges(since: nil).map(\.path) == all.map(\.path))
      let listed = try scratch.run("ls-tree", "-r", "--name-only", "-z", "HEAD").split(separator: "\0")
      #expect(all.map(\.path) == listed.map(String.init))
      #expect(try next.workTreeFiles().entries.map(\.path) == all.map(\.path))
    }
  }

  @Test func seesAChangeOfModeOnly() throws {
    let scratch = try ScratchRepository()
    try scratch.write("a", "x")
    try scratch.commitAll("One")
    try scratch.run("update-index", "--chmod=+x", "a")
    let repository = try Repository(at: scratch.path)
    let change = try #require(try repository.stagedChanges(since: repository.require("HEAD")).first)
    #expect(change.before?.kind == .file && change.after?.kind == .executable && change.before?.id == change.after?.id)
  }

  @Test func tellsTheHistoryOfSomePaths() throws {
    let scratch = try ScratchRepository()
    try scratch.write("identities/a", "1")
    let one = try scratch.commitAll("One")
    try scratch.write("other", "1")
    try scratch.commitAll("Elsewhere")
    try scratch.write("identities/a", "2")
    try scratch.write("identities/b", "1")
    let two = try scratch.commitAll("Two")
    let repository = try Repository(at: scratch.path)
    let head = try repository.require("HEAD")
    var steps: [String] = []
    try repository.history(from: head, touching: ["identities"]) { step in
      steps.append("\(step.commit) \(step.parents.count) \(step.changes.map(\.path).joined(separator: ","))")
    }
    #expect(steps == ["\(one) 0 identities/a", "\(two) 1 identities/a,identities/b"])
    var newest: [String] = []
    try repository.history(from: head, touching: ["identities"], order: .newestFirst) { newest.append($0.commit.hex) }
    #expect(newest == [two, one])
    struct Enough: Error {}
    #expect(throws: GitError.self) {
      try Repository(at: scratch.path).history(from: head) { _ throws(GitError) in throw GitError(.other, "go on") }
    }
  }

  @Test func tellsWhatAMergeItselfBroughtIn() throws {
    let scratch = try ScratchRepository()
    try scratch.write("a", "base")
    try scratch.write("b", "base")
    try scratch.commitAll("Base")
    try scratch.run("switch", "-q", "-c", "side")
    try scratch.write("a", "side")
    try scratch.commitAll("Side")
    try scratch.run("switch", "-q", "main")
    try scratch.write("b", "main")
    try scratch.commitAll("Main")
    try scratch.run("merge", "-q", "--no-commit", "side")
    try scratch.write("c", "smuggled in")
    let merge = try scratch.commitAll("Merge")
    let repository = try Repository(at: scratch.path)
    var changes: [String: [String]] = [:]
    try repository.history(from: repository.require("HEAD")) { changes[$0.commit.hex] = $0.changes.map(\.path) }
    #expect(changes[merge] == ["c"])
    #expect(changes.count == 4)
    // A merge that took both sides as they were is no step.
    try scratch.run("switch", "-q", "-c", "clean", "HEAD^1")
    try scratch.run("merge", "-q", "--no-ff", "-m", "Clean", "side")
    let again = try Repository(at: scratch.path)
    var count = 0
    try again.history(from: again.require("HEAD")) { _ in count += 1 }
    #expect(count == 3)
  }

  @Test func ordersByParentsThenTimeThenName() throws {
    let scratch = try ScratchRepository()
    var generator = SystemRandomNumberGenerator()
    // A random graph with clocks that lie.
    var script = ""
    for commit in 1...60 {
      let time = 1_700_000_000 + Int.random(in: 0...40, using: &generator)
      script += "commit refs/heads/main\nmark :\(commit)\ncommitter A <a@x> \(time) +0000\ndata 1\nx\n"
      if commit > 1 {
        script += "from :\(Int.random(in: max(1, commit - 5)..<commit, using: &generator))\n"
        if commit > 3 { script += "merge :\(Int.random(in: 1..<commit, using: &generator))\n" }
      }
      script += "M 100644 inline f\(commit)\ndata 1\n\(commit % 10)\n"
    }
    try scratch.run(["fast-import", "--quiet", "--force"], input: Array(script.utf8))
    let repository = try Repository(at: scratch.path)
    let head = try repository.require("main")
    let order = try repository.commits(from: head).map(\.hex)
    let listed = try scratch.run("rev-list", "main").split(separator: "\n").map(String.init)
    #expect(order.sorted() == listed.sorted())
    #expect(try repository.commits(from: head, order: .newestFirst).map(\.hex) == order.reversed())
    var seen: Set<ObjectID> = []
    for id in try repository.commits(from: head) {
      #expect(try repository.commit(id).parents.allSatisfy { seen.contains($0) })
      seen.insert(id)
    }
    let excluded = try repository.require("main~2")
    let some = try repository.commits(from: head, excluding: [excluded]).map(\.hex)
    // Not `rev-list main ^main~2`, which trusts the clocks.
    let left = Set(try scratch.run("rev-list", "main~2").split(separator: "\n").map(String.init))
    #expect(some.sorted() == listed.filter { !left.contains($0) }.sorted())
    #expect(try repository.commits(from: head, excluding: [head]).isEmpty)
  }
}
