import Base
import Model

/// Markdown for a step summary or a comment on a pull request: counts first, the findings folded by severity.
struct MarkdownReport {
  /// By this line a later run finds the comment that it may replace.
  static let marker = "<!-- muster -->"

  private let result: CheckResult
  private let options: ReportOptions
  private var out = ""

  static func write(_ result: CheckResult, _ options: ReportOptions) -> [UInt8] {
    var report = MarkdownReport(result: result, options: options)
    report.head()
    report.problems()
    report.sections()
    report.foot()
    return Array(report.out.utf8)
  }

  private init(result: CheckResult, options: ReportOptions) {
    self.result = result
    self.options = options
  }

  private mutating func head() {
    let tally = Tally(result)
    out += "\(MarkdownReport.marker)\n### Muster: \(tally.headline)\n\n\(MarkdownText.inline(result.conclusion)).\n\n"
    let shown = Tally.severities.filter { tally.failed[$0, default: 0] + tally.unknown[$0, default: 0] > 0 }
    if !shown.isEmpty {
      out += "| severity | fail | unknown |\n|:--|--:|--:|\n"
      for severity in shown {
        out +=
          "| \(severity.rawValue) | \(tally.failed[severity, default: 0]) | \(tally.unknown[severity, default: 0]) |\n"
      }
      out += "\n"
    }
    let counts = ["\(tally.passed) passed", "\(tally.excepted) excepted", tally.comparison].compactMap { $0 }
    out += "\(counted(result.identities, "identity", "identities")), \(counts.joined(separator: ", ")).\n\n"
    for line in result.skippedLines { out += "Not asked: \(MarkdownText.inline(line)).\n\n" }
  }

  private mutating func problems() {
    guard !result.diagnostics.isEmpty else { return }
    out += "<details open><summary>\(counted(result.diagnostics.count, "input problem"))</summary>\n\n"
    for diagnostic in result.diagnostics.prefix(options.markdownRows) {
      let hint = diagnostic.hint.isEmpty ? "" : " (\(MarkdownText.inline(diagnostic.hint, limit: 300)))"
      out += "- \(place(diagnostic.location)): \(MarkdownText.inline(diagnostic.message, limit: 500))\(hint)\n"
    }
    more(result.diagnostics.count - options.markdownRows)
    out += "\n</details>\n\n"
  }

  private mutating func sections() {
    let listed = result.listed(options)
    for severity in Tally.severities {
      section(
        severity.rawValue, listed.filter { $0.verdict == .fail && $0.severity == severity }, isOpen: severity >= .high)
    }
    section("unknown", listed.filter { $0.verdict == .unknown }, isOpen: false)
    section("fixed", result.fixed, isOpen: false)
    if options.showsExcepted { section("excepted", result.excepted, isOpen: false) }
  }

  private mutating func section(_ title: String, _ findings: [Finding], isOpen: Bool) {
    guard !findings.isEmpty else { return }
    var text = "<details\(isOpen ? " open" : "")><summary>\(title): \(findings.count)</summary>\n\n"
    text += "| code | identity | what | where |\n|:--|:--|:--|:--|\n"
    var shown = 0
    for finding in findings.prefix(options.markdownRows) {
      let row = row(finding)
      // Room for the closing tags, the notes and the foot.
      if out.utf8.count + text.utf8.count + row.utf8.count > options.markdownBytes - 4096 { break }
      text += row
      shown += 1
    }
    out += text
    more(findings.count - shown)
    out += "\n</details>\n\n"
  }

  private func row(_ finding: Finding) -> String {
    let mark = finding.mark.map { " *\($0)*" } ?? ""
    var what = MarkdownText.inline(finding.message, limit: 500)
    if !finding.evidence.isEmpty {
      let pairs = finding.evidence.prefix(8).map {
        "\(MarkdownText.inline($0.key, limit: 60)): \(MarkdownText.inline($0.value, limit: 200))"
      }
      what += "<br><sub>\(pairs.joined(separator: "; "))</sub>"
    }
    if !finding.remedy.isEmpty { what += "<br>→ \(MarkdownText.inline(finding.remedy, limit: 500))" }
    let identity = finding.subject.isEmpty ? "" : MarkdownText.code(finding.subject)
    return "| \(MarkdownText.inline(finding.code))\(mark) | \(identity) | \(what) | \(place(finding.location)) |\n"
  }

  private mutating func more(_ count: Int) {
    if count > 0 { out += "\n… and \(count) more: see the other outputs of this run.\n" }
  }

  private mutating func foot() {
    let inputs = result.inputs.map { "\(MarkdownText.inline($0.key)) \(MarkdownText.code($0.value))" }
    out += "<sub>as of \(result.now)\(inputs.map { " · \($0)" }.joined())</sub>\n"
  }

  /// Code, or a link to the line where the options tell the address of the files.
  private func place(_ location: SourceLocation) -> String {
    let text = location.line > 0 ? "\(location.path):\(location.line)" : location.path
    guard let base = options.linkBase, !location.path.hasPrefix("/") else { return MarkdownText.code(text) }
    let anchor = location.line > 0 ? "#L\(location.line)" : ""
    return "[\(MarkdownText.code(text))](\(base)\(SARIFPlaces.uri(location.path))\(anchor))"
  }
}
