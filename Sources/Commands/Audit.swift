import Base
import Git
import Reviews

extension CommandSpecification {
  static let auditLog = CommandSpecification(
    "audit log", "every step of every item, with its commit",
    details: "A fold over git history: opened, routed, decided, remediated, closed. A shallow clone is refused.",
    arguments: [ArgumentSpecification("REV", "up to that revision; HEAD by default", required: false)],
    options: [OptionSpecification("json", "as JSON, schema muster.audit-log/1")],
    examples: [("muster audit log", "who decided what, and when")]
  ) { invocation throws(CommandError) in
    let report = try audit(invocation)
    invocation.console.out(invocation.has("json") ? report.logJSON() : Array(report.logText().utf8))
    return .clean
  }

  static let auditVerify = CommandSpecification(
    "audit verify", "prove who decided what, offline",
    details: """
      Each signature is checked with the keys that owners.yaml held at the parent of the commit that made the decision, so
      nobody can add himself in the same change. Author names and dates of commits are never believed.
      """,
    arguments: [ArgumentSpecification("REV", "up to that revision; HEAD by default", required: false)],
    options: [OptionSpecification("json", "as JSON, schema muster.audit/1")],
    examples: [("muster audit verify", "exit code 1 when a decision does not hold")]
  ) { invocation throws(CommandError) in
    let report = try audit(invocation)
    invocation.console.out(invocation.has("json") ? report.verifyJSON() : Array(report.verifyText().utf8))
    return report.failed > 0 ? .findings : .clean
  }
}

private func audit(_ invocation: Invocation) throws(CommandError) -> AuditReport {
  let workspace = try Workspace(invocation.world)
  let tip = try workspace.commit(invocation.arguments.first ?? "HEAD")
  do throws(GitError) {
    switch workspace.repository {
    case .some(let repository): return try repository.auditReviews(at: tip)
    case .none: break
    }
  } catch { throw CommandError(error) }
  throw Workspace.noRepository(workspace.root)
}
