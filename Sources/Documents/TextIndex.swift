import Base

/// From byte offsets to lines and columns, in constant time also inside lines of a hundred megabytes.
struct TextIndex: Sendable {
  private var lineStarts: [UInt32]
  /// Unicode scalars before each block of `blockSize` bytes; empty where every byte is a scalar.
  private var scalarsBefore: [UInt32] = []
  private static let blockSize = 1024

  init(_ bytes: [UInt8]) {
    lineStarts = [UInt32(TextIndex.lengthOfMark(bytes))]
    var isASCII = true
    bytes.withUnsafeBufferPointer { bytes in
      var at = 0
      while at < bytes.count {
        let block = at..<min(at + TextIndex.blockSize, bytes.count)
        var (feeds, high) = (0, UInt8(0))
        for i in block {
          feeds &+= bytes[i] == 0x0A ? 1 : 0
          high |= bytes[i]
        }
        if feeds > 0 { for i in block where bytes[i] == 0x0A { lineStarts.append(UInt32(i + 1)) } }
        if high >= 0x80 { isASCII = false }
        at += TextIndex.blockSize
      }
    }
    if !isASCII { countScalars(bytes) }
  }

  /// Bytes of the byte order mark that starts the text: 3 or 0.
  static func lengthOfMark(_ bytes: [UInt8]) -> Int { bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0 }

  private mutating func countScalars(_ bytes: [UInt8]) {
    var total: UInt32 = 0
    for start in stride(from: 0, to: bytes.count + 1, by: TextIndex.blockSize) {
      scalarsBefore.append(total)
      total += UInt32(TextIndex.scalars(in: bytes, start..<min(start + TextIndex.blockSize, bytes.count)))
    }
  }

  /// Bytes that do not continue a scalar.
  private static func scalars(in bytes: [UInt8], _ range: Range<Int>) -> Int {
    bytes.withUnsafeBufferPointer { bytes in
      var count = 0
      for i in range { count &+= bytes[i] & 0xC0 == 0x80 ? 0 : 1 }
      return count
    }
  }

  private func scalars(before offset: Int, in bytes: [UInt8]) -> Int {
    if scalarsBefore.isEmpty { return offset }
    let block = offset / TextIndex.blockSize
    return Int(scalarsBefore[block]) + TextIndex.scalars(in: bytes, block * TextIndex.blockSize..<offset)
  }

  /// The 1-based line and column of a byte; offsets past the end are the end.
  func place(of offset: Int, in bytes: [UInt8]) -> (line: Int, column: Int) {
    let offset = max(Int(lineStarts[0]), min(offset, bytes.count))
    var (low, high) = (0, lineStarts.count)
    while high - low > 1 {
      let middle = (low + high) / 2
      if Int(lineStarts[middle]) <= offset { low = middle } else { high = middle }
    }
    let start = Int(lineStarts[low])
    return (low + 1, scalars(before: offset, in: bytes) - scalars(before: start, in: bytes) + 1)
  }
}

/// The first byte of the range that no valid UTF-8 has there (RFC 3629: shortest form, no surrogates).
func firstInvalidUTF8(_ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> Int? {
  let raw = UnsafeRawBufferPointer(bytes)
  var i = range.lowerBound
  let end = range.upperBound
  while i < end {
    while i + 8 <= end, raw.loadUnaligned(fromByteOffset: i, as: UInt64.self) & 0x8080_8080_8080_8080 == 0 { i += 8 }
    guard i < end else { break }
    let lead = bytes[i]
    let length = lead < 0x80 ? 1 : lead < 0xC2 ? 0 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : lead < 0xF5 ? 4 : 0
    if length == 0 || i + length > end { return i }
    for j in 1..<max(1, length) where bytes[i + j] & 0xC0 != 0x80 { return i }
    if length > 2 {
      let second = bytes[i + 1]
      switch lead {
      case 0xE0 where second < 0xA0, 0xED where second > 0x9F, 0xF0 where second < 0x90, 0xF4 where second > 0x8F:
        return i
      default: break
      }
    }
    i += length
  }
  return nil
}
