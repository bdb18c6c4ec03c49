import Base

/// Conversions between types, `size`, `type` and `dyn` (CEL specification, "Standard Definitions").
enum Conversions {
  static let functions: [Function] = [
    Function("dyn", "The value, its type no longer known to the checker", [Overload([typeA], .dyn)], .unary { $0 }),
    Function("type", "The type of a value", [Overload([typeA], .type)], .unary { .type($0.typeName) }),
    Function(
      "bool", "A bool from a string", [.bool, .string].map { Overload([$0], .bool) },
      .unary {
        switch $0 {
        case .bool: $0
        case .string(let text): bools[text].map { .bool($0) } ?? .failure("\(text.quoted) is not a bool")
        default: nil
        }
      }),
    Function(
      "int", "A signed integer", [.int, .uint, .double, .string, .timestamp].map { Overload([$0], .int) }, .unary(int)),
    Function(
      "uint", "An unsigned integer", [.int, .uint, .double, .string].map { Overload([$0], .uint) }, .unary(uint)),
    Function(
      "double", "A floating-point number", [.int, .uint, .double, .string].map { Overload([$0], .double) },
      .unary(double)),
    Function(
      "string", "Text",
      [
        .string, .bool, .int, .uint, .double, .bytes, .timestamp, .duration, .ip, .cidr, .quantity, .semver, .url, .arn,
        .spiffe,
      ].map { Overload([$0], .string) },
      .unary(string)),
    Function(
      "bytes", "The bytes of a text in UTF-8", [.bytes, .string].map { Overload([$0], .bytes) },
      .unary {
        switch $0 {
        case .bytes: $0
        case .string(let text): .bytes(Array(text.utf8))
        default: nil
        }
      }),
    Function(
      "size", "The number of code points, bytes, elements or entries",
      [.string, .bytes, listOfA, mapOfAB].flatMap { [Overload([$0], .int), Overload(member: true, [$0], .int)] },
      .unary(size)),
  ]

  private static let bools = [
    "1": true, "t": true, "true": true, "TRUE": true, "True": true,
    "0": false, "f": false, "false": false, "FALSE": false, "False": false,
  ]

  @Sendable private static func int(_ value: Value) -> Value? {
    switch value {
    case .int: return value
    case .uint(let number): return Int64(exactly: number).map { .int($0) } ?? range("int")
    case .double(let number):
      // Both ends are refused: they are not exact in a double.
      guard number > -9_223_372_036_854_775_808.0, number < 9_223_372_036_854_775_807.0 else { return range("int") }
      return .int(Int64(number))
    case .string(let text):
      return Int64(text).map { .int($0) } ?? .failure("\(text.quoted) is not an int")
    case .timestamp(let time): return .int(time.seconds)
    default: return nil
    }
  }

  @Sendable private static func uint(_ value: Value) -> Value? {
    switch value {
    case .uint: return value
    case .int(let number): return UInt64(exactly: number).map { .uint($0) } ?? range("uint")
    case .double(let number):
      guard number >= 0, number < 18_446_744_073_709_551_615.0 else { return range("uint") }
      return .uint(UInt64(number))
    case .string(let text):
      return UInt64(text).flatMap { text.hasPrefix("+") ? nil : .uint($0) } ?? .failure("\(text.quoted) is not a uint")
    default: return nil
    }
  }

  private static func range(_ type: String) -> Value { .failure("range error: the number does not fit in \(type)") }

  @Sendable private static func double(_ value: Value) -> Value? {
    switch value {
    case .double: return value
    case .int(let number): return .double(Double(number))
    case .uint(let number): return .double(Double(number))
    case .string(let text):
      let names: [String: Double] = [
        "Infinity": .infinity, "+Infinity": .infinity, "-Infinity": -.infinity, "NaN": .nan,
      ]
      let number = names[text] ?? Double(text).flatMap { $0.isInfinite && text.contains(where: \.isNumber) ? nil : $0 }
      return number.map { .double($0) } ?? .failure("\(text.quoted) is not a double")
    default: return nil
    }
  }

  @Sendable private static func string(_ value: Value) -> Value? {
    switch value {
    case .string: return value
    case .bool(let bool): return .string(bool ? "true" : "false")
    case .int(let number): return .string(String(number))
    case .uint(let number): return .string(String(number))
    case .double(let number): return .string(number.celText)
    case .bytes(let bytes):
      return String(validating: bytes, as: UTF8.self).map { .string($0) } ?? .failure("the bytes are not valid UTF-8")
    case .timestamp(let time): return .string(time.text)
    case .duration(let span): return .string(span.text)
    case .opaque(let value): return .string(value.text)
    default: return nil
    }
  }

  @Sendable private static func size(_ value: Value) -> Value? {
    switch value {
    case .string(let text): .int(Int64(text.unicodeScalars.count))
    case .bytes(let bytes): .int(Int64(bytes.count))
    case .list(let elements): .int(Int64(elements.count))
    case .map(let map): .int(Int64(map.entries.count))
    default: nil
    }
  }
}
