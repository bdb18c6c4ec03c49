/// Arithmetic and relations (CEL specification, "Standard Definitions"). Relations and `in` have code of their own; here are
/// their signatures, for the checker.
enum Operators {
  static let functions: [Function] = [
    Function("_==_", "Whether two values are equal", [Overload([typeA, typeA], .bool)]),
    Function("_!=_", "Whether two values differ", [Overload([typeA, typeA], .bool)]),
    relation("_<_"), relation("_<=_"), relation("_>_"), relation("_>=_"),
    Function(
      "@in", "Whether a list has the element or a map the key",
      [Overload([typeA, listOfA], .bool), Overload([typeA, mapOfAB], .bool)]),
    Function("!_", "The opposite", [Overload([.bool], .bool)]),
    Function(
      "-_", "The negative", [.int, .double, .duration].map { Overload([$0], $0) },
      .unary {
        switch $0 {
        case .int(let a): a == .min ? .overflow : .int(-a)
        case .double(let a): .double(-a)
        case .duration(let a): a.nanoseconds == .min ? .overflow : .duration(TimeSpan(nanoseconds: -a.nanoseconds))
        default: nil
        }
      }),
    Function("_+_", "The sum", plus, .binary(add)),
    Function("_-_", "The difference", minus, .binary(subtract)),
    Function("_*_", "The product", numbers, .binary(multiply)),
    Function("_/_", "The quotient", numbers, .binary(divide)),
    Function("_%_", "The remainder", [.int, .uint].map { Overload([$0, $0], $0) }, .binary(remainder)),
  ]

  private static let numbers: [Overload] = [.int, .uint, .double].map { Overload([$0, $0], $0) }

  private static let plus: [Overload] =
    numbers + [CELType.string, .bytes, listOfA, .duration].map { Overload([$0, $0], $0) } + [
      Overload([.timestamp, .duration], .timestamp), Overload([.duration, .timestamp], .timestamp),
    ]

  private static let minus: [Overload] =
    numbers + [
      Overload([.duration, .duration], .duration), Overload([.timestamp, .duration], .timestamp),
      Overload([.timestamp, .timestamp], .duration),
    ]

  private static func relation(_ name: String) -> Function {
    let same: [CELType] = [.int, .uint, .double, .string, .bool, .bytes, .timestamp, .duration]
    let across: [(CELType, CELType)] = [
      (.int, .uint), (.int, .double), (.uint, .int), (.uint, .double), (.double, .int), (.double, .uint),
    ]
    return Function(
      name, "How two values are ordered",
      same.map { Overload([$0, $0], .bool) } + across.map { Overload([$0.0, $0.1], .bool) })
  }

  @Sendable private static func add(_ a: Value, _ b: Value) -> Value? {
    switch (a, b) {
    case (.int(let a), .int(let b)): return .checked(a.addingReportingOverflow(b))
    case (.uint(let a), .uint(let b)): return .checked(a.addingReportingOverflow(b))
    case (.double(let a), .double(let b)): return .double(a + b)
    case (.string(let a), .string(let b)): return Limits.text(a.utf8.count + b.utf8.count) { a + b }
    case (.bytes(let a), .bytes(let b)):
      return a.count + b.count > Limits.bytes ? Limits.tooLong : .bytes(a + b)
    case (.list(let a), .list(let b)): return a.count + b.count > Limits.elements ? Limits.tooLong : .list(a + b)
    case (.duration(let a), .duration(let b)): return .checkedSpan(a.nanoseconds.addingReportingOverflow(b.nanoseconds))
    case (.timestamp(let a), .duration(let b)), (.duration(let b), .timestamp(let a)):
      return a.advanced(by: b).map { .timestamp($0) } ?? .timeRange
    default: return nil
    }
  }

  @Sendable private static func subtract(_ a: Value, _ b: Value) -> Value? {
    switch (a, b) {
    case (.int(let a), .int(let b)): return .checked(a.subtractingReportingOverflow(b))
    case (.uint(let a), .uint(let b)): return .checked(a.subtractingReportingOverflow(b))
    case (.double(let a), .double(let b)): return .double(a - b)
    case (.duration(let a), .duration(let b)):
      return .checkedSpan(a.nanoseconds.subtractingReportingOverflow(b.nanoseconds))
    case (.timestamp(let a), .timestamp(let b)): return a.since(b).map { .duration($0) } ?? .durationRange
    case (.timestamp(let a), .duration(let b)):
      if b.nanoseconds == .min { return .durationRange }
      return a.advanced(by: TimeSpan(nanoseconds: -b.nanoseconds)).map { .timestamp($0) } ?? .timeRange
    default: return nil
    }
  }

  @Sendable private static func multiply(_ a: Value, _ b: Value) -> Value? {
    switch (a, b) {
    case (.int(let a), .int(let b)): .checked(a.multipliedReportingOverflow(by: b))
    case (.uint(let a), .uint(let b)): .checked(a.multipliedReportingOverflow(by: b))
    case (.double(let a), .double(let b)): .double(a * b)
    default: nil
    }
  }

  @Sendable private static func divide(_ a: Value, _ b: Value) -> Value? {
    switch (a, b) {
    case (.int, .int(0)), (.uint, .uint(0)): .failure("division by zero")
    case (.int(let a), .int(let b)): .checked(a.dividedReportingOverflow(by: b))
    case (.uint(let a), .uint(let b)): .uint(a / b)
    case (.double(let a), .double(let b)): .double(a / b)
    default: nil
    }
  }

  @Sendable private static func remainder(_ a: Value, _ b: Value) -> Value? {
    switch (a, b) {
    case (.int, .int(0)), (.uint, .uint(0)): .failure("modulus by zero")
    case (.int(let a), .int(let b)): .checked(a.remainderReportingOverflow(dividingBy: b))
    case (.uint(let a), .uint(let b)): .uint(a % b)
    default: nil
    }
  }
}

extension Value {
  static let overflow = Value.failure("integer overflow")
  static let timeRange = Value.failure("range error: a timestamp lies between the years 1 and 9999")
  static let durationRange = Value.failure("range error: a duration is at most 292 years")

  static func checked(_ result: (partialValue: Int64, overflow: Bool)) -> Value {
    result.overflow ? overflow : .int(result.partialValue)
  }

  static func checked(_ result: (partialValue: UInt64, overflow: Bool)) -> Value {
    result.overflow ? overflow : .uint(result.partialValue)
  }

  static func checkedSpan(_ result: (partialValue: Int64, overflow: Bool)) -> Value {
    result.overflow ? durationRange : .duration(TimeSpan(nanoseconds: result.partialValue))
  }
}

/// What no single value may exceed, whatever the cost limit.
enum Limits {
  static let bytes = 4 << 20
  static let elements = 1 << 20
  static let tooLong = Value.failure("the value is larger than the limit of \(bytes) bytes or \(elements) elements")

  static func text(_ count: Int, _ make: () -> String) -> Value {
    count > bytes ? tooLong : .string(make())
  }
}
