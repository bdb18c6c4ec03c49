private import CMemory

/// Counts events by what they have in common (see `Combinations`). Everything that is counted of identities but their days is a sum over
/// combinations: most events cost one look-up here, and nothing is counted twice on the way.
///
/// Combinations are put together some at a time, then looked up: what that meets is on its way from memory by then.
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
  /// The end of the combinations.
  private var end = 0
  /// Words of those that are put together, one after another.
  private var draft = Slab.make(1024, of: UInt32.self)
  private var next = 0

  init() {}

  deinit {
    Slab.release(slots)
    Slab.release(words)
    Slab.release(draft)
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

  /// Words that were put together, to be looked up.
  struct Draft: BitwiseCopyable {
    fileprivate let start: Int
    fileprivate let count: Int
    fileprivate let hash: UInt64
  }

  /// Forgets all drafts.
  mutating func restart() { next = 0 }

  /// Adds a word to the draft that is put together.
  @inline(__always)
  mutating func add(_ word: UInt32) {
    if next == draft.count { draft = Slab.grow(draft, to: draft.count * 2) }
    draft[next] = word
    next += 1
  }

  /// Where the next draft begins.
  var draftStart: Int { next }

  /// Ends the draft that began there: the first step of its look-up.
  @inline(__always)
  mutating func finish(from start: Int) -> Draft {
    if next - start > Combinations.Field.resources + 1 {
      var resources = UnsafeMutableBufferPointer(rebasing: draft[(start + Combinations.Field.resources)..<next])
      resources.sort()
    }
    let hash = Self.hash(UnsafeMutableBufferPointer(rebasing: draft[start..<next]))
    cmemory_expect(slots.baseAddress?.advanced(by: Int(truncatingIfNeeded: hash) & (slots.count - 1)))
    return Draft(start: start, count: next - start, hash: hash)
  }

  /// The second step, some time after the first.
  @inline(__always)
  func expect(_ draft: Draft) {
    let slot = slots[Int(truncatingIfNeeded: draft.hash) & (slots.count - 1)]
    if slot >> 32 == draft.hash >> 32, slot != 0 {
      let combination = words.baseAddress?.advanced(by: Int(truncatingIfNeeded: slot & 0xFFFF_FFFF) - 1)
      cmemory_expect(combination)
      // It may stand in two lines.
      cmemory_expect(combination?.advanced(by: 16))
    }
  }

  /// A combination of the table.
  struct Place {
    fileprivate let start: Int
    let isNew: Bool
  }

  /// The last step: where the combination stands, new or known.
  @inline(__always)
  mutating func place(_ draft: Draft) -> Place {
    let mask = slots.count - 1
    var at = Int(truncatingIfNeeded: draft.hash) & mask
    while slots[at] != 0 {
      if slots[at] >> 32 == draft.hash >> 32 {
        let start = Int(truncatingIfNeeded: slots[at] & 0xFFFF_FFFF) - 1
        if isSame(start, draft) { return Place(start: start, isNew: false) }
      }
      at = (at + 1) & mask
    }
    slots[at] = draft.hash & 0xFFFF_FFFF_0000_0000 | UInt64(end + 1)
    return add(draft)
  }

  private mutating func add(_ draft: Draft) -> Place {
    let start = end
    let stop = start + Head.size + draft.count
    if stop > words.count { words = Slab.grow(words, to: max(words.count * 2, stop)) }
    words[start + Head.number] = UInt32(truncatingIfNeeded: count)
    words[start + Head.length] = UInt32(truncatingIfNeeded: draft.count)
    put(0, at: start + Head.count)
    put(UInt64(bitPattern: .max), at: start + Head.first)
    put(UInt64(bitPattern: .min), at: start + Head.last)
    put(0, at: start + Head.content)
    for index in 0..<draft.count { words[start + Head.size + index] = self.draft[draft.start + index] }
    count += 1
    end = stop
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

  /// Two words at a time.
  @inline(__always)
  private static func hash(_ words: UnsafeMutableBufferPointer<UInt32>) -> UInt64 {
    var hash = 0x9E37_79B9_7F4A_7C15 ^ UInt64(words.count)
    var at = 0
    while at + 2 <= words.count {
      hash = folded(hash ^ (UInt64(words[at]) | UInt64(words[at + 1]) << 32), 0xA076_1D64_78BD_642F)
      at += 2
    }
    return at < words.count ? folded(hash ^ UInt64(words[at]), 0xE703_7ED1_A0B4_28DB) : hash
  }

  /// Whether the combination that begins there is the draft's.
  @inline(__always)
  private func isSame(_ start: Int, _ draft: Draft) -> Bool {
    if words[start + Head.length] != UInt32(truncatingIfNeeded: draft.count) { return false }
    for index in 0..<draft.count where words[start + Head.size + index] != self.draft[draft.start + index] {
      return false
    }
    return true
  }

  private mutating func grow() {
    let size = slots.count * 2
    Slab.release(slots)
    slots = Slab.make(size, of: UInt64.self)
    var start = 0
    while start < end {
      let hash = Self.hash(text(of: start))
      var at = Int(truncatingIfNeeded: hash) & (size - 1)
      while slots[at] != 0 { at = (at + 1) & (size - 1) }
      slots[at] = hash & 0xFFFF_FFFF_0000_0000 | UInt64(start + 1)
      start = stop(start)
    }
  }
}
