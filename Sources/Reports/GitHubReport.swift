import Base
import Model

/// GitHub workflow commands: https://docs.github.com/en/actions/writing-workflows/choosing-what-your-workflow-does/
/// workflow-commands-for-github-actions. A step may annotate ten lines a level; what is beyond them is listed in a group.
enum GitHubReport {
  private static let limit = 10

  /// What becomes one annotation.
  private struct Annotation {
    var level: String
    var title: String
    var message: String
    var location: SourceLocation
    var length = 0
    /// The same for the list of those that found no room.
    var line: String
  }

  static func write(_ result: CheckResult, _ options: ReportOptions) -> [UInt8] {
    var lines: [String] = []
    var rest: [Annotation] = []
    let annotations = annotations(result, options)
    for level in ["error", "warning", "notice"] {
      let all = annotations.filter { $0.level == level }
      // One notice is kept for saying what found no room.
      let room = level == "notice" ? limit - 1 : limit
      lines += all.prefix(room).map { command($0) }
      rest += all.dropFirst(room)
    }
    if !rest.isEmpty {
      let tally = Tally(result).headline
      lines.append(
        "::notice title=muster::\(data("\(rest.count) more are listed in the log of this step: \(tally) in all"))")
      lines.append("::group::\(rest.count) more")
      lines += rest.map(\.line)
      lines.append("::endgroup::")
    }
    lines.append(result.conclusion)
    return Array((lines.joined(separator: "\n") + "\n").utf8)
  }

  /// Diagnostics first, then what counts against the run, then by severity, then in the order of the files.
  private static func annotations(_ result: CheckResult, _ options: ReportOptions) -> [Annotation] {
    let problems = result.diagnostics.sorted { $0.kind > $1.kind }.map { diagnostic in
      Annotation(
        level: diagnostic.kind == .warning ? "warning" : "error", title: "muster: \(diagnostic.kind.rawValue)",
        message: diagnostic.hint.isEmpty ? diagnostic.message : "\(diagnostic.message)\n\(diagnostic.hint)",
        location: diagnostic.location, line: PlainText.lineStart(diagnostic.description))
    }
    let findings = result.listed(options).enumerated().sorted { a, b in
      let (left, right) = (rank(a.element, result), rank(b.element, result))
      return left == right ? a.offset < b.offset : left > right
    }
    return problems + findings.map { annotation($0.element) }
  }

  private static func rank(_ finding: Finding, _ result: CheckResult) -> Int {
    (result.counts(finding) ? 100 : 0) + (finding.verdict == .fail ? 10 : 0) + finding.severity.rank
  }

  private static func annotation(_ finding: Finding) -> Annotation {
    let level =
      finding.verdict == .unknown || finding.severity <= .low
      ? "notice" : finding.severity == .medium ? "warning" : "error"
    let evidence = finding.evidence.prefix(8).map { "\($0.key): \($0.value.prefix(200))" }
    let text = ([finding.message] + evidence + [finding.remedy]).filter { !$0.isEmpty }.map(\.escapedOnOneLine)
    return Annotation(
      level: level, title: "\(finding.code) \(finding.word): \(finding.title)", message: text.joined(separator: "\n"),
      location: finding.location, length: finding.markLength, line: ConciseReport.line(finding))
  }

  private static func command(_ annotation: Annotation) -> String {
    let location = annotation.location
    var properties: [String] = location.path.isEmpty ? [] : ["file=\(property(location.path))"]
    if location.line > 0 {
      properties.append("line=\(location.line),endLine=\(location.line)")
      if location.column > 0 {
        properties.append("col=\(location.column),endColumn=\(location.column + max(1, annotation.length))")
      }
    }
    properties.append("title=\(property(annotation.title))")
    return "::\(annotation.level) \(properties.joined(separator: ","))::\(data(annotation.message))"
  }

  /// The runner's own escaping of a command's text; control characters other than line feeds are made visible before.
  private static func data(_ text: String) -> String { escaped(text.escapedForTerminal, also: "") }

  /// The same for a property, which a colon or a comma would end.
  private static func property(_ text: String) -> String { escaped(text.escapedOnOneLine, also: ":,") }

  private static func escaped(_ text: String, also: String) -> String {
    var out = ""
    for scalar in text.unicodeScalars {
      if scalar == "%" || scalar == "\n" || scalar == "\r" || also.unicodeScalars.contains(scalar) {
        out += "%" + [UInt8(truncatingIfNeeded: scalar.value)].hex.uppercased()
      } else {
        out.unicodeScalars.append(scalar)
      }
    }
    return out
  }
}
