import Base
private import CGit2
private import Glibc

/// A change of some entries of the index, everything else left as it is. The new index is made as a private file and put in
/// the place of the old one at the very end.
struct IndexUpdate: ~Copyable {
  private let target: String
  private let draft: String
  private let lock: LockFile
  private let handle: OpaquePointer
  private let isNew: Bool

  /// Locks the index and reads it.
  init(_ path: String, scratch: String) throws(GitError) {
    let draft = temporaryPath(in: scratch, "index")
    let lock = try LockFile(of: path, scratch: scratch)
    let isNew = FileSystem.kind(path) == nil
    if !isNew { try Self.copy(path, to: draft) }
    var handle: OpaquePointer?
    let status = cgit2().pointee.git_index_open(&handle, draft)
    guard status == 0, let handle else {
      let error = GitError(status: status, "read the index", subject: path)
      unlink(draft)
      throw error
    }
    self.handle = handle
    target = path
    self.draft = draft
    self.isNew = isNew
    self.lock = lock
  }

  deinit {
    cgit2().pointee.git_index_free(handle)
    unlink(draft)
  }

  /// Throws where the path is in conflict.
  borrowing func requireNoConflict(at path: String) throws(GitError) {
    for stage: Int32 in 1...3 where cgit2().pointee.git_index_get_bypath(handle, path, stage) != nil {
      throw GitError(.conflictedIndex, "change the index", subject: path)
    }
  }

  /// Sets an entry to a blob, with what is known of the file in the work tree.
  borrowing func set(_ path: String, _ id: ObjectID, mode: UInt32, _ stamp: FileStamp?) throws(GitError) {
    var entry = git_index_entry()
    id.lend { raw in withUnsafeMutableBytes(of: &entry.id) { $0.copyMemory(from: .init(start: raw, count: 20)) } }
    entry.mode = mode
    if let stamp {
      entry.ctime = git_index_time(seconds: stamp.changed.seconds, nanoseconds: stamp.changed.nanoseconds)
      entry.mtime = git_index_time(seconds: stamp.modified.seconds, nanoseconds: stamp.modified.nanoseconds)
      entry.dev = stamp.device
      entry.ino = stamp.inode
      entry.uid = stamp.user
      entry.gid = stamp.group
      entry.file_size = stamp.size
    }
    let outcome = path.withCString { text in
      entry.path = text
      return cgit2().pointee.git_index_add(handle, &entry)
    }
    try check(outcome, "change the index", subject: path)
  }

  /// Removes an entry; nothing happens where there is none.
  borrowing func remove(_ path: String) throws(GitError) {
    let status = cgit2().pointee.git_index_remove(handle, path, 0)
    if status != GIT_ENOTFOUND.rawValue { try check(status, "change the index", subject: path) }
  }

  /// Makes the new index ready on the disk, still without effect.
  borrowing func prepare() throws(GitError) {
    try check(cgit2().pointee.git_index_write(handle), "write the index", subject: target)
    if isNew { return }
    // Git trusts an entry whose file is older than the index, so the new one must not look younger than the old: an edit made in
    // the same instant as the last `git add` would be overlooked ("racy git").
    var status = stat()
    guard stat(target, &status) == 0 else { throw GitError(file: target, "read the index", errno: errno) }
    let times = [status.st_mtim, status.st_mtim]
    guard utimensat(AT_FDCWD, draft, times, 0) == 0, chmod(draft, status.st_mode & 0o777) == 0 else {
      throw GitError(file: draft, "write the index", errno: errno)
    }
  }

  /// Puts the prepared index in the place of the old one.
  borrowing func finish() throws(GitError) {
    if rename(draft, target) != 0 { throw GitError(file: target, "write the index", errno: errno) }
  }

  private static func copy(_ path: String, to draft: String) throws(GitError) {
    do {
      try writeNewFile(draft, try FileSystem.read(path))
    } catch let error as FileError {
      throw GitError(file: path, "read the index", errno: error.code)
    } catch let error as GitError {
      throw error
    } catch {
      throw GitError(.other, "read the index", detail: "\(error)")
    }
  }
}
