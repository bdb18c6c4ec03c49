import Base

extension Benchmark {
  static let check = Benchmark(
    name: "check", arguments: "[--identities N] [--declarations N] [--runs N]",
    summary: "`muster check`, everything, all built-in policies"
  ) { (arguments) throws(BenchmarkError) in
    let identities = try number("identities", in: arguments, else: 100_000)
    let declarations = try number("declarations", in: arguments, else: min(identities, 10_000))
    let runs = try number("runs", in: arguments, else: 3)
    let scratch = try ScratchFolder()
    let estate = ScratchEstate(identities: identities, declarations: declarations)
    try estate.writeRepository(in: scratch)
    let repository = scratch.path("repository")
    var check = Runs()
    var output: [UInt8] = []
    for _ in 0..<runs {
      let run = try Program.muster.expect(
        ["-C", repository, "check", "--as-of", ScratchEstate.now, "-o", "concise"], orStatus: 1)
      check.add(run)
      output = run.output
    }
    say("size", "\(estate.identities) identities, \(estate.declarations) declarations")
    say("check", check.description)
    say("memory", "\(check.peakMemory) MiB at most")
    say("sha256", "\(SHA256Digest(of: output).hex) of \(output.split(separator: 0x0A).count) lines")
    sayLoad()
  } standard: { (quick, _) throws(BenchmarkError) in
    quick ? ["--identities", "500", "--runs", "1"] : []
  }
}
