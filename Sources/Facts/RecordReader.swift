import Base
import Documents

/// Takes the fields of one object, and finds those that nobody took.
struct RecordReader {
  let node: Node
  private var taken: [String] = []

  init(_ node: Node) throws(FactsError) {
    guard node.kind == .mapping else { throw FactsError.malformed(node, "expected an object, found a \(node.kind)") }
    self.node = node
  }

  /// The field's value; `nil` where it is left out.
  mutating func value(_ key: StaticString) -> Node? {
    let name = key.description
    guard let value = node[name] else { return nil }
    taken.append(name)
    return value
  }

  mutating func text(_ key: StaticString) throws(FactsError) -> String? {
    guard let value = value(key) else { return nil }
    return try RecordReader.text(value, key)
  }

  mutating func required(_ key: StaticString) throws(FactsError) -> String {
    guard let text = try text(key) else { throw FactsError.malformed(node, "the field `\(key)` is missing") }
    return text
  }

  mutating func texts(_ key: StaticString) throws(FactsError) -> [String] {
    try list(key) { element throws(FactsError) in try RecordReader.text(element, key) }
  }

  mutating func instant(_ key: StaticString) throws(FactsError) -> Instant? {
    guard let value = value(key) else { return nil }
    return try RecordReader.instant(value, key)
  }

  mutating func requiredInstant(_ key: StaticString) throws(FactsError) -> Instant {
    guard let value = value(key) else { throw FactsError.malformed(node, "the field `\(key)` is missing") }
    return try RecordReader.instant(value, key)
  }

  mutating func flag(_ key: StaticString) throws(FactsError) -> Bool? {
    guard let value = value(key) else { return nil }
    guard let flag = value.bool else { throw FactsError.malformed(value, "`\(key)` is not true or false") }
    return flag
  }

  /// A count; one that is left out is zero.
  mutating func count(_ key: StaticString) throws(FactsError) -> UInt64 {
    guard let value = value(key) else { return 0 }
    guard value.kind == .number, let count = value.text.flatMap({ UInt64($0) }) else {
      throw FactsError.malformed(value, "`\(key)` is not a count")
    }
    return count
  }

  mutating func milliseconds(_ key: StaticString) throws(FactsError) -> Milliseconds? {
    guard let value = value(key) else { return nil }
    guard let count = value.int else { throw FactsError.malformed(value, "`\(key)` is not a number of milliseconds") }
    return Milliseconds(count)
  }

  mutating func choice<Value: RawRepresentable<String>>(_ key: StaticString) throws(FactsError) -> Value {
    let text = try required(key)
    guard let choice = Value(rawValue: text) else {
      throw FactsError.malformed(node, "unknown `\(key)`: `\(text)`")
    }
    return choice
  }

  mutating func list<Element>(
    _ key: StaticString, _ body: (Node) throws(FactsError) -> Element
  ) throws(FactsError) -> [Element] {
    try optionalList(key, body) ?? []
  }

  mutating func optionalList<Element>(
    _ key: StaticString, _ body: (Node) throws(FactsError) -> Element
  ) throws(FactsError) -> [Element]? {
    guard let value = value(key) else { return nil }
    guard value.kind == .sequence else { throw FactsError.malformed(value, "`\(key)` is not a list") }
    var list: [Element] = []
    list.reserveCapacity(value.count)
    for element in value.elements { list.append(try body(element)) }
    return list
  }

  /// Throws for a field that this version does not know.
  func end() throws(FactsError) {
    if taken.count == node.count { return }
    for (key, _) in node.members where !taken.contains(key.text ?? "") {
      throw FactsError.malformed(key, "unknown field `\(key.text ?? "")`")
    }
  }

  static func text(_ node: Node, _ key: StaticString) throws(FactsError) -> String {
    guard node.kind == .string, let text = node.text else { throw FactsError.malformed(node, "`\(key)` is not a text") }
    return text
  }

  static func instant(_ node: Node, _ key: StaticString) throws(FactsError) -> Instant {
    guard let instant = Instant(try text(node, key)) else { throw FactsError.malformed(node, "`\(key)` is not a time") }
    return instant
  }

  /// Two texts in a list.
  static func pair(_ node: Node, _ key: StaticString) throws(FactsError) -> (Node, Node) {
    let elements = node.elements
    guard elements.count == 2 else { throw FactsError.malformed(node, "`\(key)` is not a pair") }
    return (elements[0], elements[1])
  }
}

extension FactsError {
  static func malformed(_ node: Node, _ message: String) -> FactsError {
    FactsError(.malformed, "read the facts", at: node.location, message)
  }
}
