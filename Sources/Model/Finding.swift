package import Base

/// What a check says of one subject.
package enum Verdict: String, Sendable, CaseIterable, Comparable {
  case pass, unknown, fail

  package static func < (a: Verdict, b: Verdict) -> Bool { a.rank < b.rank }
  private var rank: Int { self == .pass ? 0 : self == .unknown ? 1 : 2 }
}

/// One thing to act on, or one thing that could not be judged. Reports show nothing that is not in here.
package struct Finding: Sendable, Hashable {
  /// How a finding relates to the base of the comparison.
  package enum Change: String, Sendable, CaseIterable {
    /// Not compared.
    case present
    /// Absent at the base.
    case new
    /// At the base too, but less severe or merely unknown.
    case worse
    /// As at the base.
    case unchanged
    /// At the base only.
    case fixed
  }

  /// The policy's kebab-case id.
  package var policy: String
  /// The policy's short code: `EXP-02`.
  package var code: String
  /// The policy's title.
  package var title: String
  package var severity: Severity
  package var verdict: Verdict
  /// The declared handle; `nil` for what is undeclared.
  package var identity: String?
  package var principal: PrincipalKey?
  /// The declared key that the finding is about, as its fingerprint has it: `expires`; empty for the subject as a whole.
  package var field: String
  /// What is wrong with this subject, one line.
  package var message: String
  /// The declaration's key that the finding is about, else the nearest place that exists.
  package var location: SourceLocation
  /// The text of the line at `location`, for showing; `nil` when the file is not in the tree.
  package var line: String?
  /// The number of columns to mark under the line, from `location.column`.
  package var markLength: Int
  package var related: [RelatedLocation]
  /// Name and value pairs in the order in which they explain.
  package var evidence: [Tag]
  /// Framework → control ids, sorted by framework.
  package var controls: [Control]
  package var remedy: String
  /// Where to read more about the policy: its file.
  package var help: String
  /// 64 hexadecimal digits: stable while the same thing is wrong with the same identity.
  package var fingerprint: String
  package var change: Change
  /// The id of the exception that covers it.
  package var exception: String?

  package init(
    policy: String, code: String, title: String, severity: Severity, verdict: Verdict, message: String,
    location: SourceLocation
  ) {
    self.policy = policy
    self.code = code
    self.title = title
    self.severity = severity
    self.verdict = verdict
    self.message = message
    self.location = location
    (markLength, related, evidence, controls) = (0, [], [], [])
    (field, remedy, help, fingerprint) = ("", "", "", "")
    change = .present
  }

  /// The total order of reports: path, line, column, policy, fingerprint.
  package static func precedes(_ a: Finding, _ b: Finding) -> Bool {
    (a.location, a.policy, a.fingerprint) < (b.location, b.policy, b.fingerprint)
  }
}

/// Another place that explains a finding.
package struct RelatedLocation: Sendable, Hashable {
  /// `policy`, `facts`, `exception`, `owner`, `log`, `previous`.
  package var role: String
  package var location: SourceLocation
  package var message: String

  package init(role: String, location: SourceLocation, message: String) {
    self.role = role
    self.location = location
    self.message = message
  }
}

/// A framework and the ids in it that a policy supports.
package struct Control: Sendable, Hashable {
  /// `owasp-nhi`, `nist-800-53`, `cis`, `pci-dss`, …
  package var framework: String
  package var ids: [String]

  package init(framework: String, ids: [String]) {
    self.framework = framework
    self.ids = ids
  }
}

/// What a run of `check` gives to the reports.
package struct CheckResult: Sendable {
  /// In the total order.
  package var findings: [Finding]
  /// Covered by an exception that holds; shown only when asked for.
  package var excepted: [Finding]
  /// At the base only (with `--base` or `--staged`).
  package var fixed: [Finding]
  package var now: Instant
  /// What was compared: `declarations`, `base`, `facts`, `policies` with their commit or `working tree`.
  package var inputs: [Tag]
  /// Number of subjects judged by verdict, over all policies.
  package var passed: Int
  package var identities: Int
  package var policies: [PolicySummary]
  /// Policies that were not asked, by id, and why: not asked is not passed.
  package var skipped: [Tag]
  /// How well each source covers its ground, sorted by kind, then name.
  package var coverage: [SourceCoverage]
  /// What could not be read or is malformed; the run is incomplete when any is worse than a warning.
  package var diagnostics: [Diagnostic]
  package var failOn: Severity
  /// Whether findings whose verdict is unknown fail the run too.
  package var failsOnUnknown: Bool

  package init(now: Instant) {
    self.now = now
    (findings, excepted, fixed, inputs, policies, coverage, diagnostics) = ([], [], [], [], [], [], [])
    skipped = []
    (passed, identities) = (0, 0)
    failOn = .low
    failsOnUnknown = false
  }

  /// Whether the finding counts against the run: new or worse where there is a base, at or above `failOn`.
  package func counts(_ finding: Finding) -> Bool {
    (finding.verdict == .fail || (failsOnUnknown && finding.verdict == .unknown)) && finding.severity >= failOn
      && finding.change != .unchanged && finding.change != .fixed
  }
}

/// A policy as reports need it (SARIF's rules).
package struct PolicySummary: Sendable, Hashable {
  package var id: String
  package var code: String
  package var title: String
  package var severity: Severity
  package var help: String
  package var remedy: String
  package var controls: [Control]
  package var location: SourceLocation

  package init(
    id: String, code: String, title: String, severity: Severity, help: String, remedy: String, controls: [Control],
    location: SourceLocation
  ) {
    self.id = id
    self.code = code
    self.title = title
    self.severity = severity
    self.help = help
    self.remedy = remedy
    self.controls = controls
    self.location = location
  }
}
