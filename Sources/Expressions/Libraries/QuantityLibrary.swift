/// Kubernetes' amounts: `1.5Gi`, `250m`, `3e6`.
enum QuantityLibrary {
  static let functions: [Function] = [
    Function(
      "quantity", "An amount from text such as `1.5Gi`", [Overload([.string], .quantity)],
      .unary {
        guard case .string(let text) = $0 else { return nil }
        return Quantity(text).map { .opaque($0) } ?? .failure("\(text.quoted) is not a quantity such as 1.5Gi")
      }),
    Function(
      "isQuantity", "Whether the text is an amount", [Overload([.string], .bool)],
      .unary {
        guard case .string(let text) = $0 else { return nil }
        return .bool(Quantity(text) != nil)
      }),
    Function(
      "sign", "-1, 0 or 1", [Overload(member: true, [.quantity], .int)],
      .unary { $0.quantity.map { .int(Int64($0.nanos.signum())) } }),
    Function(
      "isInteger", "Whether it is whole and fits in an int", [Overload(member: true, [.quantity], .bool)],
      .unary { $0.quantity.map { .bool($0.whole != nil) } }),
    Function(
      "asInteger", "The whole number; an error when it is none", [Overload(member: true, [.quantity], .int)],
      .unary { $0.quantity.map { $0.whole.map { .int($0) } ?? .failure("the quantity is not a whole number") } }),
    Function(
      "asApproximateFloat", "The nearest double", [Overload(member: true, [.quantity], .double)],
      .unary { $0.quantity.map { .double(Double($0.nanos) / 1e9) } }),
    sum("add", "The sum with another amount or a whole number") { $0.addingReportingOverflow($1) },
    sum("sub", "The difference to another amount or a whole number") { $0.subtractingReportingOverflow($1) },
  ]

  private static func sum(
    _ name: String, _ summary: String, _ body: @escaping @Sendable (Int128, Int128) -> (Int128, Bool)
  ) -> Function {
    Function(
      name, summary,
      [
        Overload(member: true, [.quantity, .quantity], .quantity),
        Overload(member: true, [.quantity, .int], .quantity),
      ],
      .binary {
        guard let first = $0.quantity else { return nil }
        var second = $1.quantity?.nanos
        if case .int(let number) = $1 { second = Int128(number) * Quantity.scale }
        guard let second else { return nil }
        let (nanos, overflow) = body(first.nanos, second)
        return overflow ? .failure("the quantity is too large") : .opaque(Quantity(nanos: nanos))
      })
  }
}

/// An amount in billionths.
final class Quantity: OrderedValue {
  static let scale: Int128 = 1_000_000_000
  let nanos: Int128
  /// Whether it stands for a number that is too large: Kubernetes takes the largest int for it, and calls it no integer.
  private let isCapped: Bool

  init(nanos: Int128, isCapped: Bool = false) { (self.nanos, self.isCapped) = (nanos, isCapped) }

  private static let decimal: [(String, Int)] = [
    ("n", -9), ("u", -6), ("m", -3), ("k", 3), ("M", 6), ("G", 9), ("T", 12), ("P", 15), ("E", 18), ("", 0),
  ]

  /// A number with a binary or decimal suffix or an exponent; `nil` where it is none.
  convenience init?(_ text: String) {
    let number = text.prefix { $0.isASCII && ($0.isNumber || ".+-".contains($0)) }
    let suffix = String(text.dropFirst(number.count))
    let parts = number.drop { $0 == "-" || $0 == "+" }.split(separator: ".", omittingEmptySubsequences: false)
    let digits = parts.joined()
    guard parts.count <= 2, digits.utf8.allSatisfy(\.isDigit), !digits.isEmpty, digits.utf8.count <= 4096,
      number.dropFirst().allSatisfy({ $0 != "-" && $0 != "+" }), let (factor, power) = Quantity.unit(suffix)
    else { return nil }
    let exact = Quantity.nanos(digits, fraction: parts.count == 2 ? parts[1].utf8.count : 0, factor, power)
    let nanos = exact ?? Int128(Int64.max) * Quantity.scale
    self.init(nanos: number.hasPrefix("-") ? -nanos : nanos, isCapped: exact == nil)
  }

  /// `nil` where it is too large.
  private static func nanos(_ digits: String, fraction: Int, _ factor: Int128, _ power: Int) -> Int128? {
    // Digits far behind the point cannot count, but for rounding up.
    let surplus = max(0, min(fraction - 18, digits.utf8.count - 1))
    let kept = digits.dropLast(surplus)
    let isRounded = digits.suffix(surplus).contains { $0 != "0" }
    guard let magnitude = Int128(kept) else { return nil }
    let (product, overflow) = (magnitude + (isRounded ? 1 : 0)).multipliedReportingOverflow(by: factor)
    return overflow ? nil : shifted(product, power + 9 - (fraction - surplus))
  }

  private static func unit(_ suffix: String) -> (factor: Int128, power: Int)? {
    if let at = ["Ki", "Mi", "Gi", "Ti", "Pi", "Ei"].firstIndex(of: suffix) { return (1 << Int128(10 * (at + 1)), 0) }
    if let known = decimal.first(where: { $0.0 == suffix }) { return (1, known.1) }
    guard let first = suffix.first, first == "e" || first == "E", suffix.utf8.count <= 4 else { return nil }
    return Int(suffix.dropFirst()).map { (1, $0) }
  }

  /// Times ten to the power; `nil` on overflow. What is finer than a billionth rounds up, as in Kubernetes.
  private static func shifted(_ value: Int128, _ power: Int) -> Int128? {
    var value = value
    for _ in 0..<min(abs(power), 60) {
      if power > 0 {
        let (next, overflow) = value.multipliedReportingOverflow(by: 10)
        if overflow { return nil }
        value = next
      } else {
        value = value / 10 + (value % 10 == 0 ? 0 : 1)
      }
    }
    return value
  }

  var whole: Int64? { isCapped ? nil : nanos % Quantity.scale == 0 ? Int64(exactly: nanos / Quantity.scale) : nil }

  var typeName: String { "kubernetes.Quantity" }

  /// A plain decimal number.
  var text: String {
    let fraction = nanos.magnitude % UInt128(Quantity.scale)
    var digits = String(fraction + UInt128(Quantity.scale)).dropFirst()
    while digits.hasSuffix("0") { digits.removeLast() }
    let whole = "\(nanos < 0 ? "-" : "")\(nanos.magnitude / UInt128(Quantity.scale))"
    return fraction == 0 ? whole : "\(whole).\(digits)"
  }

  func isEqual(to other: any OpaqueValue) -> Bool { (other as? Quantity)?.nanos == nanos }

  func order(to other: any OpaqueValue) -> Value.Order? {
    (other as? Quantity).flatMap { Value.order(nanos, $0.nanos) }
  }
}

extension Value {
  fileprivate var quantity: Quantity? {
    if case .opaque(let value) = self { return value as? Quantity }
    return nil
  }
}
