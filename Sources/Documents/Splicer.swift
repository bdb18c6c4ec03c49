import Base

/// A range of a document's bytes and what comes in its place.
struct Splice {
  var range: Range<Int>
  var text: String
}

/// Finds the bytes to change for one edit.
struct Splicer {
  private let document: Document
  private let bytes: [UInt8]
  private let edit: Edit
  private let lineBreak: String

  init(_ document: Document, edit: Edit) {
    self.document = document
    self.edit = edit
    bytes = document.bytes
    let feed = bytes.firstIndex(of: 0x0A) ?? 0
    lineBreak = feed > 0 && bytes[feed - 1] == 0x0D ? "\r\n" : "\n"
  }

  /// A node on the way, and whether brackets are around it.
  private struct Target {
    var node: Node
    var isInFlow: Bool
    var parent: Node?
  }

  func splices() throws(EditError) -> [Splice] {
    switch edit.action {
    case .set(let value):
      if let target = try find(edit.path) { return try set(target, value) }
      return try insertMissing(value)
    case .insert(let key, let value, let after):
      guard let target = try find(edit.path) else { throw failure("there is no such mapping", document.root) }
      return try insert(key, value, after: after, into: target)
    case .append(let content):
      guard let target = try find(edit.path) else {
        guard case .value(let value) = content else {
          return try insertMissing(lines: try item(content, document.root))
        }
        return try insertMissing(.sequence([value]))
      }
      return try append(content, to: target)
    }
  }

  private func failure(_ message: String, _ node: Node) -> EditError {
    EditError(location: node.location, message: message)
  }

  /// The node at the path; `nil` where only its last key is missing.
  private func find(_ path: [PathStep]) throws(EditError) -> Target? {
    var target = Target(node: document.root, isInFlow: false)
    for (at, step) in path.enumerated() {
      let node = target.node
      let next: Node?
      switch step {
      case .key(let key):
        next = node[key]
        if next == nil,
          node.kind != .mapping && !(node.kind == .null && at == path.count - 1) || at < path.count - 1 && next == nil
        {
          throw failure("there is no key `\(key)` to edit", node)
        }
      case .index(let index):
        let elements = node.elements
        guard elements.indices.contains(index) else { throw failure("there is no item \(index) to edit", node) }
        next = elements[index]
      }
      guard let next else { return nil }
      target = Target(node: next, isInFlow: target.isInFlow || node.isFlow, parent: node)
    }
    return target
  }
}

// MARK: - Scalars

extension Splicer {
  private func set(_ target: Target, _ value: YAMLValue) throws(EditError) -> [Splice] {
    let node = target.node
    if node.record.isContainer { throw failure("a list or mapping stands here, not one value", node) }
    let (head, lines) = try scalar(value, in: target)
    let below = lines.map { lineBreak + $0 }.joined()
    switch node.record.style {
    case .literal, .folded:
      let header = node.range.lowerBound..<endOfIndicators(node.range.lowerBound)
      let content = endOfLine(node.range.lowerBound)..<node.range.upperBound
      return [Splice(range: header, text: head), Splice(range: content, text: below)]
    case _ where node.kind == .null:
      let at = node.range.lowerBound
      guard at > 0, bytes[at - 1] == UInt8(ascii: ":") || bytes[at - 1] == UInt8(ascii: "-") else {
        throw failure("there is no value to edit", node)
      }
      return [Splice(range: at..<at, text: " " + head)] + under(at, below)
    default: return [Splice(range: node.range, text: head)] + under(node.range.upperBound, below)
    }
  }

  private func under(_ offset: Int, _ below: String) -> [Splice] {
    let end = endOfLine(offset)
    return below.isEmpty ? [] : [Splice(range: end..<end, text: below)]
  }

  /// The scalar's spelling: the present style where it can say the value.
  private func scalar(_ value: YAMLValue, in target: Target) throws(EditError) -> (head: String, lines: [String]) {
    let node = target.node
    let style = node.record.style
    switch value {
    case .sequence, .mapping, .inline: throw failure("only a single value can be set", node)
    case .text(let text), .plain(let text), .literal(let text):
      var asksForBlock = false
      if case .literal = value { asksForBlock = true }
      let wasBlock = style == .literal || style == .folded
      if asksForBlock || (wasBlock && text.contains("\n")), !target.isInFlow, let block = YAMLScalar.literal(text) {
        return (block.header, block.lines.map { $0.isEmpty ? "" : indentation(under: target) + $0 })
      }
      if style == .double { return (YAMLScalar.doubleQuoted(text), []) }
      if style == .single, let quoted = YAMLScalar.singleQuoted(text) { return (quoted, []) }
      return (value.rendered(inFlow: target.isInFlow || asksForBlock).head, [])
    }
  }

  /// The blanks before the lines of a block scalar at this node.
  private func indentation(under target: Target) -> String {
    guard let parent = target.parent else { return "  " }
    return blanks(column(of: parent.kind == .mapping ? parent.members.first?.key ?? parent : parent) + 2)
  }

  private func endOfIndicators(_ start: Int) -> Int {
    var at = start
    while at < bytes.count, "|>+-0123456789".utf8.contains(bytes[at]) { at += 1 }
    return at
  }
}

// MARK: - Keys

extension Splicer {
  private func insertMissing(_ value: YAMLValue) throws(EditError) -> [Splice] {
    guard case .key(let key)? = edit.path.last, let parent = try find(edit.path.dropLast()) else {
      throw failure("there is no such value", document.root)
    }
    return try insert(key, value, after: nil, into: parent)
  }

