import Base
import Model
import Testing

@testable import Reports

@Suite struct LimitTests {
  private static func many(_ count: Int, severity: Severity) -> CheckResult {
    var result = Samples.empty
    result.findings = (0..<count).map { number in
      var finding = Samples.expired
      finding.severity = severity
      finding.location = SourceLocation(path: "identities/\(1000 + number).yaml", line: 1, column: 1)
      return finding
    }
    return result
  }

  @Test(arguments: [(10, "::error", Severity.high), (10, "::warning", .medium), (9, "::notice", .low)])
  func annotatesNoMoreThanGitHubShows(room: Int, head: String, severity: Severity) {
    let text = String(decoding: GitHubReport.write(Self.many(25, severity: severity), ReportOptions()), as: UTF8.self)
    let lines = text.split(separator: "\n")
    #expect(lines.count { $0.hasPrefix("\(head) file=") } == room)
    #expect(lines.count { $0.hasPrefix("::notice title=muster::") } == 1)
    #expect(lines.count { $0.hasPrefix("identities/") } == 25 - room)
    #expect(lines.contains("::group::\(25 - room) more") && lines.contains("::endgroup::"))
  }

  @Test func annotatesTheWorstFirst() {
    var result = Self.many(12, severity: .high)
    result.findings[11].severity = .critical
    let text = String(decoding: GitHubReport.write(result, ReportOptions()), as: UTF8.self)
    #expect(text.hasPrefix("::error file=identities/1011.yaml,"))
  }

  @Test func keepsMarkdownBelowItsLimit() {
    var options = ReportOptions()
    (options.markdownBytes, options.markdownRows) = (60_000, 10_000)
    let bytes = MarkdownReport.write(Self.many(5000, severity: .high), options)
    #expect(bytes.count < 60_000 && bytes.count > 50_000)
    let text = String(decoding: bytes, as: UTF8.self)
    #expect(text.contains(" more: see the other outputs of this run."))
    #expect(text.hasSuffix("</sub>\n"))
  }

  @Test func capsMarkdownRows() {
    let text = String(decoding: MarkdownReport.write(Self.many(130, severity: .high), ReportOptions()), as: UTF8.self)
    #expect(text.contains("… and 30 more"))
  }

  @Test func linksLinesWhereTheAddressIsKnown() {
    var options = ReportOptions()
    options.linkBase = "https://github.com/acme/identities/blob/4be1/"
    let text = String(decoding: MarkdownReport.write(Samples.result, options), as: UTF8.self)
    let path = "identities/payments/release-publisher.yaml"
    #expect(text.contains("[`\(path):5`](https://github.com/acme/identities/blob/4be1/\(path)#L5)"))
  }

  @Test func listsManyFindingsOfOneKindInOneFile() {
    var result = Samples.empty
    result.findings = (0..<40).map { number in
      var finding = Samples.shadow
      finding.location.line = number + 1
      return finding
    }
    let text = String(decoding: TextReport.write(result, ReportOptions()), as: UTF8.self)
    #expect(text.split(separator: "\n").count { $0.hasPrefix("critical[OWN-01]") } == 3)
    #expect(text.contains("37 more of OWN-01 in identities/7c.jsonl:"))
    #expect(text.contains("\n  40: critical: "))
  }
}
