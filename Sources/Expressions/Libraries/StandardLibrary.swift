/// All functions that every expression may call.
enum StandardLibrary {
  static let functions: [String: Function] = {
    let all =
      Operators.functions + Conversions.functions + StringLibrary.functions + TimeLibrary.functions
      + ListLibrary.functions + OptionalLibrary.functions + MathLibrary.functions + MathLibrary.bits
      + SetLibrary.functions
      + EncoderLibrary.functions + RegexLibrary.functions + RegexLibrary.finding + NetworkLibrary.functions
      + ListLibrary.aggregates
      + QuantityLibrary.functions + VersionLibrary.functions + URLLibrary.functions + OrderLibrary.functions
      + ARNLibrary.functions + SPIFFELibrary.functions + MusterLibrary.functions
    // Libraries may share a name: `reverse` of text and of lists.
    return Dictionary(all.map { ($0.name, $0) }) { first, second in second.merged(with: first) }
  }()

  /// Names that stand for types, with the type's name.
  static let typeNames: [(String, String)] = [
    ("bool", "bool"), ("int", "int"), ("uint", "uint"), ("double", "double"), ("string", "string"),
    ("bytes", "bytes"), ("list", "list"), ("map", "map"), ("null_type", "null_type"), ("type", "type"),
    ("google.protobuf.Timestamp", "google.protobuf.Timestamp"),
    ("google.protobuf.Duration", "google.protobuf.Duration"), ("optional_type", "optional_type"),
    ("net.IP", "net.IP"), ("net.CIDR", "net.CIDR"), ("kubernetes.Quantity", "kubernetes.Quantity"),
    ("kubernetes.Semver", "kubernetes.Semver"), ("kubernetes.URL", "kubernetes.URL"),
    ("aws.ARN", "aws.ARN"), ("spiffe.ID", "spiffe.ID"),
  ]
}

// Short names for signatures.
let typeA = CELType.parameter("A")
let typeB = CELType.parameter("B")
let listOfA = CELType.list(typeA)
let mapOfAB = CELType.map(typeA, typeB)

typealias Overload = Function.Overload
