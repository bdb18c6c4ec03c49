/// A part of an expression, the value it had, and its parts.
package struct Explanation: Sendable {
  /// In the text of the expression.
  package let range: SourceRange
  package let text: String
  /// `nil` where evaluation did not come by (the rest of a decided `&&`, the other side of a conditional).
  package let value: Value?
  /// In a macro such as `exists`, the parts of the body come once for each element, at most `Tracer.mostRounds` times.
  package let children: [Explanation]

  /// The tree as lines: two spaces a level, `text = value`.
  package var lines: [String] {
    let shown = value.map { $0.displayText } ?? "(not evaluated)"
    return ["\(text.split(whereSeparator: \.isNewline).joined(separator: " ")) = \(shown)"]
      + children.flatMap { $0.lines.map { "  " + $0 } }
  }
}

/// Records the value of each node while a program runs.
final class Tracer {
  static let mostRounds = 20

  private struct Record {
    let id: Syntax.ID
    var value: Value?
    var children: [Record] = []
  }

  private var open: [Record] = []
  private var recorded = 0
  private var root: Record?
  private let syntax: Syntax

  init(_ syntax: Syntax) { self.syntax = syntax }

  func enter(_ id: Syntax.ID) { open.append(Record(id: id)) }

  func leave(_ value: Value) {
    guard var record = open.popLast() else { return }
    record.value = value
    guard !open.isEmpty else {
      root = record
      return
    }
    recorded += 1
    let last = open.count - 1
    let most = recorded > 5000 ? 0 : Tracer.mostRounds
    if open[last].children.filter({ $0.id == record.id }).count < most { open[last].children.append(record) }
  }

  func finish(_ syntax: Syntax, _ source: Source, _ value: Value) -> Explanation {
    explanation(root ?? Record(id: syntax.root, value: value), source)
  }

  private func explanation(_ record: Record, _ source: Source) -> Explanation {
    let node = syntax[record.id]
    var children = record.children
    for id in Syntax.children(of: node.kind) where !children.contains(where: { $0.id == id }) && isValue(id, node) {
      children.append(Record(id: id))
    }
    let shown = children.filter { !isPlain($0.id) }.sorted { order($0, $1) }
    return Explanation(
      range: node.range, text: source.text(node.range), value: record.value,
      children: shown.map { explanation($0, source) })
  }

  /// Rounds of a macro stay in their order: condition and body alternate.
  private func order(_ a: Record, _ b: Record) -> Bool {
    if a.value == nil || b.value == nil { return a.value != nil && b.value == nil }
    return false
  }

  /// Literals explain themselves.
  private func isPlain(_ id: Syntax.ID) -> Bool {
    if case .constant = syntax[id].kind { return true }
    return false
  }

  /// Not the `math` of `math.abs(x)`, nor the `a` of the variable `a.b`.
  private func isValue(_ id: Syntax.ID, _ parent: Syntax.Node) -> Bool {
    switch parent.kind {
    case .call(_, let target, _): target != id || syntax.qualifiedName(id) == nil
    case .select: syntax.qualifiedName(id) == nil
    default: true
    }
  }
}

/// A node whose value is recorded.
final class Traced: Code {
  let code: any Code
  let id: Syntax.ID

  init(_ code: any Code, _ id: Syntax.ID) { (self.code, self.id) = (code, id) }

  func value(_ evaluation: Evaluation) -> Value {
    evaluation.tracer?.enter(id)
    let value = code.value(evaluation)
    evaluation.tracer?.leave(value)
    return value
  }
}
