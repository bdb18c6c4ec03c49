private import Glibc

/// Whether the UTF-8 of one text comes before that of the other: the order of everything that is stored.
package func utf8Precedes(_ a: String, _ b: String) -> Bool { utf8Order(a, b) < 0 }

/// Negative, zero or positive, as the UTF-8 of the first text comes before that of the second, is the same, or comes after.
@usableFromInline
package func utf8Order(_ a: String, _ b: String) -> Int {
  let order = a.utf8.withContiguousStorageIfAvailable { a in
    b.utf8.withContiguousStorageIfAvailable { b -> Int in
      guard let x = a.baseAddress, let y = b.baseAddress else { return a.count - b.count }
      let order = memcmp(x, y, min(a.count, b.count))
      return order == 0 ? a.count - b.count : Int(order)
    }
  }
  if let order = order ?? nil { return order }
  return a.utf8.elementsEqual(b.utf8) ? 0 : a.utf8.lexicographicallyPrecedes(b.utf8) ? -1 : 1
}

/// As `utf8Order`, but numbers in the texts compare by their value: `record 2` comes before `record 10`.
package func numericOrder(_ a: String, _ b: String) -> Int {
  var (left, right) = (a.utf8[...], b.utf8[...])
  func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }
  while let x = left.first, let y = right.first {
    if isDigit(x) && isDigit(y) {
      let (m, n) = (left.prefix(while: isDigit), right.prefix(while: isDigit))
      let (i, j) = (m.drop { $0 == 0x30 }, n.drop { $0 == 0x30 })
      if i.count != j.count { return i.count - j.count }
      if !i.elementsEqual(j) { return i.lexicographicallyPrecedes(j) ? -1 : 1 }
      (left, right) = (left.dropFirst(m.count), right.dropFirst(n.count))
    } else {
      if x != y { return Int(x) - Int(y) }
      (left, right) = (left.dropFirst(), right.dropFirst())
    }
  }
  // Equal but for leading zeros, or one begins like the other.
  return left.isEmpty && right.isEmpty ? utf8Order(a, b) : left.count - right.count
}

extension Array {
  /// Puts the elements in the order of their keys' UTF-8, those of equal keys in the order of other keys, else as they were.
  ///
  /// Sorts numbers and then swaps the elements into their places: copying a value of a dozen fields costs as many reference counts.
  @inlinable
  package mutating func arrange(by key: (Element) -> String, then other: (Element) -> String = { _ in "" }) {
    let keys = map(key)
    var order = [Int](indices)
    order.sort { a, b in
      let byKey = utf8Order(keys[a], keys[b])
      if byKey != 0 { return byKey < 0 }
      let byOther = utf8Order(other(self[a]), other(self[b]))
      return byOther == 0 ? a < b : byOther < 0
    }
    for start in order.indices {
      var place = start
      while order[place] != start {
        let from = order[place]
        swapAt(place, from)
        order[place] = place
        place = from
      }
      order[place] = place
    }
  }
}

extension [String] {
  /// The texts in the order of their bytes, each once.
  package func sortedByBytes() -> [String] {
    if zip(self, dropFirst()).allSatisfy(utf8Precedes) { return self }
    var texts: [String] = []
    for text in sorted(by: utf8Precedes) where texts.last.map({ utf8Precedes($0, text) }) ?? true { texts.append(text) }
    return texts
  }
}

extension Array where Element: Hashable {
  /// The elements without repetitions, in order of their first place.
  package func uniqued() -> [Element] {
    var seen: Set<Element> = []
    return filter { seen.insert($0).inserted }
  }
}
