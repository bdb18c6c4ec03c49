extension Benchmark {
  static let start = Benchmark(
    name: "start", arguments: "[--runs N]", summary: "`muster --version` from start to end, against /bin/true"
  ) { (arguments) throws(BenchmarkError) in
    let count = try number("runs", in: arguments, else: 200)
    var (muster, limit) = (Runs(), Runs())
    for _ in 0..<count {
      muster.add(try Program.muster.expect(["--version"]))
      limit.add(try Program("/bin/true").expect([]))
    }
    say("program", Program.muster.words.joined(separator: " "))
    say("muster", muster.description)
    say("/bin/true", limit.description)
    say("memory", "\(muster.peakMemory) MiB at most")
    sayLoad()
  } standard: { (quick, _) throws(BenchmarkError) in
    ["--runs", quick ? "10" : "200"]
  }
}
