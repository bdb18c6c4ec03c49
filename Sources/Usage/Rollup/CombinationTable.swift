/// Counts events by what they have in common (see `Combinations`). Everything that is counted of identities but their days is a sum over
/// combinations: most events cost one look-up here, and nothing is counted twice on the way.
///
/// A combination is put together behind the others, then looked up: it stays where it is if it is new.
struct CombinationTable: ~Copyable {
  /// Where the numbers stand that come before the words of a combination; two words each but the first two.
  private enum Head {
    static let number = 0
    /// How many words there are.
    static let length = 1
    static let count = 2
    static let first = 4
    static let last = 6
    /// A hash of what it says, the same in every run.
    static let content = 8
    static let size = 10
  }

  /// The upper half of the hash, and where the combination stands plus one; 0 for free. A power of two of them.
  private var slots = Slab.make(8192, of: UInt64.self)
  /// Heads and words, one after another. A look-up meets two places of memory: slot and combination.
  private var words = Slab.make(1 << 16, of: UInt32.self)
  private(set) var count = 0
  /// The end of the combinations that are taken; behind it stands the one that is put together.
  private var end = 0
  private var next = 0

  init() {}

  deinit {
    Slab.release(slots)
    Slab.release(words)
  }

  var memory: Int { words.count * 4 + slots.count * 8 }

  /// All of them, in the order of their numbers.
  var list: Combinations {
    var list = Combinations()
    list.reserve(count, words: end - count * Head.size)
    var start = 0
    while start < end {
      list.append(text(of: start))
      start = stop(start)
    }
    return list
  }

  /// The words of the combination that begins there.
  private func text(of start: Int) -> UnsafeMutableBufferPointer<UInt32> {
    UnsafeMutableBufferPointer(rebasing: words[(start + Head.size)..<stop(start)])
  }

  /// Hands each to `give` with what was counted, those of an identity together: what is summed up there stays in the processor's cache.
  func forEach(_ give: (UnsafeMutableBufferPointer<UInt32>, Tally) -> Void) {
    for start in placesByIdentity() {
      let start = Int(start)
      let words = text(of: start)
      let flags = words[Combinations.Field.flags]
      var tally = Tally(count: number(at: start + Head.count))
      tally.first = Int64(bitPattern: number(at: start + Head.first))
      tally.last = Int64(bitPattern: number(at: start + Head.last))
      if flags & Combinations.Flag.failed == 0 { tally.lastSuccess = tally.last } else { tally.failed = tally.count }
      if flags & Combinations.Flag.denied != 0 { tally.denied = tally.failed }
      give(words, tally)
    }
  }

  /// Where combinations begin, in the order of their identities' numbers.
  private func placesByIdentity() -> [UInt32] {
    var ends: [Int] = [0]
    var start = 0
    while start < end {
      let identity = Int(words[start + Head.size])
      while ends.count < identity + 2 { ends.append(0) }
      ends[identity + 1] += 1
      start = stop(start)
    }
    for index in ends.indices.dropFirst() { ends[index] += ends[index - 1] }
    var places = [UInt32](repeating: 0, count: count)
    start = 0
    while start < end {
      let identity = Int(words[start + Head.size])
      places[ends[identity]] = UInt32(start)
      ends[identity] += 1
      start = stop(start)
    }
    return places
  }

  /// Where the combination that begins there ends.
  @inline(__always)
  private func stop(_ start: Int) -> Int { start + Head.size + Int(words[start + Head.length]) }

  @inline(__always)
  private func number(at place: Int) -> UInt64 { UInt64(words[place]) | UInt64(words[place + 1]) << 32 }

  @inline(__always)
  private mutating func put(_ number: UInt64, at place: Int) {
    words[place] = UInt32(truncatingIfNeeded: number)
    words[place + 1] = UInt32(truncatingIfNeeded: number >> 32)
  }

  mutating func begin() {
    next = end + Head.size
    // The words of the fields; resources ask for more.
    if end + 64 > words.count { words = Slab.grow(words, to: words.count * 2) }
  }

