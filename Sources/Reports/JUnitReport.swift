import Base
import Model

/// JUnit XML as CI servers read it: a suite for each policy, a case for each finding, one passing case where there is none.
/// Unknown and excepted findings are skipped cases; input problems are errors.
enum JUnitReport {
  static func write(_ result: CheckResult, _ options: ReportOptions) -> [UInt8] {
    var cases: [String: [Finding]] = [:]
    for finding in result.findings + result.excepted { cases[finding.policy, default: []].append(finding) }
    let known = Set(result.policies.map(\.id))
    let names = result.policies.map(\.id) + cases.keys.filter { !known.contains($0) }.sorted()
    let titles = Dictionary(result.policies.map { ($0.id, $0.title) }, uniquingKeysWith: { first, _ in first })
    var suites = names.map { suite($0, cases[$0, default: []], title: titles[$0] ?? "", result) }
    if !result.diagnostics.isEmpty { suites.append(problems(result)) }
    let sum = suites.reduce(Counts()) { $0 + $1.counts }
    var out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"muster\" \(sum.attributes) time=\"0\">\n"
    for suite in suites { out += suite.text }
    out += "</testsuites>\n"
    return Array(out.utf8)
  }

  private struct Counts {
    var (tests, failures, errors, skipped) = (0, 0, 0, 0)

    static func + (a: Counts, b: Counts) -> Counts {
      var sum = Counts()
      (sum.tests, sum.failures) = (a.tests + b.tests, a.failures + b.failures)
      (sum.errors, sum.skipped) = (a.errors + b.errors, a.skipped + b.skipped)
      return sum
    }

    var attributes: String {
      "tests=\"\(tests)\" failures=\"\(failures)\" errors=\"\(errors)\" skipped=\"\(skipped)\""
    }
  }

  private static func suite(_ policy: String, _ findings: [Finding], title: String, _ result: CheckResult)
    -> (text: String, counts: Counts)
  {
    var counts = Counts()
    counts.tests = max(1, findings.count)
    counts.skipped = findings.count { isSkipped($0) }
    counts.failures = findings.count - counts.skipped
    let name = "name=\"\(XMLText.attribute(policy))\""
    var text = "  <testsuite \(name) \(counts.attributes) time=\"0\" timestamp=\"\(stamp(result.now))\">\n"
    if findings.isEmpty {
      let caseName = XMLText.attribute(title.isEmpty ? policy : title)
      text += "    <testcase name=\"\(caseName)\" classname=\"\(XMLText.attribute(policy))\" time=\"0\"/>\n"
    }
    for finding in findings { text += testcase(finding) }
    return (text + "  </testsuite>\n", counts)
  }

  private static func isSkipped(_ finding: Finding) -> Bool { finding.verdict == .unknown || finding.exception != nil }

  private static func testcase(_ finding: Finding) -> String {
    let name = [finding.subject, finding.title].filter { !$0.isEmpty }.joined(separator: ": ")
    let id = finding.fingerprint.isEmpty ? "" : " [\(finding.fingerprint.prefix(8))]"
    let attributes =
      "name=\"\(XMLText.attribute(name + id))\" classname=\"\(XMLText.attribute(finding.policy))\""
      + " file=\"\(XMLText.attribute(finding.location.path))\" line=\"\(finding.location.line)\" time=\"0\""
    let message = XMLText.attribute(finding.message)
    if isSkipped(finding) {
      let why = finding.exception.map { "excepted by \($0): " } ?? "unknown: "
      return "    <testcase \(attributes)><skipped message=\"\(XMLText.attribute(why))\(message)\"/></testcase>\n"
    }
    let evidence = finding.evidence.map { "\($0.key): \($0.value)" }
    let body = (["\(finding.location)", finding.message] + evidence + [finding.remedy]).filter { !$0.isEmpty }
    let text = body.map { XMLText.escaped(PlainText.lineStart($0)) }.joined(separator: "\n")
    return "    <testcase \(attributes)><failure type=\"\(finding.severity.rawValue)\" message=\"\(message)\">\(text)"
      + "</failure></testcase>\n"
  }

  private static func problems(_ result: CheckResult) -> (text: String, counts: Counts) {
    var counts = Counts()
    counts.tests = result.diagnostics.count
    counts.skipped = result.diagnostics.count { $0.kind == .warning }
    counts.errors = counts.tests - counts.skipped
    var text = "  <testsuite name=\"inputs\" \(counts.attributes) time=\"0\" timestamp=\"\(stamp(result.now))\">\n"
    for diagnostic in result.diagnostics {
      let element = diagnostic.kind == .warning ? "skipped" : "error"
      text +=
        "    <testcase name=\"\(XMLText.attribute(diagnostic.location.description))\" classname=\"inputs\" time=\"0\">"
      text += "<\(element) message=\"\(XMLText.attribute(diagnostic.message))\"/></testcase>\n"
    }
    return (text + "  </testsuite>\n", counts)
  }

  /// JUnit's schema has no zone.
  private static func stamp(_ now: Instant) -> Substring { now.description.prefix(19) }
}
