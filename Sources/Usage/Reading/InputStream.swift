import Base
private import Glibc

/// Bytes of an open file or pipe, with room to look ahead. Used by one thread at a time.
final class InputStream {
  private let descriptor: Int32
  private var room = [UInt8](repeating: 0, count: 1 << 16)
  private var from = 0
  private var end = 0
  /// Bytes given so far.
  private(set) var count: UInt64 = 0
  /// The system's error, where reading failed.
  private(set) var failure: Int32 = 0

  init(descriptor: Int32) { self.descriptor = descriptor }

  /// Fills the room with what there is, at most; 0 at the end, or where reading fails.
  func read(into target: UnsafeMutableRawBufferPointer) -> Int {
    if from == end && target.count >= room.count { return advance(load(target)) }
    if from == end {
      from = 0
      end = room.withUnsafeMutableBytes { load($0) }
    }
    let given = min(end - from, target.count)
    room.withUnsafeBytes { target.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[from..<from + given])) }
    from += given
    return advance(given)
  }

  private func advance(_ given: Int) -> Int {
    count += UInt64(given)
    return given
  }

  private func load(_ target: UnsafeMutableRawBufferPointer) -> Int {
    while true {
      let got = Glibc.read(descriptor, target.baseAddress, target.count)
      if got < 0 && errno == EINTR { continue }
      if got < 0 { failure = errno }
      return max(got, 0)
    }
  }

  /// The bytes up to a line feed, which is taken too; `nil` at the end of the input, or where the line is longer than the limit.
  func line(limit: Int) -> [UInt8]? {
    var line: [UInt8] = []
    var byte: UInt8 = 0
    while line.count <= limit {
      let got = withUnsafeMutableBytes(of: &byte) { read(into: $0) }
      if got == 0 { return nil }
      if byte == 0x0A { return line }
      line.append(byte)
    }
    return nil
  }
}
