/// A part of an expression, the value it had, and its parts.
package struct Explanation: Sendable {
  /// In the text of the expression.
  package let range: SourceRange
  /// As written; printed anew where that takes more than one line.
  package let text: String
  /// `nil` where evaluation did not come by (the rest of a decided `&&`, the other side of a conditional).
  package let value: Value?
  /// In a macro such as `exists`, the parts of the body come once for each of the first elements and for the last, which decided.
  package let children: [Explanation]
  /// How many rounds like this one are left out before it.
  package let skipped: Int

  /// The tree as lines: two spaces a level, `text = value`.
  package var lines: [String] {
    let shown = value.map(\.explainedText) ?? "(not evaluated)"
    return (skipped > 0 ? ["… \(skipped) more"] : []) + ["\(text) = \(shown)"]
      + children.flatMap { $0.lines.map { "  " + $0 } }
  }
}

extension Value {
  /// Text in quotes and lists in brackets, so that each value is seen for what it is; times and durations as people write
  /// them; cut to what can be taken in at a glance.
  fileprivate var explainedText: String {
    let text: String
    switch self {
    case .duration(let span): text = span.mixed
    case .timestamp, .error, .unknown, .absent: text = displayText
    default: text = literalText
    }
    let most = 160
    guard text.count > most else { return text }
    let cut = text.prefix(most - 20)
    switch self {
    case .list(let elements): return "\(cut)… (\(elements.count) elements)"
    case .map(let map): return "\(cut)… (\(map.entries.count) entries)"
    default: return "\(cut)… (\(text.count) characters)"
    }
  }
}

extension TimeSpan {
  /// As people say it: `324d 12h 5m`; short ones with their fraction of a second.
  fileprivate var mixed: String {
    let (day, second) = (86_400 as Int64, 1_000_000_000 as Int64)
    guard abs(nanoseconds / second) >= day, nanoseconds % (day * second) != 0 else { return days }
    var rest = (nanoseconds / second).magnitude
    var parts: [String] = []
    for (unit, name) in [(86_400, "d"), (3600, "h"), (60, "m"), (1, "s")] as [(UInt64, String)] {
      if rest >= unit { parts.append("\(rest / unit)\(name)") }
      rest %= unit
    }
    return (nanoseconds < 0 ? "-" : "") + parts.joined(separator: " ")
  }
}

/// Records the value of each node while a program runs.
final class Tracer {
  static let firstRounds = 3

  private struct Record {
    let id: Syntax.ID
    var value: Value?
    var children: [Record] = []
    /// Rounds before this one that were left out.
    var skipped = 0
    /// How often each part was recorded, and where its last round is.
    var rounds: [Syntax.ID: (count: Int, place: Int)] = [:]
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
    guard let rounds = open[last].rounds[record.id], rounds.count > Tracer.firstRounds || recorded > 5000 else {
      let count = (open[last].rounds[record.id]?.count ?? 0) + 1
      open[last].rounds[record.id] = (count, open[last].children.count)
      open[last].children.append(record)
      return
    }
    // The last round takes the place of the one before it: it is the one that decided.
    record.skipped = open[last].children[rounds.place].skipped + 1
    open[last].children[rounds.place] = record
  }

  /// `named` explains the nodes that stand for named expressions.
  func finish(_ source: Source, _ value: Value, named: (Syntax.ID) -> Explanation?) -> Explanation {
    explanation(root ?? Record(id: syntax.root, value: value), source, named)
  }

  private func explanation(_ record: Record, _ source: Source, _ named: (Syntax.ID) -> Explanation?) -> Explanation {
    let node = syntax[record.id]
    let written = source.text(node.range)
    let text = written.contains(where: \.isNewline) ? syntax.text(record.id) : written
    guard record.value != nil else {
      return Explanation(range: node.range, text: text, value: nil, children: [], skipped: 0)
    }
    if let inner = named(record.id) {
      return Explanation(
        range: node.range, text: text, value: record.value, children: [inner], skipped: record.skipped)
    }
    var children = record.children
    for id in Syntax.children(of: node.kind) where record.rounds[id] == nil && isValue(id, node) {
      children.append(Record(id: id))
    }
    var shown: [Explanation] = []
    var told: Set<String> = []
    for child in children where !isPlain(child) && !isStep(child, of: node) {
      let part = explanation(child, source, named)
      // `x * x` says only once what `x` is.
      let isNew = !part.children.isEmpty || told.insert(part.text).inserted
      if isNew || isRound(child.id, of: node) { shown.append(part) }
    }
    return Explanation(
      range: node.range, text: text, value: record.value, children: shown, skipped: record.skipped)
  }

  /// Whether the node is evaluated once for each element.
  private func isRound(_ id: Syntax.ID, of parent: Syntax.Node) -> Bool {
    if case .fold(let fold) = parent.kind { return id != fold.range }
    return false
  }

  /// Literals explain themselves, also those made of others, and objects only show in their fields.
  private func isPlain(_ record: Record) -> Bool {
    if case .object = record.value, case .name = syntax[record.id].kind { return true }
    return isLiteral(record.id)
  }

  private func isLiteral(_ id: Syntax.ID) -> Bool {
    switch syntax[id].kind {
    case .constant: true
    case .list, .map: Syntax.children(of: syntax[id].kind).allSatisfy { isLiteral($0) }
    default: false
    }
  }

  /// The `a.b` of `a.b.c` says nothing that `a.b.c` does not, unless it is where something went wrong.
  private func isStep(_ record: Record, of parent: Syntax.Node) -> Bool {
    switch parent.kind {
    case .select, .has: break
    case .index(let operand, _, _) where operand == record.id: break
    default: return false
    }
    guard let value = record.value, !value.isFailure else { return record.value == nil }
    switch syntax[record.id].kind {
    case .name, .select: return true
    default: return false
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
