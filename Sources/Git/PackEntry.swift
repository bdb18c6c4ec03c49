private import CZlib

/// One object in a pack: a head, then the bytes or a delta, compressed (gitformat-pack(5)).
enum PackEntry {
  private static let offsetDelta = 6

  /// Compressed as zlib does; `level` from 1 (fast) to 9 (small).
  static func compress(_ bytes: [UInt8], level: Int32) -> [UInt8] {
    let room = compressBound(UInt(bytes.count))
    return [UInt8](unsafeUninitializedCapacity: Int(room)) { out, count in
      var size = room
      let status = compress2(out.baseAddress, &size, bytes, UInt(bytes.count), level)
      if status != Z_OK { preconditionFailure("there is memory, and room for the worst case") }
      count = Int(size)
    }
  }

  static func checksum(_ bytes: ArraySlice<UInt8>) -> UInt32 {
    bytes.withUnsafeBufferPointer { UInt32(truncatingIfNeeded: crc32(0, $0.baseAddress, UInt32($0.count))) }
  }

  /// The head of a whole object of a size.
  static func head(_ kind: ObjectKind, size: Int) -> [UInt8] { head(Int(kind.rawValue), size) }

  /// The head of a delta of a size whose base lies that many bytes before it.
  static func head(deltaOf size: Int, distance: Int) -> [UInt8] {
    var digits = [UInt8(distance & 0x7F)]
    var rest = distance >> 7
    while rest > 0 {
      rest -= 1
      digits.append(UInt8(rest & 0x7F) | 0x80)
      rest >>= 7
    }
    return head(offsetDelta, size) + digits.reversed()
  }

  private static func head(_ type: Int, _ size: Int) -> [UInt8] {
    var bytes = [UInt8(type << 4 | size & 15)]
    var rest = size >> 4
    while rest > 0 {
      bytes[bytes.count - 1] |= 0x80
      bytes.append(UInt8(rest & 0x7F))
      rest >>= 7
    }
    return bytes
  }

  /// Where the base of the entry at a place lies; `nil` for a whole object, and for what is not of this form.
  static func base(of at: Int, in pack: [UInt8]) -> Int? {
    guard at < pack.count, Int(pack[at]) >> 4 & 7 == offsetDelta else { return nil }
    var next = at
    while next < pack.count && pack[next] & 0x80 != 0 { next += 1 }
    next += 1
    guard next < pack.count else { return nil }
    var distance = Int(pack[next] & 0x7F)
    while next < pack.count && pack[next] & 0x80 != 0 && distance < at {
      next += 1
      guard next < pack.count else { return nil }
      distance = (distance + 1) << 7 | Int(pack[next] & 0x7F)
    }
    return distance > 0 && distance < at ? at - distance : nil
  }
}
