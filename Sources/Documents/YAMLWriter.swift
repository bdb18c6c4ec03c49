/// Writes the YAML files that Muster creates itself, in the order of the calls. Whatever the texts hold, they come back as they
/// are and add no key, comment or line of structure.
package struct YAMLWriter: Sendable {
  private var lines: [String] = []

  package init() {}

  /// The text so far, each line ended.
  package var text: String { lines.map { $0 + "\n" }.joined() }
  package var bytes: [UInt8] { Array(text.utf8) }

  /// Lines of comment.
  package mutating func comment(_ text: String) {
    let scalars = text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
    lines += scalars.map { $0.isEmpty ? "#" : "# " + YAMLScalar.comment(String($0)) }
  }

  package mutating func blankLine() { lines.append("") }

  /// A key with its value, and a comment behind it.
  package mutating func field(_ key: String, _ value: YAMLValue, comment: String = "") {
    lines += YAMLValue.memberLines(key, value, comment: YAMLScalar.comment(comment))
  }

  /// A key with its text; left out when the text is `nil`.
  package mutating func field(_ key: String, _ text: String?) {
    if let text { field(key, .text(text)) }
  }

  /// A key with a mapping that `body` writes; `{}` when it writes nothing.
  package mutating func mapping(_ key: String, _ body: (inout YAMLWriter) throws -> Void) rethrows {
    try nest(key, empty: "{}", body)
  }

  /// A key with a list whose items `body` writes; `[]` when it writes none.
  package mutating func sequence(_ key: String, _ body: (inout YAMLWriter) throws -> Void) rethrows {
    try nest(key, empty: "[]", body)
  }

  /// An item of a list; only inside `sequence`.
  package mutating func item(_ value: YAMLValue) { lines += value.itemLines }

  /// An item that is a mapping which `body` writes.
  package mutating func item(_ body: (inout YAMLWriter) throws -> Void) rethrows {
    var inner = YAMLWriter()
    try body(&inner)
    lines += inner.hasContent ? YAMLValue.item(inner.lines) : ["- {}"]
  }

  private var hasContent: Bool { lines.contains { !$0.isEmpty && !$0.hasPrefix("#") } }

  private mutating func nest(_ key: String, empty: String, _ body: (inout YAMLWriter) throws -> Void) rethrows {
    var inner = YAMLWriter()
    try body(&inner)
    let name = YAMLScalar.key(key)
    let head = name.utf8.count > 1000 ? "? " + name + "\n:" : name + ":"
    lines.append(inner.hasContent ? head : head + " " + empty)
    lines += inner.lines.map(indented)
  }
}
