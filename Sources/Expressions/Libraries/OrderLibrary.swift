/// A library's value that has an order.
protocol OrderedValue: OpaqueValue {
  /// `nil` for a value of another type.
  func order(to other: any OpaqueValue) -> Value.Order?
}

/// What quantities and versions share.
enum OrderLibrary {
  private static let types: [CELType] = [.quantity, .semver]

  static let functions: [Function] = [
    Function(
      "isLessThan", "Whether it is less than the other", types.map { Overload(member: true, [$0, $0], .bool) },
      .binary { order($0, $1).map { .bool($0 == .less) } }),
    Function(
      "isGreaterThan", "Whether it is greater than the other", types.map { Overload(member: true, [$0, $0], .bool) },
      .binary { order($0, $1).map { .bool($0 == .more) } }),
    Function(
      "compareTo", "-1, 0 or 1", types.map { Overload(member: true, [$0, $0], .int) },
      .binary { order($0, $1).map { .int($0 == .less ? -1 : $0 == .more ? 1 : 0) } }),
  ]

  private static func order(_ a: Value, _ b: Value) -> Value.Order? {
    guard case .opaque(let a) = a, case .opaque(let b) = b else { return nil }
    return (a as? any OrderedValue)?.order(to: b)
  }
}