  @inline(__always)
  mutating func add(_ word: UInt32) {
    if next == words.count { words = Slab.grow(words, to: words.count * 2) }
    words[next] = word
    next += 1
  }

  /// A combination of the table.
  struct Place {
    fileprivate let start: Int
    let isNew: Bool
  }

  /// Takes what was put together, new or known.
  @inline(__always)
  mutating func place() -> Place {
    let resources = end + Head.size + Combinations.Field.resources
    if next - resources > 1 {
      var resources = UnsafeMutableBufferPointer(rebasing: words[resources..<next])
      resources.sort()
    }
    words[end + Head.length] = UInt32(truncatingIfNeeded: next - end - Head.size)
    let hash = hash(end)
    let mask = slots.count - 1
    var at = Int(truncatingIfNeeded: hash) & mask
    while slots[at] != 0 {
      if slots[at] >> 32 == hash >> 32 {
        let start = Int(truncatingIfNeeded: slots[at] & 0xFFFF_FFFF) - 1
        if isNext(at: start) { return Place(start: start, isNew: false) }
      }
      at = (at + 1) & mask
    }
    slots[at] = hash & 0xFFFF_FFFF_0000_0000 | UInt64(end + 1)
    return add()
  }

  private mutating func add() -> Place {
    let start = end
    words[start + Head.number] = UInt32(truncatingIfNeeded: count)
    put(0, at: start + Head.count)
    put(UInt64(bitPattern: .max), at: start + Head.first)
    put(UInt64(bitPattern: .min), at: start + Head.last)
    count += 1
    end = next
    if count * 2 > slots.count { grow() }
    return Place(start: start, isNew: true)
  }

  /// Counts an event at that time.
  @inline(__always)
  mutating func count(_ place: Place, at time: Int64) {
    put(number(at: place.start + Head.count) + 1, at: place.start + Head.count)
    if time < Int64(bitPattern: number(at: place.start + Head.first)) {
      put(UInt64(bitPattern: time), at: place.start + Head.first)
    }
    if time > Int64(bitPattern: number(at: place.start + Head.last)) {
      put(UInt64(bitPattern: time), at: place.start + Head.last)
    }
  }

  /// The combination's number: they are dense.
  @inline(__always)
  func number(of place: Place) -> UInt32 { words[place.start + Head.number] }

  /// The words of the combination.
  func words(of place: Place) -> UnsafeMutableBufferPointer<UInt32> { text(of: place.start) }

  /// What was noted for the combination when it was new.
  @inline(__always)
  func content(of place: Place) -> UInt64 { number(at: place.start + Head.content) }

  mutating func note(_ content: UInt64, for place: Place) { put(content, at: place.start + Head.content) }

  /// Of the combination that begins there; two words at a time.
  @inline(__always)
  private func hash(_ start: Int) -> UInt64 {
    let stop = stop(start)
    var hash = 0x9E37_79B9_7F4A_7C15 ^ UInt64(words[start + Head.length])
    var at = start + Head.size
    while at + 2 <= stop {
      hash = folded(hash ^ number(at: at), 0xA076_1D64_78BD_642F)
      at += 2
    }
    return at < stop ? folded(hash ^ UInt64(words[at]), 0xE703_7ED1_A0B4_28DB) : hash
  }

  /// Whether the combination that begins there is the one that is put together.
  @inline(__always)
  private func isNext(at start: Int) -> Bool {
    if words[start + Head.length] != words[end + Head.length] { return false }
    for index in Head.size..<(next - end) where words[start + index] != words[end + index] { return false }
    return true
  }

  private mutating func grow() {
    let size = slots.count * 2
    Slab.release(slots)
    slots = Slab.make(size, of: UInt64.self)
    var start = 0
    while start < end {
      let hash = hash(start)
      var at = Int(truncatingIfNeeded: hash) & (size - 1)
      while slots[at] != 0 { at = (at + 1) & (size - 1) }
      slots[at] = hash & 0xFFFF_FFFF_0000_0000 | UInt64(start + 1)
      start = stop(start)
    }
  }
}
