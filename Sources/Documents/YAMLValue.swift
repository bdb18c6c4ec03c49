/// A value that Muster writes as YAML.
package indirect enum YAMLValue: Sendable {
  /// Text that stays text for every reader: quoted where plain it would be a number, a boolean or nothing.
  case text(String)
  /// A number, a boolean or a date: unquoted where its letters allow.
  case plain(String)
  /// Text as a literal block (`|`), line for line; quoted where a block cannot hold it.
  case literal(String)
  /// A list, an item a line.
  case sequence([YAMLValue])
  /// Keys and values in this order.
  case mapping([(key: String, value: YAMLValue)])
  /// A list or mapping in brackets on one line.
  case inline(YAMLValue)
}

extension YAMLValue: ExpressibleByStringLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral {
  package init(stringLiteral value: String) { self = .text(value) }
  package init(arrayLiteral elements: YAMLValue...) { self = .sequence(elements) }
  package init(dictionaryLiteral elements: (String, YAMLValue)...) {
    self = .mapping(elements.map { (key: $0.0, value: $0.1) })
  }

  /// A list of texts.
  package static func texts(_ texts: [String]) -> YAMLValue { .sequence(texts.map { .text($0) }) }
}

extension YAMLValue {
  /// The value behind a key or a dash: what stands on the same line, and the lines below it, indented under the key.
  func rendered(inFlow: Bool = false) -> (head: String, lines: [String]) {
    switch self {
    case .text(let text): return (YAMLScalar.text(text, inFlow: inFlow), [])
    case .plain(let text): return (YAMLScalar.plain(text, inFlow: inFlow), [])
    case .literal(let text):
      if !inFlow, let block = YAMLScalar.literal(text) { return (block.header, block.lines.map(indented)) }
      return (YAMLScalar.text(text, inFlow: inFlow), [])
    case .sequence(let items) where items.isEmpty: return ("[]", [])
    case .mapping(let members) where members.isEmpty: return ("{}", [])
    case .inline,
      _ where inFlow:
      return (flow, [])
    default: return ("", blockLines.map(indented))
    }
  }

  /// The lines of a list or mapping that is not empty, not indented.
  var blockLines: [String] {
    switch self {
    case .sequence(let items): items.flatMap(\.itemLines)
    case .mapping(let members): members.flatMap { YAMLValue.memberLines($0.key, $0.value) }
    default: [rendered().head]
    }
  }

  /// The value as an item of a list: `- ` and what follows.
  var itemLines: [String] {
    let (head, lines) = rendered()
    if !head.isEmpty { return ["- " + head] + lines }
    return YAMLValue.item(blockLines)
  }

  /// Lines put behind a dash.
  static func item(_ lines: [String]) -> [String] {
    guard let first = lines.first else { return ["-"] }
    return [first.isEmpty ? "-" : "- " + first] + lines.dropFirst().map(indented)
  }

  static func memberLines(_ key: String, _ value: YAMLValue, comment: String = "") -> [String] {
    let (head, lines) = value.rendered()
    let name = YAMLScalar.key(key)
    let tail = (head.isEmpty ? "" : " " + head) + (comment.isEmpty ? "" : "  # " + comment)
    // libyaml takes no key over 1,024 characters unless it is announced.
    return (name.utf8.count > 1000 ? ["? " + name, ":" + tail] : [name + ":" + tail]) + lines
  }

  /// The value on one line, in brackets where it is a container.
  var flow: String {
    switch self {
    case .text(let text), .literal(let text): YAMLScalar.text(text, inFlow: true)
    case .plain(let text): YAMLScalar.plain(text, inFlow: true)
    case .inline(let value): value.flow
    case .sequence(let items): "[" + items.map(\.flow).joined(separator: ", ") + "]"
    case .mapping(let members) where members.isEmpty: "{}"
    case .mapping(let members):
      "{ " + members.map { YAMLValue.flowMember($0.key, $0.value) }.joined(separator: ", ") + " }"
    }
  }

  static func flowMember(_ key: String, _ value: YAMLValue) -> String {
    let name = YAMLScalar.key(key, inFlow: true)
    return (name.utf8.count > 1000 ? "? " + name + " : " : name + ": ") + value.flow
  }

  /// The value with its blocks of text in quotes.
  var withoutBlocks: YAMLValue {
    switch self {
    case .text, .plain: self
    case .literal(let text): .text(text)
    case .sequence(let items): .sequence(items.map(\.withoutBlocks))
    case .mapping(let members): .mapping(members.map { ($0.key, $0.value.withoutBlocks) })
    case .inline(let value): .inline(value.withoutBlocks)
    }
  }

  /// Whether the node says what this value says.
  func matches(_ node: Node) -> Bool {
    switch self {
    case .text(let text), .plain(let text), .literal(let text):
      return node.kind == .string && (node.text ?? "").utf8.elementsEqual(text.utf8)
    case .inline(let value): return value.matches(node)
    case .sequence(let items):
      return node.kind == .sequence && node.count == items.count
        && zip(items, node.elements).allSatisfy { $0.matches($1) }
    case .mapping(let members):
      return node.kind == .mapping && node.count == members.count
        && zip(members, node.members).allSatisfy { ours, theirs in
          (theirs.key.text ?? "").utf8.elementsEqual(ours.key.utf8) && ours.value.matches(theirs.value)
        }
    }
  }
}

/// A line two columns further right; blank lines stay blank.
func indented(_ line: String) -> String { line.isEmpty ? line : "  " + line }
