/// Finds what is well-typed and still cannot be meant: conditions that are always true or false, parts that say nothing beside
/// the others, parts that always fail.
struct Linter {
  /// Each part of a longer `&&` or `||` is looked at alone.
  private static let mostParts = 60

  let checker: Checker
  let reader: FormulaReader
  var reasoner = Reasoner()
  private(set) var problems: [Problem] = []

  init(_ checker: Checker) {
    self.checker = checker
    reader = FormulaReader(checker)
  }

  mutating func run(_ assumptions: [Assumption]) -> [Problem] {
    let root = checker.syntax.root
    // `require: "false"` is how a policy says that its subject is wrong by being there.
    if case .constant = checker.syntax[root].kind { return [] }
    // What is never asked is told where that is decided.
    if reasoner.exclude(assumptions.map(\.formula)) { return [] }
    visit(root, assumptions)
    return problems.sorted { ($0.range.start, $0.range.end) < ($1.range.start, $1.range.end) }
  }

  /// A part, in the light of what is known where it stands.
  private mutating func visit(_ id: Syntax.ID, _ known: [Assumption]) {
    if reader.constants[id] != .varying { return judge(id) }
    if checker.types[Int(id)] == .bool {
      let formula = reader.formula(id)
      if reasoner.exclude(known.map(\.formula) + [formula]) { return never(id, known) }
      if reasoner.imply(known.map(\.formula), formula) { return always(id, known) }
    }
    inside(id, known)
  }

  private mutating func inside(_ id: Syntax.ID, _ known: [Assumption]) {
    switch checker.syntax[id].kind {
    case .and(let parts): self.parts(parts, known, isAnd: true)
    case .or(let parts): self.parts(parts, known, isAnd: false)
    case .call("!_", nil, let arguments): inside(arguments[0], known)
    case .conditional(let test, let yes, let no):
      visit(test, known)
      let formula = reader.formula(test)
      for (side, value) in [(yes, true), (no, false)] {
        let taken = known + [Assumption(value ? formula : formula.negated, .test(text(test), value))]
        // A side that is never taken is told at its test.
        if !reasoner.exclude(taken.map(\.formula)) { branch(side, taken) }
      }
    case .fold(let fold) where fold.kind.isTest:
      visit(fold.range, known)
      visit(fold.body, known)
    case let kind:
      for child in Syntax.children(of: kind) where !isPartOfName(child, of: id) { branch(child, known) }
    }
  }

  /// A part that may be written out as `true` or `false`, such as a side of a conditional.
  private mutating func branch(_ id: Syntax.ID, _ known: [Assumption]) {
    if case .constant = checker.syntax[id].kind { return }
    visit(id, known)
  }

  /// The `math` of `math.abs(x)` and the `params` of `params.x` are no values.
  private func isPartOfName(_ child: Syntax.ID, of id: Syntax.ID) -> Bool {
    guard checker.syntax.qualifiedName(child) != nil, checker.references[Int(child)] == nil else { return false }
    switch checker.syntax[id].kind {
    case .call(_, target: child, _): return true
    case .select: return checker.references[Int(id)] != nil || checker.types[Int(child)] == .dyn
    default: return false
    }
  }

  // MARK: The parts of `&&` and `||`

  private mutating func parts(_ parts: [Syntax.ID], _ known: [Assumption], isAnd: Bool) {
    guard parts.count <= Linter.mostParts else { return parts.forEach { visit($0, known) } }
    var left: [Part] = []
    for part in parts.map({ Part(id: $0, formula: reader.formula($0)) }) {
      if reader.constants[part.id] != .varying {
        judge(part.id)
      } else if isAnd, reasoner.imply(known.map(\.formula), part.formula) {
        always(part.id, known)
      } else if !isAnd, reasoner.exclude(known.map(\.formula) + [part.formula]) {
        never(part.id, known)
      } else {
        left.append(part)
      }
    }
    // First what one other part says already, then what all of them say; the later of two that say the same is the idle one.
    for alone in [true, false] {
      for at in left.indices.reversed() {
        var others = left
        let part = others.remove(at: at)
        let one = alone ? others.first { isIdle(part, beside: [$0], known, isAnd: isAnd) } : nil
        guard one != nil || !alone && isIdle(part, beside: others, known, isAnd: isAnd) else { continue }
        idle(part, beside: one, known, isAnd: isAnd)
        left = others
      }
    }
    for at in left.indices { inside(left[at].id, known + beside(at, left, isAnd: isAnd)) }
  }

  private struct Part {
    let id: Syntax.ID
    let formula: Formula
  }

  /// What the other parts say where a part counts. Of later ones only what has no parts itself, so that not each of two is
  /// found to be idle for the sake of the other.
  private func beside(_ at: Int, _ parts: [Part], isAnd: Bool) -> [Assumption] {
    parts.indices.compactMap { other in
      let formula = parts[other].formula
      guard other < at || other > at && formula.count == 1 else { return nil }
      // Beside a part of `||` that is true nothing matters; it may as well have no value.
      return Assumption(isAnd ? formula : formula.negated.withoutNeeds, .beside(text(parts[other].id), isAnd))
    }
  }

  /// Whether the part says nothing beside the others.
  private mutating func isIdle(_ part: Part, beside others: [Part], _ known: [Assumption], isAnd: Bool) -> Bool {
    if others.isEmpty { return false }
    let (known, others) = (known.map(\.formula), others.map(\.formula))
    return isAnd ? reasoner.imply(known + others, part.formula) : reasoner.imply(known + [part.formula], .any(others))
  }

