/// One row of the table: what is measured, by which command.
struct Benchmark: Sendable {
  let name: String
  /// The arguments after the name.
  let arguments: String
  let summary: String
  let run: @Sendable ([String]) throws(BenchmarkError) -> Void
  /// The arguments with which it runs among all rows; `quick` asks for seconds instead of the sizes of the budgets.
  let standard: @Sendable (_ quick: Bool, _ scratch: ScratchFolder) throws(BenchmarkError) -> [String]

  /// All of them. One file a benchmark. Those that start programs come first: a program's peak memory counts what its parent held.
  static let all: [Benchmark] = [.start, .staged, .check, .usage, .expressions]
}

/// Why nothing could be measured.
struct BenchmarkError: Error {
  let message: String
}

/// The value of `--name N` among arguments, else the other.
func number(_ name: String, in arguments: [String], else other: Int) throws(BenchmarkError) -> Int {
  guard let at = arguments.firstIndex(of: "--\(name)") else { return other }
  guard at + 1 < arguments.count, let value = Int(arguments[at + 1]), value > 0 else {
    throw BenchmarkError(message: "--\(name) needs a number")
  }
  return value
}
