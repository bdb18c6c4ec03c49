/// A part of an expression, the value it had, and its parts.
package struct Explanation: Sendable {
  /// In the text of the expression.
  package let range: SourceRange
  /// As written; printed anew where that takes more than one line.
  package let text: String
  /// `nil` where evaluation did not come by (the rest of a decided `&&`, the other side of a conditional).
  package let value: Value?
  /// In a macro such as `exists`, the parts of the body come once for each element, at most `Tracer.mostRounds` times.
  package let children: [Explanation]

  /// The tree as lines: two spaces a level, `text = value`.
  package var lines: [String] {
    let shown = value.map { $0.displayText } ?? "(not evaluated)"
    return ["\(text) = \(shown)"]
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
    /// How often each part was recorded.
    var rounds: [Syntax.ID: Int] = [:]
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
    guard recorded <= 5000, open[last].rounds[record.id, default: 0] < Tracer.mostRounds else { return }
    open[last].rounds[record.id, default: 0] += 1
    open[last].children.append(record)
  }

  /// `named` explains the nodes that stand for named expressions.
  func finish(_ source: Source, _ value: Value, named: (Syntax.ID) -> Explanation?) -> Explanation {
    explanation(root ?? Record(id: syntax.root, value: value), source, named)
  }

  private func explanation(_ record: Record, _ source: Source, _ named: (Syntax.ID) -> Explanation?) -> Explanation {
    let node = syntax[record.id]
    let written = source.text(node.range)
    let text = written.contains(where: \.isNewline) ? syntax.text(record.id) : written
    guard record.value != nil else { return Explanation(range: node.range, text: text, value: nil, children: []) }
    if let inner = named(record.id) {
      return Explanation(range: node.range, text: text, value: record.value, children: [inner])
    }
    var children = record.children
    for id in Syntax.children(of: node.kind) where record.rounds[id] == nil && isValue(id, node) {
      children.append(Record(id: id))
    }
    return Explanation(
      range: node.range, text: text, value: record.value,
      children: children.filter { !isPlain($0) }.map { explanation($0, source, named) })
  }

  /// Literals explain themselves, and objects only show in their fields.
  private func isPlain(_ record: Record) -> Bool {
    switch (syntax[record.id].kind, record.value) {
    case (.constant, _), (.name, .object): true
    default: false
    }
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
    evaluation.state.pointee.tracer?.enter(id)
    let value = code.value(evaluation)
    evaluation.state.pointee.tracer?.leave(value)
    return value
  }
}
