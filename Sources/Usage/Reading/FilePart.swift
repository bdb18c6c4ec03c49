import Base
private import Glibc

/// A range of a file that is read by itself. How a file is cut follows from its bytes alone, not from the number of threads.
struct FilePart: Sendable {
  let path: String
  let start: UInt64
  /// `nil` for the rest of the file.
  let end: UInt64?

  /// Whether it is the whole file.
  var isWhole: Bool { start == 0 && end == nil }

  static func whole(_ path: String) -> FilePart { FilePart(path: path, start: 0, end: nil) }

  /// The parts of a plain file of that length, if that is at least twice the size: cut where one JSON document ends a line and another begins the next.
  /// Everything else is one part. With `first`, only what follows that byte.
  static func parts(of path: String, length: UInt64, size: UInt64 = 32 << 20, from first: UInt64 = 0) -> [FilePart] {
    let rest = [FilePart(path: path, start: first, end: nil)]
    if length < first + 2 * size { return rest }
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    if descriptor < 0 { return rest }
    defer { close(descriptor) }
    if bytes(descriptor, at: 0, count: 5).withUnsafeBytes({ packing($0) }) != nil { return rest }
    var cuts: [UInt64] = []
    for nominal in stride(from: first + size, through: length - size, by: UInt64.Stride(size)) {
      if let cut = lineStart(descriptor, after: nominal) { cuts.append(cut) }
    }
    let starts = [first] + cuts
    return starts.indices.map { index in
      FilePart(path: path, start: starts[index], end: index + 1 < starts.count ? starts[index + 1] : nil)
    }
  }

  /// Whether what follows the byte can be read by itself: a document ended a line before it, and another begins.
  static func isCut(_ path: String, at offset: UInt64) -> Bool {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    if descriptor < 0 || offset < 2 { return false }
    defer { close(descriptor) }
    return bytes(descriptor, at: offset - 2, count: 3) == [UInt8(ascii: "}"), 0x0A, UInt8(ascii: "{")]
  }

  /// Where a document begins on a line of its own, within a megabyte.
  private static func lineStart(_ descriptor: Int32, after offset: UInt64) -> UInt64? {
    let text = bytes(descriptor, at: offset, count: 1 << 20)
    var at = 0
    while let feed = text[at...].firstIndex(of: 0x0A) {
      let before = feed > 0 && text[feed - 1] == 0x0D ? feed - 2 : feed - 1
      if before >= 0, text[before] == UInt8(ascii: "}"), feed + 1 < text.count, text[feed + 1] == UInt8(ascii: "{") {
        return offset + UInt64(feed) + 1
      }
      at = feed + 1
    }
    return nil
  }

  private static func bytes(_ descriptor: Int32, at offset: UInt64, count: Int) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: count) { room, filled in
      filled = max(0, pread(descriptor, room.baseAddress, count, off_t(offset)))
    }
  }
}
