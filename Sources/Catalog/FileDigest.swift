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
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileError(path: path, operation: "open", code: errno) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw FileError(path: path, operation: "read", code: errno) }
    // Where the file is not longer, one digest is enough.
    let isLonger = length < .max && UInt64(status.st_size) > length
    var digest = SHA256Stream()
    var beginning = SHA256Stream()
    let room = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 64)
    defer { room.deallocate() }
    var size: UInt64 = 0
    while true {
      let count = read(descriptor, room.baseAddress, room.count)
      if count < 0 && errno == EINTR { continue }
      if count < 0 { throw FileError(path: path, operation: "read", code: errno) }
      if count == 0 { break }
      let bytes = UnsafeRawBufferPointer(rebasing: room[..<count])
      digest.add(bytes)
      if isLonger && size < length {
        beginning.add(UnsafeRawBufferPointer(rebasing: bytes[..<Int(min(UInt64(count), length - size))]))
      }
      size += UInt64(count)
      progress(UInt64(count))
    }
    self.size = size
    whole = digest.hex()
    prefix = isLonger && size > length ? beginning.hex() : nil
  }

  /// Whether the file begins with so many bytes of that digest; no more of it is read. Files that cannot be read do not.
  package static func begins(_ path: String, with sha256: String, count: UInt64, progress: (UInt64) -> Void) -> Bool {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    if descriptor < 0 { return false }
    defer { close(descriptor) }
    var digest = SHA256Stream()
    let room = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 64)
    defer { room.deallocate() }
    var left = count
    while left > 0 {
      let got = read(descriptor, room.baseAddress, Int(min(left, UInt64(room.count))))
      if got < 0 && errno == EINTR { continue }
      if got <= 0 { return false }
      digest.add(UnsafeRawBufferPointer(rebasing: room[..<got]))
      left -= UInt64(got)
      progress(UInt64(got))
    }
    return digest.hex() == sha256
  }

  /// The last four bytes of a gzip file as a number; `nil` for any other.
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
