import Base
import Model

/// A result with one of everything that a report may have to show.
enum Samples {
  static let declaration = """
    identity: release-publisher
    principals:
      - arn:aws:iam::111122223333:role/release-publisher
    owner: team:payments
    expires: 2026-03-31
    scope:
      - actions: [s3:GetObject]

    """
  static let path = "identities/payments/release-publisher.yaml"
  static let source: @Sendable (String) -> [UInt8]? = { $0 == path ? Array(declaration.utf8) : nil }

  static var expired: Finding {
    var finding = Finding(
      policy: "expired-but-active", code: "EXP-02", title: "Past its declared expiry and still enabled",
      severity: .high, verdict: .fail, message: "release-publisher expired on 2026-03-31 and is still enabled",
      location: SourceLocation(path: path, line: 5, column: 10))
    finding.identity = "release-publisher"
    finding.principal = PrincipalKey("arn:aws:iam::111122223333:role/release-publisher")
    finding.line = "expires: 2026-03-31"
    finding.markLength = 10
    finding.evidence = [Tag(key: "enabled", value: "true"), Tag(key: "last used", value: "2026-11-19T06:12:00Z")]
    finding.related = [
      RelatedLocation(
        role: "facts", location: SourceLocation(path: "identities/5e.jsonl", line: 12),
        message: "discovered by aws-prod"),
      RelatedLocation(
        role: "owner", location: SourceLocation(path: path, line: 4, column: 8), message: "team:payments answers for it"
      ),
    ]
    finding.controls = [
      Control(framework: "nist-800-53", ids: ["AC-2(3)"]), Control(framework: "owasp-nhi", ids: ["NHI1:2025"]),
    ]
    finding.remedy = "Disable it, or extend `expires` in a reviewed pull request."
    finding.help = "policies/expiry/expired-but-active.yaml"
    finding.fingerprint = "3f9a1c2b04d7" + String(repeating: "0", count: 52)
    return finding
  }

  static var unknown: Finding {
    var finding = Finding(
      policy: "idle", code: "STL-02", title: "Not used for 45 days", severity: .medium, verdict: .unknown,
      message: "whether release-publisher is used cannot be said: no usage source covers aws:111122223333",
      location: SourceLocation(path: path, line: 1, column: 1))
    finding.identity = "release-publisher"
    finding.line = "identity: release-publisher"
    finding.markLength = 8
    finding.remedy = "Add a usage source that covers aws:111122223333."
    finding.fingerprint = String(repeating: "b", count: 64)
    return finding
  }

  static var shadow: Finding {
    var finding = Finding(
      policy: "undeclared-identity", code: "OWN-01", title: "Discovered, but nobody declared it", severity: .critical,
      verdict: .fail, message: "legacy-sync is discovered, but no declaration claims it",
      location: SourceLocation(path: "identities/7c.jsonl", line: 3))
    finding.principal = PrincipalKey("arn:aws:iam::111122223333:user/legacy-sync")
    finding.remedy = "Declare it: muster import."
    finding.fingerprint = String(repeating: "c", count: 64)
    return finding
  }

  static func policy(_ finding: Finding) -> PolicySummary {
    PolicySummary(
      id: finding.policy, code: finding.code, title: finding.title, severity: finding.severity, help: finding.help,
      remedy: finding.remedy, controls: finding.controls,
      location: SourceLocation(path: "policies/\(finding.policy).yaml", line: 1, column: 1))
  }

  static var result: CheckResult {
    var result = empty
    result.findings = [shadow, unknown, expired].sorted(by: Finding.precedes)
    result.findings[result.findings.count - 1].change = .new
    result.findings[0].change = .worse
    var fixed = expired
    (fixed.change, fixed.message) = (.fixed, "nightly-batch had no owner")
    result.fixed = [fixed]
    var excepted = expired
    (excepted.exception, excepted.message) = ("batch-key-age", "nightly-batch's key is 400 days old")
    result.excepted = [excepted]
    result.policies = [policy(expired), policy(unknown), policy(shadow)]
    result.passed = 412
    result.inputs.insert(Tag(key: "base", value: "origin/main @ 4be1"), at: 1)
    result.diagnostics = [
      Diagnostic(
        .invalid, at: SourceLocation(path: path, line: 7, column: 5), "unknown key `action`",
        hint: "did you mean `actions`?")
    ]
    return result
  }

  static var empty: CheckResult {
    var result = CheckResult(now: Instant("2026-11-21T09:12:44Z") ?? Instant(milliseconds: 0))
    result.inputs = [
      Tag(key: "declarations", value: "working tree"), Tag(key: "facts", value: "91c2aa00"),
    ]
    result.identities = 15
    var logs = SourceCoverage(name: "cloudtrail", kind: .usage)
    logs.first = Instant("2026-08-22T00:00:00Z")
    logs.last = Instant("2026-11-20T23:59:58Z")
    (logs.used, logs.unreadable) = (1200, 3)
    result.coverage = [logs]
    return result
  }
}
