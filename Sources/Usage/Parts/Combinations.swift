/// What events have in common that is counted: who, what, on what, from where, with what outcome. Most events share theirs with many
/// others, so the index names them by number.
///
/// Each is a list of words: the numbers of the texts plus one (0 for none, or for one that is no longer kept) of identity, action, region,
/// address, agent, place and credential; flags; the numbers of the resources plus one, sorted.
struct Combinations: Sendable {
  /// Where the words of a combination stand.
  enum Field {
    static let identity = 0
    static let action = 1
    static let credential = 6
    static let flags = 7
    static let resources = 8
    /// Terms of a kind each.
    static let terms: [(field: Int, kind: UsageCell.Kind)] = [
      (2, .region), (3, .address), (4, .agent), (5, .place),
    ]
  }

  enum Flag {
    static let failed: UInt32 = 1
    static let denied: UInt32 = 2
    static let isTemporary: UInt32 = 4
  }

  private(set) var words: [UInt32] = []
  private var starts: [UInt32] = [0]

  var count: Int { starts.count - 1 }

  subscript(number: Int) -> ArraySlice<UInt32> { words[Int(starts[number])..<Int(starts[number + 1])] }

  /// Makes room for so many, with so many words in all.
  mutating func reserve(_ count: Int, words total: Int) {
    words.reserveCapacity(total)
    starts.reserveCapacity(count + 1)
  }

  mutating func append(_ combination: some Sequence<UInt32>) {
    words.append(contentsOf: combination)
    starts.append(UInt32(words.count))
  }

  /// Adds those of another part, whose texts have new numbers.
  mutating func append(_ other: Combinations, _ map: [UInt32]) {
    for number in 0..<other.count {
      let this = other[number]
      for (place, word) in this.enumerated() {
        words.append(place == Field.flags || word == 0 ? word : map[Int(word) - 1] + 1)
      }
      starts.append(UInt32(words.count))
    }
  }

  /// All of them, with numbers of other texts.
  consuming func renumbered(identities: [UInt32], others: [UInt32]) -> Combinations {
    var result = consume self
    for number in 0..<result.count {
      let (start, end) = (Int(result.starts[number]), Int(result.starts[number + 1]))
      for place in start..<end where result.words[place] > 0 && place - start != Field.flags {
        let map = place - start == Field.identity ? identities : others
        result.words[place] = map[Int(result.words[place]) - 1] + 1
      }
      // Their order was that of the old numbers.
      let resources = (start + Field.resources)..<end
      if resources.count > 1 { result.words[resources].sort() }
    }
    return result
  }

  /// All of them, each changed, sorted and once; with the numbers of the old ones in it.
  func canonical(_ change: (inout [UInt32]) -> Void) -> (combinations: Combinations, map: [UInt32]) {
    var changed = Combinations()
    changed.words.reserveCapacity(words.count)
    changed.starts.reserveCapacity(starts.count)
    var scratch: [UInt32] = []
    for number in 0..<count {
      scratch.removeAll(keepingCapacity: true)
      scratch.append(contentsOf: self[number])
      change(&scratch)
      changed.append(scratch)
    }
    return changed.sorted()
  }

  private func sorted() -> (combinations: Combinations, map: [UInt32]) {
    let order = words.withUnsafeBufferPointer { words in
      // Identity and action tell most of them apart.
      var keys = (0..<count).map { number in
        let start = Int(starts[number])
        return (head: UInt64(words[start]) << 32 | UInt64(words[start + 1]), number: number)
      }
      keys.sort { $0.head == $1.head ? compare($0.number, $1.number, words) < 0 : $0.head < $1.head }
      return keys.map(\.number)
    }
    var result = Combinations()
    var map = [UInt32](repeating: 0, count: count)
    for (place, number) in order.enumerated() {
      if place == 0 || self[order[place - 1]] != self[number] { result.append(self[number]) }
      map[number] = UInt32(result.count - 1)
    }
    return (result, map)
  }

  @inline(__always)
  private func compare(_ a: Int, _ b: Int, _ words: UnsafeBufferPointer<UInt32>) -> Int {
    var (i, j) = (Int(starts[a]), Int(starts[b]))
    let (iEnd, jEnd) = (Int(starts[a + 1]), Int(starts[b + 1]))
    while i < iEnd && j < jEnd {
      if words[i] != words[j] { return words[i] < words[j] ? -1 : 1 }
      i += 1
      j += 1
    }
    return (iEnd - i) - (jEnd - j)
  }
}

extension Combinations {
  /// Each as the number of first words that it shares with the one before, then the others; of resources, their number first.
  func write(to out: inout PartWriter) {
    out.number(count)
    for number in 0..<count {
      let this = self[number]
      let head = this.prefix(Field.resources)
      let shared = number == 0 ? 0 : zip(head, self[number - 1].prefix(Field.resources)).prefix { $0 == $1 }.count
      out.number(shared)
      for word in head.dropFirst(shared) { out.number(word) }
      out.number(this.count - Field.resources)
      for word in this.dropFirst(Field.resources) { out.number(word) }
    }
  }

  init(from part: inout PartReader, texts: Int) throws(PartError) {
    let count = try part.length(ofEach: 2)
    var last: [UInt32] = []
    for number in 0..<count {
      let shared = Int(try part.number(below: UInt64(Field.resources) + 1, "a combination's beginning"))
      if shared > last.count { throw part.broken("a combination has no beginning") }
      var this = Array(last.prefix(shared))
      while this.count < Field.resources {
        let limit = this.count == Field.flags ? 8 : UInt64(texts) + 1
        this.append(UInt32(try part.number(below: limit, "a text's number")))
      }
      for _ in 0..<(try part.length()) {
        this.append(UInt32(try part.number(below: UInt64(texts) + 1, "a text's number")))
      }
      if number > 0 && !last.lexicographicallyPrecedes(this) {
        throw part.broken("combinations are not in their order")
      }
      if words.count + this.count >= 1 << 31 { throw part.broken("the part has too many combinations") }
      append(this)
      last = this
    }
  }
}
