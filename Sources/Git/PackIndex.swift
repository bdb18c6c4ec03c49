import Base

/// Where each object of a pack lies (gitformat-pack(5), version 2 of the index).
struct PackIndex {
  struct Entry {
    let id: ObjectID
    /// Where it starts in the pack.
    let offset: Int
    /// CRC-32 of its bytes in the pack.
    let checksum: UInt32
  }

  private static let magic: [UInt8] = [0xFF, 0x74, 0x4F, 0x63, 0, 0, 0, 2]
  private static let farAway = 1 << 31
  private static let fixedSize = 8 + 1024 + 40

  /// Sorted by id.
  let entries: [Entry]
  /// The checksum that the pack ends with.
  let pack: [UInt8]

  /// The index of entries in any order.
  init(_ entries: [Entry], pack: [UInt8]) {
    self.entries = entries.sorted { $0.id < $1.id }
    self.pack = pack
  }

  /// Reads an index; `nil` where a byte is wrong.
  init?(_ bytes: [UInt8]) {
    guard bytes.count >= PackIndex.fixedSize, bytes.starts(with: PackIndex.magic) else { return nil }
    let sum = bytes.withUnsafeBytes { sha1(UnsafeRawBufferPointer(rebasing: $0.dropLast(20))) }
    guard sum.elementsEqual(bytes.suffix(20)) else { return nil }
    func word(_ at: Int) -> Int { bytes[at..<at + 4].reduce(0) { $0 << 8 | Int($1) } }
    let count = word(8 + 1020)
    guard bytes.count >= PackIndex.fixedSize + 28 * count else { return nil }
    let (ids, sums) = (1032, 1032 + 20 * count)
    let (near, far) = (sums + 4 * count, sums + 8 * count)
    var entries: [Entry] = []
    entries.reserveCapacity(count)
    for number in 0..<count {
      var offset = word(near + 4 * number)
      if offset >= PackIndex.farAway {
        let at = far + 8 * (offset - PackIndex.farAway)
        guard at + 48 <= bytes.count else { return nil }
        offset = word(at) << 32 | word(at + 4)
      }
      let id = bytes.withUnsafeBytes { buffer in buffer.baseAddress.map { ObjectID(raw: $0 + ids + 20 * number) } }
      guard let id else { return nil }
      entries.append(Entry(id: id, offset: offset, checksum: UInt32(word(sums + 4 * number))))
    }
    self.entries = entries
    pack = Array(bytes.suffix(40).prefix(20))
  }

  /// The index as git stores it.
  var bytes: [UInt8] {
    var out = PackIndex.magic
    out.reserveCapacity(PackIndex.fixedSize + 28 * entries.count)
    var counts = [Int](repeating: 0, count: 256)
    for entry in entries { counts[Int(entry.id.bytes[0])] += 1 }
    var total = 0
    for count in counts {
      total += count
      out.append(word: total)
    }
    for entry in entries { out += entry.id.bytes }
    for entry in entries { out.append(word: Int(entry.checksum)) }
    var far: [Int] = []
    for entry in entries {
      if entry.offset < PackIndex.farAway {
        out.append(word: entry.offset)
      } else {
        out.append(word: PackIndex.farAway + far.count)
        far.append(entry.offset)
      }
    }
    for offset in far {
      out.append(word: offset >> 32)
      out.append(word: offset & 0xFFFF_FFFF)
    }
    out += pack
    return out + out.withUnsafeBytes { sha1($0) }
  }

  /// Whether all objects of another index are in this one too.
  func holdsAll(of other: PackIndex) -> Bool {
    let known = Set(entries.map(\.id))
    return other.entries.allSatisfy { known.contains($0.id) }
  }
}

extension [UInt8] {
  /// Four bytes, the highest first.
  mutating func append(word: Int) {
    for shift in [24, 16, 8, 0] { append(UInt8(word >> shift & 0xFF)) }
  }
}
