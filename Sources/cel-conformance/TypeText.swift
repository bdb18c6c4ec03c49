import Expressions

/// Types as the test files write them: `map(string, list(int))`, `message(google.protobuf.Duration)`.
enum TypeText {
  static func type(_ text: String) -> CELType {
    var rest = text.filter { $0 != " " }[...]
    return read(&rest)
  }

  private static func read(_ rest: inout Substring) -> CELType {
    let name = String(rest.prefix { !"(),".contains($0) })
    rest = rest.dropFirst(name.count)
    if name == "message", rest.first == "(" {
      let inner = rest.dropFirst().prefix { $0 != ")" }
      rest = rest.dropFirst(inner.count + 2)
      return named(String(inner), [])
    }
    var parts: [CELType] = []
    if rest.first == "(" {
      repeat {
        rest = rest.dropFirst()
        parts.append(read(&rest))
      } while rest.first == ","
      rest = rest.dropFirst()
    }
    return named(name, parts)
  }

  private static func named(_ name: String, _ parts: [CELType]) -> CELType {
    let plain: [String: CELType] = [
      "dyn": .dyn, "null_type": .null, "null": .null, "bool": .bool, "int": .int, "uint": .uint, "double": .double,
      "string": .string, "bytes": .bytes, "timestamp": .timestamp, "duration": .duration, "type": .type,
      "google.protobuf.Timestamp": .timestamp, "google.protobuf.Duration": .duration, "net.IP": .ip, "net.CIDR": .cidr,
    ]
    switch (name, parts.count) {
    case ("list", 1): return .list(parts[0])
    case ("map", 2): return .map(parts[0], parts[1])
    case ("optional_type", 1): return .optional(parts[0])
    case ("type", _): return .type
    case (_, 0): return plain[name] ?? (name.count == 1 ? .parameter(name) : .opaque(name, []))
    default: return .opaque(name, parts)
    }
  }
}
