/// A condition as far as it can be reasoned about: its parts in negation normal form, each of them "this operand lies in that
/// set". What cannot be looked into is an operand that is true or false.
///
/// Only definite answers count. CEL's `&&`, `||`, `!` and `?:` come to true only if some choice of their parts does (an error
/// or unknown never makes a condition true), hence: where no values can satisfy the formula, the condition is never true.
package indirect enum Formula: Sendable {
  case constant(Bool)
  case literal(Literal)
  case all([Formula])
  case any([Formula])

  /// "The operand lies in the set."
  package struct Literal: Sendable {
    let operand: Operand
    let set: ValueSet
    /// Operands that must be true where this one has a value: `has(x.f)` for `x.f`.
    var needs: [Operand] = []
  }

  /// A part of an expression that values are compared with, named by what it says: two that say the same are one.
  struct Operand: Sendable {
    let name: String
    /// The values that it may have.
    let universe: ValueSet
    var isWhole = false

    static let truths = ValueSet(.bool(false))?.union(ValueSet(.bool(true)) ?? .nothing) ?? .everything

    /// A condition that is not looked into.
    static func truth(_ name: String) -> Operand { Operand(name: name, universe: truths) }
  }

  /// True where this one is false, and the other way round.
  package var negated: Formula {
    switch self {
    case .constant(let value): .constant(!value)
    case .literal(let literal):
      .literal(Literal(operand: literal.operand, set: literal.set.complement, needs: literal.needs))
    case .all(let parts): .any(parts.map(\.negated))
    case .any(let parts): .all(parts.map(\.negated))
    }
  }

  /// The same, where its operands may also have no value: beside a true `||` part an error does not matter.
  var withoutNeeds: Formula {
    switch self {
    case .constant: self
    case .literal(let literal): .literal(Literal(operand: literal.operand, set: literal.set))
    case .all(let parts): .all(parts.map(\.withoutNeeds))
    case .any(let parts): .any(parts.map(\.withoutNeeds))
    }
  }

  static func truth(_ operand: Operand, needs: [Operand] = []) -> Formula {
    .literal(Literal(operand: operand, set: ValueSet(.bool(true)) ?? .everything, needs: needs))
  }

  /// How many literals it has.
  var count: Int {
    switch self {
    case .constant: 0
    case .literal: 1
    case .all(let parts), .any(let parts): parts.reduce(0) { $0 + $1.count }
    }
  }
}

/// Answers whether formulas can hold together, by trying the choices of each `any`. The work is bounded: when it is used up,
/// everything can hold, so that no answer is wrong.
package struct Reasoner: Sendable {
  private var steps: Int

  /// With so many steps for all questions together.
  package init(steps: Int = 200_000) { self.steps = steps }

  /// Whether the formulas exclude each other.
  package mutating func exclude(_ formulas: [Formula]) -> Bool { !canHold([:], formulas) }

  /// Whether the last holds wherever the others do. What must be there for an operand to have a value is left out: a
  /// `has(x.f)` before `x.f > 3` is a guard, and no idle repetition.
  package mutating func imply(_ formulas: [Formula], _ last: Formula) -> Bool {
    exclude(formulas.map(\.withoutNeeds) + [last.negated.withoutNeeds])
  }

  private mutating func canHold(_ known: [String: ValueSet], _ formulas: [Formula]) -> Bool {
    var (sets, pending, choices) = (known, formulas, [[Formula]]())
    while let formula = pending.popLast() {
      steps -= 1
      if steps < 0 { return true }
      switch formula {
      case .constant(true): break
      case .constant(false): return false
      case .all(let parts): pending += parts
      case .any(let parts): choices.append(parts)
      case .literal(let literal):
        guard let left = Reasoner.left(literal, of: sets) else { return false }
        sets[literal.operand.name] = left
        pending += literal.needs.map { Formula.truth($0) }
      }
    }
    // A choice with one possible part is none.
    choices = choices.map { $0.filter { isPossible($0, sets) } }
    guard let least = choices.indices.min(by: { choices[$0].count < choices[$1].count }) else { return true }
    let parts = choices.remove(at: least)
    let rest = choices.map { Formula.any($0) }
    for part in parts where canHold(sets, rest + [part]) { return true }
    return false
  }

  private mutating func isPossible(_ formula: Formula, _ sets: [String: ValueSet]) -> Bool {
    steps -= 1
    switch formula {
    case .constant(let value): return value
    case .literal(let literal):
      return Reasoner.left(literal, of: sets) != nil
    case .all, .any: return true
    }
  }

  /// What is left of what the operand may be; `nil` for nothing.
  private static func left(_ literal: Formula.Literal, of sets: [String: ValueSet]) -> ValueSet? {
    let left = (sets[literal.operand.name] ?? literal.operand.universe).intersection(literal.set)
    return left.isEmpty || literal.operand.isWhole && left.hasNoWholeNumber ? nil : left
  }
}

extension Formula {
  /// What it speaks about.
  package var operandNames: Set<String> {
    switch self {
    case .constant: []
    case .literal(let literal): [literal.operand.name]
    case .all(let parts), .any(let parts): parts.reduce(into: []) { $0.formUnion($1.operandNames) }
    }
  }
}
