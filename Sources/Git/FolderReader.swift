private import Glibc

/// Reads files below a folder without ever following a link, not even one that somebody puts in the way meanwhile: each part of
/// a path is opened from the descriptor of the part before.
final class FolderReader {
  private let root: Int32
  private let path: String
  // Neighbours are read one after the other: the folder of the last one stays open.
  private var lastFolder = ""
  private var lastDescriptor: Int32

  init(_ path: String) throws(GitError) {
    let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw GitError(file: path, "read the work tree", errno: errno)
    }
    root = descriptor
    lastDescriptor = descriptor
    self.path = path
  }

  deinit {
    if lastDescriptor != root { close(lastDescriptor) }
    close(root)
  }

  /// The bytes of a file, or the text of a link.
  func contents(of entry: FileTree.Entry, limit: Int?) throws(GitError) -> [UInt8] {
    let slash = entry.path.utf8.lastIndex(of: UInt8(ascii: "/"))
    let folder = try self.folder(slash.map { String(entry.path[..<$0]) } ?? "", of: entry)
    let name = slash.map { String(entry.path[entry.path.index(after: $0)...]) } ?? entry.path
    if entry.kind == .link { return try linkText(name, in: folder, of: entry) }
    // Not blocking: a pipe put in the place of the file must not make the reader wait for ever.
    let descriptor = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure("open", entry, errno) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw failure("read", entry, errno) }
    guard status.st_mode & S_IFMT == S_IFREG else { throw failure("read", entry, EINVAL) }
    return try bytes(of: descriptor, expecting: Int(status.st_size), limit: limit ?? Int.max - 1, entry)
  }

  private func folder(_ name: String, of entry: FileTree.Entry) throws(GitError) -> Int32 {
    if name.isEmpty { return root }
    if name == lastFolder && lastDescriptor != root { return lastDescriptor }
    var current = root
    for part in name.split(separator: "/") {
      let next = openat(current, String(part), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
      let code = errno
      if current != root { close(current) }
      guard next >= 0 else { throw failure("open", entry, code) }
      current = next
    }
    if lastDescriptor != root { close(lastDescriptor) }
    (lastFolder, lastDescriptor) = (name, current)
    return current
  }

  private func linkText(_ name: String, in folder: Int32, of entry: FileTree.Entry) throws(GitError) -> [UInt8] {
    var code: Int32 = 0
    let text = [UInt8](unsafeUninitializedCapacity: Int(PATH_MAX)) { buffer, count in
      let length = buffer.withMemoryRebound(to: CChar.self) { text in
        text.baseAddress.map { readlinkat(folder, name, $0, text.count) } ?? 0
      }
      if length < 0 { code = errno }
      count = max(length, 0)
    }
    if code != 0 { throw failure("read", entry, code) }
    return text
  }

  private func bytes(
    of descriptor: Int32, expecting size: Int, limit: Int, _ entry: FileTree.Entry
  ) throws(GitError) -> [UInt8] {
    let tooLarge = GitError(.tooLarge, "read a file", subject: entry.path, detail: "\(limit)")
    if size > limit { throw tooLarge }
    var bytes: [UInt8] = []
    var code: Int32 = 0
    // One byte more than expected shows the end of the file in one call, and a file that grew meanwhile.
    var room = min(size + 1, limit + 1)
    while code == 0 {
      var got = 0
      let chunk = [UInt8](unsafeUninitializedCapacity: room) { buffer, count in
        got = read(descriptor, buffer.baseAddress, room)
        count = max(got, 0)
      }
      if got < 0 && errno != EINTR { code = errno }
      if bytes.isEmpty { bytes = chunk } else { bytes += chunk }
      if bytes.count > limit { throw tooLarge }
      if got >= 0 && got < room { break }
      room = 65_536
    }
    if code != 0 { throw failure("read", entry, code) }
    return bytes
  }

  private func failure(_ operation: String, _ entry: FileTree.Entry, _ code: Int32) -> GitError {
    GitError(file: entry.path, "\(operation) a file", errno: code)
  }
}