  private func insertMissing(lines: [String]) throws(EditError) -> [Splice] {
    guard case .key(let key)? = edit.path.last, let parent = try find(edit.path.dropLast()) else {
      throw failure("there is no such list", document.root)
    }
    if parent.node.isFlow { throw failure("lines cannot be added inside brackets", parent.node) }
    return try insert([YAMLScalar.key(key) + ":"] + lines.map(indented), after: nil, into: parent)
  }

  private func insert(
    _ key: String, _ value: YAMLValue, after: String?, into target: Target
  ) throws(EditError) -> [Splice] {
    let node = target.node
    if node[key] != nil { throw failure("the key `\(key)` is there already", node) }
    guard node.isFlow || (target.isInFlow && node.kind == .null) else {
      return try insert(YAMLValue.memberLines(key, value), after: after, into: target)
    }
    let member = YAMLValue.flowMember(key, value)
    guard let sibling = try sibling(after, in: node) else {
      let at = node.range.lowerBound + 1
      return [Splice(range: at..<at, text: member)]
    }
    let at = max(sibling.key.range.upperBound, sibling.value.range.upperBound)
    return [Splice(range: at..<at, text: ", " + member)]
  }

  /// Lines of a member behind a member of a block mapping, or as the first of an empty document.
  private func insert(_ lines: [String], after: String?, into target: Target) throws(EditError) -> [Splice] {
    let node = target.node
    if node.kind == .null && target.parent == nil {
      let at = node.range.lowerBound
      if at == TextIndex.lengthOfMark(bytes) || bytes[at - 1] == 0x0A {
        return [Splice(range: at..<at, text: lines.map { $0 + lineBreak }.joined())]
      }
      // Behind a `---` that starts the document.
      return [Splice(range: endOfLine(at)..<endOfLine(at), text: below(lines, column: 0))]
    }
    guard node.kind == .mapping, let sibling = try sibling(after, in: node), let first = node.members.first else {
      throw failure("no mapping stands here", node)
    }
    let end = endOfLine(max(sibling.key.range.upperBound, sibling.value.range.upperBound))
    return [Splice(range: end..<end, text: below(lines, column: column(of: first.key)))]
  }

  private func sibling(_ name: String?, in node: Node) throws(EditError) -> (key: Node, value: Node)? {
    guard let name else { return node.members.last }
    guard let found = node.members.first(where: { $0.key.text == name }) else {
      throw failure("there is no key `\(name)` to stand behind", node)
    }
    return found
  }
}

// MARK: - Lists

extension Splicer {
  private func append(_ content: Edit.Content, to target: Target) throws(EditError) -> [Splice] {
    let node = target.node
    switch node.kind {
    case .sequence where !node.isFlow:
      let end = endOfLine(node.range.upperBound)
      return [Splice(range: end..<end, text: below(try item(content, node), column: column(of: node)))]
    case .sequence where !isEmptyBrackets(target):
      guard case .value(let value) = content else { throw failure("lines cannot be added inside brackets", node) }
      let at = node.elements.last?.range.upperBound ?? node.range.lowerBound + 1
      return [Splice(range: at..<at, text: (node.count == 0 ? "" : ", ") + value.flow)]
    case .sequence, .null:
      guard let key = node.key, !target.isInFlow else { throw failure("no list stands here", node) }
      // Between the colon and what may follow on the line, a comment, nothing is left.
      var start = node.range.lowerBound
      while node.kind == .sequence, start > 0, bytes[start - 1] == 0x20 { start -= 1 }
      let end = endOfLine(node.range.upperBound)
      let lines = below(try item(content, node), column: column(of: key) + 2)
      return [Splice(range: start..<node.range.upperBound, text: ""), Splice(range: end..<end, text: lines)]
    default: throw failure("no list stands here", node)
    }
  }

  /// Whether the list is `[]` behind a key of a block mapping: then it may become a block.
  private func isEmptyBrackets(_ target: Target) -> Bool {
    let inside = bytes[target.node.range].dropFirst().dropLast()
    return target.node.count == 0 && !target.isInFlow && target.node.key != nil && inside.allSatisfy { $0 == 0x20 }
  }

  private func item(_ content: Edit.Content, _ node: Node) throws(EditError) -> [String] {
    switch content {
    case .value(let value): return value.itemLines
    case .lines(let lines):
      let breaks = lines.contains {
        $0.unicodeScalars.contains { "\n\r\u{85}\u{2028}\u{2029}".unicodeScalars.contains($0) }
      }
      if breaks || lines.first?.isEmpty ?? true { throw failure("an item needs lines without line breaks", node) }
      return YAMLValue.item(lines)
    }
  }
}

// MARK: - Lines

extension Splicer {
  private func endOfLine(_ from: Int) -> Int { bytes[from...].firstIndex { $0 == 0x0A || $0 == 0x0D } ?? bytes.count }

  /// Columns before the node on its line.
  private func column(of node: Node) -> Int { node.location.column - 1 }

  private func blanks(_ count: Int) -> String { String(repeating: " ", count: count) }

  /// The lines at a column, each on a line of its own below the place.
  private func below(_ lines: [String], column: Int) -> String {
    lines.map { lineBreak + ($0.isEmpty ? "" : blanks(column) + $0) }.joined()
  }
}
