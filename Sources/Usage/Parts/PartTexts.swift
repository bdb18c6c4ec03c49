/// The texts of a part, sorted by their bytes; what is added while it is made stands behind them.
struct PartTexts: Sendable {
  private(set) var list: TextList
  /// How many of them are sorted.
  let sortedCount: Int
  /// The others.
  private var added: [[UInt8]: UInt32] = [:]
  /// The numbers of the containers of resources plus one, as far as they were asked for.
  private var containers: [UInt32] = []
  /// The container that was asked for last: sorted resources share theirs with their neighbours.
  private var lastContainer: UInt32?

  init(sorted list: TextList = TextList()) {
    self.list = list
    sortedCount = list.count
  }

  var isSorted: Bool { list.count == sortedCount }

  subscript(number: UInt32) -> String { list[Int(number)] }

  /// The number of the text, new or known.
  private mutating func number(of text: [UInt8]) -> UInt32 {
    if let known = text.withUnsafeBytes({ find(RawText(start: $0.baseAddress, count: $0.count)) }) { return known }
    if let known = added[text] { return known }
    let number = UInt32(list.count)
    text.withUnsafeBytes { list.append(RawText(start: $0.baseAddress, count: $0.count)) }
    added[text] = number
    return number
  }

  /// The number of a sorted text.
  private func find(_ text: RawText) -> UInt32? {
    list.with { texts in
      var (low, high) = (0, sortedCount)
      while low < high {
        let middle = (low + high) / 2
        let order = RawText.order(texts[middle], text)
        if order == 0 { return UInt32(middle) }
        if order < 0 { low = middle + 1 } else { high = middle }
      }
      return nil
    }
  }

  /// The resource at a level of reduction; nothing stays nothing.
  mutating func reduced(_ resource: UInt32, to level: UInt8) -> UInt32 {
    let number = Int(resource)
    if level == 0 || list.with({ $0[number].isEmpty }) { return resource }
    if level > 1 { return self.number(of: [UInt8(ascii: "*")]) }
    while containers.count <= number { containers.append(0) }
    if containers[number] == 0 { containers[number] = container(of: number) + 1 }
    return containers[number] - 1
  }

  /// The number of what contains the resource.
  private mutating func container(of number: Int) -> UInt32 {
    var name: [UInt8] = []
    let known = list.with { texts -> UInt32? in
      let prefix = texts[number].prefix(ResourceContainer.prefixLength(of: texts[number]))
      if let last = lastContainer {
        // Containers end with a `*` each.
        let text = texts[Int(last)]
        if text.count == prefix.count + 1 && text.prefix(prefix.count) == prefix { return last }
      }
      name = Array(prefix.bytes) + [UInt8(ascii: "*")]
      return nil
    }
    if let known { return known }
    let container = self.number(of: name)
    lastContainer = container
    return container
  }

  /// The texts of all tables, each sorted, as one; with each table's numbers in it.
  static func merge(_ tables: ArraySlice<TextList>) -> (texts: TextList, maps: [[UInt32]]) {
    guard let first = tables.first else { return (TextList(), []) }
    if tables.count == 1 { return (first, [(0..<first.count).map { UInt32($0) }]) }
    let middle = tables.startIndex + tables.count / 2
    let (left, right) = (merge(tables[..<middle]), merge(tables[middle...]))
    let (texts, maps) = merge(left.texts, right.texts)
    return (
      texts,
      left.maps.map { $0.map { maps.0[Int($0)] } } + right.maps.map { $0.map { maps.1[Int($0)] } }
    )
  }

  private static func merge(_ a: TextList, _ b: TextList) -> (texts: TextList, maps: ([UInt32], [UInt32])) {
    var texts = TextList()
    var maps = ([UInt32](repeating: 0, count: a.count), [UInt32](repeating: 0, count: b.count))
    let counts = (a.count, b.count)
    a.with { a in
      b.with { b in
        texts.reserve(max(counts.0, counts.1), bytes: max(a.byteCount, b.byteCount))
        var (i, j) = (0, 0)
        while i < counts.0 || j < counts.1 {
          let order = i == counts.0 ? 1 : j == counts.1 ? -1 : RawText.order(a[i], b[j])
          let number = UInt32(texts.count)
          texts.append(order <= 0 ? a[i] : b[j])
          if order <= 0 {
            maps.0[i] = number
            i += 1
          }
          if order >= 0 {
            maps.1[j] = number
            j += 1
          }
        }
      }
    }
    return (texts, maps)
  }
}
