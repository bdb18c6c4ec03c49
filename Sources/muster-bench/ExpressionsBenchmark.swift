import Base

extension Benchmark {
  static let expressions = Benchmark(
    name: "expressions", arguments: "[--subjects N] [--runs N]",
    summary: "policy conditions over many subjects, against the same in Swift by hand and in two evaluators from PyPI"
  ) { (arguments) throws(BenchmarkError) in
    let count = try number("subjects", in: arguments, else: 100_000)
    let runs = try number("runs", in: arguments, else: 5)
    let subjects = ExpressionSubject.estate(count)
    var table = try ExpressionTable(subjects, runs: runs)
    let hasPeers = try table.measurePeers(subjects, runs: runs)
    print(ExpressionTable.header)
    for row in table.rows { print(row.text) }
    say("size", "\(table.rows.count) conditions over \(count) subjects, cel-python over the first \(table.pythonCount)")
    if hasPeers {
      say("~", "has a function that the peers lack: they are asked the same in words they know")
    } else {
      say("peers", "not measured: Tests/install.sh peers installs them")
    }
    say("worst", table.summary)
    say("sha256", SHA256Digest(of: table.rows.flatMap(\.answers)).hex)
    sayLoad()
    if table.rows.contains(where: { !$0.others.isEmpty }) {
      throw BenchmarkError(message: "not everyone has the same answers")
    }
  } standard: { (quick, _) throws(BenchmarkError) in
    quick ? ["--subjects", "2000", "--runs", "2"] : []
  }
}
