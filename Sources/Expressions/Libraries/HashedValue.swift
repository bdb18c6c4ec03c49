/// A value by CEL's equality, for sets: lists of lists, maps and doubles too are compared in linear time. What `holdsNaN` must
/// stay out: it equals nothing, so that a set would keep all of it in one place.
struct HashedValue: Hashable {
  let value: Value

  init(_ value: Value) { self.value = value }

  static func == (a: HashedValue, b: HashedValue) -> Bool { a.value.isEqual(to: b.value) }

  func hash(into hasher: inout Hasher) { HashedValue.combine(value, &hasher) }

  /// Equal values give the same: all numbers count as the doubles that they are compared as.
  private static func combine(_ value: Value, _ hasher: inout Hasher) {
    switch value {
    case .bool(let value): hasher.combine(value)
    case .int(let value): hasher.combine(Double(value))
    case .uint(let value): hasher.combine(Double(value))
    case .double(let value): hasher.combine(value)
    case .string(let text), .type(let text): hasher.combine(text)
    case .bytes(let bytes): hasher.combine(bytes)
    case .timestamp(let time):
      hasher.combine(time.seconds)
      hasher.combine(time.nanos)
    case .duration(let span): hasher.combine(span.nanoseconds)
    case .list(let elements):
      hasher.combine(elements.count)
      for element in elements { combine(element, &hasher) }
    case .map(let map):
      // Equal maps may have their entries in another order.
      hasher.combine(
        map.entries.reduce(map.entries.count) { $0 ^ hash($1.key, $1.value) })
    case .optional(let optional): optional.value.map { combine($0, &hasher) } ?? hasher.combine(0)
    case .object(let object): hasher.combine(ObjectIdentifier(object))
    case .opaque(let value): hasher.combine((value as? SemanticVersion)?.core ?? value.text)
    case .null, .error, .unknown, .absent: hasher.combine(1)
    }
  }

  private static func hash(_ key: Value, _ value: Value) -> Int {
    var hasher = Hasher()
    combine(key, &hasher)
    combine(value, &hasher)
    return hasher.finalize()
  }
}

extension Value {
  /// Whether it equals nothing, not even itself.
  var holdsNaN: Bool {
    switch self {
    case .double(let value): value.isNaN
    case .list(let elements): elements.contains(where: \.holdsNaN)
    case .map(let map): map.entries.contains { $0.value.holdsNaN }
    case .optional(let optional): optional.value?.holdsNaN ?? false
    default: false
    }
  }
}
