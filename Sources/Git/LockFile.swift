private import Glibc

/// A lock in git's own way: whoever creates `<file>.lock` may change the file. Git leaves its lock behind when it is killed; this
/// one is also held by `flock`, which the kernel takes away from the dead, so that the next run knows it for stale.
struct LockFile: ~Copyable {
  private static let mark = "muster lock\n"

  private let path: String
  private let descriptor: Int32

  /// Takes the lock of a file. `scratch` is a folder on the same file system. Waits up to `patience` milliseconds for others.
  init(of file: String, scratch: String, patience: Int = 2000) throws(GitError) {
    let path = file + ".lock"
    descriptor = try Self.acquire(path, scratch, patience)
    self.path = path
  }

  deinit {
    unlink(path)
    close(descriptor)
  }

  private static func acquire(_ path: String, _ scratch: String, _ patience: Int) throws(GitError) -> Int32 {
    let temporary = temporaryPath(in: scratch, "lock")
    guard let descriptor = marked(temporary) else { throw GitError(file: temporary, "take a lock", errno: errno) }
    defer { unlink(temporary) }
    switch wait(patience, for: path, { link(temporary, path) == 0 }) {
    case 0: return descriptor
    case EXDEV, EPERM, EOPNOTSUPP, ENOSYS, EMLINK: close(descriptor)
    case let code:
      close(descriptor)
      throw failure(path, code)
    }
    // Some file systems have no links between files: then a run killed in the middle of this leaves a lock without a mark.
    var direct: Int32?
    let code = wait(patience, for: path) {
      direct = marked(path)
      return direct != nil
    }
    guard let direct else { throw failure(path, code) }
    return direct
  }

  private static func failure(_ path: String, _ code: Int32) -> GitError {
    code == EEXIST
      ? GitError(.locked, "take a lock", subject: path) : GitError(file: path, "take a lock", errno: code)
  }

  /// Makes a new file that is marked as a lock and held; `nil` with the system's error where that fails.
  private static func marked(_ path: String) -> Int32? {
    let descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { return nil }
    // Without `flock`, as over some networks, nobody can know it for stale, so it must not look as if.
    let content = flock(descriptor, LOCK_EX | LOCK_NB) == 0 ? mark : "held\n"
    if write(descriptor, content, content.utf8.count) == content.utf8.count { return descriptor }
    let code = errno
    unlink(path)
    close(descriptor)
    errno = code
    return nil
  }

  /// Tries until it succeeds (0), fails otherwise than because the lock is taken, or the time is over (the system's error).
  private static func wait(_ patience: Int, for path: String, _ attempt: () -> Bool) -> Int32 {
    var (waited, pause) = (0, 1)
    while !attempt() {
      if errno != EEXIST { return errno }
      if removeIfStale(path) { continue }
      if waited >= patience { return EEXIST }
      usleep(UInt32(pause * 1000))
      waited += pause
      pause = min(pause * 2, 50)
    }
    return 0
  }

  /// Removes the lock of a killed run; gives whether it did.
  private static func removeIfStale(_ path: String) -> Bool {
    let descriptor = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
    guard descriptor >= 0 else { return errno == ENOENT }
    defer { close(descriptor) }
    var content = [UInt8](repeating: 0, count: mark.utf8.count)
    guard read(descriptor, &content, content.count) == content.count, content.elementsEqual(mark.utf8),
      flock(descriptor, LOCK_EX | LOCK_NB) == 0
    else { return false }
    // Another may have removed it first, and a third taken the lock since: only the file that is held here may go.
    var (held, named) = (stat(), stat())
    guard fstat(descriptor, &held) == 0, lstat(path, &named) == 0, held.st_ino == named.st_ino,
      held.st_dev == named.st_dev
    else { return true }
    return unlink(path) == 0
  }
}

/// A new name for a temporary file in a folder.
func temporaryPath(in folder: String, _ purpose: String) -> String {
  "\(folder)/\(purpose)-\(getpid())-\(UInt32.random(in: .min ... .max))"
}

/// Writes a new file with its bytes on the disk.
func writeNewFile(_ path: String, _ bytes: [UInt8], mode: UInt32 = 0o644) throws(GitError) {
  let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
  guard descriptor >= 0 else { throw GitError(file: path, "write a file", errno: errno) }
  defer { close(descriptor) }
  var (done, failure) = (0, Int32(0))
  bytes.withUnsafeBytes { buffer in
    while done < buffer.count && failure == 0 {
      let count = write(descriptor, buffer.baseAddress?.advanced(by: done), buffer.count - done)
      if count >= 0 { done += count } else if errno != EINTR { failure = errno }
    }
  }
  if failure == 0 && fsync(descriptor) != 0 { failure = errno }
  if failure != 0 {
    unlink(path)
    throw GitError(file: path, "write a file", errno: failure)
  }
}
