import Base
import Declarations
import Git
import Model
import Policies
import Reports

extension CommandSpecification {
  static let check = CommandSpecification(
    "check", "compare declared, granted and used",
    details: """
      Without options the work tree is checked against the facts on muster/observed. With --staged only what the commit
      makes new or worse counts; with --base only what the pull request makes new or worse. Verdicts are pass, fail and
      unknown: unknown is shown and counted, and fails the run with --fail-on-unknown.
      """,
    options: [
      OptionSpecification("staged", "check the index against HEAD, for a commit hook"),
      OptionSpecification("base", value: "REV", "check the work tree against a revision, for a pull request"),
      OptionSpecification("facts", value: "REV", "take the facts of that revision"),
      OptionSpecification(
        "fail-on", value: "SEVERITY", "fail at this severity or above; low by default",
        choices: Severity.allCases.map(\.rawValue) + ["never"]),
      OptionSpecification("fail-on-unknown", "verdicts that are unknown fail the run too"),
      OutputOptions.option,
      OptionSpecification("show-excepted", "list findings that an exception covers"),
      OptionSpecification("show-unchanged", "list what is as it was at the base"),
    ],
    examples: [
      ("muster check", "everything that is wrong now"),
      ("muster check --staged", "in a commit hook"),
      ("muster check --base origin/main -o github -o sarif=muster.sarif", "on a pull request, two reports in one run"),
      ("muster check --as-of +30d", "what the clock will do in the next 30 days"),
    ]
  ) { invocation throws(CommandError) in
    let outputs = try OutputOptions(invocation.values("output"))
    if invocation.has("staged"), invocation.has("base") {
      throw CommandError(.usage, "--staged and --base exclude each other")
    }
    let workspace = try Workspace(invocation.world)
    let comparison = try Comparison(invocation, workspace)
    var (head, base) = try await comparison.assess(invocation, workspace)
    if let base {
      head.result = head.result.compared(to: base.result)
      let known = Set(base.result.diagnostics.map { "\($0.location.path) \($0.message)" })
      head.result.diagnostics.removeAll { known.contains("\($0.location.path) \($0.message)") }
    }
    head.result.inputs = comparison.inputs(head.facts)
    head.result.failsOnUnknown = invocation.has("fail-on-unknown")
    head.result.failOn = Severity(rawValue: invocation.value("fail-on") ?? "low") ?? .critical
    let result = head.result
    if !outputs.showsText { invocation.console.report(result.diagnostics) }
    try outputs.write(result, invocation, options: ReportOptions(showing: head.governance, invocation))
    let code = result.exitCode
    return code == .findings && invocation.value("fail-on") == "never" ? .clean : code
  }
}

/// Which versions a check compares.
private struct Comparison {
  private enum Kind {
    case everything
    /// `nil`: there is no commit yet.
    case staged(against: ObjectID?)
    case pullRequest(base: ObjectID)
  }

  private let kind: Kind
  /// With `--staged`: the declarations that the commit touches, when it touches nothing else.
  private let touched: Touched

  init(_ invocation: Invocation, _ workspace: borrowing Workspace) throws(CommandError) {
    if let revision = invocation.value("base") {
      kind = .pullRequest(base: try workspace.base(revision))
      touched = .all
    } else if invocation.has("staged") {
      let head = try workspace.head()
      kind = .staged(against: head)
      touched = try Touched(workspace, since: head)
    } else {
      kind = .everything
      touched = .all
    }
  }

  /// The version in question and, where there is one, the version it is compared with, judged on the same facts at one instant.
  func assess(
    _ invocation: Invocation, _ workspace: borrowing Workspace
  ) async throws(CommandError) -> (head: Assessment, base: Assessment?) {
    switch kind {
    case .everything: return (try await workspace.assessWorkTree(invocation), nil)
    case .pullRequest(let base):
      let (governance, problems) = try workspace.governance(.commit(base))
      let head = try await workspace.assessWorkTree(invocation, since: governance)
      let before = await Assessment.of(
        governance, problems, facts: head.facts, now: head.estate.now, cores: invocation.world.cores, like: head)
      return (head, before)
    case .staged(let commit): return try await assessStaged(against: commit, invocation, workspace)
    }
  }

  /// Where a commit touches declarations only, those and their facts are all that is read.
  private func assessStaged(
    against commit: ObjectID?, _ invocation: Invocation, _ workspace: borrowing Workspace
  ) async throws(CommandError) -> (head: Assessment, base: Assessment?) {
    let (after, before) = try workspace.governance(staged: touched, since: commit)
    let old = before ?? (Governance(configuration: after.governance.configuration), [])
    // Files that merely mention a name are read too, and judged by nobody here.
    let declarations = (after.governance.declarations + old.governance.declarations).filter {
      touched.includes($0.location.path)
    }
    let principals = Set(declarations.flatMap { $0.principals.map(\.value) })
    let facts = try workspace.facts(
      after.governance.configuration, revision: invocation.value("facts"), of: touched.isAll ? nil : principals)
    let handles = touched.isAll ? nil : Set(declarations.map(\.handle.value))
    let now = try invocation.now()
    let cores = invocation.world.cores
    let head = await Assessment.of(
      after.governance, after.diagnostics, facts: facts, now: now, cores: cores,
      since: old.governance, only: handles)
    let base = await Assessment.of(
      old.governance, old.diagnostics, facts: facts, now: now, cores: cores, only: handles, like: head)
    return (head, base)
  }

  func inputs(_ facts: FactSet) -> [Tag] {
    var inputs: [Tag]
    switch kind {
    case .everything: inputs = [Tag(key: "declarations", value: "working tree")]
    case .staged(let head):
      inputs = [
        Tag(key: "declarations", value: "index"), Tag(key: "base", value: head?.hex ?? "no commit yet"),
      ]
    case .pullRequest(let base):
      inputs = [Tag(key: "declarations", value: "working tree"), Tag(key: "base", value: base.hex)]
    }
    inputs.append(Tag(key: "facts", value: facts.commit ?? "none: run `muster sync`"))
    return inputs
  }
}
