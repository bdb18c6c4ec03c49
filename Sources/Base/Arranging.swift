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

extension Array where Element: Hashable {
  /// The elements without repetitions, in order of their first place.
  package func uniqued() -> [Element] {
    var seen: Set<Element> = []
    return filter { seen.insert($0).inserted }
  }
}
