extension ScratchEstate {
  /// Makes `repository`, committed, checked out and synced, with `exports` and `logs` beside it.
  func writeRepository(in scratch: ScratchFolder) throws(BenchmarkError) {
    try writeExports(in: scratch)
    try writeLogs(events: identities * 3, in: scratch)
    try scratch.write("history", history)
    let repository = scratch.path("repository")
    try Program("git").expect(["init", "--quiet", "--initial-branch=main", repository])
    let git = Program("git", "-C", repository)
    try git.expect(["fast-import", "--quiet"], input: scratch.path("history"))
    try git.expect(["reset", "--quiet", "--hard", "main"])
    try Program.muster.expect(["-C", repository, "sync"])
  }

  func writeExports(in scratch: ScratchFolder) throws(BenchmarkError) {
    try scratch.makeFolder("exports")
    for number in 0..<accounts {
      try scratch.write("exports/\(account(number)).2026-11-20T060000Z.json", export(of: number))
    }
  }

  func writeLogs(events: Int, in scratch: ScratchFolder) throws(BenchmarkError) {
    try scratch.makeFolder("logs")
    for start in stride(from: 0, to: events, by: 5000) {
      let records = (start..<min(events, start + 5000)).map { event($0) }
      let text = "{\"Records\":[\(records.joined(separator: ","))]}"
      try scratch.write("logs/trail-\(100_000 + start / 5000).json", Array(text.utf8))
    }
  }

  /// The one commit, as `git fast-import` reads it: packed, as a clone is.
  private var history: [UInt8] {
    var stream: [UInt8] = []
    func add(_ text: String) { stream += text.utf8 }
    add("commit refs/heads/main\ncommitter Ana <ana@acme.example> 1785585600 +0000\ndata 5\nStart\n")
    func add(_ path: String, _ text: String) {
      add("M 100644 inline \(path)\ndata \(text.utf8.count)\n")
      add(text + "\n")
    }
    add("muster.yaml", configuration)
    add("owners.yaml", owners)
    for number in 0..<declarations { add(path(of: number), declaration(number)) }
    return stream
  }
}
