private import Glibc

extension Value {
  /// CEL equality: numbers by their value across types, lists and maps by their parts, different types are not equal.
  /// Failures must have been dealt with before.
  package func isEqual(to other: Value) -> Bool {
    switch (self, other) {
    case (.string(let a), .string(let b)): return a.isSameScalars(as: b)
    case (.int(let a), .int(let b)): return a == b
    case (.bool(let a), .bool(let b)): return a == b
    case (.null, .null): return true
    case (.timestamp(let a), .timestamp(let b)): return a == b
    case (.duration(let a), .duration(let b)): return a == b
    case (.bytes(let a), .bytes(let b)): return a == b
    case (.type(let a), .type(let b)): return a == b
    case (.list(let a), .list(let b)): return a.count == b.count && zip(a, b).allSatisfy { $0.isEqual(to: $1) }
    case (.map(let a), .map(let b)): return a.isEqual(to: b)
    case (.object(let a), .object(let b)): return a === b
    case (.opaque(let a), .opaque(let b)): return a.isEqual(to: b)
    case (.optional(let a), .optional(let b)): return a.isEqual(to: b)
    default: return Value.compareNumbers(self, other) == .some(.same)
    }
  }

  /// How two values stand to each other; `nil` for what has no order, NaN included.
  enum Order { case less, same, more }

  /// Both must be numbers, else `nil`.
  static func compareNumbers(_ a: Value, _ b: Value) -> Order? {
    switch (a, b) {
    case (.int(let a), .int(let b)): order(a, b)
    case (.uint(let a), .uint(let b)): order(a, b)
    case (.double(let a), .double(let b)): order(a, b)
    case (.int(let a), .uint(let b)): a < 0 ? .less : order(UInt64(a), b)
    case (.uint(let a), .int(let b)): b < 0 ? .more : order(a, UInt64(b))
    // As the conformance tests want it: the integer as the nearest double.
    case (.int(let a), .double(let b)): order(Double(a), b)
    case (.double(let a), .int(let b)): order(a, Double(b))
    case (.uint(let a), .double(let b)): order(Double(a), b)
    case (.double(let a), .uint(let b)): order(a, Double(b))
    default: nil
    }
  }

  static func order<T: Comparable>(_ a: T, _ b: T) -> Order? {
    a < b ? .less : a == b ? .same : a > b ? .more : nil
  }
}

extension OptionalValue {
  fileprivate func isEqual(to other: OptionalValue) -> Bool {
    switch (value, other.value) {
    case (nil, nil): true
    case (.some(let a), .some(let b)): a.isEqual(to: b)
    default: false
    }
  }
}

extension MapValue {
  fileprivate func isEqual(to other: MapValue) -> Bool {
    if entries.count != other.entries.count { return false }
    return entries.allSatisfy { entry in other[entry.key].map { entry.value.isEqual(to: $0) } ?? false }
  }
}

extension String {
  /// CEL compares code points; Swift's `==` would call canonically equivalent texts equal.
  @inline(__always)
  func isSameScalars(as other: String) -> Bool {
    if utf8.count != other.utf8.count { return false }
    let same = utf8.withContiguousStorageIfAvailable { a in
      other.utf8.withContiguousStorageIfAvailable { b in
        guard let first = a.baseAddress, let second = b.baseAddress else { return true }
        return memcmp(first, second, a.count) == 0
      }
    }
    return (same ?? nil) ?? utf8.elementsEqual(other.utf8)
  }

  /// The order of code points, which is the order of UTF-8 bytes.
  func scalarsPrecede(_ other: String) -> Bool { utf8.lexicographicallyPrecedes(other.utf8) }
}
