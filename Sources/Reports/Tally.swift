import Base
import Model

/// Counts over a result: what every format says at its end.
struct Tally {
  /// Worst first: the order in which counts are shown.
  static let severities = Severity.allCases.reversed()

  private(set) var failed: [Severity: Int] = [:]
  private(set) var unknown: [Severity: Int] = [:]
  private(set) var changes: [Finding.Change: Int] = [:]
  /// Findings that count against the run.
  private(set) var counting = 0
  let passed: Int
  let excepted: Int
  let fixed: Int
  /// Diagnostics that are worse than a warning.
  let problems: Int
  /// Whether there was a base to compare with.
  let isComparison: Bool

  init(_ result: CheckResult) {
    for finding in result.findings {
      if finding.verdict == .unknown {
        unknown[finding.severity, default: 0] += 1
      } else {
        failed[finding.severity, default: 0] += 1
      }
      changes[finding.change, default: 0] += 1
      if result.counts(finding) { counting += 1 }
    }
    passed = result.passed
    excepted = result.excepted.count
    fixed = result.fixed.count
    problems = result.diagnostics.count { $0.kind != .warning }
    isComparison =
      result.inputs.contains { $0.key == "base" } || !result.fixed.isEmpty
      || result.findings.contains { $0.change != .present }
  }

  var allFailed: Int { failed.values.reduce(0, +) }
  var allUnknown: Int { unknown.values.reduce(0, +) }

  /// `3 findings (1 critical, 2 high), 4 unknown`.
  var headline: String {
    let parts = Tally.severities.compactMap { severity in failed[severity].map { "\($0) \(severity.rawValue)" } }
    let detail = parts.isEmpty ? "" : " (\(parts.joined(separator: ", ")))"
    let unknowns = allUnknown == 0 ? "" : ", \(allUnknown) unknown"
    return "\(counted(allFailed, "finding"))\(detail)\(unknowns)"
  }

  /// `2 new, 1 worse, 3 unchanged, 1 fixed`; `nil` where nothing was compared.
  var comparison: String? {
    guard isComparison else { return nil }
    let (new, worse) = (changes[.new, default: 0], changes[.worse, default: 0])
    return "\(new) new, \(worse) worse, \(changes[.unchanged, default: 0]) unchanged, \(fixed) fixed"
  }
}

extension CheckResult {
  /// The findings that a report for people lists: without a wish, what is as it was at the base is only counted.
  func listed(_ options: ReportOptions) -> [Finding] {
    options.showsUnchanged ? findings : findings.filter { $0.change != .unchanged }
  }

  /// What the run comes to, one line without a full stop.
  var conclusion: String {
    let tally = Tally(self)
    let bar = "at or above \(failOn.rawValue)\(failsOnUnknown ? ", unknown ones included" : "")"
    let problems = "; incomplete: \(counted(tally.problems, "input problem")), what could not be read was not judged"
    let incomplete = tally.problems == 0 ? "" : problems
    if tally.counting == 0 { return "no \(tally.isComparison ? "new or worse " : "")finding \(bar)\(incomplete)" }
    return "\(counted(tally.counting, "finding")) \(bar)\(tally.isComparison ? ", new or worse" : "")\(incomplete)"
  }
}

extension Finding {
  /// `high`, …, or `unknown` where nothing could be said.
  var word: String { verdict == .unknown ? Verdict.unknown.rawValue : severity.rawValue }

  /// `new`, `worse`, `unchanged`, `fixed`; `nil` where nothing was compared.
  var mark: String? { change == .present ? nil : change.rawValue }

  /// What a person calls the subject.
  var subject: String { identity ?? principal?.description ?? "" }
}

extension CheckResult {
  /// The policies that were not asked, by why: silence of these is no pass.
  var skippedLines: [String] {
    Dictionary(grouping: skipped, by: \.value).sorted { $0.key < $1.key }.map { reason, policies in
      "\(policies.map(\.key).joined(separator: ", ")): \(reason)"
    }
  }
}
