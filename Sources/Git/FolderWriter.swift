private import Glibc

/// What git's index remembers of a file, to see later that it has not changed; the low 32 bits of each number.
struct FileStamp {
  let changed: (seconds: Int32, nanoseconds: UInt32)
  let modified: (seconds: Int32, nanoseconds: UInt32)
  let device: UInt32
  let inode: UInt32
  let user: UInt32
  let group: UInt32
  let size: UInt32
}

/// Writes files below a folder without ever following a link: a link in a repository may lead anywhere.
struct FolderWriter: ~Copyable {
  private let root: Int32
  private let path: String
  private let scratch: String

  /// `scratch` is where unfinished files lie, so that a killed run leaves none among the person's.
  init(_ path: String, scratch: String) throws(GitError) {
    root = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    self.path = path
    self.scratch = scratch
    if root < 0 { throw GitError(file: path, "write the work tree", errno: errno) }
  }

  deinit { if root >= 0 { close(root) } }

  /// Writes a file whole or not at all, and makes the folders above it. One that has these bytes already is left alone.
  borrowing func write(_ file: String, _ bytes: [UInt8]) throws(GitError) {
    let (folder, name) = try openFolder(of: file, creating: true)
    defer { if folder != root { close(folder) } }
    var status = stat()
    var mode: UInt32 = 0o666
    if fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) == 0 {
      guard status.st_mode & S_IFMT == S_IFREG else {
        throw GitError(.invalidInput, "write a file", subject: file, detail: "something else than a file is there")
      }
      if Int(status.st_size) == bytes.count, content(of: name, in: folder, bytes.count) == bytes { return }
      mode = status.st_mode & 0o777
    }
    var temporary = temporaryPath(in: scratch, "file")
    try writeNewFile(temporary, bytes, mode: mode)
    var done = renameat(AT_FDCWD, temporary, folder, name) == 0
    if !done && errno == EXDEV {
      // A linked work tree may lie on another file system than the git directory.
      unlink(temporary)
      temporary = temporaryPath(in: String("\(path)/\(file)".dropLast(name.utf8.count + 1)), ".muster")
      try writeNewFile(temporary, bytes, mode: mode)
      done = renameat(AT_FDCWD, temporary, folder, name) == 0
    }
    if !done {
      let code = errno
      unlink(temporary)
      throw GitError(file: file, "write a file", errno: code)
    }
  }

  /// Deletes a file; nothing happens where it is not there.
  borrowing func delete(_ file: String) throws(GitError) {
    let (folder, name) = try openFolder(of: file, creating: false)
    guard folder >= 0 else { return }
    defer { if folder != root { close(folder) } }
    if unlinkat(folder, name, 0) != 0 && errno != ENOENT { throw GitError(file: file, "delete a file", errno: errno) }
  }

  /// The stamp of a file; `nil` where none is there.
  borrowing func stamp(of file: String) throws(GitError) -> FileStamp? {
    let (folder, name) = try openFolder(of: file, creating: false)
    guard folder >= 0 else { return nil }
    defer { if folder != root { close(folder) } }
    var status = stat()
    guard fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) == 0 else { return nil }
    return FileStamp(
      changed: (Int32(truncatingIfNeeded: status.st_ctim.tv_sec), UInt32(truncatingIfNeeded: status.st_ctim.tv_nsec)),
      modified: (Int32(truncatingIfNeeded: status.st_mtim.tv_sec), UInt32(truncatingIfNeeded: status.st_mtim.tv_nsec)),
      device: UInt32(truncatingIfNeeded: status.st_dev), inode: UInt32(truncatingIfNeeded: status.st_ino),
      user: status.st_uid, group: status.st_gid, size: UInt32(truncatingIfNeeded: status.st_size))
  }

  /// The open folder of a file and the file's name in it; -1 where the folder is not there and is not to be made.
  private borrowing func openFolder(of file: String, creating: Bool) throws(GitError) -> (Int32, String) {
    let parts = try parts(ofPath: file).map { String(decoding: $0, as: UTF8.self) }
    var current = root
    for part in parts.dropLast() {
      if creating { mkdirat(current, part, 0o777) }
      let next = openat(current, part, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
      let code = errno
      if current != root { close(current) }
      if next < 0 && code == ENOENT && !creating { return (-1, "") }
      if next < 0 { throw GitError(file: file, "enter the folders of a file", errno: code) }
      current = next
    }
    return (current, parts.last ?? "")
  }

  private borrowing func content(of name: String, in folder: Int32, _ size: Int) -> [UInt8]? {
    let descriptor = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    return [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
      while count < size {
        let got = read(descriptor, buffer.baseAddress?.advanced(by: count), size - count)
        if got <= 0 { break }
        count += got
      }
    }
  }
}
