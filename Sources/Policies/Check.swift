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
    // Findings may be hundreds of thousands: no more copies of them than needed.
    var parts = await evaluate(ordinary, estate, waivers, known, workers)
    raised.reserveCapacity(parts.reduce(0) { $0 + $1.findings.count })
    for index in parts.indices {
      result.add(parts[index], &raised)
      parts[index].findings = []
    }
    let order = CheckResult.order(of: raised)
    result.findings.reserveCapacity(order.count)
    for index in order { result.keep(raised[index], &waivers) }
    // Last, since an exception that covers nothing is a finding too.
    var late: [Finding] = []
    for part in PolicySet.parts(policies.filter { $0.policy.subject == .exception }, estate, waivers, known) {
      result.add(part, &late)
    }
    if !late.isEmpty {
      result.findings += late
      result.findings = CheckResult.order(of: result.findings).map { result.findings[$0] }
    }
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
      return PolicySet.parts(policies, estate, waivers, known)
    }
    let byIdentity: Set<Policy.Subject> = [.identity, .credential, .grant, .use]
    return await withTaskGroup(of: (Int, [Part]).self) { group in
      let own = policies.filter { byIdentity.contains($0.policy.subject) }
      let others = policies.filter { !byIdentity.contains($0.policy.subject) }
      group.addTask { (-1, PolicySet.parts(others, estate, waivers, known)) }
      // By identities and not by policies: two threads that count references to the same identity wait for each other.
      let size = estate.identities.count / (workers * 4) + 1
      for start in stride(from: 0, to: estate.identities.count, by: size) {
        let range = start..<min(start + size, estate.identities.count)
        group.addTask { (start, PolicySet.parts(own, estate, in: range, waivers, known)) }
      }
      var parts: [(Int, [Part])] = []
      for await part in group { parts.append(part) }
      return parts.sorted { $0.0 < $1.0 }.flatMap(\.1)
    }
  }

  /// What the policies say, each by itself and in their order; those of one kind look at each subject together.
  private static func parts(
    _ policies: [CompiledPolicy], _ estate: Estate, in range: Range<Int>? = nil, _ waivers: Waivers,
    _ known: Set<String>
  ) -> [Part] {
    var parts: [Int: Part] = [:]
    for (kind, numbers) in Dictionary(grouping: policies.indices, by: { policies[$0].policy.subject }) {
      var evaluators = numbers.map { Evaluator(policies[$0], estate) }
      evaluators.judgeAll(of: kind, in: estate, range, waivers: waivers, policies: known)
      for (number, evaluator) in zip(numbers, evaluators) {
        parts[number] = Part(
          passed: evaluator.passed, findings: evaluator.findings, diagnostics: evaluator.diagnostics)
      }
    }
    return parts.sorted { $0.key < $1.key }.map(\.value)
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

  /// The total order (`Finding.precedes`), by numbers: findings are large. Equal ones are one.
  fileprivate static func order(of findings: [Finding]) -> [Int] {
    var keys = FindingKey.keys(of: findings)
    keys.sort { a, b in
      let (first, second) = ((a.path, a.line, a.column, a.policy), (b.path, b.line, b.column, b.policy))
      return first == second ? findings[a.number].fingerprint < findings[b.number].fingerprint : first < second
    }
    var seen: Set<String> = []
    seen.reserveCapacity(findings.count)
    return keys.map(\.number).filter { seen.insert(findings[$0].fingerprint).inserted }
  }

  /// Copies the line that each finding points at, so that reports need no file.
  fileprivate mutating func addLines(from governance: Governance) {
    let lines = SourceLines(governance.sources)
    for index in findings.indices { lines.mark(&findings[index]) }
    for index in excepted.indices { lines.mark(&excepted[index]) }
  }
}

/// What the order of findings compares, as numbers: paths and policies are few, findings may be hundreds of thousands.
private struct FindingKey {
  let path, line, column, policy, number: Int

  static func keys(of findings: [Finding]) -> [FindingKey] {
    let paths = ranks(of: findings.lazy.map(\.location.path))
    let policies = ranks(of: findings.lazy.map(\.policy))
    return findings.indices.map { number in
      let location = findings[number].location
      return FindingKey(
        path: paths[location.path] ?? 0, line: location.line, column: location.column,
        policy: policies[findings[number].policy] ?? 0, number: number)
    }
  }

  private static func ranks(of names: some Sequence<String>) -> [String: Int] {
    let sorted = Set(names).sorted()
    return Dictionary(uniqueKeysWithValues: zip(sorted, sorted.indices))
  }
}
