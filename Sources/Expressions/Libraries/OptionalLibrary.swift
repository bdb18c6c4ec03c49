/// Values that may be missing (the optional extension; `optMap` and `optFlatMap` are macros).
enum OptionalLibrary {
  private static let optional = CELType.optional(typeA)

  static let functions: [Function] = [
    Function("optional.of", "An optional with the value", [Overload([typeA], optional)], .unary { .optional(of: $0) }),
    Function(
      "optional.ofNonZeroValue", "An optional with the value, none for null, false, 0 and what is empty",
      [Overload([typeA], optional)], .unary { $0.isZero ? .emptyOptional : .optional(of: $0) }),
    Function("optional.none", "An optional without a value", [Overload([], optional)], .any { _ in .emptyOptional }),
    Function(
      "optional.unwrap", "The values of the optionals that have one",
      [Overload([.list(optional)], listOfA)], .unary(unwrap)),
    Function(
      "unwrapOpt", "The values of the optionals that have one",
      [Overload(member: true, [.list(optional)], listOfA)], .unary(unwrap)),
    Function(
      "hasValue", "Whether it has a value", [Overload(member: true, [optional], .bool)],
      .unary { $0.asOptional.map { .bool($0.value != nil) } }),
    Function(
      "value", "Its value; an error when it has none", [Overload(member: true, [optional], typeA)],
      .unary { $0.asOptional.map { $0.value ?? .failure("the optional has no value") } }),
    Function(
      "or", "This, or the other when this has no value", [Overload(member: true, [optional, optional], optional)],
      .binary { first, second in
        guard let optional = first.asOptional, second.asOptional != nil else { return nil }
        return optional.value == nil ? second : first
      }),
    Function(
      "orValue", "Its value, or the other when it has none", [Overload(member: true, [optional, typeA], typeA)],
      .binary { first, second in first.asOptional.map { $0.value ?? second } }),
  ]

  @Sendable private static func unwrap(_ list: Value) -> Value? {
    guard case .list(let elements) = list else { return nil }
    var values: [Value] = []
    for element in elements {
      guard let optional = element.asOptional else { return nil }
      if let value = optional.value { values.append(value) }
    }
    return .list(values)
  }
}

extension Value {
  var asOptional: OptionalValue? {
    if case .optional(let optional) = self { return optional }
    return nil
  }

  var isZero: Bool {
    switch self {
    case .null: true
    case .bool(let value): !value
    case .int(let value): value == 0
    case .uint(let value): value == 0
    case .double(let value): value == 0
    case .string(let text): text.isEmpty
    case .bytes(let bytes): bytes.isEmpty
    case .list(let elements): elements.isEmpty
    case .map(let map): map.entries.isEmpty
    case .duration(let span): span.nanoseconds == 0
    case .timestamp(let time): time.seconds == 0 && time.nanos == 0
    case .optional(let optional): optional.value == nil
    default: false
    }
  }
}
