private import Glibc

/// What a program did: its exit status and what it wrote.
package struct ProgramResult: Sendable {
  /// The exit status; 128 + the signal's number where a signal ended it, as a shell counts.
  package let status: Int32
  /// The bytes of its standard output.
  package let outputBytes: [UInt8]
  /// The bytes of its standard error.
  package let errorBytes: [UInt8]

  /// Standard output as text.
  package var output: String { String(decoding: outputBytes, as: UTF8.self) }
  /// Standard error as text.
  package var error: String { String(decoding: errorBytes, as: UTF8.self) }
  /// Standard output without white space at its ends.
  package var line: String {
    let space: (Character) -> Bool = { $0.isWhitespace }
    let tail = output.drop(while: space)
    return String(tail.prefix(tail.reversed().drop(while: space).count))
  }
}

/// Why a program could not be run at all, or that it ran too long.
package struct ProgramError: Error, CustomStringConvertible {
  /// What went wrong, with the program's name.
  package let description: String
}

/// A small environment that depends on nothing of the person who runs the tests: `PATH`, an empty `HOME`, `C` texts, UTC.
package func scrubbedEnvironment(home: String = "/nonexistent") -> [String: String] {
  let path = getenv("PATH").map { String(cString: $0) } ?? "/usr/bin:/bin"
  return ["PATH": path, "HOME": home, "LC_ALL": "C.UTF-8", "TZ": "UTC", "GIT_CONFIG_NOSYSTEM": "1"]
}

/// Runs a program (found in `PATH` unless it has a slash) to its end. The environment is exactly the given one. A program that
/// runs longer than `seconds` is killed and an error is thrown. Standard input is a file that holds `input`.
@discardableResult
package func runProgram(
  _ program: String,
  _ arguments: [String] = [],
  environment: [String: String] = scrubbedEnvironment(),
  in folder: String? = nil,
  input: [UInt8] = [],
  seconds: Int = 300
) throws -> ProgramResult {
  // Files in memory instead of pipes: nothing can block, whatever the program reads or writes first.
  let streams = try (memoryFile(), memoryFile(), memoryFile())
  defer { for file in [streams.0, streams.1, streams.2] { close(file) } }
  try write(input, to: streams.0)
  var actions = posix_spawn_file_actions_t()
  posix_spawn_file_actions_init(&actions)
  defer { posix_spawn_file_actions_destroy(&actions) }
  posix_spawn_file_actions_adddup2(&actions, streams.0, 0)
  posix_spawn_file_actions_adddup2(&actions, streams.1, 1)
  posix_spawn_file_actions_adddup2(&actions, streams.2, 2)
  let variables = environment.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
  // The folder is entered by `env`: glibc shows its own way to do that only to GNU C.
  let command = (folder.map { ["env", "--chdir=\($0)"] } ?? []) + [program] + arguments
  var child: pid_t = 0
  let failure = withCStrings(command) { argv in
    withCStrings(variables) { posix_spawnp(&child, command[0], &actions, nil, argv, $0) }
  }
  guard failure == 0 else {
    throw ProgramError(description: "cannot run '\(program)': \(String(cString: strerror(failure)))")
  }
  let status = try wait(for: child, program, seconds)
  return ProgramResult(status: status, outputBytes: contents(of: streams.1), errorBytes: contents(of: streams.2))
}

private func wait(for child: pid_t, _ program: String, _ seconds: Int) throws -> Int32 {
  var (status, slept, pause): (Int32, Int, UInt32) = (0, 0, 100)
  while true {
    let ended = waitpid(child, &status, WNOHANG)
    if ended == child { break }
    if ended < 0 && errno != EINTR { throw ProgramError(description: "lost sight of '\(program)'") }
    if slept > seconds * 1_000_000 {
      kill(child, SIGKILL)
      waitpid(child, &status, 0)
      throw ProgramError(description: "'\(program)' ran longer than \(seconds) seconds")
    }
    usleep(pause)
    slept += Int(pause)
    pause = min(pause * 2, 5000)
  }
  let signal = status & 0x7F
  return signal == 0 ? (status >> 8) & 0xFF : 128 + signal
}

private func memoryFile() throws -> Int32 {
  for folder in ["/dev/shm", "/tmp"] {
    let name = "\(folder)/muster-test-\(getpid())-\(UInt64.random(in: .min ... .max))"
    let descriptor = open(name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    if descriptor < 0 { continue }
    unlink(name)
    return descriptor
  }
  throw ProgramError(description: "cannot make a temporary file")
}

private func write(_ bytes: [UInt8], to descriptor: Int32) throws {
  var done = 0
  try bytes.withUnsafeBytes { buffer in
    while done < buffer.count {
      let count = Glibc.write(descriptor, buffer.baseAddress?.advanced(by: done), buffer.count - done)
      guard count > 0 else { throw ProgramError(description: "cannot write a temporary file") }
      done += count
    }
  }
  lseek(descriptor, 0, SEEK_SET)
}

private func contents(of descriptor: Int32) -> [UInt8] {
  let size = Int(lseek(descriptor, 0, SEEK_END))
  guard size > 0 else { return [] }
  return [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
    while count < size {
      let got = pread(descriptor, buffer.baseAddress?.advanced(by: count), size - count, off_t(count))
      if got <= 0 { break }
      count += got
    }
  }
}

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
