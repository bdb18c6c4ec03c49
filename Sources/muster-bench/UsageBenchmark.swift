import Base
private import CSimdjson
private import Glibc
import Model
import Usage

extension Benchmark {
  static let usage = Benchmark(
    name: "usage", arguments: "[DIR] [--threads N] [--no-limit] [--output FILE]",
    summary: "CloudTrail logs → rollup, whole process, against a bare simdjson projection of the same fields"
  ) { (arguments) throws(BenchmarkError) in
    var (folder, output, threads, withLimit) = (String?.none, String?.none, 1, true)
    var rest = arguments[...]
    while let argument = rest.popFirst() {
      if argument == "--threads" {
        threads = rest.popFirst().flatMap { Int($0) } ?? 1
      } else if argument == "--output" {
        output = rest.popFirst()
      } else if argument == "--no-limit" {
        withLimit = false
      } else {
        folder = argument
      }
    }
    guard let folder else { throw BenchmarkError(message: "a folder") }
    try measure(folder, threads: threads, withLimit: withLimit, output: output)
  } standard: { (quick, scratch) throws(BenchmarkError) in
    let estate = ScratchEstate(identities: quick ? 100 : 400, declarations: quick ? 100 : 400)
    try estate.writeLogs(events: quick ? 5000 : 400_000, in: scratch)
    return [scratch.path("logs")]
  }
}

private func measure(_ folder: String, threads: Int, withLimit: Bool, output: String?) throws(BenchmarkError) {
  var files: [String] = []
  do throws(FileError) {
    files = try FileSystem.files(at: folder).filter { !$0.hasSuffix("truth.json") }
  } catch {
    throw BenchmarkError(message: error.description)
  }
  var result: UsageResult?
  let rollup = try Measurement.of { () throws(BenchmarkError) in
    result = readUsage(UsageSource(name: "bench"), files: files, threads: threads)
  }
  guard let result else { return }
  let stored = result.coverage.inputs.reduce(UInt64(0)) { $0 + $1.bytes }
  print("files       \(files.count), \(stored) bytes, \(result.coverage.records) records")
  print(
    "used        \(result.coverage.used), duplicate \(result.coverage.duplicate), unreadable \(result.coverage.unreadable)"
  )
  print("identities  \(result.facts.count)")
  print(
    "rollup      \(shown(rollup.rate(stored))) MB/s of processor time, \(shown(rollup.wallRate(stored))) of wall time, \(threads) thread(s)"
  )
  print("memory      \(Measurement.peakMemory) MiB at most")
  print("sha256      \(SHA256Digest(of: result.canonicalBytes).hex)")
  if let output { try write(result.canonicalBytes, to: output) }
  for diagnostic in result.diagnostics.prefix(5) { print("            \(diagnostic)") }
  if withLimit {
    let limit = try projection(files)
    let ratio = rollup.rate(stored) / limit.rate(stored)
    print("limit       \(shown(limit.rate(stored))) MB/s of processor time; the rollup reaches \(shown(ratio * 100)) %")
  }
}

private func write(_ bytes: [UInt8], to path: String) throws(BenchmarkError) {
  do throws(FileError) {
    try FileSystem.write(bytes, to: path)
  } catch {
    throw BenchmarkError(message: error.description)
  }
}

/// simdjson alone, reading included.
private func projection(_ files: [String]) throws(BenchmarkError) -> Measurement {
  let projection = muster_projection_open()
  defer { muster_projection_close(projection) }
  var (records, bytes) = (Int64(0), UInt64(0))
  return try Measurement.of { () throws(BenchmarkError) in
    for file in files {
      do throws(FileError) {
        let text = try FileSystem.read(file, padding: 64)
        records += muster_projection_run(projection, text, text.count - 64, &bytes)
      } catch {
        throw BenchmarkError(message: error.description)
      }
    }
  }
}
