/// The math extension of cel-go.
enum MathLibrary {
  private static let numbers: [CELType] = [.int, .uint, .double]

  static let functions: [Function] = [
    Function("math.greatest", "The greatest of the numbers", extremes, .any { extreme($0, .more) }),
    Function("math.least", "The least of the numbers", extremes, .any { extreme($0, .less) }),
    double("math.ceil", "The next whole number above") { $0.rounded(.up) },
    double("math.floor", "The next whole number below") { $0.rounded(.down) },
    double("math.round", "The nearest whole number, halves away from zero") { $0.rounded(.toNearestOrAwayFromZero) },
    double("math.trunc", "The number without its fraction") { $0.rounded(.towardZero) },
    Function(
      "math.sqrt", "The square root", numbers.map { Overload([$0], .double) },
      .unary {
        switch $0 {
        case .int(let a): .double(Double(a).squareRoot())
        case .uint(let a): .double(Double(a).squareRoot())
        case .double(let a): .double(a.squareRoot())
        default: nil
        }
      }),
    test("math.isNaN", "Whether it is not a number") { $0.isNaN },
    test("math.isInf", "Whether it is infinite") { $0.isInfinite },
    test("math.isFinite", "Whether it is neither infinite nor not a number") { $0.isFinite },
    Function(
      "math.abs", "The number without its sign", same,
      .unary {
        switch $0 {
        case .int(let a): a == .min ? .overflow : .int(abs(a))
        case .uint: $0
        case .double(let a): .double(a.magnitude)
        default: nil
        }
      }),
    Function(
      "math.sign", "-1, 0 or 1", same,
      .unary {
        switch $0 {
        case .int(let a): .int(a.signum())
        case .uint(let a): .uint(a == 0 ? 0 : 1)
        case .double(let a): .double(a.isNaN ? a : a > 0 ? 1 : a < 0 ? -1 : 0)
        default: nil
        }
      }),
  ]

  static let bits: [Function] = [
    both("math.bitAnd", "The bits that are set in both", { $0 & $1 }, { $0 & $1 }),
    both("math.bitOr", "The bits that are set in one or both", { $0 | $1 }, { $0 | $1 }),
    both("math.bitXor", "The bits that are set in one only", { $0 ^ $1 }, { $0 ^ $1 }),
    Function(
      "math.bitNot", "The opposite bits", [.int, .uint].map { Overload([$0], $0) },
      .unary {
        switch $0 {
        case .int(let a): .int(~a)
        case .uint(let a): .uint(~a)
        default: nil
        }
      }),
    Function(
      "math.bitShiftLeft", "The bits moved up", shifts,
      .binary { shift($0, $1) { $0 << $1 } }),
    Function(
      "math.bitShiftRight", "The bits moved down, zeros coming in", shifts,
      .binary { shift($0, $1) { $0 >> $1 } }),
  ]

  private static let same = numbers.map { Overload([$0], $0) }
  private static let shifts: [Overload] = [Overload([.int, .int], .int), Overload([.uint, .int], .uint)]

  /// Up to six arguments of mixed types, or a list.
  private static let extremes: [Overload] = {
    var out = numbers.map { Overload([$0], $0) }
    for a in numbers { out += numbers.map { Overload([a, $0], a == $0 ? a : .dyn) } }
    for count in 3...6 {
      out += numbers.map { Overload(Array(repeating: $0, count: count), $0) }
      out.append(Overload(Array(repeating: .dyn, count: count), .dyn))
    }
    return out + numbers.map { Overload([.list($0)], $0) } + [Overload([.list(.dyn)], .dyn)]
  }()

  private static func extreme(_ arguments: [Value], _ wanted: Value.Order) -> Value? {
    var values = arguments
    if arguments.count == 1, case .list(let elements) = arguments[0] { values = elements }
    guard var best = values.first else { return .failure("the list is empty") }
    for value in values {
      guard value.isNumber else { return nil }
      if Value.compareNumbers(value, best) == wanted { best = value }
    }
    return best
  }

  private static func double(_ name: String, _ summary: String, _ body: @escaping @Sendable (Double) -> Double)
    -> Function
  {
    Function(
      name, summary, [Overload([.double], .double)],
      .unary {
        if case .double(let value) = $0 { return .double(body(value)) }
        return nil
      })
  }

  private static func test(_ name: String, _ summary: String, _ body: @escaping @Sendable (Double) -> Bool) -> Function
  {
    Function(
      name, summary, [Overload([.double], .bool)],
      .unary {
        if case .double(let value) = $0 { return .bool(body(value)) }
        return nil
      })
  }

  private static func both(
    _ name: String, _ summary: String, _ signed: @escaping @Sendable (Int64, Int64) -> Int64,
    _ unsigned: @escaping @Sendable (UInt64, UInt64) -> UInt64
  ) -> Function {
    Function(
      name, summary, [Overload([.int, .int], .int), Overload([.uint, .uint], .uint)],
      .binary {
        switch ($0, $1) {
        case (.int(let a), .int(let b)): .int(signed(a, b))
        case (.uint(let a), .uint(let b)): .uint(unsigned(a, b))
        default: nil
        }
      })
  }

  private static func shift(_ value: Value, _ by: Value, _ body: (UInt64, UInt64) -> UInt64) -> Value? {
    guard case .int(let count) = by else { return nil }
    if count < 0 { return .failure("negative offset: \(count)") }
    switch value {
    case .int(let bits): return .int(Int64(bitPattern: body(UInt64(bitPattern: bits), UInt64(count))))
    case .uint(let bits): return .uint(body(bits, UInt64(count)))
    default: return nil
    }
  }
}

extension Value {
  var isNumber: Bool {
    switch self {
    case .int, .uint, .double: true
    default: false
    }
  }
}
