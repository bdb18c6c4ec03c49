/// Questions between two patterns, answered for all the texts that they match.
extension AccessPattern {
  /// Whether every text that `other` may match is matched by this pattern for certain.
  ///
  /// Exact for `*` and `?`: a wildcard of `other` is followed as a character that this pattern does not spell, because what
  /// matches that one matches all. Both must be of one kind (actions or resources).
  package func covers(_ other: AccessPattern) -> Bool {
    let (mine, theirs) = (certain, other.widest)
    if matchesAll || description == other.description { return true }
    // Most pairs part at a letter before the first wildcard.
    if theirs.count < prefixLength { return false }
    for index in 0..<prefixLength where mine[index] != theirs[index] { return false }
    if prefixLength == mine.count { return theirs.count == mine.count }
    if prefixLength == mine.count - 1, mine[prefixLength] == AccessPattern.run { return true }
    // A wildcard of `other` is then just one more character, which only a `*` of this pattern takes: one walk decides.
    if !mine.contains(AccessPattern.one) || !theirs.contains(AccessPattern.run) {
      return theirs.withUnsafeBufferPointer { match(mine, $0) { $0 } }
    }
    var search = InclusionSearch(pattern: mine)
    return search.accepts(theirs)
  }

  /// Whether some text may match both.
  package func overlaps(_ other: AccessPattern) -> Bool {
    let (mine, theirs) = (widest, other.widest)
    // reachable[j]: the first i tokens of one and the first j of the other can spell the same text.
    var reachable = [Bool](repeating: false, count: theirs.count + 1)
    reachable[0] = true
    for j in theirs.indices where theirs[j] == AccessPattern.run { reachable[j + 1] = reachable[j] }
    for token in mine {
      var next = [Bool](repeating: false, count: theirs.count + 1)
      next[0] = token == AccessPattern.run && reachable[0]
      for j in theirs.indices {
        let their = theirs[j]
        if token == AccessPattern.run || their == AccessPattern.run {
          let skipsMine = token == AccessPattern.run && reachable[j + 1]
          let skipsTheirs = their == AccessPattern.run && next[j]
          // A run takes one more token of the other side and stays where it is.
          let takesTheirs = token == AccessPattern.run && next[j]
          let takesMine = their == AccessPattern.run && reachable[j + 1]
          next[j + 1] = skipsMine || skipsTheirs || takesTheirs || takesMine
        } else if token == AccessPattern.one || their == AccessPattern.one || token == their {
          next[j + 1] = reachable[j]
        }
      }
      reachable = next
    }
    return reachable[theirs.count]
  }

  /// The narrower pattern where one covers the other; `nil` where they only overlap or share nothing.
  package func narrower(_ other: AccessPattern) -> AccessPattern? {
    if covers(other) { return other }
    return other.covers(self) ? self : nil
  }
}

/// Follows all states of one pattern through the texts of another, keeping only the smallest sets of states: what a set accepts,
/// every larger set accepts too (an antichain search).
private struct InclusionSearch {
  private let pattern: [UInt32]
  private let words: Int
  private var seen: [[StateSet]] = []
  /// Sets still to be followed before the search gives up and says "not covered", the answer that hides nothing.
  private var budget = 20_000

  init(pattern: [UInt32]) {
    self.pattern = pattern
    words = pattern.count / 64 + 1
  }

  mutating func accepts(_ text: [UInt32]) -> Bool {
    seen = Array(repeating: [], count: text.count + 1)
    var start = StateSet(words: words)
    start.insert(0)
    close(&start)
    var open = [(0, start)]
    while let (at, states) = open.popLast() {
      if seen[at].contains(where: { $0.isSubset(of: states) }) { continue }
      seen[at].append(states)
      budget -= 1
      if budget < 0 || states.isEmpty { return false }
      if at == text.count {
        guard states.contains(pattern.count) else { return false }
      } else if text[at] == AccessPattern.run {
        open.append((at + 1, states))
        open.append((at, step(states, AccessPattern.one)))
      } else {
        open.append((at + 1, step(states, text[at])))
      }
    }
    return true
  }

  /// The states after one character; `one` is a character that the pattern does not spell.
  private func step(_ states: StateSet, _ character: UInt32) -> StateSet {
    var next = StateSet(words: words)
    for state in pattern.indices where states.contains(state) {
      let token = pattern[state]
      if token == AccessPattern.run {
        next.insert(state)
      } else if token == AccessPattern.one || token == character {
        next.insert(state + 1)
      }
    }
    close(&next)
    return next
  }

  private func close(_ states: inout StateSet) {
    for state in pattern.indices where pattern[state] == AccessPattern.run && states.contains(state) {
      states.insert(state + 1)
    }
  }
}

/// A set of small numbers.
private struct StateSet {
  private var bits: [UInt64]

  init(words: Int) { bits = Array(repeating: 0, count: words) }

  var isEmpty: Bool { bits.allSatisfy { $0 == 0 } }
  func contains(_ state: Int) -> Bool { bits[state >> 6] & (1 << UInt64(state & 63)) != 0 }
  mutating func insert(_ state: Int) { bits[state >> 6] |= 1 << UInt64(state & 63) }
  func isSubset(of other: StateSet) -> Bool { zip(bits, other.bits).allSatisfy { $0 & ~$1 == 0 } }
}
