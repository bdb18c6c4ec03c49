/// Puts texts into the order of their bytes: by the first eight as a number, then those that agree by the next eight, and so on. Texts
/// of logs share long beginnings (`arn:aws:s3:::`), which a comparison from the front would read each time.
struct TextOrder {
  private struct Key {
    var head: UInt64
    let number: UInt32
  }

  private let texts: [RawText]
  private var keys: [Key]

  /// The numbers of the texts in the order of their bytes; equal ones in that of their numbers.
  static func sorted(_ texts: [RawText]) -> [UInt32] {
    var order = TextOrder(texts)
    order.sort(0..<texts.count, from: 0)
    return order.keys.map(\.number)
  }

  private init(_ texts: [RawText]) {
    self.texts = texts
    keys = texts.indices.map { Key(head: 0, number: UInt32($0)) }
  }

  /// Sorts a range whose texts agree before `depth`, and are at least as long.
  private mutating func sort(_ all: Range<Int>, from start: Int) {
    var pending = [(range: all, depth: start)]
    while let (range, depth) = pending.popLast() {
      for index in range { keys[index].head = Self.word(texts[Int(keys[index].number)], at: depth) }
      keys[range].sort { $0.head == $1.head ? $0.number < $1.number : $0.head < $1.head }
      var first = range.lowerBound
      while first < range.upperBound {
        var end = first + 1
        while end < range.upperBound && keys[end].head == keys[first].head { end += 1 }
        if end - first > 1 {
          let split = shortFirst(first..<end, depth)
          if end - split > 1 { pending.append((split..<end, depth + 8)) }
        }
        first = end
      }
    }
  }

  /// Eight bytes from `at` as a big-endian number, zeros behind the end.
  @inline(__always)
  private static func word(_ text: RawText, at: Int) -> UInt64 {
    let left = text.count - at
    guard left > 0, let start = text.start else { return 0 }
    if left >= 8 { return UInt64(bigEndian: start.loadUnaligned(fromByteOffset: at, as: UInt64.self)) }
    var word: UInt64 = 0
    for index in 0..<left {
      word |= UInt64(start.load(fromByteOffset: at + index, as: UInt8.self)) &<< UInt64(56 - 8 * index)
    }
    return word
  }

  /// Texts that end within the eight bytes from `depth` stand before those that go on, the shorter first: only zero bytes tell them
  /// apart. Gives where those that go on begin.
  private mutating func shortFirst(_ range: Range<Int>, _ depth: Int) -> Int {
    func length(_ key: Key) -> Int { min(texts[Int(key.number)].count, depth + 8) }
    let first = length(keys[range.lowerBound])
    if range.allSatisfy({ length(keys[$0]) == first }) {
      return first < depth + 8 ? range.upperBound : range.lowerBound
    }
    keys[range].sort { a, b in
      let (left, right) = (length(a), length(b))
      return left == right ? a.number < b.number : left < right
    }
    return range.first { length(keys[$0]) == depth + 8 } ?? range.upperBound
  }
}
