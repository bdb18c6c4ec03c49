package import Model

/// A way to write findings down, found by its name.
package struct ReportFormat: Sendable, Hashable {
  /// What follows `--output`.
  package let name: String
  /// One line for `--help`.
  package let summary: String
  /// The usual ending of a file in this format, without the dot.
  package let fileExtension: String
  private let write: @Sendable (CheckResult, ReportOptions) -> [UInt8]

  /// Every format, in the order of `--help`.
  package static let all: [ReportFormat] = [
    ReportFormat("text", "for people: the line shown, with evidence, facts and remedy", "txt", TextReport.write),
    ReportFormat("concise", "one line a finding: path:line:col: severity: message", "txt", ConciseReport.write),
    ReportFormat("json", "everything, schema muster.findings/1", "json", JSONReport.write),
    ReportFormat("sarif", "SARIF 2.1.0, for code scanning", "sarif", SARIFReport.write),
    ReportFormat("github", "GitHub workflow commands: annotations on a pull request", "txt", GitHubReport.write),
    ReportFormat("markdown", "for a step summary or a pull request comment", "md", MarkdownReport.write),
    ReportFormat("junit", "JUnit XML: one suite a policy", "xml", JUnitReport.write),
    ReportFormat("gitlab", "GitLab Code Quality", "json", GitLabReport.write),
    ReportFormat("csv", "one row a finding, safe to open in a spreadsheet", "csv", CSVReport.write),
  ]

  /// The format of that name; `nil` where there is none.
  package static func named(_ name: String) -> ReportFormat? { all.first { $0.name == name } }

  private init(
    _ name: String, _ summary: String, _ fileExtension: String,
    _ write: @escaping @Sendable (CheckResult, ReportOptions) -> [UInt8]
  ) {
    self.name = name
    self.summary = summary
    self.fileExtension = fileExtension
    self.write = write
  }

  /// The report, whole. UTF-8, ending with a line feed.
  package func render(_ result: CheckResult, options: ReportOptions = ReportOptions()) -> [UInt8] {
    write(result, options)
  }

  package static func == (a: ReportFormat, b: ReportFormat) -> Bool { a.name == b.name }
  package func hash(into hasher: inout Hasher) { hasher.combine(name) }
}
