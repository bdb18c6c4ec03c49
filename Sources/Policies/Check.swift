package import Base
package import Model

/// The policies of a run, compiled.
package struct PolicySet: Sendable {
  package let policies: [CompiledPolicy]
  /// What is wrong with policy files; such a policy takes no part and the run is not clean.
  package let diagnostics: [Diagnostic]

  package init(policies: [CompiledPolicy], diagnostics: [Diagnostic]) {
    self.policies = policies
    self.diagnostics = diagnostics
  }

  /// Evaluates every policy over the estate: the pure function of DESIGN.md §2.
  ///
  /// Identities are shared between up to `workers` threads; the result does not depend on how many.
  package func check(_ estate: Estate, workers: Int = 1) async -> CheckResult {
    let ordinary = policies.filter { $0.policy.subject != .exception }
    var waivers = Waivers(estate, policies: policies.map(\.policy))
    let known = Set(policies.flatMap { [$0.policy.id, $0.policy.code] })
    var result = CheckResult(now: estate.now)
    var raised: [Finding] = []
    for part in await evaluate(ordinary, estate, waivers, known, workers) { result.add(part, &raised) }
    result.sort(&raised)
    for finding in raised { result.keep(finding, &waivers) }
    // Last, since an exception that covers nothing is a finding too.
    for policy in policies where policy.policy.subject == .exception {
      var late: [Finding] = []
      result.add(PolicySet.part(policy, estate, waivers, known), &late)
      result.findings += late
    }
    result.sort(&result.findings)
    result.identities = estate.identities.count
    result.coverage = estate.expectedSources
    result.skipped = policies.filter { !estate.hasSubjects($0.policy.subject) }.map {
      Tag(key: $0.policy.id, value: "changes are judged with --base or --staged only")
    }.sorted()
    result.policies = policies.map(\.policy.summary).sorted { $0.id < $1.id }
    result.diagnostics += diagnostics
    result.addLines(from: estate.governance)
    return result
  }

  fileprivate struct Part: Sendable {
    var passed: Int
    var findings: [Finding]
    var diagnostics: [Diagnostic]
  }

  private func evaluate(
    _ policies: [CompiledPolicy], _ estate: Estate, _ waivers: Waivers, _ known: Set<String>, _ workers: Int
  ) async -> [Part] {
    if workers <= 1 || estate.identities.count < 256 {
      return policies.map { PolicySet.part($0, estate, waivers, known) }
    }
    let byIdentity: Set<Policy.Subject> = [.identity, .credential, .grant, .use]
    return await withTaskGroup(of: (Int, [Part]).self) { group in
      let others = policies.filter { !byIdentity.contains($0.policy.subject) }
      group.addTask { (-1, others.map { PolicySet.part($0, estate, waivers, known) }) }
      // By identities and not by policies: two threads that count references to the same identity wait for each other.
      let size = estate.identities.count / (workers * 4) + 1
      for start in stride(from: 0, to: estate.identities.count, by: size) {
        let range = start..<min(start + size, estate.identities.count)
        let own = policies.filter { byIdentity.contains($0.policy.subject) }
        group.addTask { (start, own.map { PolicySet.part($0, estate, in: range, waivers, known) }) }
      }
      var parts: [(Int, [Part])] = []
      for await part in group { parts.append(part) }
      return parts.sorted { $0.0 < $1.0 }.flatMap(\.1)
    }
  }

  private static func part(
    _ compiled: CompiledPolicy, _ estate: Estate, in range: Range<Int>? = nil, _ waivers: Waivers, _ known: Set<String>
  ) -> Part {
    var evaluator = Evaluator(compiled, estate)
    evaluator.judgeAll(of: compiled.policy.subject, in: estate, range, waivers: waivers, policies: known)
    return Part(passed: evaluator.passed, findings: evaluator.findings, diagnostics: evaluator.diagnostics)
  }
}

extension CheckResult {
  fileprivate mutating func add(_ part: PolicySet.Part, _ findings: inout [Finding]) {
    passed += part.passed
    findings += part.findings
    diagnostics += part.diagnostics
  }

  /// Findings, or excepted ones where an exception holds.
  fileprivate mutating func keep(_ finding: Finding, _ waivers: inout Waivers) {
    var finding = finding
    if finding.verdict == .fail, let exception = waivers.exception(for: finding) {
      finding.exception = exception.id.value
      finding.related.append(
        RelatedLocation(role: "exception", location: exception.location, message: exception.reason?.value ?? ""))
      excepted.append(finding)
    } else {
      findings.append(finding)
    }
  }

  /// The total order; equal findings are one.
  fileprivate func sort(_ findings: inout [Finding]) {
    findings.sort(by: Finding.precedes)
    var seen: Set<String> = []
    findings = findings.filter { seen.insert($0.fingerprint).inserted }
  }

  /// Copies the line that each finding points at, so that reports need no file.
  fileprivate mutating func addLines(from governance: Governance) {
    let lines = SourceLines(governance.sources)
    for index in findings.indices { lines.mark(&findings[index]) }
    for index in excepted.indices { lines.mark(&excepted[index]) }
  }
}
