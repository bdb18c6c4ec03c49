import Base
import Documents
import Expressions
import Model
import Policies
import Reports

extension CommandSpecification {
  static let explain = CommandSpecification(
    "explain", "why: the value of each part of a finding's condition",
    details: """
      With a finding (its fingerprint or the first letters of it) shows how the verdict came about, how to fix it and how to
      except it. With a policy shows the rule, why it matters and its examples. With an identity's handle lists its findings.
      """,
    arguments: [ArgumentSpecification("FINDING|POLICY|IDENTITY", "a fingerprint, a policy's id or code, or a handle")],
    options: [OptionSpecification("facts", value: "REV", "take the facts of that revision")],
    examples: [
      ("muster explain 3f9a1c", "a finding"), ("muster explain expired-but-active", "a policy"),
      ("muster explain nightly-batch", "what is wrong with an identity"),
    ]
  ) { invocation throws(CommandError) in
    let name = invocation.arguments[0]
    let workspace = try Workspace(invocation.world)
    let assessment = try await workspace.assessWorkTree(invocation)
    invocation.show(assessment.result.diagnostics, in: assessment.governance)
    if let policy = assessment.policies.policies.first(where: { $0.policy.id == name || $0.policy.code == name }) {
      invocation.console.out(page(policy.policy).escapedForTerminal)
      return .clean
    }
    let all = assessment.result.findings + assessment.result.excepted
    let matching = all.filter { name.count >= 4 && $0.fingerprint.hasPrefix(name.lowercased()) }
    let named = matching.isEmpty ? all.filter { $0.identity == name || $0.principal?.description == name } : matching
    if named.isEmpty {
      let known = assessment.policies.policies.map(\.policy.id) + assessment.estate.identities.map(\.handle)
      throw CommandError(
        .usage, "nothing is called '\(name)': no finding, no policy, no identity with a finding",
        hint: suggestion(for: name, among: Array(Set(known))))
    }
    for finding in named { invocation.console.out(page(finding, assessment).escapedForTerminal) }
    return .clean
  }
}

private func page(_ policy: Policy) -> String {
  var text =
    "\(policy.code) \(policy.id): \(policy.title)\n\(policy.severity.rawValue), asked about each \(policy.subject.rawValue)\n\n"
  text += "\(policy.why)\n\n"
  if let when = policy.when { text += "speaks about   \(when.value)\n" }
  if !policy.needs.isEmpty {
    text += "needs          \(policy.needs.map(\.rawValue).sorted().joined(separator: ", "))\n"
  }
  for param in policy.params { text += "parameter      \(param.name) = \(param.value.value)\n" }
  for variable in policy.variables { text += "variable       \(variable.name) = \(variable.expression.value)\n" }
  for doubt in policy.doubts { text += "unknown when   \(doubt.when.value)\n" }
  text += "requires       \(policy.require.value)\n\nwhat to do     \(policy.remedy)\n"
  for control in policy.controls {
    text += "\(control.framework.padded(to: 14)) \(control.ids.joined(separator: ", "))\n"
  }
  text += "\nexamples\n"
  for example in policy.examples { text += "  \(example.expect.rawValue.padded(to: 8)) \(example.name)\n" }
  return text + "\n\(policy.isBuiltIn ? "built in" : "yours"): \(policy.location)\n"
}

private func page(_ finding: Finding, _ assessment: Assessment) -> String {
  var text = "\(finding.severity.rawValue)[\(finding.code)] \(finding.message.escapedOnOneLine)\n"
  text +=
    "  \(finding.verdict.rawValue) by \(finding.policy), at \(finding.location), finding \(finding.fingerprint.prefix(12))\n"
  for entry in finding.evidence { text += "  \("\(entry.key): \(entry.value)".escapedOnOneLine)\n" }
  let compiled = assessment.policies.policies.first { $0.policy.id == finding.policy }
  if let steps = compiled?.explain(
    finding.fingerprint, in: assessment.estate, waivers: assessment.policies.policies.map(\.policy))
  {
    for step in steps.steps {
      text += "\n  \(step.name)\n"
      for line in step.explanation.lines { text += "    \(line.escapedOnOneLine)\n" }
    }
  }
  text += "\n  fix     \(finding.remedy)\n"
  if let exception = finding.exception { return text + "  excepted by \(exception)\n\n" }
  return text
    + "  except  put this into exceptions/, complete it, and have it reviewed:\n\(waiver(finding, assessment))\n"
}

/// The exception to copy, as the YAML writer quotes it: names are strangers' words.
private func waiver(_ finding: Finding, _ assessment: Assessment) -> String {
  let subject = finding.identity ?? finding.principal?.description ?? "?"
  let declaration = assessment.governance.declarations.first { $0.handle.value == finding.identity }
  let name = finding.identity ?? finding.principal?.shortName ?? ""
  var writer = YAMLWriter()
  writer.field("exception", exceptionID("\(name)-\(finding.policy)"))
  writer.field("policy", finding.policy)
  writer.field("identity", subject)
  writer.field("reason", "WHY")
  writer.field("owner", declaration?.owner?.value.description ?? "team:NAME")
  writer.field("approver", .text("person:NAME"), comment: "not the owner")
  writer.field("expires", assessment.estate.now.day.advanced(by: 90).description)
  if let declaration { writer.field("scope", scopeDigest(declaration.scope)) }
  return writer.text.split(separator: "\n").map { "    \($0)\n" }.joined()
}
