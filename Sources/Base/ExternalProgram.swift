private import Glibc

/// Why a program could not be run to its end.
package struct ExternalProgramError: Error, Hashable, Sendable {
  package let name: String
  package let message: String
  /// Whether the program is not there at all.
  package let isMissing: Bool
}

/// A program of this machine, run to its end without a shell.
package struct ExternalProgram: Sendable {
  package struct Result: Sendable {
    /// The exit status; 128 and the signal's number where a signal ended it.
    package var status: Int32
    package var output: [UInt8]
    package var errors: [UInt8]
  }

  private let name: String
  private let environment: [String: String]

  /// The program is looked for in the given environment's `PATH`.
  package init(_ name: String, environment: [String: String]) {
    self.name = name
    self.environment = environment
  }

  /// Runs it; of what it prints at most `limit` bytes are taken.
  package func run(
    _ arguments: [String], input: [UInt8] = [], limit: Int = 1 << 20
  ) throws(ExternalProgramError) -> Result {
    guard let path = find() else {
      throw ExternalProgramError(name: name, message: "it is not installed", isMissing: true)
    }
    // Files instead of pipes: neither side can block, whatever is read or written first.
    var files: [TemporaryFile] = []
    defer { for file in files { file.remove() } }
    do throws(FileError) {
      for bytes in [input, [], []] { files.append(try TemporaryFile(bytes, environment: environment)) }
    } catch { throw failure(error.description) }
    let status = try spawn(path, arguments, files.map(\.path))
    return Result(
      status: status, output: try contents(of: files[1], limit), errors: try contents(of: files[2], 1 << 20))
  }

  private func contents(of file: TemporaryFile, _ limit: Int) throws(ExternalProgramError) -> [UInt8] {
    do throws(FileError) { return try FileSystem.read(file.path, limit: limit) } catch {
      throw failure("what it printed cannot be read: \(error.description)")
    }
  }

  private func failure(_ message: String) -> ExternalProgramError {
    ExternalProgramError(name: name, message: message, isMissing: false)
  }

  private func find() -> String? {
    let folders = (environment["PATH"] ?? "/usr/bin:/bin").split(separator: ":")
    return folders.map { "\($0)/\(name)" }.first { access($0, X_OK) == 0 }
  }

  private func spawn(_ path: String, _ arguments: [String], _ files: [String]) throws(ExternalProgramError) -> Int32 {
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
      throw self.failure("it could not be started: \(String(cString: strerror(failure)))")
    }
    var status: Int32 = 0
    while waitpid(child, &status, 0) < 0 {
      if errno != EINTR { throw self.failure("it was lost sight of") }
    }
    let signal = status & 0x7F
    return signal == 0 ? (status >> 8) & 0xFF : 128 + signal
  }
}

/// A file that only this person can read, for the time of one call.
package struct TemporaryFile: Sendable {
  package let path: String

  package init(_ bytes: [UInt8], environment: [String: String]) throws(FileError) {
    let pattern = "\(environment["TMPDIR"] ?? "/tmp")/muster-XXXXXX"
    var template = Array(pattern.utf8CString)
    let descriptor = mkstemp(&template)
    let name = template.withUnsafeBufferPointer { $0.baseAddress.map { String(cString: $0) } ?? "" }
    guard descriptor >= 0 else { throw FileError(path: pattern, operation: "make", code: errno) }
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
      let code = errno
      unlink(name)
      throw FileError(path: name, operation: "write", code: code)
    }
    path = name
  }

  package func remove() { unlink(path) }
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
