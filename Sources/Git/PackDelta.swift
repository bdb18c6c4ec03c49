/// What makes new bytes from old ones, as git stores it (gitformat-pack(5), "Deltified representation").
///
/// What two versions share at their start and end is found first; between, blocks of the old bytes are looked up where the new
/// ones continue differently.
struct PackDelta {
  private static let block = 16
  private static let noBlock: Int32 = -1
  /// How many places of equal blocks are tried; the longest match is taken.
  private static let places = 64
  private static let longestCopy = 0xFFFF

  private(set) var bytes: [UInt8] = []
  private var copied: (start: Int, count: Int)?

  init(from old: [UInt8], to new: [UInt8]) {
    append(number: old.count)
    append(number: new.count)
    old.withUnsafeBytes { old in
      new.withUnsafeBytes { new in compare(old, new) }
    }
    flush()
  }

  private mutating func compare(_ old: UnsafeRawBufferPointer, _ new: UnsafeRawBufferPointer) {
    let least = min(old.count, new.count)
    var prefix = 0
    while prefix < least && old[prefix] == new[prefix] { prefix += 1 }
    var suffix = 0
    while suffix < least - prefix && old[old.count - 1 - suffix] == new[new.count - 1 - suffix] { suffix += 1 }
    copy(0, prefix)
    let blocks = Blocks(old, prefix..<old.count - suffix)
    let end = new.count - suffix
    var (pending, at) = (prefix, prefix)
    while at + PackDelta.block <= end {
      guard var match = blocks.longestMatch(of: new, at: at, end: end) else {
        at += 1
        continue
      }
      while at > pending && match.start > prefix && old[match.start - 1] == new[at - 1] {
        match = (match.start - 1, match.count + 1)
        at -= 1
      }
      insert(new, pending..<at)
      copy(match.start, match.count)
      at += match.count
      pending = at
    }
    insert(new, pending..<end)
    copy(old.count - suffix, suffix)
  }

  /// The old bytes' aligned blocks, each linked to the one before it of the same hash.
  private struct Blocks {
    private let old: UnsafeRawBufferPointer
    private let range: Range<Int>
    private var heads: [Int32]
    private var previous: [Int32]
    private let mask: Int

    init(_ old: UnsafeRawBufferPointer, _ range: Range<Int>) {
      self.old = old
      self.range = range
      let count = range.count / PackDelta.block
      var size = 16
      while size < count * 2 { size *= 2 }
      mask = size - 1
      heads = Array(repeating: PackDelta.noBlock, count: size)
      previous = Array(repeating: PackDelta.noBlock, count: count)
      for number in 0..<count {
        let slot = hash(old, range.lowerBound + number * PackDelta.block)
        previous[number] = heads[slot]
        heads[slot] = Int32(truncatingIfNeeded: number)
      }
    }

    func longestMatch(of new: UnsafeRawBufferPointer, at: Int, end: Int) -> (start: Int, count: Int)? {
      var best: (start: Int, count: Int)?
      var number = heads[hash(new, at)]
      var tries = 0
      while number != PackDelta.noBlock && tries < PackDelta.places {
        let start = range.lowerBound + Int(number) * PackDelta.block
        var count = 0
        let most = min(end - at, range.upperBound - start)
        while count < most && old[start + count] == new[at + count] { count += 1 }
        if count >= PackDelta.block && count > best?.count ?? 0 { best = (start, count) }
        number = previous[Int(number)]
        tries += 1
      }
      return best
    }

    private func hash(_ bytes: UnsafeRawBufferPointer, _ at: Int) -> Int {
      let first = bytes.loadUnaligned(fromByteOffset: at, as: UInt64.self)
      let second = bytes.loadUnaligned(fromByteOffset: at + 8, as: UInt64.self)
      let mixed = (first &* 0x9E37_79B9_7F4A_7C15) ^ (second &* 0xC2B2_AE3D_27D4_EB4F)
      return Int(truncatingIfNeeded: mixed >> 32) & mask
    }
  }

  private mutating func copy(_ start: Int, _ count: Int) {
    if count == 0 { return }
    if let last = copied, last.start + last.count == start {
      copied = (last.start, last.count + count)
      return
    }
    flush()
    copied = (start, count)
  }

  private mutating func insert(_ new: UnsafeRawBufferPointer, _ range: Range<Int>) {
    if range.isEmpty { return }
    flush()
    var at = range.lowerBound
    while at < range.upperBound {
      let count = min(127, range.upperBound - at)
      bytes.append(UInt8(count))
      bytes.append(contentsOf: new[at..<at + count])
      at += count
    }
  }

  /// Writes the copy that may still have grown.
  private mutating func flush() {
    guard var (start, rest) = copied else { return }
    copied = nil
    while rest > 0 {
      let count = min(rest, PackDelta.longestCopy)
      let place = bytes.count
      var command: UInt8 = 0x80
      bytes.append(0)
      for byte in 0..<4 where start >> (8 * byte) & 0xFF != 0 {
        command |= 1 << byte
        bytes.append(UInt8(start >> (8 * byte) & 0xFF))
      }
      for byte in 0..<2 where count >> (8 * byte) & 0xFF != 0 {
        command |= 0x10 << byte
        bytes.append(UInt8(count >> (8 * byte) & 0xFF))
      }
      bytes[place] = command
      start += count
      rest -= count
    }
  }

  private mutating func append(number: Int) {
    var rest = number
    while rest >= 0x80 {
      bytes.append(UInt8(rest & 0x7F) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }
}
