import Base

/// The texts of a part, sorted by their bytes; what is added while it is made stands behind them.
struct PartTexts: Sendable {
  private(set) var list: [String]
  private let sortedCount: Int
  /// By their bytes: strings that Unicode holds for equal are two texts here.
  private var added: [[UInt8]: UInt32] = [:]
  /// The container that was asked for last: sorted resources share theirs with their neighbours.
  private var lastContainer: (name: String, number: UInt32)?

  init(sorted list: [String] = []) {
    self.list = list
    sortedCount = list.count
  }

  var isSorted: Bool { list.count == sortedCount }

  subscript(number: UInt32) -> String { list[Int(number)] }

  /// The number of the text, new or known.
  mutating func number(of text: String) -> UInt32 {
    var (low, high) = (0, sortedCount)
    while low < high {
      let middle = (low + high) / 2
      let order = utf8Order(list[middle], text)
      if order == 0 { return UInt32(middle) }
      if order < 0 { low = middle + 1 } else { high = middle }
    }
    let bytes = Array(text.utf8)
    if let known = added[bytes] { return known }
    let number = UInt32(list.count)
    list.append(text)
    added[bytes] = number
    return number
  }

  /// The number of what contains the resource.
  mutating func container(of resource: String) -> UInt32 {
    let name = ResourceContainer.name(of: resource)
    if let last = lastContainer, utf8Order(last.name, name) == 0 { return last.number }
    let number = number(of: name)
    lastContainer = (name, number)
    return number
  }

  /// The texts of all tables, each sorted, as one; with each table's numbers in it.
  static func merge(_ tables: ArraySlice<[String]>) -> (texts: [String], maps: [[UInt32]]) {
    guard let first = tables.first else { return ([], []) }
    if tables.count == 1 { return (first, [(0..<first.count).map { UInt32($0) }]) }
    let middle = tables.startIndex + tables.count / 2
    let (left, right) = (merge(tables[..<middle]), merge(tables[middle...]))
    let (texts, maps) = merge(left.texts, right.texts)
    return (
      texts,
      left.maps.map { $0.map { maps.0[Int($0)] } } + right.maps.map { $0.map { maps.1[Int($0)] } }
    )
  }

  private static func merge(_ a: [String], _ b: [String]) -> (texts: [String], maps: ([UInt32], [UInt32])) {
    var texts: [String] = []
    texts.reserveCapacity(max(a.count, b.count))
    var maps = ([UInt32](repeating: 0, count: a.count), [UInt32](repeating: 0, count: b.count))
    var (i, j) = (0, 0)
    while i < a.count || j < b.count {
      let order = i == a.count ? 1 : j == b.count ? -1 : utf8Order(a[i], b[j])
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
    return (texts, maps)
  }
}
