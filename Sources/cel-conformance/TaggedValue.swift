import Documents
import Expressions

/// The tagged values of the test files: `{"int": "5"}`, `{"map": [[key, value]]}`.
enum TaggedValue {
  static func value(_ node: Node) -> Value? {
    guard let (key, content) = node.members.first else { return nil }
    let text = content.text ?? ""
    switch key.text {
    case "null": return .null
    case "bool": return content.bool.map { .bool($0) }
    case "int": return Int64(text).map { .int($0) }
    case "uint": return UInt64(text).map { .uint($0) }
    case "double": return (content.double ?? double(text)).map { .double($0) }
    case "string": return .string(text)
    case "bytes": return bytes(text).map { .bytes($0) }
    case "type": return .type(text)
    case "list":
      let elements = content.elements.map(value)
      return elements.contains { $0 == nil } ? nil : .list(elements.compactMap { $0 })
    case "map": return map(content)
    case "duration":
      guard let (seconds, nanos) = time(content) else { return nil }
      return .duration(TimeSpan(nanoseconds: seconds * 1_000_000_000 + nanos))
    case "timestamp":
      guard let (seconds, nanos) = time(content) else { return nil }
      return Timestamp(seconds: seconds, nanos: Int32(nanos)).map { .timestamp($0) }
    default: return nil
    }
  }

  private static func map(_ node: Node) -> Value? {
    var entries: [(key: Value, value: Value)] = []
    for pair in node.elements {
      let parts = pair.elements.compactMap(value)
      guard parts.count == 2 else { return nil }
      entries.append((parts[0], parts[1]))
    }
    return MapValue(entries).map { .map($0) }
  }

  private static func time(_ node: Node) -> (Int64, Int64)? {
    let (seconds, nanos) = (node["seconds"]?.text ?? "0", node["nanos"]?.text ?? "0")
    guard let seconds = Int64(seconds), let nanos = Int64(nanos) else { return nil }
    return (seconds, nanos)
  }

  private static func double(_ text: String) -> Double? {
    switch text {
    case "NaN": .nan
    case "Infinity", "+Infinity": .infinity
    case "-Infinity": -.infinity
    default: Double(text)
    }
  }

  private static func bytes(_ base64: String) -> [UInt8]? {
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    var (out, bits, count) = ([UInt8](), 0, 0)
    for byte in base64.utf8 where byte != UInt8(ascii: "=") {
      guard let digit = alphabet.firstIndex(of: byte) else { return nil }
      bits = (bits << 6 | digit) & 0xFFFFF
      count += 6
      if count >= 8 {
        count -= 8
        out.append(UInt8(bits >> count & 0xFF))
      }
    }
    return out
  }

  /// Whether two values are the same, types included; unlike CEL's equality, NaN is NaN.
  static func isSame(_ a: Value, _ b: Value) -> Bool {
    guard a.typeName == b.typeName else { return false }
    switch (a, b) {
    case (.double(let a), .double(let b)): return a == b ? a.sign == b.sign : a.isNaN && b.isNaN
    case (.list(let a), .list(let b)): return a.count == b.count && zip(a, b).allSatisfy(isSame)
    case (.map(let a), .map(let b)):
      guard a.entries.count == b.entries.count else { return false }
      return a.entries.allSatisfy { entry in
        b.entries.contains { isSame($0.key, entry.key) && isSame($0.value, entry.value) }
      }
    default: return a.isEqual(to: b)
    }
  }
}
