private import Glibc

/// Why a file or folder could not be read or written.
package struct FileError: Error, Hashable, Sendable, CustomStringConvertible {
  package let path: String
  /// What was tried: `open`, `read`, `list`, `write`, `rename`.
  package let operation: String
  /// The system's error number.
  package let code: Int32

  package init(path: String, operation: String, code: Int32) {
    self.path = path
    self.operation = operation
    self.code = code
  }

  /// `cannot open 'path': No such file or directory`.
  package var description: String {
    "cannot \(operation) '\(path.escapedOnOneLine)': \(String(cString: strerror(code)))"
  }

  /// Whether nothing is at the path.
  package var isMissing: Bool { code == ENOENT || code == ENOTDIR }
}

/// Files and folders of this machine.
package enum FileSystem {
  /// What is at a path.
  package enum Kind: Sendable { case file, folder, other }

  /// The bytes of a file, followed by `padding` zero bytes that a reader such as simdjson may touch.
  /// A file larger than `limit` bytes is refused with `EFBIG`.
  package static func read(_ path: String, limit: Int = .max, padding: Int = 0) throws(FileError) -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileError(path: path, operation: "open", code: errno) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw FileError(path: path, operation: "read", code: errno) }
    if status.st_mode & S_IFMT == S_IFDIR { throw FileError(path: path, operation: "read", code: EISDIR) }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(max(0, min(Int(status.st_size), limit)) + padding + 1)
    var failure: Int32 = 0
    while failure == 0 {
      let got = appendChunk(descriptor, to: &bytes)
      if got == 0 { break }
      if got < 0 && errno != EINTR { failure = errno }
      if bytes.count > limit { failure = EFBIG }
    }
    if failure != 0 { throw FileError(path: path, operation: "read", code: failure) }
    bytes.append(contentsOf: repeatElement(0, count: padding))
    return bytes
  }

  private static func appendChunk(_ descriptor: Int32, to bytes: inout [UInt8]) -> Int {
    let size = max(bytes.capacity - bytes.count, 65_536)
    var got = 0
    let chunk = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
      got = Glibc.read(descriptor, buffer.baseAddress, size)
      count = max(got, 0)
    }
    if bytes.isEmpty { bytes = chunk } else { bytes.append(contentsOf: chunk) }
    return got
  }

  /// Writes a file whole or not at all: a temporary file beside it, synced, then renamed over it. Devices and pipes
  /// (`/dev/stdout`, `/dev/null`) are written to and stay what they are. What can be made again need not be `durable`: it is then
  /// not waited for.
  package static func write(
    _ bytes: [UInt8], to path: String, mode: UInt32 = 0o644, durable: Bool = true
  ) throws(FileError) {
    if kind(path) == .folder { throw FileError(path: path, operation: "write", code: EISDIR) }
    if kind(path) == .other || path.hasPrefix("/dev/") || path.hasPrefix("/proc/") {
      let descriptor = open(path, O_WRONLY | O_CLOEXEC)
      guard descriptor >= 0 else { throw FileError(path: path, operation: "write", code: errno) }
      let failure = writeAll(bytes, descriptor)
      close(descriptor)
      if failure != 0 { throw FileError(path: path, operation: "write", code: failure) }
      return
    }
    let temporary = "\(path).muster-\(getpid())"
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, mode)
    guard descriptor >= 0 else { throw FileError(path: path, operation: "write", code: errno) }
    var failure = writeAll(bytes, descriptor)
    if failure == 0 && durable && fsync(descriptor) != 0 { failure = errno }
    close(descriptor)
    if failure == 0 && rename(temporary, path) != 0 { failure = errno }
    if failure != 0 {
      unlink(temporary)
      throw FileError(path: path, operation: "write", code: failure)
    }
  }

  /// The error number; 0 when everything is written.
  private static func writeAll(_ bytes: [UInt8], _ descriptor: Int32) -> Int32 {
    var written = 0
    var failure: Int32 = 0
    bytes.withUnsafeBytes { buffer in
      while written < buffer.count && failure == 0 {
        let count = Glibc.write(descriptor, buffer.baseAddress?.advanced(by: written), buffer.count - written)
        if count >= 0 { written += count } else if errno != EINTR { failure = errno }
      }
    }
    return failure
  }

  /// Makes a folder and those above it; nothing happens where it exists.
  package static func makeFolder(_ path: String) throws(FileError) {
    if kind(path) == .folder { return }
    if let slash = path.lastIndex(of: "/"), slash != path.startIndex { try makeFolder(String(path[..<slash])) }
    if mkdir(path, 0o755) != 0 && errno != EEXIST { throw FileError(path: path, operation: "create", code: errno) }
  }

  /// What is at the path, links followed; `nil` where nothing is.
  package static func kind(_ path: String) -> Kind? {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    switch status.st_mode & S_IFMT {
    case S_IFREG: return .file
    case S_IFDIR: return .folder
    default: return .other
    }
  }

  /// Size in bytes and the time of the last change of a file; `nil` where there is none.
  package static func status(_ path: String) -> (size: Int, modified: Instant)? {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    let milliseconds = Int64(status.st_mtim.tv_sec) * 1000 + Int64(status.st_mtim.tv_nsec) / 1_000_000
    return (Int(status.st_size), Instant(milliseconds: milliseconds))
  }

  /// The path up to its last `/`; empty where it has none.
  package static func folder(of path: String) -> Substring {
    path.lastIndex(of: "/").map { path[..<$0] } ?? ""
  }

  /// The names in a folder, sorted by bytes.
  package static func names(in folder: String) throws(FileError) -> [String] {
    try entries(in: folder).map(\.name)
  }

  /// The names in a folder with what the folder says that they are (`DT_REG`, …); sorted by bytes.
  private static func entries(in folder: String) throws(FileError) -> [(name: String, type: UInt8)] {
    guard let handle = opendir(folder) else { throw FileError(path: folder, operation: "list", code: errno) }
    defer { closedir(handle) }
    var entries: [(name: String, type: UInt8)] = []
    while let entry = readdir(handle) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != "." && name != ".." { entries.append((name, entry.pointee.d_type)) }
    }
    return entries.sorted { utf8Precedes($0.name, $1.name) }
  }

  /// The regular files at a path: the file itself, all below a folder (links to folders not followed, those to nothing named), or what a glob
  /// (`*`, `?`, `**`) matches; sorted by bytes. A path that matches nothing gives an empty list.
  package static func files(at pattern: String) throws(FileError) -> [String] {
    let (files, errors) = listing(at: pattern)
    if let error = errors.first { throw error }
    return files
  }

  /// As `files(at:)`, with what could not be listed beside the rest. Files and folders of the names `passing` are passed over.
  package static func listing(
    at pattern: String, passing: Set<String> = []
  ) -> (files: [String], errors: [FileError]) {
    var (found, errors): ([String], [FileError]) = ([], [])
    switch kind(pattern) {
    case .file, .other: return ([pattern], [])
    case .folder:
      walk(pattern, depth: 0, passing: passing, &found, &errors)
      return (found, errors)
    case nil: break
    }
    guard let wildcard = pattern.firstIndex(where: { $0 == "*" || $0 == "?" }) else { return ([], []) }
    let prefix = pattern[..<wildcard]
    let root = prefix.lastIndex(of: "/").map { $0 == prefix.startIndex ? "/" : String(prefix[..<$0]) } ?? "."
    guard kind(root) == .folder else { return ([], []) }
    let glob = Glob(pattern, .path)
    walk(root, depth: 0, passing: passing, &found, &errors)
    if root == "." { found = found.map { String($0.dropFirst(2)) } }
    return (found.filter { glob.matches($0) }, errors)
  }

  private static func walk(
    _ folder: String, depth: Int, passing: Set<String>, _ found: inout [String], _ errors: inout [FileError]
  ) {
    if depth > 64 { return errors.append(FileError(path: folder, operation: "list", code: ELOOP)) }
    let all: [(name: String, type: UInt8)]
    do throws(FileError) { all = try entries(in: folder) } catch { return errors.append(error) }
    for (name, type) in all where !passing.contains(name) {
      let path = folder.hasSuffix("/") ? folder + name : "\(folder)/\(name)"
      // The system is not asked again for each of a hundred thousand files.
      if type == UInt8(DT_REG) {
        found.append(path)
        continue
      }
      var status = stat()
      guard lstat(path, &status) == 0 else {
        // A name that is no UTF-8 is not what was asked for.
        errors.append(FileError(path: path, operation: "open", code: errno))
        continue
      }
      switch status.st_mode & S_IFMT {
      case S_IFDIR: walk(path, depth: depth + 1, passing: passing, &found, &errors)
      case S_IFREG: found.append(path)
      case S_IFLNK where kind(path) == .file || kind(path) == nil: found.append(path)
      default: break
      }
    }
  }
}
