/// A set of values as intervals of one order over all values that comparisons can name: what `x > 3`, `x == 'a'` or
/// `x in [1, 2]` let through, and by complement what they do not.
///
/// Kinds of values follow one another (null, bool, numbers, NaN, text, …), so that sets of values of unknown type need no
/// special case. NaN is a kind of its own: `!(x < 3)` holds for it, `x >= 3` does not.
struct ValueSet: Equatable {
  /// From a cut up to another; never empty as cuts go.
  struct Interval: Equatable {
    let low: Cut
    let high: Cut
  }

  /// Ascending, neither overlapping nor touching.
  private(set) var intervals: [Interval] = []

  static let nothing = ValueSet()
  static let everything = ValueSet(from: Cut(kind: 0, .start), to: Cut(kind: Cut.kinds, .start))

  init() {}

  init(from low: Cut, to high: Cut) {
    if low < high { intervals = [Interval(low: low, high: high)] }
  }

  /// The value alone; `nil` for one without an order, such as a list.
  init?(_ value: Value) {
    guard let kind = Cut.kind(value) else { return nil }
    self.init(from: Cut(kind: kind, .before(value)), to: Cut(kind: kind, .after(value)))
  }

  /// All values of one kind that stand in the relation to the value; `nil` for one without an order.
  init?(_ relation: Comparison.Relation, _ value: Value) {
    guard let kind = Cut.kind(value) else { return nil }
    // Nothing is less, more or the same as NaN.
    guard kind != Cut.notANumber else {
      self.init()
      return
    }
    let (start, end) = (Cut(kind: kind, .start), Cut(kind: kind + 1, .start))
    switch relation {
    case .less: self.init(from: start, to: Cut(kind: kind, .before(value)))
    case .lessOrSame: self.init(from: start, to: Cut(kind: kind, .after(value)))
    case .more: self.init(from: Cut(kind: kind, .after(value)), to: end)
    case .moreOrSame: self.init(from: Cut(kind: kind, .before(value)), to: end)
    case .same: self.init(from: Cut(kind: kind, .before(value)), to: Cut(kind: kind, .after(value)))
    // Values of any kind differ from it.
    case .different: return nil
    }
  }

  var isEmpty: Bool { intervals.isEmpty }

  /// Whether no whole number is in it. Between 3 and 4 there are values, and no whole ones.
  var hasNoWholeNumber: Bool { intervals.allSatisfy { $0.high.wholeBelow < $0.low.wholeAbove } }

  func contains(_ value: Value) -> Bool {
    guard let point = ValueSet(value)?.intervals.first else { return false }
    return intervals.contains { $0.low <= point.low && point.high <= $0.high }
  }

  func union(_ other: ValueSet) -> ValueSet { ValueSet.union([self, other]) }

  static func union(_ sets: [ValueSet]) -> ValueSet {
    var out = ValueSet()
    for next in sets.flatMap(\.intervals).sorted(by: { $0.low < $1.low }) {
      if let last = out.intervals.last, next.low <= last.high {
        out.intervals[out.intervals.count - 1] = Interval(low: last.low, high: max(last.high, next.high))
      } else {
        out.intervals.append(next)
      }
    }
    return out
  }

  func intersection(_ other: ValueSet) -> ValueSet {
    var out = ValueSet()
    var (i, j) = (0, 0)
    while i < intervals.count, j < other.intervals.count {
      let (a, b) = (intervals[i], other.intervals[j])
      let (low, high) = (max(a.low, b.low), min(a.high, b.high))
      if low < high { out.intervals.append(Interval(low: low, high: high)) }
      if a.high < b.high { i += 1 } else { j += 1 }
    }
    return out
  }

  var complement: ValueSet {
    var out = ValueSet()
    var low = Cut(kind: 0, .start)
    for interval in intervals {
      if low < interval.low { out.intervals.append(Interval(low: low, high: interval.low)) }
      low = interval.high
    }
    let end = Cut(kind: Cut.kinds, .start)
    if low < end { out.intervals.append(Interval(low: low, high: end)) }
    return out
  }
}

/// A place between values of the order.
struct Cut: Comparable {
  enum Place {
    /// Before all values of the kind.
    case start
    case before(Value)
    case after(Value)
  }

  let kind: Int
  let place: Place

  init(kind: Int, _ place: Place) { (self.kind, self.place) = (kind, place) }

  static let (bool, number, notANumber, string, kinds) = (1, 2, 3, 4, 8)

  /// `nil` for values that no order holds, and for doubles so large that different whole numbers equal them.
  static func kind(_ value: Value) -> Int? {
    switch value {
    case .null: 0
    case .bool: bool
    case .double(let number) where number.isNaN: notANumber
    case .double(let number) where number.magnitude >= 0x1p53: nil
    case .int, .uint, .double: number
    case .string: string
    case .bytes: 5
    case .timestamp: 6
    case .duration: 7
    default: nil
    }
  }

  static func == (a: Cut, b: Cut) -> Bool { !(a < b) && !(b < a) }

  static func < (a: Cut, b: Cut) -> Bool {
    if a.kind != b.kind { return a.kind < b.kind }
    switch (a.place, b.place) {
    case (_, .start): return false
    case (.start, _): return true
    case (.before(let x), .before(let y)), (.after(let x), .after(let y)): return order(x, y) == .less
    case (.before(let x), .after(let y)): return order(x, y) != .more
    case (.after(let x), .before(let y)): return order(x, y) == .less
    }
  }

  private static func order(_ a: Value, _ b: Value) -> Value.Order {
    // Null and NaN are alone in their kinds.
    if let order = Value.compare(a, b), let order { return order }
    return .same
  }

  /// The least whole number that is not below the cut.
  fileprivate var wholeAbove: Int128 {
    switch place {
    case .start: kind > Cut.number ? .max : .min
    case .before(let value): value.whole(.up)
    case .after(let value): value.whole(.down) + 1
    }
  }

  /// The largest whole number below the cut.
  fileprivate var wholeBelow: Int128 {
    switch place {
    case .start: kind > Cut.number ? .max : .min
    case .before(let value): value.whole(.up) - 1
    case .after(let value): value.whole(.down)
    }
  }
}

extension Value {
  /// A number rounded to a whole one.
  fileprivate func whole(_ rule: FloatingPointRoundingRule) -> Int128 {
    switch self {
    case .int(let number): Int128(number)
    case .uint(let number): Int128(number)
    case .double(let number) where number.magnitude < 0x1p53: Int128(number.rounded(rule))
    default: 0
    }
  }
}
