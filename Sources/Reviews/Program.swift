import Base
private import Glibc

/// A program of this machine, run to its end.
struct Program {
  struct Result {
    /// The exit status; 128 and the signal's number where a signal ended it.
    var status: Int32
    var output: [UInt8]
    var errors: [UInt8]
  }

  private let name: String
  private let environment: [String: String]

  /// The program is looked for in the given environment's `PATH`.
  init(_ name: String, environment: [String: String]) {
    self.name = name
    self.environment = environment
  }

  func run(_ arguments: [String], input: [UInt8]) throws(ReviewError) -> Result {
    guard let path = find() else {
      throw ReviewError(
        .cannotSign, "the program '\(name)' is not installed", hint: "install OpenSSH's client (openssh-client)")
    }
    // Files instead of pipes: neither side can block, whatever is read or written first.
    let files = [
      try TemporaryFile(input, environment: environment), try TemporaryFile([], environment: environment),
      try TemporaryFile([], environment: environment),
    ]
    defer { for file in files { file.remove() } }
    let status = try spawn(path, arguments, files.map(\.path))
    return Result(status: status, output: files[1].contents, errors: files[2].contents)
  }

  private func find() -> String? {
    let folders = (environment["PATH"] ?? "/usr/bin:/bin").split(separator: ":")
    return folders.map { "\($0)/\(name)" }.first { access($0, X_OK) == 0 }
  }

  private func spawn(_ path: String, _ arguments: [String], _ files: [String]) throws(ReviewError) -> Int32 {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, files[0], O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 1, files[1], O_WRONLY | O_TRUNC, 0)
    posix_spawn_file_actions_addopen(&actions, 2, files[2], O_WRONLY | O_TRUNC, 0)
    let variables = environment.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
    var child: pid_t = 0
    let failure = withCStrings([path] + arguments) { argv in
      withCStrings(variables) { posix_spawn(&child, path, &actions, nil, argv, $0) }
    }
    guard failure == 0 else {
      throw ReviewError(.cannotSign, "'\(name)' could not be started: \(String(cString: strerror(failure)))")
    }
    var status: Int32 = 0
    while waitpid(child, &status, 0) < 0 {
      if errno != EINTR { throw ReviewError(.cannotSign, "'\(name)' was lost sight of") }
    }
    let signal = status & 0x7F
    return signal == 0 ? (status >> 8) & 0xFF : 128 + signal
  }
}

/// A file that only this person can read, for the time of one call.
struct TemporaryFile {
  let path: String

  init(_ bytes: [UInt8], environment: [String: String]) throws(ReviewError) {
    var template = Array("\(environment["TMPDIR"] ?? "/tmp")/muster-XXXXXX".utf8CString)
    let descriptor = mkstemp(&template)
    let name = template.withUnsafeBufferPointer { $0.baseAddress.map { String(cString: $0) } ?? "" }
    guard descriptor >= 0 else {
      throw ReviewError(.cannotSign, "a temporary file cannot be made: \(String(cString: strerror(errno)))")
    }
    defer { close(descriptor) }
    var done = 0
    bytes.withUnsafeBytes { buffer in
      while done < buffer.count {
        let count = write(descriptor, buffer.baseAddress?.advanced(by: done), buffer.count - done)
        if count <= 0 { break }
        done += count
      }
    }
    guard done == bytes.count else {
      unlink(name)
      throw ReviewError(.cannotSign, "a temporary file cannot be written")
    }
    path = name
  }

  var contents: [UInt8] { (try? FileSystem.read(path, limit: 1 << 20)) ?? [] }

  func remove() { unlink(path) }
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
