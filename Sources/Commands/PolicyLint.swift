import Base
import Declarations
import Expressions
import Model
import Policies
import Reports

extension CommandSpecification {
  static let policyLint = CommandSpecification(
    "policy lint", "find policies that cannot work as meant",
    details: """
      Errors in policies; conditions that are always true or never, and parts of them that add nothing to what the other parts,
      `when`, `needs` or `match` say; two policies that fail in the same cases; policies without examples, without a failing
      example, or without a control; and examples that do not behave.
      """,
    arguments: [ArgumentSpecification("POLICY", "only these, by id or code", required: false, repeated: true)],
    options: [OutputOptions.option],
    examples: [
      ("muster policy lint", "all policies"),
      ("muster policy lint -o github", "on a pull request: annotations at the lines"),
    ]
  ) { invocation throws(CommandError) in
    let outputs = try OutputOptions(invocation.values("output"))
    let (policies, diagnostics, governance) = try loadPolicies(invocation)
    let wanted = try select(policies, invocation.arguments)
    let problems = Array(Set(diagnostics + lint(wanted, among: policies, governance))).sorted()
    var result = CheckResult(now: try invocation.now())
    result.diagnostics = problems
    result.policies = wanted.map(\.summary)
    var options = ReportOptions(showing: governance, invocation)
    options.showsSummary = false
    try outputs.write(result, invocation, options: options)
    let errors = problems.count { $0.kind != .warning }
    let counts = "\(counted(errors, "error")), \(counted(problems.count - errors, "warning"))"
    invocation.console.note(
      "\(counted(wanted.count, "policy", "policies")): \(problems.isEmpty ? "nothing to say" : counts)")
    return errors > 0 ? .usage : problems.isEmpty ? .clean : .findings
  }
}

private func lint(_ wanted: [Policy], among policies: [Policy], _ governance: Governance) -> [Diagnostic] {
  var configured = PolicyCompiler(overrides: governance.configuration.policyParameters)
  for policy in policies { _ = configured.compile(policy) }
  // Examples are about the parameters that the policy itself states.
  var compiler = PolicyCompiler()
  let compiled = policies.compactMap { compiler.compile($0) }
  let names = Set(wanted.map(\.id))
  var problems = configured.diagnostics + repeatedPolicies(compiled)
  if wanted.count < policies.count {
    let files = Set(wanted.map(\.location.path))
    problems.removeAll { !files.contains($0.location.path) }
  }
  for policy in compiled where names.contains(policy.policy.id) {
    problems += policy.conditionProblems + habits(policy, among: policies)
  }
  return problems
}

/// What is expected of every policy besides its conditions.
private func habits(_ compiled: CompiledPolicy, among policies: [Policy]) -> [Diagnostic] {
  let policy = compiled.policy
  var problems: [Diagnostic] = []
  func warn(_ message: String, _ hint: String = "") {
    problems.append(Diagnostic(.warning, at: policy.location, "\(policy.id) \(message)", hint: hint))
  }
  if policy.examples.isEmpty {
    warn("has no examples", "give at least one that passes and one that fails")
  } else if !policy.examples.contains(where: { $0.expect == .fail }) {
    warn("has no example that fails", "a policy that nothing can fail checks nothing")
  }
  if policy.controls.isEmpty, policy.isBuiltIn { warn("maps to no control") }
  for result in compiled.runExamples(among: policies) where !result.isAsExpected {
    let found =
      "example '\(result.example.name)' is \(result.verdict.rawValue), expected \(result.example.expect.rawValue)"
    problems.append(Diagnostic(.warning, at: result.example.location, found))
  }
  return problems
}

extension Invocation {
  /// Problems with the files of the repository, each with its line and a caret, on standard error.
  func show(_ problems: [Diagnostic], in governance: Governance) {
    if problems.isEmpty { return }
    var result = CheckResult(now: world.clock)
    result.diagnostics = problems.sorted()
    var options = ReportOptions(showing: governance, self)
    options.showsSummary = false
    guard let text = ReportFormat.named("text")?.render(result, options: options) else { return }
    for line in String(decoding: text, as: UTF8.self).split(separator: "\n") { console.problem(String(line)) }
  }
}
