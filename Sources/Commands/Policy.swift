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
    let (policies, diagnostics, governance) = try loadPolicies(invocation)
    invocation.show(diagnostics, in: governance)
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
    let (policies, diagnostics, governance) = try loadPolicies(invocation)
    invocation.show(diagnostics, in: governance)
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
    invocation.show(compiler.diagnostics, in: governance)
    invocation.console.out("\(passed) passed, \(failed) failed\n")
    if !diagnostics.isEmpty || !compiler.diagnostics.isEmpty { return .usage }
    return failed == 0 ? .clean : .findings
  }
}

/// The policies of the repository around, or the built-in ones where there is none.
func loadPolicies(_ invocation: Invocation) throws(CommandError) -> (
  policies: [Policy], diagnostics: [Diagnostic], governance: Governance
) {
  let workspace = try Workspace(invocation.world)
  let (governance, problems) = try workspace.governance(.workTree)
  let (policies, found) = PolicyLibrary.policies(for: governance)
  // A folder without muster.yaml has no policies of its own: that is no problem here.
  return (policies, found + problems.filter { $0.location.path.hasPrefix("policies/") }, governance)
}

func select(_ policies: [Policy], _ names: [String]) throws(CommandError) -> [Policy] {
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
