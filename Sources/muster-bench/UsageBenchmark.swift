import Base
private import CSimdjson
import Model
import Usage

extension Benchmark {
  static let usage = Benchmark(
    name: "usage", arguments: "[DIR] [--size MEGABYTES] [--threads N] [--output FILE] [--no-limit]",
    summary:
      "CloudTrail logs → rollup, reading and digests included, against a bare simdjson projection of the same fields"
  ) { (arguments) throws(BenchmarkError) in
    let options = try UsageOptions(arguments)
    if options.folder == nil {
      try inTemporaryFolder { (folder) throws(BenchmarkError) in
        var generator = CloudTrailGenerator()
        try measure(
          unwrapping { () throws(FileError) in
            try generator.write(bytes: options.megabytes * 1_000_000, into: folder)
          }, options)
      }
    } else {
      try measure(options.files(), options)
    }
  } standard: { (quick, _) throws(BenchmarkError) in
    ["--size", quick ? "8" : "256"]
  }
}

private struct UsageOptions {
  var folder: String?
  var output: String?
  var megabytes = 256
  var threads = 1
  var withLimit = true

  init(_ arguments: [String]) throws(BenchmarkError) {
    var rest = arguments[...]
    while let argument = rest.popFirst() {
      switch argument {
      case "--threads": threads = try Self.number(rest.popFirst(), after: argument)
      case "--size": megabytes = try Self.number(rest.popFirst(), after: argument)
      case "--output": output = rest.popFirst()
      case "--no-limit": withLimit = false
      default:
        if argument.hasPrefix("-") { throw BenchmarkError(message: "unknown option '\(argument)'") }
        folder = argument
      }
    }
  }

  private static func number(_ text: String?, after option: String) throws(BenchmarkError) -> Int {
    guard let number = text.flatMap({ Int($0) }), number > 0 else {
      throw BenchmarkError(message: "\(option) needs a number")
    }
    return number
  }

  /// The logs in the folder; `truth.json` is what generators leave beside them.
  func files() throws(BenchmarkError) -> [String] {
    let all = try unwrapping { () throws(FileError) in try FileSystem.files(at: folder ?? ".") }
    return all.filter { !$0.hasSuffix("/truth.json") }
  }
}

private func measure(_ files: [String], _ options: UsageOptions) throws(BenchmarkError) {
  var result: UsageResult?
  let rollup = try Measurement.of { () throws(BenchmarkError) in
    result = readUsage(UsageSource(name: "bench"), files: files, threads: options.threads)
  }
  guard let result else { return }
  let coverage = result.coverage
  let stored = coverage.inputs.reduce(UInt64(0)) { $0 + $1.bytes }
  print("input       \(files.count) files, \(stored) bytes, \(coverage.records) records")
  print("fates       \(coverage.used) used, \(coverage.duplicate) duplicate, \(coverage.unreadable) unreadable")
  print("identities  \(result.facts.count)")
  print("rollup      \(rollup.rates(stored)), \(options.threads) thread(s)")
  print("memory      \(Measurement.peakMemory) MiB at most")
  print("sha256      \(SHA256Digest(of: result.canonicalBytes).hex)")
  for diagnostic in result.diagnostics.prefix(5) { print("            \(diagnostic)") }
  if let output = options.output {
    try unwrapping { () throws(FileError) in try FileSystem.write(result.canonicalBytes, to: output) }
  }
  if options.withLimit {
    let limit = try projection(files)
    print("limit       \(limit.rates(stored)): simdjson alone")
    print("ratio       \(shown(100 * rollup.rate(stored) / limit.rate(stored))) % of processor time")
  }
}

/// simdjson alone, reading included.
private func projection(_ files: [String]) throws(BenchmarkError) -> Measurement {
  let projection = muster_projection_open()
  defer { muster_projection_close(projection) }
  var (records, bytes) = (Int64(0), UInt64(0))
  return try Measurement.of { () throws(BenchmarkError) in
    for file in files {
      let text = try unwrapping { () throws(FileError) in try FileSystem.read(file, padding: 64) }
      records += muster_projection_run(projection, text, text.count - 64, &bytes)
    }
  }
}
