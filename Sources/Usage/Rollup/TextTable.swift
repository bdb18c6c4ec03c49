/// Gives each distinct text a small number, in order of arrival, and keeps a copy of it. The copies stay where they are as long
/// as the table lives.
struct TextTable: ~Copyable {
  private struct Entry {
    var start: UnsafeRawPointer?
    var count: Int
    var hash: UInt64
    /// The same in every run.
    var fixedHash: UInt64
  }

  /// Per slot the upper half of the hash and the number plus one; 0 for a free one. A power of two of them.
  private var slots: UnsafeMutableBufferPointer<UInt64>
  private var entries: UnsafeMutableBufferPointer<Entry>
  private(set) var count = 0
  private var blocks: [UnsafeMutableRawBufferPointer] = []
  private var room = UnsafeMutableRawBufferPointer(start: nil, count: 0)
  private var used = 0
  private let seed: UInt64

  /// Bytes that the table holds.
  private(set) var memory: Int

  init(capacity: Int = 64) {
    slots = Slab.make(capacity * 2, of: UInt64.self)
    entries = Slab.make(capacity, of: Entry.self)
    seed = UInt64.random(in: .min ... .max)
    memory = capacity * 40
  }

  deinit {
    Slab.release(slots)
    Slab.release(entries)
    for block in blocks { block.deallocate() }
  }

  /// The text with the number.
  @inline(__always)
  subscript(number: UInt32) -> RawText {
    precondition(number < count, "a number of this table")
    return RawText(start: entries[Int(number)].start, count: entries[Int(number)].count)
  }

  /// A hash of the text with the number, the same in every run and on every machine.
  @inline(__always)
  func fixedHash(of number: UInt32) -> UInt64 {
    precondition(number < count, "a number of this table")
    return entries[Int(number)].fixedHash
  }

  /// The number of the text, new or known.
  @inline(__always)
  mutating func number(of text: RawText) -> UInt32 {
    let hash = text.hash(seed: seed)
    let mask = slots.count - 1
    var at = Int(truncatingIfNeeded: hash) & mask
    while true {
      let slot = slots[at]
      if slot == 0 { break }
      if slot >> 32 == hash >> 32 {
        let number = Int(truncatingIfNeeded: slot & 0xFFFF_FFFF) - 1
        let entry = entries[number]
        if RawText(start: entry.start, count: entry.count) == text {
          return UInt32(truncatingIfNeeded: number)
        }
      }
      at = (at + 1) & mask
    }
    return add(text, hash, at)
  }

  /// As above, of a string.
  mutating func number(of string: String) -> UInt32 {
    var string = string
    return string.withUTF8 { number(of: RawText(start: UnsafeRawPointer($0.baseAddress), count: $0.count)) }
  }

  /// A copy of the string that lives as long as the table.
  mutating func kept(_ string: String) -> RawText {
    let number = number(of: string)
    return self[number]
  }

  private mutating func add(_ text: RawText, _ hash: UInt64, _ slot: Int) -> UInt32 {
    if count == entries.count { growEntries() }
    entries.initializeElement(
      at: count, to: Entry(start: copy(text), count: text.count, hash: hash, fixedHash: text.fixedHash))
    slots[slot] = hash & 0xFFFF_FFFF_0000_0000 | UInt64(count + 1)
    count += 1
    if count * 2 > slots.count { growSlots() }
    return UInt32(count - 1)
  }

  private mutating func copy(_ text: RawText) -> UnsafeRawPointer? {
    guard let start = text.start, text.count > 0 else { return nil }
    if used + text.count > room.count {
      // Tables of a small file stay small.
      room = .allocate(byteCount: max(blocks.isEmpty ? 4096 : 65_536, text.count), alignment: 8)
      blocks.append(room)
      memory += room.count
      used = 0
    }
    guard let base = room.baseAddress else { preconditionFailure("the room was allocated") }
    let place = base + used
    place.copyMemory(from: start, byteCount: text.count)
    used += text.count
    return UnsafeRawPointer(place)
  }

  private mutating func growEntries() {
    memory += entries.count * MemoryLayout<Entry>.stride
    entries = Slab.grow(entries, to: entries.count * 2)
  }

  private mutating func growSlots() {
    let larger = Slab.make(slots.count * 2, of: UInt64.self)
    let mask = larger.count - 1
    for number in 0..<count {
      let hash = entries[number].hash
      var at = Int(truncatingIfNeeded: hash) & mask
      while larger[at] != 0 { at = (at + 1) & mask }
      larger[at] = hash & 0xFFFF_FFFF_0000_0000 | UInt64(number + 1)
    }
    memory += slots.count * 8
    Slab.release(slots)
    slots = larger
  }
}