  private mutating func idle(_ part: Part, beside one: Part?, _ known: [Assumption], isAnd: Bool) {
    let word = isAnd ? "&&" : "||"
    guard let one, isIdle(part, beside: [one], [], isAnd: isAnd) else {
      let message = "this adds nothing to the other parts of `\(word)`\(one == nil ? "" : ", where they count")"
      return report(message, hint: "leave it out", checker.syntax[part.id].range)
    }
    if plain(one.id) == plain(part.id) {
      return report("this condition stands here twice", hint: "leave one out", checker.syntax[part.id].range)
    }
    let says = isAnd ? "already says so" : "already covers it"
    report("this adds nothing: `\(text(one.id))` \(says)", hint: "leave it out", checker.syntax[part.id].range)
  }

  // MARK: Always and never

  private mutating func never(_ id: Syntax.ID, _ known: [Assumption]) {
    if case .and(let parts) = checker.syntax[id].kind {
      for part in parts where reasoner.exclude(known.map(\.formula) + [reader.formula(part)]) {
        return reader.constants[part] == .varying ? never(part, known) : judge(part)
      }
      if let (first, second) = pair(parts, known, parts.map { reader.formula($0) }) {
        return report("this is never true together with `\(text(first))`", hint: "", checker.syntax[second].range)
      }
    }
    if let part = negatedParts(id) { return always(part, known) }
    decided(id, false, known) { [formula = reader.formula(id)] reasoner, assumption in
      reasoner.exclude([assumption, formula])
    }
  }

  private mutating func always(_ id: Syntax.ID, _ known: [Assumption]) {
    if case .or(let parts) = checker.syntax[id].kind {
      for part in parts where reasoner.imply(known.map(\.formula), reader.formula(part)) {
        return reader.constants[part] == .varying ? always(part, known) : judge(part)
      }
      if let (first, second) = pair(parts, known, parts.map { reader.formula($0).negated.withoutNeeds }) {
        return report("this or `\(text(first))` is always true", hint: "", checker.syntax[second].range)
      }
    }
    if let part = negatedParts(id) { return never(part, known) }
    decided(id, true, known) { [formula = reader.formula(id)] reasoner, assumption in
      reasoner.imply([assumption], formula)
    }
  }

  /// What stands behind a `!`, where it has parts to point at.
  private func negatedParts(_ id: Syntax.ID) -> Syntax.ID? {
    guard case .call("!_", nil, let arguments) = checker.syntax[id].kind else { return nil }
    return reader.formula(arguments[0]).count > 1 ? arguments[0] : nil
  }

  /// The first two parts whose formulas exclude each other.
  private mutating func pair(
    _ parts: [Syntax.ID], _ known: [Assumption], _ formulas: [Formula]
  ) -> (Syntax.ID, Syntax.ID)? {
    for second in parts.indices.prefix(Linter.mostParts).dropFirst() {
      for first in 0..<second where reasoner.exclude(known.map(\.formula) + [formulas[first], formulas[second]]) {
        return (parts[first], parts[second])
      }
    }
    return nil
  }

  /// Says what decides the condition, as far as one thing does.
  private mutating func decided(
    _ id: Syntax.ID, _ value: Bool, _ known: [Assumption], _ alone: (inout Reasoner, Formula) -> Bool
  ) {
    let node = checker.syntax[id]
    let word = value ? "always" : "never"
    if alone(&reasoner, .constant(true)) {
      if case .call(let name, nil, let arguments) = node.kind, arguments.count == 2,
        plain(arguments[0]) == plain(arguments[1])
      {
        return report("both sides of `\(name.operatorText)` are the same: this is \(word) true", hint: "", node.range)
      }
      return report("this is \(word) true", hint: reason(id), node.range)
    }
    let one = known.first { alone(&reasoner, $0.formula) }
    var why = one?.source.clause(value) ?? "what stands around it decides it"
    if one == nil, alone(&reasoner, .all(known.filter(\.source.isTest).map(\.formula))) {
      why = "the tests before it decide it"
    }
    report("this is \(word) true here: \(why)", hint: "", node.range)
  }

  /// What is known without the variables: it fails, or decides what stands beside it.
  private mutating func judge(_ id: Syntax.ID) {
    if reader.constants.isNamespace(id) { return }
    let value = reader.constants.evaluated(id)
    if case .error(let error) = value {
      report("this always fails: \(error.message)", hint: "", error.range ?? checker.syntax[id].range)
    } else if reader.constants[id] == .literal, case .bool(let value) = value, checker.types[Int(id)] == .bool {
      report("this is always \(value)", hint: "", checker.syntax[id].range)
    }
  }

  // MARK: Texts

  /// On one line, not too long to be read inside a message.
  private func text(_ id: Syntax.ID) -> String {
    let text = plain(id)
    return text.count > 80 ? "\(text.prefix(78))…" : text
  }

  /// The text without what does not change the meaning: white space matters inside a literal.
  private func plain(_ id: Syntax.ID) -> String { checker.syntax.text(id) }

  private mutating func report(_ message: String, hint: String, _ range: SourceRange) {
    guard problems.count < Checker.mostProblems else { return }
    problems.append(Problem(message, hint: hint, at: range, in: checker.source))
  }
}

extension Syntax.Fold.Kind {
  /// Whether the body is a condition.
  var isTest: Bool { [.all, .exists, .existsOne, .filter].contains(self) }
}
