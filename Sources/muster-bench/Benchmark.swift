/// One row of the table: what is measured, by which command.
struct Benchmark: Sendable {
  let name: String
  /// The arguments after the name.
  let arguments: String
  let summary: String
  let run: @Sendable ([String]) throws(BenchmarkError) -> Void

  /// All of them. One file a benchmark.
  static let all: [Benchmark] = [.usage]
}

/// Why nothing could be measured.
struct BenchmarkError: Error {
  let message: String
}
