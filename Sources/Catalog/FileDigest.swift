package import Base
private import Glibc

/// The SHA-256 of a file as it is stored, and of its beginning.
package struct FileDigest: Sendable {
  /// Hexadecimal.
  package let whole: String
  /// Of the first bytes that were asked for; `nil` where the file is not longer than they are.
  package let prefix: String?
  package let size: UInt64

  init(_ path: String, progress: (UInt64) -> Void) throws(FileError) {
    try self.init(path: path, prefix: .max, progress: progress)
  }

  /// Reads the whole file once.
  package init(path: String, prefix length: UInt64, progress: (UInt64) -> Void) throws(FileError) {
    var digest = SHA256Stream()
    var beginning = SHA256Stream()
    // Where the file is not longer, one digest is enough.
    var isLonger = false
    var size: UInt64 = 0
    try Self.read(path, atMost: .max) { bytes, fileSize in
      isLonger = length < .max && fileSize > length
      digest.add(bytes)
      if isLonger && size < length {
        beginning.add(UnsafeRawBufferPointer(rebasing: bytes.prefix(Int(min(UInt64(bytes.count), length - size)))))
      }
      size += UInt64(bytes.count)
      progress(UInt64(bytes.count))
    }
    self.size = size
    whole = digest.hex()
    prefix = isLonger && size > length ? beginning.hex() : nil
  }

  /// Whether the file begins with so many bytes of that digest; no more of it is read. Files that cannot be read do not.
  package static func begins(_ path: String, with sha256: String, count: UInt64, progress: (UInt64) -> Void) -> Bool {
    var digest = SHA256Stream()
    var size: UInt64 = 0
    do throws(FileError) {
      try read(path, atMost: count) { bytes, _ in
        digest.add(bytes)
        size += UInt64(bytes.count)
        progress(UInt64(bytes.count))
      }
    } catch { return false }
    return size == count && digest.hex() == sha256
  }

  /// Hands the file's bytes to `take`, some at a time, each time with the size that the file had at first.
  private static func read(
    _ path: String, atMost limit: UInt64, _ take: (UnsafeRawBufferPointer, UInt64) -> Void
  ) throws(FileError) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileError(path: path, operation: "open", code: errno) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw FileError(path: path, operation: "read", code: errno) }
    let room = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 64)
    defer { room.deallocate() }
    var left = limit
    while left > 0 {
      let count = Glibc.read(descriptor, room.baseAddress, Int(min(left, UInt64(room.count))))
      if count < 0 && errno == EINTR { continue }
      if count < 0 { throw FileError(path: path, operation: "read", code: errno) }
      if count == 0 { return }
      take(UnsafeRawBufferPointer(rebasing: room[..<count]), UInt64(status.st_size))
      left -= UInt64(count)
    }
  }

  /// How many bytes of text a gzip file says that it holds, modulo 2^32: its last four bytes (RFC 1952, ISIZE). `nil` for any other.
  static func lengthOfGzip(_ path: String) -> UInt32? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    if descriptor < 0 { return nil }
    defer { close(descriptor) }
    var (head, tail): ([UInt8], [UInt8]) = ([0, 0], [0, 0, 0, 0])
    let end = lseek(descriptor, -4, SEEK_END)
    guard end > 0, pread(descriptor, &head, 2, 0) == 2, pread(descriptor, &tail, 4, end) == 4, head == [0x1F, 0x8B]
    else { return nil }
    return tail.reversed().reduce(0) { $0 << 8 | UInt32($1) }
  }
}
