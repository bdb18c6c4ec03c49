package import Base

/// Strict reading of one mapping: unknown keys, missing keys and wrong values become diagnostics with the place and what was
/// expected, and the reading goes on.
package struct MappingReader: Sendable {
  /// The mapping.
  package let node: Node
  /// What the mapping is, in words: "declaration", "scope entry".
  package let kind: String
  /// What was wrong so far, in the order in which it was found.
  package private(set) var diagnostics: [Diagnostic] = []

  /// Reports each key that is not among `keys`, or that the node is no mapping at all; then every key is absent.
  package init(_ node: Node, kind: String, keys: [String]) {
    self.node = node
    self.kind = kind
    if node.isRefused { return }
    guard node.kind == .mapping else {
      diagnostics.append(node.problem("expected a mapping (\(kind)), found \(node.shown)"))
      return
    }
    for (key, _) in node.members {
      guard let name = key.text, !keys.contains(name), name != "<<" || key.isQuoted else { continue }
      diagnostics.append(
        key.problem("unknown key `\(name)` in \(kind)", hint: suggestion(for: name, among: keys)))
    }
  }

  /// Whether the key is there with a value.
  package func has(_ key: String) -> Bool { value(key) != nil }

  /// The key's value; `nil` where it is absent, empty or refused already.
  package func value(_ key: String) -> Node? { node[key].flatMap { $0.kind == .null ? nil : $0 } }

  /// The value of a key that must be there.
  package mutating func required<Value>(_ key: String, _ reading: Reading<Value>) -> Located<Value>? {
    guard let value = node[key] else {
      if node.kind == .mapping { add("missing key `\(key)` in \(kind)", at: anchor) }
      return nil
    }
    return read(value, reading)
  }

  /// The value of a key that may be absent; an empty value is a problem.
  package mutating func optional<Value>(_ key: String, _ reading: Reading<Value>) -> Located<Value>? {
    // No `flatMap` here: in generic code it looks up types at run time, a fifth of the time of decoding 10,000 files.
    guard let value = node[key] else { return nil }
    return read(value, reading)
  }

  private mutating func read<Value>(_ node: Node, _ reading: Reading<Value>) -> Located<Value>? {
    guard !node.isRefused, let value = reading.read(node, &diagnostics) else { return nil }
    return Located(value, at: node.location)
  }

  /// Reports a problem of the reader's own, at a node of the document.
  package mutating func add(_ message: String, at node: Node, hint: String = "") {
    diagnostics.append(node.problem(message, hint: hint))
  }

  /// Reports a problem of the reader's own, at the place of a value that was read.
  package mutating func add(_ message: String, at location: SourceLocation, hint: String = "") {
    diagnostics.append(Diagnostic(node.problem("").kind, at: location, message, hint: hint))
  }

  /// Where to point when something is missing: the first key, or of an empty mapping the key that holds it.
  package var anchor: Node { node.members.first?.key ?? node.key ?? node }
}
