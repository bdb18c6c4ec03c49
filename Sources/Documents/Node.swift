package import Base

/// A view of one value of a document; copying it copies a reference and a number.
package struct Node: Sendable {
  /// What a value is by its syntax; types are the reader's business.
  package enum Kind: UInt32, Sendable { case null, bool, number, string, sequence, mapping }

  let arena: Arena
  let index: UInt32

  var record: Record { arena.records[Int(index)] }

  /// YAML: plain and quoted scalars are all `.string`, an empty plain scalar is `.null`.
  package var kind: Kind { record.kind }

  /// The scalar's text: YAML as a person means it, untyped; JSON decoded, a number's own text, `true` or `false`; `nil` for
  /// containers and null.
  package var text: String? { kind == .null || record.isContainer ? nil : arena.text(index) }

  /// Written in quotes or as a block scalar.
  package var isQuoted: Bool {
    switch record.style {
    case .double, .single, .literal, .folded, .overridden: !record.isContainer
    case .plain, .flow, .refused: false
    }
  }

  /// A container in brackets, as all of JSON's are.
  package var isFlow: Bool { record.isContainer && record.style == .flow }

  /// Stands for something that its document's diagnostics refuse already, such as a YAML alias.
  package var isRefused: Bool { record.style == .refused }

  /// The first character of the value.
  package var location: SourceLocation { arena.location(of: Int(record.start)) }

  /// The value's bytes in `Document.bytes`, with quotes or brackets; a block ends with its last value.
  package var range: Range<Int> { Int(record.start)..<Int(record.end) }

  /// The value as it stands in the source.
  package var rawText: String { String(decoding: arena.bytes[range], as: UTF8.self) }

  /// The document that the value is in.
  package var document: Document { Document(arena: arena) }

  /// The mapping's key before this value, where there is one.
  package var key: Node? {
    guard index > 0, arena.records[Int(index) - 1].isKey else { return nil }
    return Node(arena: arena, index: index - 1)
  }

  /// Members of a mapping, elements of a sequence, 0 for a scalar.
  package var count: Int {
    guard record.isContainer, record.count == Record.maximalCount else { return record.isContainer ? record.count : 0 }
    var count = 0
    forEachChild { _ in
      count += 1
      return true
    }
    return count
  }

  /// The value of a mapping's key, `nil` where there is none; one walk over the keys.
  package subscript(_ key: String) -> Node? {
    guard kind == .mapping else { return nil }
    var (found, key) = (nil as UInt32?, key)
    key.withUTF8 { key in
      forEachChild { index in
        if arena.textEquals(index, key) { found = index + 1 }
        return found == nil
      }
    }
    return found.map { Node(arena: arena, index: $0) }
  }

  /// Keys and values in the order of the source; of equal JSON keys only the last.
  package var members: [(key: Node, value: Node)] {
    guard kind == .mapping else { return [] }
    var members: [(key: Node, value: Node)] = []
    members.reserveCapacity(record.count)
    forEachChild { index in
      members.append((Node(arena: arena, index: index), Node(arena: arena, index: index + 1)))
      return true
    }
    return members
  }

  /// The values of a sequence in order.
  package var elements: [Node] {
    guard kind == .sequence else { return [] }
    var elements: [Node] = []
    elements.reserveCapacity(record.count)
    forEachChild { index in
      elements.append(Node(arena: arena, index: index))
      return true
    }
    return elements
  }

  /// Calls with each element or key that counts, until told to stop.
  private func forEachChild(_ body: (UInt32) -> Bool) {
    let isMapping = kind == .mapping
    var index = index + 1
    while index < record.next {
      let isOverridden = isMapping && arena.records[Int(index)].style == .overridden
      if !isOverridden, !body(index) { return }
      index = arena.next(isMapping ? index + 1 : index)
    }
  }
}
