import Base
private import Glibc

/// What a piece of work took.
struct Measurement {
  var wall: Double
  /// User and system time of all threads.
  var processor: Double

  /// Millions of bytes a second of processor time: what one core does, also on a machine that others use.
  func rate(_ bytes: UInt64) -> Double { Double(bytes) / processor / 1e6 }

  /// Millions of bytes a second of wall time.
  func wallRate(_ bytes: UInt64) -> Double { Double(bytes) / wall / 1e6 }

  /// Both, as text.
  func rates(_ bytes: UInt64) -> String {
    "\(shown(rate(bytes))) MB/s of processor time, \(shown(wallRate(bytes))) of wall time"
  }

  static func of(_ work: () throws(BenchmarkError) -> Void) throws(BenchmarkError) -> Measurement {
    let (wall, processor) = (now(CLOCK_MONOTONIC), now(CLOCK_PROCESS_CPUTIME_ID))
    try work()
    return Measurement(wall: now(CLOCK_MONOTONIC) - wall, processor: now(CLOCK_PROCESS_CPUTIME_ID) - processor)
  }

  /// The clock on the wall, in seconds from some instant.
  static func now() -> Double { now(CLOCK_MONOTONIC) }

  private static func now(_ clock: clockid_t) -> Double {
    var time = timespec()
    clock_gettime(clock, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }

  /// The most memory that the process ever held, in MiB.
  static var peakMemory: Int {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return usage.ru_maxrss / 1024
  }
}

/// The number with one digit after the point.
func shown(_ value: Double) -> String {
  let tenths = Int((value * 10).rounded())
  return "\(tenths / 10).\(tenths % 10)"
}

/// Seconds as milliseconds with one digit after the point.
func milliseconds(_ seconds: Double) -> String { "\(shown(seconds * 1000)) ms" }

/// Several runs of one thing: the median, and the best, which is what the machine does when nobody else uses it.
struct Runs {
  private(set) var wall: [Double] = []
  private(set) var processor: [Double] = []
  private(set) var peakMemory = 0

  mutating func add(_ run: ProgramRun) {
    wall.append(run.wall)
    processor.append(run.processor)
    peakMemory = max(peakMemory, run.peakMemory)
  }

  /// What the machine does when nobody else uses it.
  var leastProcessor: Double { processor.min() ?? .infinity }
  var leastWall: Double { wall.min() ?? .infinity }

  static func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }

  var description: String {
    let best = wall.min() ?? 0
    return
      "\(milliseconds(Runs.median(wall))) (best \(milliseconds(best)), processor \(milliseconds(Runs.median(processor))))"
  }
}

/// One line of a row.
func say(_ label: String, _ text: String) {
  print(label + String(repeating: " ", count: max(1, 12 - label.count)) + text)
}

/// What else the machine did meanwhile.
func sayLoad() {
  var loads = [0.0, 0.0, 0.0]
  getloadavg(&loads, 3)
  say("load", "\(shown(loads[0])) on \(sysconf(Int32(_SC_NPROCESSORS_ONLN))) cores")
}

/// Turns the room's error into the program's.
func unwrapping<Result>(_ work: () throws(FileError) -> Result) throws(BenchmarkError) -> Result {
  do throws(FileError) {
    return try work()
  } catch {
    throw BenchmarkError(message: error.description)
  }
}

/// A folder below `TMPDIR`, else `/tmp`, that is gone afterwards with the files in it.
func inTemporaryFolder(_ work: (String) throws(BenchmarkError) -> Void) throws(BenchmarkError) {
  let base = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
  let folder = "\(base)/muster-bench-\(getpid())"
  try unwrapping { () throws(FileError) in try FileSystem.makeFolder(folder) }
  defer {
    for name in (try? FileSystem.names(in: folder)) ?? [] { unlink("\(folder)/\(name)") }
    rmdir(folder)
  }
  try work(folder)
}
