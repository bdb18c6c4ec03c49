/// What an expression computes. Errors and unknowns are values too: they travel through operators until something absorbs
/// them (`false && error` is `false`), as the CEL specification, "Runtime Errors" and "Partial State", says.
package enum Value: Sendable {
  case null
  case bool(Bool)
  case int(Int64)
  case uint(UInt64)
  case double(Double)
  case string(String)
  case bytes([UInt8])
  case list([Value])
  case map(MapValue)
  case timestamp(Timestamp)
  case duration(TimeSpan)
  /// A type by its CEL name: `int`, `google.protobuf.Timestamp`.
  case type(String)
  case optional(OptionalValue)
  /// An object of the host: fields come from `HostObject.field`.
  case object(any HostObject)
  /// A value of a library's own type: an address, a network, a version.
  case opaque(any OpaqueValue)
  /// An evaluation error.
  case error(EvaluationError)
  /// Not known, and why.
  case unknown(Unknown)
  /// No value: what a host returns for an optional field that is not there. `has()` gives false for it; selecting it is an
  /// error. It never is the result of an evaluation.
  case absent
}

/// `optional.of(x)` or `optional.none()`.
package final class OptionalValue: Sendable {
  /// What it holds; `nil` for `optional.none()`.
  package let value: Value?

  /// With the value, or none for `nil`.
  package init(_ value: Value?) { self.value = value }

}

/// A value of a type that a library brings.
package protocol OpaqueValue: AnyObject, Sendable {
  /// The type's CEL name.
  var typeName: String { get }
  /// How messages show it.
  var text: String { get }
  /// CEL equality with another value of any opaque type.
  func isEqual(to other: any OpaqueValue) -> Bool
}

extension Value {
  /// An unknown with one reason.
  package static func unknown(_ reason: String) -> Value { .unknown(Unknown([reason])) }

  /// An error without a place: the code that calls a function adds it.
  static func failure(_ message: String) -> Value { .error(EvaluationError(message, at: nil)) }

  /// `optional.none()`.
  package static let emptyOptional = Value.optional(OptionalValue(nil))

  static func optional(of value: Value) -> Value { .optional(OptionalValue(value)) }

  /// Whether it is an error or an unknown.
  package var isFailure: Bool {
    switch self {
    case .error, .unknown, .absent: true
    default: false
    }
  }

  /// Whether it has a size that never changes, and is no failure.
  var isScalar: Bool {
    switch self {
    case .null, .bool, .int, .uint, .double, .timestamp, .duration: true
    default: false
    }
  }

  /// Whether there is none.
  var isAbsent: Bool {
    if case .absent = self { return true }
    return false
  }

  /// The CEL name of its type.
  package var typeName: String {
    switch self {
    case .null: "null_type"
    case .bool: "bool"
    case .int: "int"
    case .uint: "uint"
    case .double: "double"
    case .string: "string"
    case .bytes: "bytes"
    case .list: "list"
    case .map: "map"
    case .timestamp: "google.protobuf.Timestamp"
    case .duration: "google.protobuf.Duration"
    case .type: "type"
    case .optional: "optional_type"
    case .object(let object): object.type.name
    case .opaque(let value): value.typeName
    case .error: "error"
    case .unknown: "unknown"
    case .absent: "absent"
    }
  }
}
