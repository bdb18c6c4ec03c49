package import Base
import Expressions
import Model

extension CompiledPolicy {
  /// What its conditions say that cannot be meant, each in the light of the others: `needs` and `match` choose what `when` is
  /// asked about, `when` what `unknown` and `require` are, and a message is only written where `require` does not hold.
  package var conditionProblems: [Diagnostic] {
    var found: [Diagnostic] = []
    var reasoner = Reasoner()
    func look(_ text: PolicyText, _ programs: [Program], _ known: [Assumption]) {
      for program in programs {
        found += program.warnings(assuming: known).map { text.diagnostic(.warning, $0) }
      }
    }
    // As `look`, for a condition that decides something: also what follows where it never or always holds.
    func decide(_ text: PolicyText, _ program: Program, _ known: [Assumption], never: String, always: String) {
      let before = found.count
      if program.isBareConstant {
        let consequence = text.value == "true" ? always : never
        if !consequence.isEmpty { found.append(bare(text, "this is always \(text.value)", consequence)) }
        return
      }
      look(text, [program], known)
      let (formulas, formula) = (known.map(\.formula), program.formula)
      guard found.count > before, !reasoner.exclude(formulas) else { return }
      let consequence =
        reasoner.exclude(formulas + [formula]) ? never : reasoner.imply(formulas, formula) ? always : ""
      if !consequence.isEmpty { found[before].hint = consequence }
    }
    for variable in policy.variables {
      look(variable.expression, [environment.program(ofLazy: "variables.\(variable.name)")].compactMap { $0 }, [])
    }
    var known = chosen
    if let text = policy.when, let when {
      decide(text, when, known, never: "the policy is about nothing", always: "leave `when` out")
      known.append(Assumption(when.formula, by: "`when`"))
    }
    let asked = known
    for (text, doubt) in zip(policy.doubts, doubts) {
      decide(text.when, doubt.when, asked, never: "leave the entry out", always: "no verdict is ever given")
      look(text.because, doubt.because.programs, asked + [Assumption(doubt.when.formula, by: "`when`")])
      known.append(Assumption(doubt.when.formula.negated, by: "a false `unknown`"))
    }
    // `require: "false"` is how a policy says that its subject is wrong by being there.
    decide(
      policy.require, require, known,
      never: require.isBareConstant ? "" : "everything that the policy is about fails", always: "nothing can fail")
    let failed = known + [Assumption(require.formula.negated, by: "a failing `require`")]
    look(policy.message, message.programs, failed)
    if let text = policy.value, let value { look(text, [value], failed) }
    for (text, entry) in zip(policy.evidence, evidence) { look(text.expression, [entry.program], failed) }
    return found
  }

  private func bare(_ text: PolicyText, _ message: String, _ hint: String) -> Diagnostic {
    Diagnostic(.warning, at: text.location, message, hint: hint)
  }

  /// What `needs` and `match` say already, as far as conditions can ask it.
  private var chosen: [Assumption] {
    var chosen: [Assumption] = []
    func add(_ text: String, _ place: String) {
      // Not every subject has an identity.
      guard let program = try? environment.compile(text, expecting: .bool) else { return }
      chosen.append(Assumption(program.formula, by: place))
    }
    if policy.needs.contains(.declared) { add("identity.declared", "`needs`") }
    for (key, field) in [("kinds", "kind"), ("platforms", "platform"), ("criticality", "criticality")] {
      guard let globs = policy.match[key], globs.allSatisfy(\.hasNoWildcard) else { continue }
      let texts = globs.map { Value.string($0.description).literalText }.joined(separator: ", ")
      add("identity.\(field) in [\(texts)]", "`match`")
    }
    return chosen
  }

  /// Where the policy fails.
  fileprivate var failing: Formula {
    let fails = require.formula.negated
    return when.map { .all([$0.formula, fails]) } ?? fails
  }

  fileprivate func isSameQuestion(as other: CompiledPolicy) -> Bool {
    guard policy.subject == other.policy.subject, policy.match == other.policy.match else { return false }
    let values = Dictionary(other.policy.params.map { ($0.name, $0.value.value) }) { first, _ in first }
    guard policy.params.allSatisfy({ values[$0.name] ?? $0.value.value == $0.value.value }) else { return false }
    var reasoner = Reasoner()
    return reasoner.imply([failing], other.failing) && reasoner.imply([other.failing], failing)
  }
}

/// Policies that fail for the same subjects in the same cases as one before them: the organisation's own after the built-in ones.
package func repeatedPolicies(_ policies: [CompiledPolicy]) -> [Diagnostic] {
  let sorted = policies.sorted {
    ($0.policy.isBuiltIn ? 0 : 1, $0.policy.location) < ($1.policy.isBuiltIn ? 0 : 1, $1.policy.location)
  }
  var found: [Diagnostic] = []
  var seen: [String: [CompiledPolicy]] = [:]
  for compiled in sorted {
    let key = "\(compiled.policy.subject) \(compiled.failing.operandNames.sorted())"
    if let twin = seen[key, default: []].first(where: { compiled.isSameQuestion(as: $0) }) {
      let place = twin.policy.isBuiltIn ? "built in" : "\(twin.policy.location)"
      found.append(
        Diagnostic(
          .warning, at: compiled.policy.location,
          "\(compiled.policy.id) fails in the same cases as \(twin.policy.id) (\(place))",
          hint: "keep one of them, or give this one the id of a built-in policy to take its place"))
    }
    seen[key, default: []].append(compiled)
  }
  return found
}
