package import Base

/// How a value is read: what is expected, in words, and the way from a node to the value.
package struct Reading<Value: Sendable>: Sendable {
  let read: @Sendable (Node, inout [Diagnostic]) -> Value?

  /// A reading of one node. `expected` completes "expected …"; `hint` may help with a text that does not parse.
  package init(
    _ expected: String, hint: @escaping @Sendable (String) -> String = { _ in "" },
    _ parse: @escaping @Sendable (Node) -> Value?
  ) {
    read = { node, diagnostics in
      if let value = parse(node) { return value }
      let hint = node.text.map(hint) ?? ""
      diagnostics.append(node.problem("expected \(expected), found \(node.shown)", hint: hint))
      return nil
    }
  }

  init(read: @escaping @Sendable (Node, inout [Diagnostic]) -> Value?) { self.read = read }

  /// The reading with its value changed.
  package func map<Other: Sendable>(_ change: @escaping @Sendable (Value) -> Other) -> Reading<Other> {
    Reading<Other>(read: { node, diagnostics in read(node, &diagnostics).map(change) })
  }
}

extension Reading where Value == String {
  /// Text that is not empty.
  package static var text: Reading {
    Reading("text") { $0.kind == .string ? $0.text.flatMap { $0.isEmpty ? nil : $0 } : nil }
  }
  /// Text, also an empty one.
  package static var anyText: Reading { Reading("text") { $0.kind == .string ? $0.text : nil } }

  /// One of a few words.
  package static func word(_ known: [String]) -> Reading {
    let list = known.map { "`\($0)`" }.joined(separator: ", ")
    return Reading(known.count > 10 ? "a known word" : "one of \(list)", hint: { suggestion(for: $0, among: known) }) {
      $0.text.flatMap { known.contains($0) ? $0 : nil }
    }
  }
}

extension Reading where Value == Day {
  /// A date `YYYY-MM-DD`.
  package static var day: Reading { Reading("a date like 2027-03-31") { $0.text.flatMap { Day($0) } } }
}

extension Reading where Value == Instant {
  /// RFC 3339, or a date for its first instant in UTC.
  package static var instant: Reading {
    Reading("a time like 2026-11-21T09:12:44Z") { $0.text.flatMap { Instant($0) } }
  }
}

extension Reading where Value == Milliseconds {
  /// A number and a unit: `90d`.
  package static var duration: Reading {
    Reading("a duration like 90d or 24h") { $0.text.flatMap { Milliseconds($0) } }
  }
}

extension Reading where Value == Bool {
  /// `true` or `false`.
  package static var bool: Reading { Reading("true or false") { $0.bool } }
}

extension Reading where Value == Int64 {
  /// A whole number.
  package static var int: Reading { Reading("a whole number") { $0.int } }

  /// A whole number in a range.
  package static func int(in range: ClosedRange<Int64>) -> Reading {
    Reading("a whole number from \(range.lowerBound) to \(range.upperBound)") {
      $0.int.flatMap { range.contains($0) ? $0 : nil }
    }
  }
}

extension Reading where Value: CaseIterable & RawRepresentable, Value.RawValue == String {
  /// One of the raw values of an enumeration.
  package static var choice: Reading {
    let known = Value.allCases.map(\.rawValue)
    let list = known.map { "`\($0)`" }.joined(separator: ", ")
    return Reading(known.count > 10 ? "a known word" : "one of \(list)", hint: { suggestion(for: $0, among: known) }) {
      $0.text.flatMap { Value(rawValue: $0) }
    }
  }
}

extension Reading where Value == Node {
  /// The node as it is, whatever it holds.
  package static var node: Reading { Reading("a value") { $0 } }
}

extension Reading {
  /// A sequence of such values; one value alone is a list of one. Bad elements are reported and left out.
  package static func list<Element: Sendable>(of element: Reading<Element>) -> Reading
  where Value == [Located<Element>] {
    Reading(read: { node, diagnostics in
      if node.kind == .null {
        diagnostics.append(node.problem("expected a list, found nothing"))
        return nil
      }
      let nodes = node.kind == .sequence ? node.elements : [node]
      var values: Value = []
      values.reserveCapacity(nodes.count)
      for node in nodes where !node.isRefused {
        if let value = element.read(node, &diagnostics) { values.append(Located(value, at: node.location)) }
      }
      return values
    })
  }

  /// A mapping from free names to such values, in the order of the source. Bad values are reported and left out.
  package static func entries<Element: Sendable>(
    of element: Reading<Element>
  ) -> Reading where Value == [Entry<Element>] {
    Reading(read: { node, diagnostics in
      guard node.kind == .mapping else {
        diagnostics.append(node.problem("expected a mapping from names to values, found \(node.shown)"))
        return nil
      }
      return node.members.compactMap { key, node in
        guard let name = key.text, !node.isRefused, let value = element.read(node, &diagnostics) else { return nil }
        return Entry(name: Located(name, at: key.location), value: Located(value, at: node.location))
      }
    })
  }

  /// A mapping with these keys and no others, read by `body`.
  package static func mapping(
    _ kind: String, keys: [String], _ body: @escaping @Sendable (inout MappingReader) -> Value?
  ) -> Reading {
    Reading(read: { node, diagnostics in
      var reader = MappingReader(node, kind: kind, keys: keys)
      let value = node.kind == .mapping ? body(&reader) : nil
      diagnostics += reader.diagnostics
      return value
    })
  }
}

/// One member of a mapping with free names.
package struct Entry<Value: Sendable>: Sendable {
  /// The key.
  package var name: Located<String>
  /// What it stands for.
  package var value: Located<Value>
}

extension Node {
  /// A diagnostic at this node: YAML is configuration, JSON an export.
  package func problem(_ message: String, hint: String = "") -> Diagnostic {
    Diagnostic(arena.isYAML ? .invalid : .unreadable, at: place, message, hint: hint)
  }

  /// The value's place; of a missing one its key's.
  private var place: SourceLocation { kind == .null ? (key ?? self).location : location }

  /// What stands there, for messages: the text in quotes, shortened, or what it is.
  package var shown: String {
    switch kind {
    case .null: return "nothing"
    case .sequence: return "a list"
    case .mapping: return "a mapping"
    case .bool, .number, .string:
      let text = text ?? ""
      return "'\(text.count > 40 ? text.prefix(40) + "…" : text)'"
        + (isQuoted && arena.isYAML && isPlainType ? " in quotes" : "")
    }
  }

  /// Whether the text without its quotes would be a number or a boolean.
  private var isPlainType: Bool { text.map { $0 == "true" || $0 == "false" || Int64($0) != nil } ?? false }
}
