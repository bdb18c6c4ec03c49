import Base
import Declarations
import Expressions
import Model
import Policies
import Reports

extension CommandSpecification {
  static let policyList = CommandSpecification(
    "policy list", "the rules in force",
    options: [OptionSpecification("json", "as JSON, with conditions and controls")],
    examples: [("muster policy list", "one line a policy")]
  ) { invocation throws(CommandError) in
    let (policies, diagnostics) = try loadPolicies(invocation)
    invocation.console.report(diagnostics)
    invocation.console.out(invocation.has("json") ? policyJSON(policies) : policyTable(policies))
    return diagnostics.isEmpty ? .clean : .usage
  }

  static let policyTest = CommandSpecification(
    "policy test", "run the examples of policies",
    details:
      "Every example of a policy is a test: its facts are joined and judged, and the verdict must be the expected one.",
    arguments: [ArgumentSpecification("POLICY", "only these, by id or code", required: false, repeated: true)],
    examples: [
      ("muster policy test", "all policies"),
      ("muster policy test expired-but-active", "one policy, with each of its examples"),
    ]
  ) { invocation throws(CommandError) in
    let (policies, diagnostics) = try loadPolicies(invocation)
    invocation.console.report(diagnostics)
    let wanted = try select(policies, invocation.arguments)
    var compiler = PolicyCompiler()
    var (passed, failed) = (0, 0)
    for policy in wanted {
      guard let compiled = compiler.compile(policy) else { continue }
      for result in compiled.runExamples(among: policies) {
        if result.isAsExpected { passed += 1 } else { failed += 1 }
        if result.isAsExpected && invocation.arguments.isEmpty { continue }
        invocation.console.out(line(of: result))
      }
    }
    invocation.console.report(compiler.diagnostics)
    invocation.console.out("\(passed) passed, \(failed) failed\n")
    if !diagnostics.isEmpty || !compiler.diagnostics.isEmpty { return .usage }
    return failed == 0 ? .clean : .findings
  }

  static let policyLint = CommandSpecification(
    "policy lint", "find policies that cannot work as meant",
    details: """
      Type errors, conditions that are always true or always false, policies without examples, without a failing example,
      or without a control, and examples that do not behave.
      """,
    arguments: [ArgumentSpecification("POLICY", "only these, by id or code", required: false, repeated: true)],
    examples: [("muster policy lint", "all policies")]
  ) { invocation throws(CommandError) in
    let (policies, diagnostics) = try loadPolicies(invocation)
    let wanted = try select(policies, invocation.arguments)
    let problems = diagnostics + lint(wanted, among: policies)
    for problem in problems.sorted() { invocation.console.out("\(problem)\n") }
    if problems.isEmpty { invocation.console.note("\(wanted.count) policies: nothing to say") }
    return problems.contains { $0.kind == .invalid } ? .usage : problems.isEmpty ? .clean : .findings
  }
}

/// The policies of the repository around, or the built-in ones where there is none.
private func loadPolicies(_ invocation: Invocation) throws(CommandError) -> (
  policies: [Policy], diagnostics: [Diagnostic]
) {
  let workspace = try Workspace(invocation.world)
  let (governance, problems) = try workspace.governance(.workTree)
  let (policies, found) = PolicyLibrary.policies(for: governance)
  // A folder without muster.yaml has no policies of its own: that is no problem here.
  return (policies, found + problems.filter { $0.location.path.hasPrefix("policies/") })
}

private func select(_ policies: [Policy], _ names: [String]) throws(CommandError) -> [Policy] {
  for name in names where !policies.contains(where: { $0.id == name || $0.code == name }) {
    throw CommandError(.usage, "no policy `\(name)`", hint: suggestion(for: name, among: policies.map(\.id)))
  }
  return names.isEmpty ? policies : policies.filter { names.contains($0.id) || names.contains($0.code) }
}

private func policyTable(_ policies: [Policy]) -> String {
  let width = policies.map(\.id.count).max() ?? 0
  let sorted = policies.sorted { ($0.code, $0.id) < ($1.code, $1.id) }
  return sorted.map { policy in
    let own = policy.isBuiltIn ? "" : "  (\(policy.location.path))"
    let line = "\(policy.code.padded(to: 7)) \(policy.severity.rawValue.padded(to: 8)) \(policy.id.padded(to: width))  "
    return (line + policy.title + own).escapedOnOneLine + "\n"
  }.joined()
}

private func policyJSON(_ policies: [Policy]) -> String {
  var writer = JSONWriter(pretty: true)
  writer.array { writer in
    for policy in policies {
      writer.object { writer in
        writer.field("policy", policy.id)
        writer.field("code", policy.code)
        writer.field("title", policy.title)
        writer.field("severity", policy.severity.rawValue)
        writer.field("subject", policy.subject.rawValue)
        writer.field("why", policy.why)
        writer.field("needs", policy.needs.map(\.rawValue).sorted())
        writer.field("when", policy.when?.value)
        writer.field("require", policy.require.value)
        writer.field("remedy", policy.remedy)
        writer.field("path", policy.location.path)
        writer.key("controls")
        writer.object { writer in for control in policy.controls { writer.field(control.framework, control.ids) } }
      }
    }
  }
  return writer.text + "\n"
}

private func line(of result: ExampleResult) -> String {
  let mark = result.isAsExpected ? "ok  " : "FAIL"
  var text = "\(mark) \(result.policy): \(result.example.name): \(result.verdict.rawValue)".escapedOnOneLine
  if !result.isAsExpected { text += ", expected \(result.example.expect.rawValue) (\(result.example.location))" }
  if !result.message.isEmpty { text += "\n       \(result.message.escapedOnOneLine)" }
  for diagnostic in result.diagnostics { text += "\n       \(diagnostic)" }
  return (text + "\n").escapedForTerminal
}

private func lint(_ wanted: [Policy], among policies: [Policy]) -> [Diagnostic] {
  var compiler = PolicyCompiler()
  var problems: [Diagnostic] = []
  for policy in wanted {
    func warn(_ message: String, _ hint: String = "") {
      problems.append(Diagnostic(.warning, at: policy.location, "\(policy.id) \(message)", hint: hint))
    }
    guard let compiled = compiler.compile(policy) else { continue }
    for text in compiled.constantConditions { warn("has a condition that is \(text) whatever the facts are") }
    if policy.examples.isEmpty { warn("has no examples", "give at least one that passes and one that fails") }
    if !policy.examples.isEmpty, !policy.examples.contains(where: { $0.expect == .fail }) {
      warn("has no example that fails", "a policy that nothing can fail checks nothing")
    }
    if policy.controls.isEmpty, policy.isBuiltIn { warn("maps to no control") }
    for result in compiled.runExamples(among: policies) where !result.isAsExpected {
      let found =
        "example '\(result.example.name)' is \(result.verdict.rawValue), expected \(result.example.expect.rawValue)"
      problems.append(Diagnostic(.warning, at: result.example.location, found))
    }
  }
  return problems + compiler.diagnostics
}
