package import Model

extension CheckResult {
  /// The same result told against a base that was checked at the same instant: each finding is new, worse or unchanged, and
  /// what only the base had is fixed.
  package func compared(to base: CheckResult) -> CheckResult {
    var result = self
    var earlier: [String: Finding] = [:]
    for finding in base.findings { earlier[finding.fingerprint] = finding }
    for index in result.findings.indices {
      result.findings[index].change = change(
        of: result.findings[index], since: earlier[result.findings[index].fingerprint])
    }
    let present = Set(result.findings.map(\.fingerprint))
    result.fixed = base.findings.filter { !present.contains($0.fingerprint) }.map { finding in
      var finding = finding
      finding.change = .fixed
      return finding
    }
    return result
  }

  private func change(of finding: Finding, since earlier: Finding?) -> Finding.Change {
    guard let earlier else { return .new }
    return finding.severity > earlier.severity || finding.verdict > earlier.verdict ? .worse : .unchanged
  }
}
