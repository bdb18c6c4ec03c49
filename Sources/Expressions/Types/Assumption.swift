/// Something that holds where a condition stands, and what says so.
package struct Assumption: Sendable {
  enum Source: Sendable {
    /// Another part of the same `&&` or `||`.
    case beside(String, Bool)
    /// The test of a conditional, and which side this is.
    case test(String, Bool)
    /// Another place, in words: "`when`".
    case place(String)

    var isTest: Bool {
      if case .test = self { return true }
      return false
    }

    /// Why a condition is always, or never, true here.
    func clause(_ value: Bool) -> String {
      switch self {
      case .beside(let text, true): value ? "`\(text)` already says so" : "`\(text)` excludes it"
      case .beside(let text, false): "it only counts where `\(text)` is not true"
      case .test(let text, true): "it only counts where `\(text)` is true"
      case .test(let text, false): "an earlier test has taken `\(text)`"
      case .place(let name): value ? "\(name) already says so" : "\(name) excludes it"
      }
    }
  }

  /// What holds.
  package let formula: Formula
  let source: Source

  init(_ formula: Formula, _ source: Source) {
    self.formula = formula
    self.source = source
  }

  /// That the formula holds, as a place in words says: "`when`".
  package init(_ formula: Formula, by place: String) { self.init(formula, .place(place)) }
}

extension Program {
  /// What cannot be meant, though it can be evaluated: for `muster policy lint`, in the light of what holds where the
  /// expression is asked. A condition that a policy's parameter decides is not told: parameters are there for that.
  package func warnings(assuming assumptions: [Assumption] = []) -> [Problem] {
    var linter = Linter(checker)
    return linter.run(assumptions)
  }

  /// Whether the condition is written out as `true` or `false`.
  package var isBareConstant: Bool {
    if case .constant = checker.syntax[checker.syntax.root].kind { return true }
    return false
  }
}
