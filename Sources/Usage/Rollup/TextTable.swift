private import CMemory

/// Gives each distinct text a small number, in order of arrival, and keeps a copy of it. The copies stay where they are as long
/// as the table lives.
struct TextTable: ~Copyable {
  private struct Entry {
    var start: UnsafeRawPointer
    /// The same in every run.
    var fixedHash: UInt64
  }

  /// A look-up meets two lines of memory: the slot and the text.
  private struct Slot: BitwiseCopyable {
    /// The upper half of the hash, and the number plus one; 0 for a free slot.
    var mark: UInt64
    /// As in the entry.
    var start: UnsafeRawPointer?
  }

  /// A power of two of them.
  private var slots: UnsafeMutableBufferPointer<Slot>
  private var entries: UnsafeMutableBufferPointer<Entry>
  private(set) var count = 0
  private var blocks: [UnsafeMutableRawBufferPointer] = []
  private var room = UnsafeMutableRawBufferPointer(start: nil, count: 0)
  private var used = 0
  private let seed: UInt64

  /// Bytes that the table holds.
  private(set) var memory: Int

  init(capacity: Int = 64) {
    slots = Slab.make(capacity * 2, of: Slot.self)
    entries = Slab.make(capacity, of: Entry.self)
    seed = UInt64.random(in: .min ... .max)
    memory = capacity * 48
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
    return Self.text(entries[Int(number)].start)
  }

  /// A hash of the text with the number, the same in every run and on every machine.
  @inline(__always)
  func fixedHash(of number: UInt32) -> UInt64 {
    precondition(number < count, "a number of this table")
    return entries[Int(number)].fixedHash
  }

  /// The number of the text, new or known.
  @inline(__always)
  mutating func number(of text: RawText) -> UInt32 { number(of: text, hash(of: text)) }

  @inline(__always)
  private mutating func number(of text: RawText, _ hash: UInt64) -> UInt32 {
    let mask = slots.count - 1
    var at = Int(truncatingIfNeeded: hash) & mask
    while true {
      let slot = slots[at]
      if slot.mark == 0 { break }
      if slot.mark >> 32 == hash >> 32, let start = slot.start, Self.text(start) == text {
        return UInt32(truncatingIfNeeded: slot.mark) - 1
      }
      at = (at + 1) & mask
    }
    return add(text, hash, at)
  }

  /// A text that is looked up soon: until then, what the look-up meets is on its way from memory.
  struct Query: BitwiseCopyable {
    let text: RawText
    fileprivate let hash: UInt64

    /// Nothing is looked up.
    static var none: Query { Query(unasked: .none) }
    var isNone: Bool { text.isEmpty }

    fileprivate init(_ text: RawText, _ hash: UInt64) {
      self.text = text
      self.hash = hash
    }

    /// A text that is not looked up as it is.
    init(unasked text: RawText) { self.init(text, 0) }
  }

  /// The first step of a look-up.
  @inline(__always)
  func query(_ text: RawText) -> Query {
    let hash = hash(of: text)
    cmemory_expect(slots.baseAddress?.advanced(by: Int(truncatingIfNeeded: hash) & (slots.count - 1)))
    return Query(text, hash)
  }

  /// The second step, some time after the first.
  @inline(__always)
  func expect(_ query: Query) {
    let slot = slots[Int(truncatingIfNeeded: query.hash) & (slots.count - 1)]
    // The text's length stands before it.
    if slot.mark >> 32 == query.hash >> 32 { cmemory_expect(slot.start?.advanced(by: -4)) }
  }

  /// The last step: the number of the text, new or known.
  @inline(__always)
  mutating func number(of query: Query) -> UInt32 { number(of: query.text, query.hash) }

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

  /// Nothing has one hash, wherever it stands.
  @inline(__always)
  private func hash(of text: RawText) -> UInt64 { text.isEmpty ? seed : text.hash(seed: seed) }

  /// The text whose bytes begin there, behind their number.
  @inline(__always)
  private static func text(_ start: UnsafeRawPointer) -> RawText {
    RawText(start: start, count: Int(start.loadUnaligned(fromByteOffset: -4, as: UInt32.self)))
  }

  private mutating func add(_ text: RawText, _ hash: UInt64, _ slot: Int) -> UInt32 {
    if count == entries.count { growEntries() }
    let start = copy(text)
    entries.initializeElement(at: count, to: Entry(start: start, fixedHash: text.fixedHash))
    slots[slot] = Slot(mark: hash & 0xFFFF_FFFF_0000_0000 | UInt64(count + 1), start: start)
    count += 1
    if count * 2 > slots.count { growSlots() }
    return UInt32(count - 1)
  }

  private mutating func copy(_ text: RawText) -> UnsafeRawPointer {
    if used + 4 + text.count > room.count {
      // Tables of a small file stay small.
      room = .allocate(byteCount: max(blocks.isEmpty ? 4096 : 65_536, 4 + text.count), alignment: 8)
      blocks.append(room)
      memory += room.count
      used = 0
    }
    guard let base = room.baseAddress else { preconditionFailure("the room was allocated") }
    let place = base + used
    place.storeBytes(of: UInt32(text.count), as: UInt32.self)
    if let start = text.start { (place + 4).copyMemory(from: start, byteCount: text.count) }
    used += 4 + text.count
    return UnsafeRawPointer(place + 4)
  }

  private mutating func growEntries() {
    memory += entries.count * MemoryLayout<Entry>.stride
    entries = Slab.grow(entries, to: entries.count * 2)
  }

  private mutating func growSlots() {
    let larger = Slab.make(slots.count * 2, of: Slot.self)
    let mask = larger.count - 1
    for number in 0..<count {
      let start = entries[number].start
      let hash = hash(of: Self.text(start))
      var at = Int(truncatingIfNeeded: hash) & mask
      while larger[at].mark != 0 { at = (at + 1) & mask }
      larger[at] = Slot(mark: hash & 0xFFFF_FFFF_0000_0000 | UInt64(number + 1), start: start)
    }
    memory += slots.count * MemoryLayout<Slot>.stride
    Slab.release(slots)
    slots = larger
  }
}
