/// The static type of an expression (CEL specification, "Gradual Type Checking").
package indirect enum CELType: Hashable, Sendable, CustomStringConvertible {
  /// Known only when it runs.
  case dyn
  case null
  case bool
  case int
  case uint
  case double
  case string
  case bytes
  case timestamp
  case duration
  case list(CELType)
  case map(CELType, CELType)
  /// The type of types.
  case type
  case optional(CELType)
  /// A host object by the name of its `ObjectType`.
  case object(String)
  /// A type of a library, with its parameters.
  case opaque(String, [CELType])
  /// A type parameter of a function's signature.
  case parameter(String)
  /// A type that the checker is still finding out.
  case variable(Int32)

  /// An IP address.
  package static let ip = CELType.opaque("net.IP", [])
  /// A network.
  package static let cidr = CELType.opaque("net.CIDR", [])
  /// An amount as Kubernetes writes them.
  package static let quantity = CELType.opaque("kubernetes.Quantity", [])
  /// A semantic version.
  package static let semver = CELType.opaque("kubernetes.Semver", [])
  /// An address of the web.
  package static let url = CELType.opaque("kubernetes.URL", [])

  /// As the specification writes it: `map(string, list(int))`.
  package var description: String {
    switch self {
    case .dyn, .variable: "dyn"
    case .null: "null_type"
    case .bool: "bool"
    case .int: "int"
    case .uint: "uint"
    case .double: "double"
    case .string: "string"
    case .bytes: "bytes"
    case .timestamp: "timestamp"
    case .duration: "duration"
    case .list(let element): "list(\(element))"
    case .map(let key, let value): "map(\(key), \(value))"
    case .type: "type"
    case .optional(let inner): "optional_type(\(inner))"
    case .object(let name), .parameter(let name): name
    case .opaque(let name, let parts):
      parts.isEmpty ? name : "\(name)(\(parts.map(\.description).joined(separator: ", ")))"
    }
  }

  /// The types it is made of.
  var parts: [CELType] {
    switch self {
    case .list(let element): [element]
    case .optional(let inner): [inner]
    case .map(let key, let value): [key, value]
    case .opaque(_, let parts): parts
    default: []
    }
  }

  /// The same type made of other parts.
  func mapParts(_ change: (CELType) -> CELType) -> CELType {
    switch self {
    case .list(let element): .list(change(element))
    case .optional(let inner): .optional(change(inner))
    case .map(let key, let value): .map(change(key), change(value))
    case .opaque(let name, let parts): .opaque(name, parts.map(change))
    default: self
    }
  }

  var isNumber: Bool { self == .int || self == .uint || self == .double }

  /// What the values of this type are called at run time; `nil` where only the value knows.
  var runtimeName: String? {
    switch self {
    case .dyn, .variable, .parameter: nil
    case .list: "list"
    case .map: "map"
    case .optional: "optional_type"
    case .opaque(let name, _): name
    case .timestamp: "google.protobuf.Timestamp"
    case .duration: "google.protobuf.Duration"
    default: description
    }
  }
}
