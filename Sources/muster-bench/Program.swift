import Base
private import Glibc

/// What one run of a program took and gave.
struct ProgramRun {
  var status: Int32
  var output: [UInt8]
  /// Seconds from before its start to after its end.
  var wall: Double
  /// User and system time of all its threads, in seconds.
  var processor: Double
  /// The most memory that it held, in MiB.
  var peakMemory: Int
}

/// A program with the words that come before its arguments.
struct Program {
  var words: [String]

  init(_ words: String...) { self.words = words }

  /// The muster program beside this one, else this one in its place.
  static var muster: Program {
    let own = ownPath
    let beside = own.split(separator: "/").dropLast().map { "/\($0)" }.joined() + "/muster"
    return access(beside, X_OK) == 0 ? Program(beside) : Program(own, "muster")
  }

  /// This program again.
  static var own: Program { Program(ownPath) }

  /// The same, its threads all on one core.
  var onOneCore: Program {
    var pinned = Program("taskset", "--cpu-list", String(sysconf(Int32(_SC_NPROCESSORS_ONLN)) - 1))
    pinned.words += words
    return pinned
  }

  /// The Python of the peers' folder, which `Tests/install.sh peers` makes in the build folder that this program lies in.
  static var peers: Program? {
    let parts = ownPath.split(separator: "/")
    guard let build = parts.lastIndex(of: ".build") else { return nil }
    let python = parts[...build].map { "/\($0)" }.joined() + "/peers/bin/python"
    return access(python, X_OK) == 0 ? Program(python) : nil
  }

  private static var ownPath: String {
    var buffer = [UInt8](repeating: 0, count: 4096)
    let count = readlink("/proc/self/exe", &buffer, buffer.count)
    return String(decoding: buffer.prefix(max(0, count)), as: UTF8.self)
  }

  /// Runs to the end. Nothing of the person's own git settings reaches it. What it writes on standard error is not kept.
  func run(_ arguments: String..., input: String = "/dev/null") throws(BenchmarkError) -> ProgramRun {
    // A file and no pipe: nothing can block, whatever the program writes.
    guard let file = tmpfile() else { throw BenchmarkError(message: "cannot make a temporary file") }
    defer { fclose(file) }
    let output = fileno(file)
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, input, O_RDONLY, 0)
    posix_spawn_file_actions_adddup2(&actions, output, 1)
    posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
    let command = words + arguments
    var child: pid_t = 0
    var (status, usage): (Int32, rusage) = (0, rusage())
    let start = Measurement.now()
    let failure = withCStrings(command) { words in
      withCStrings(Program.environment) { posix_spawnp(&child, command[0], &actions, nil, words, $0) }
    }
    guard failure == 0, wait4(child, &status, 0, &usage) == child else {
      throw BenchmarkError(message: "cannot run '\(command[0])'")
    }
    let end = Measurement.now()
    return ProgramRun(
      status: status & 0x7F == 0 ? status >> 8 & 0xFF : 128 + status & 0x7F, output: Program.contents(of: output),
      wall: end - start, processor: seconds(usage.ru_utime) + seconds(usage.ru_stime),
      peakMemory: usage.ru_maxrss / 1024)
  }

  /// As `run`; another exit status than 0 and `other` is an error.
  @discardableResult
  func expect(
    _ arguments: [String], orStatus other: Int32 = 0, input: String = "/dev/null"
  ) throws(BenchmarkError) -> ProgramRun {
    var program = self
    program.words += arguments
    let result = try program.run(input: input)
    if result.status == 0 || result.status == other { return result }
    throw BenchmarkError(
      message: "\(program.words.joined(separator: " ")) ended with \(result.status): "
        + String(decoding: result.output.prefix(2000), as: UTF8.self))
  }

  private static let environment: [String] = {
    let path = getenv("PATH").map { String(cString: $0) } ?? "/usr/bin:/bin"
    let person = ["AUTHOR", "COMMITTER"].flatMap { role in
      ["GIT_\(role)_NAME=Ana", "GIT_\(role)_EMAIL=ana@acme.example", "GIT_\(role)_DATE=2026-08-01T12:00:00Z"]
    }
    return ["PATH=\(path)", "HOME=/nonexistent", "LC_ALL=C.UTF-8", "GIT_CONFIG_NOSYSTEM=1"] + person
  }()

  private static func contents(of descriptor: Int32) -> [UInt8] {
    let size = Int(lseek(descriptor, 0, SEEK_END))
    return [UInt8](unsafeUninitializedCapacity: max(0, size)) { buffer, count in
      count = max(0, pread(descriptor, buffer.baseAddress, buffer.count, 0))
    }
  }
}

private func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }

private func withCStrings<Result>(
  _ strings: [String], _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> Result
) -> Result {
  let pointers = strings.map { strdup($0) } + [nil]
  defer { for pointer in pointers { free(pointer) } }
  return pointers.withUnsafeBufferPointer { buffer in
    guard let base = buffer.baseAddress else { preconditionFailure("the list holds at least its end") }
    return body(base)
  }
}
