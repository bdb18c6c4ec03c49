import Base
import Declarations
import Model
import Policies
import Reviews

/// One version of the repository, checked.
struct Assessment {
  var governance: Governance
  var facts: FactSet
  var reviews: ReviewSet
  var estate: Estate
  var policies: PolicySet
  var result: CheckResult

  /// Joins and checks; `since` is what changes are judged against, `only` limits the identities to those handles. Policies that are the same at `other` are not compiled again.
  static func of(
    _ governance: Governance, _ problems: [Diagnostic], facts: FactSet, now: Instant, cores: Int,
    since base: Governance? = nil, only handles: Set<String>? = nil, like other: Assessment? = nil
  ) async -> Assessment {
    let reviews = ReviewSet.read(governance.reviewFiles)
    let estate = Estate(
      governance: governance, facts: facts, now: now, reviewed: reviews.lastDecisions(),
      decisions: reviews.decisions(at: now, governance.owners), since: base, only: handles)
    let policies = other.flatMap { $0.policies(for: governance) } ?? PolicyLibrary.compiled(for: governance)
    var result = await policies.check(estate, workers: cores)
    result.diagnostics += problems + reviews.diagnostics
    result.diagnostics.sort()
    return Assessment(
      governance: governance, facts: facts, reviews: reviews, estate: estate, policies: policies, result: result)
  }

  /// The compiled policies, where another version has the same.
  private func policies(for other: Governance) -> PolicySet? {
    // Whole, since places in them are part of diagnostics.
    let isSame = governance.policyFiles == other.policyFiles && governance.configuration == other.configuration
    return isSame ? policies : nil
  }
}

extension Workspace {
  /// The work tree, checked against its facts.
  borrowing func assessWorkTree(
    _ invocation: Invocation, since base: Governance? = nil
  ) async throws(CommandError) -> Assessment {
    let (governance, problems) = try governance(.workTree)
    let facts = try facts(governance.configuration, revision: invocation.value("facts"))
    return await Assessment.of(
      governance, problems, facts: facts, now: try invocation.now(), cores: invocation.world.cores, since: base)
  }
}

extension CheckResult {
  /// The exit code that the result means, whatever the format: configuration before unreadable inputs before findings.
  var exitCode: ExitCode {
    let worst = diagnostics.map(\.kind).max() ?? .warning
    if worst == .invalid { return .usage }
    if worst == .unreadable { return .incomplete }
    return findings.contains(where: counts) ? .findings : .clean
  }
}
