import Base

extension Benchmark {
  static let staged = Benchmark(
    name: "staged", arguments: "[--declarations N] [--runs N]",
    summary: "`muster check --staged` after one declaration changed, against `git status` in the same repository"
  ) { (arguments) throws(BenchmarkError) in
    let count = try number("declarations", in: arguments, else: 10_000)
    let runs = try number("runs", in: arguments, else: 20)
    let scratch = try ScratchFolder()
    try measureStaged(ScratchEstate(identities: count, declarations: count), runs: runs, in: scratch)
  } standard: { (quick, _) throws(BenchmarkError) in
    quick ? ["--declarations", "300", "--runs", "5"] : []
  }
}

private func measureStaged(_ estate: ScratchEstate, runs: Int, in scratch: ScratchFolder) throws(BenchmarkError) {
  try estate.writeRepository(in: scratch)
  let repository = scratch.path("repository")
  let changed = estate.declarations / 2
  try scratch.write(
    "repository/\(estate.path(of: changed))", Array(estate.declaration(changed, isWidened: true).utf8))
  let git = Program("git", "-C", repository)
  try git.expect(["add", "--all"])
  var (check, status) = (Runs(), Runs())
  var output: [UInt8] = []
  for _ in 0..<runs {
    let run = try Program.muster.expect(
      ["-C", repository, "check", "--staged", "--as-of", ScratchEstate.now, "-o", "concise"], orStatus: 1)
    check.add(run)
    output = run.output
    status.add(try git.expect(["status", "--short"]))
  }
  say("size", "\(estate.declarations) declarations, \(estate.identities) identities")
  say("check", check.description)
  say("git status", status.description)
  say("ratio", "\(shown(Runs.median(check.wall) / Runs.median(status.wall))) of git status")
  say("memory", "\(check.peakMemory) MiB at most")
  say("sha256", SHA256Digest(of: output).hex)
  sayLoad()
}
