package import Base
import Expressions
import Model

/// A policy whose expressions are checked and compiled; made once, shared between threads.
package struct CompiledPolicy: Sendable {
  package let policy: Policy
  let environment: Expressions.Environment
  let when: Program?
  let doubts: [(when: Program, because: Template)]
  let require: Program
  let message: Template
  let value: Program?
  let evidence: [(label: String, program: Program)]

  /// Names that conditions of a policy may use, with their types, in the order of the slots.
  static func variables(of subject: Policy.Subject) -> [Expressions.Environment.Variable] {
    let now = Expressions.Environment.Variable("now", .timestamp, "the instant of the run")
    let identity = Expressions.Environment.Variable("identity", .object("Identity"), "the identity")
    func own(_ type: String) -> Expressions.Environment.Variable {
      Expressions.Environment.Variable(subject.rawValue, .object(type), "the \(subject.rawValue) that is judged")
    }
    switch subject {
    case .identity: return [now, identity]
    case .credential: return [now, own("Credential"), identity]
    case .grant: return [now, own("Grant"), identity]
    case .use: return [now, own("Use"), identity]
    case .owner: return [now, own("Owner")]
    case .declaration: return [now, own("Declaration")]
    case .change: return [now, own("Change")]
    case .decision: return [now, own("Decision")]
    case .source: return [now, own("Source")]
    case .exception: return [now, own("Exception")]
    case .secret: return [now, own("Secret")]
    case .leak: return [now, own("Leak")]
    }
  }
}

/// Compiles policies against the vocabulary; what is wrong becomes diagnostics at the place in the policy's file.
package struct PolicyCompiler {
  /// Overrides of parameters by policy id, from `muster.yaml`.
  private let overrides: [String: [String: Located<String>]]
  package private(set) var diagnostics: [Diagnostic] = []

  package init(overrides: [String: [String: Located<String>]] = [:]) { self.overrides = overrides }

  /// The compiled policy; `nil` where it cannot be used.
  package mutating func compile(_ policy: Policy) -> CompiledPolicy? {
    let before = diagnostics.count
    var environment = Expressions.Environment(
      types: PolicyVocabulary.types, variables: CompiledPolicy.variables(of: policy.subject),
      functions: PolicyVocabulary.functions
    ).refusingMistakes()
    environment = adding(params: policy, to: environment)
    for variable in policy.variables {
      let (outer, name) = (environment, "variables.\(variable.name)")
      let inner = attempt(variable.expression) { text throws(ExpressionError) in
        try outer.adding(lazy: name, text)
      }
      // One that is wrong may be used all the same: that it is missing is no second problem.
      environment = inner ?? outer.adding(constant: name, .null, .dyn)
    }
    let scope = environment
    let when = policy.when.flatMap { condition($0, scope) }
    let doubts = policy.doubts.compactMap { doubt -> (when: Program, because: Template)? in
      guard let when = condition(doubt.when, scope), let because = template(doubt.because, scope) else { return nil }
      return (when, because)
    }
    let require = condition(policy.require, scope)
    let message = template(policy.message, scope)
    let value = policy.value.flatMap { expression($0, scope) }
    let evidence = policy.evidence.compactMap { entry in
      expression(entry.expression, scope).map { (label: entry.label, program: $0) }
    }
    guard diagnostics.count == before, let require, let message else { return nil }
    return CompiledPolicy(
      policy: policy, environment: scope, when: when, doubts: doubts, require: require, message: message, value: value,
      evidence: evidence)
  }

  private mutating func adding(params policy: Policy, to environment: Expressions.Environment)
    -> Expressions.Environment
  {
    var environment = environment
    let given = overrides[policy.id] ?? [:]
    for (name, place) in given.sorted(by: { $0.key < $1.key }) where !policy.params.contains(where: { $0.name == name })
    {
      diagnostics.append(
        Diagnostic(
          .invalid, at: place.location, "policy \(policy.id) has no parameter `\(name)`",
          hint: suggestion(for: name, among: policy.params.map(\.name))))
    }
    for param in policy.params {
      let (fallback, type) = PolicyCompiler.typed(param.value.value)
      var value = fallback
      if let override = given[param.name] {
        let (wanted, found) = PolicyCompiler.typed(override.value)
        if found == type {
          value = wanted
        } else {
          diagnostics.append(
            Diagnostic(
              .invalid, at: override.location,
              "parameter `\(param.name)` of \(policy.id) is a \(type), found '\(override.value)'",
              hint: "write it as in the policy: \(param.value.value)"))
        }
      }
      environment = environment.adding(constant: "params.\(param.name)", value, type)
    }
    return environment
  }

  /// A parameter's text as the value that it reads like: a duration, a number, a truth, else a text.
  static func typed(_ text: String) -> (Value, CELType) {
    if let span = Milliseconds(text) { return (.span(span), .duration) }
    if let number = Int64(text) { return (.int(number), .int) }
    if let number = Double(text) { return (.double(number), .double) }
    if text == "true" || text == "false" { return (.bool(text == "true"), .bool) }
    return (.string(text), .string)
  }

  private mutating func condition(_ text: PolicyText, _ environment: Expressions.Environment) -> Program? {
    attempt(text) { text throws(ExpressionError) in try environment.compile(text, expecting: .bool) }
  }

  private mutating func expression(_ text: PolicyText, _ environment: Expressions.Environment) -> Program? {
    attempt(text) { text throws(ExpressionError) in try environment.compile(text) }
  }

  private mutating func template(_ text: PolicyText, _ environment: Expressions.Environment) -> Template? {
    attempt(text) { text throws(ExpressionError) in try environment.compileTemplate(text) }
  }

  /// The compiled text, or nothing and all that is wrong with it.
  private mutating func attempt<Result>(
    _ text: PolicyText, _ body: (String) throws(ExpressionError) -> Result
  ) -> Result? {
    // That the key is missing was told when the policy was read.
    if text.value.isEmpty { return nil }
    do {
      return try body(text.value)
    } catch {
      diagnostics += error.problems.map { text.diagnostic(.invalid, $0) }
      return nil
    }
  }
}
