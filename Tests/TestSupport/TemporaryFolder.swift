private import Glibc

/// A folder of its own for one test, deleted with everything in it when the last reference goes.
package final class TemporaryFolder: Sendable {
  /// The absolute path, links resolved, without a slash at its end.
  package let path: String

  /// Makes a new empty folder below `TMPDIR`, else `/tmp`.
  package init() throws {
    let base = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    var template = Array("\(base)/muster-test-XXXXXX".utf8CString)
    let made = template.withUnsafeMutableBufferPointer { buffer -> String? in
      guard let base = buffer.baseAddress, let name = mkdtemp(base), let real = realpath(name, nil) else { return nil }
      defer { free(real) }
      return String(cString: real)
    }
    guard let made else { throw ProgramError(description: "cannot make a folder below '\(base)'") }
    path = made
  }

  deinit { removeTree(path) }

  /// The absolute path of something in the folder.
  package func path(_ name: String) -> String { "\(path)/\(name)" }

  /// Writes a file, making the folders above it; gives its absolute path.
  @discardableResult
  package func write(_ name: String, _ text: String) throws -> String { try write(name, bytes: Array(text.utf8)) }

  /// Writes a file, making the folders above it; gives its absolute path.
  @discardableResult
  package func write(_ name: String, bytes: [UInt8], mode: UInt32 = 0o644) throws -> String {
    let file = path(name)
    try makeFolder(above: file)
    let descriptor = open(file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode)
    guard descriptor >= 0 else { throw ProgramError(description: "cannot write '\(file)'") }
    defer { close(descriptor) }
    var done = 0
    try bytes.withUnsafeBytes { buffer in
      while done < buffer.count {
        let count = Glibc.write(descriptor, buffer.baseAddress?.advanced(by: done), buffer.count - done)
        guard count > 0 else { throw ProgramError(description: "cannot write '\(file)'") }
        done += count
      }
    }
    return file
  }

  /// Makes a folder and those above it; gives its absolute path.
  @discardableResult
  package func makeFolder(_ name: String) throws -> String {
    let folder = path(name)
    try makeFolder(above: folder + "/")
    return folder
  }

  /// Makes a symbolic link that holds exactly `target`.
  package func link(_ name: String, to target: String) throws {
    let file = path(name)
    try makeFolder(above: file)
    guard symlink(target, file) == 0 else { throw ProgramError(description: "cannot link '\(file)'") }
  }

  /// The text of a file in the folder.
  package func read(_ name: String) throws -> String {
    let descriptor = open(path(name), O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw ProgramError(description: "cannot read '\(path(name))'") }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = Glibc.read(descriptor, &chunk, chunk.count)
      guard count >= 0 else { throw ProgramError(description: "cannot read '\(path(name))'") }
      if count == 0 { return String(decoding: bytes, as: UTF8.self) }
      bytes += chunk.prefix(count)
    }
  }

  /// Whether something is at the name, links not followed.
  package func has(_ name: String) -> Bool {
    var status = stat()
    return lstat(path(name), &status) == 0
  }

  /// Deletes a file, or a folder with all in it.
  package func remove(_ name: String) { removeTree(path(name)) }

  private func makeFolder(above file: String) throws {
    var slash = file.startIndex
    while let next = file[slash...].dropFirst().firstIndex(of: "/") {
      slash = next
      if slash == file.startIndex { continue }
      guard mkdir(String(file[..<slash]), 0o755) == 0 || errno == EEXIST else {
        throw ProgramError(description: "cannot make the folders above '\(file)'")
      }
    }
  }
}

private func removeTree(_ path: String) {
  var status = stat()
  guard lstat(path, &status) == 0 else { return }
  guard status.st_mode & S_IFMT == S_IFDIR else {
    unlink(path)
    return
  }
  chmod(path, 0o700)
  if let handle = opendir(path) {
    while let entry = readdir(handle) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != "." && name != ".." { removeTree("\(path)/\(name)") }
    }
    closedir(handle)
  }
  rmdir(path)
}
