import Base
import Model

/// Everything that is known about the subject of one item.
struct ReviewCase {
  var group: FindingGroup
  var declaration: Declaration?
  var fact: IdentityFact?
  var usage: UsageFact?
  /// The sources that cover the identity's place.
  var sources: [SourceCoverage]
  var environments: [String]
  var now: Instant
  /// The facts' commit.
  var facts: String?

  var identity: String? { group.first.identity }
  var principal: PrincipalKey? { group.first.principal }

  /// First and last day that the usage logs of the place cover; `nil` without such logs.
  var window: ClosedRange<Day>? {
    let usage = sources.filter { $0.kind == .usage }
    guard let first = usage.compactMap(\.first).min(), let last = usage.compactMap(\.last).max(), first <= last else {
      return nil
    }
    return first.day...last.day
  }

  /// The latest sign of use, from the logs or from the platform itself.
  var lastUsed: Instant? {
    ([usage?.last, fact?.lastUsed] + (fact?.credentials.map(\.lastUsed) ?? [])).compactMap { $0 }.max()
  }

  /// Else it is about a source, a file or an exception.
  var isAboutIdentity: Bool { group.first.identity != nil || group.first.principal != nil }

  /// What to call the identity in a sentence.
  var name: String {
    identity ?? fact?.name ?? principal?.shortName ?? group.first.location.path
  }
}

/// Look-ups over what a check compared, built once for a campaign.
struct CaseIndex {
  private let governance: Governance
  private let facts: FactSet
  private let now: Instant
  private var declarationsByHandle: [String: Int] = [:]
  private var declarationsByPrincipal: [PrincipalKey: Int] = [:]
  private var identities: [PrincipalKey: Int] = [:]
  private var usage: [PrincipalKey: Int] = [:]

  init(_ governance: Governance, _ facts: FactSet, now: Instant) {
    self.governance = governance
    self.facts = facts
    self.now = now
    for (index, declaration) in governance.declarations.enumerated() {
      declarationsByHandle[declaration.handle.value] = index
      for principal in declaration.principals { declarationsByPrincipal[principal.value] = index }
    }
    for (index, fact) in facts.identities.enumerated() { identities[fact.principal] = index }
    for (index, fact) in facts.usage.enumerated() { usage[fact.principal] = index }
  }

  func makeCase(_ group: FindingGroup) -> ReviewCase {
    let finding = group.first
    let declared =
      finding.identity.flatMap { declarationsByHandle[$0] } ?? finding.principal.flatMap { declarationsByPrincipal[$0] }
    let declaration = declared.map { governance.declarations[$0] }
    // A finding about the declaration itself names no principal: its only one is meant.
    let only = declaration?.principals.count == 1 ? declaration?.principals.first?.value : nil
    let principal = finding.principal ?? only
    let place = principal?.place
    let declaredEnvironments = declaration?.environments.map(\.value) ?? []
    return ReviewCase(
      group: group, declaration: declaration,
      fact: principal.flatMap { identities[$0] }.map { facts.identities[$0] },
      usage: principal.flatMap { usage[$0] }.map { facts.usage[$0] },
      sources: place.map { sources(covering: $0) } ?? [],
      environments: place.map { governance.configuration.environments(of: $0) }.flatMap { $0.isEmpty ? nil : $0 }
        ?? declaredEnvironments,
      now: now, facts: facts.commit)
  }

  func sources(covering place: String) -> [SourceCoverage] {
    facts.sources.filter { $0.shows(place) }
  }
}

extension SourceCoverage {
  /// Whether the source would show what happens at the place.
  func shows(_ place: String) -> Bool {
    self.place(place) != nil || covers.contains { Glob($0).matches(place) }
  }

  /// Whether the source can be believed at the instant: every input read, and not older than it may be.
  func isHealthy(at now: Instant) -> Bool {
    let seen = kind == .inventory ? collected : last ?? collected
    guard let seen, !inputs.contains(where: { $0.status == "unreadable" || $0.status == "partial" }) else {
      return false
    }
    let allowed = every ?? Milliseconds(kind == .inventory ? 7 * 86_400_000 : 86_400_000)
    return seen.advanced(by: allowed).advanced(by: lateness ?? Milliseconds(0)) >= now
  }
}
