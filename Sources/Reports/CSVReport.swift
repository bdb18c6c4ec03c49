import Base
import Model

/// Comma-separated values (RFC 4180): one row a finding, the columns in a fixed order.
enum CSVReport {
  private static let header = [
    "code", "policy", "severity", "verdict", "change", "identity", "principal", "message", "path", "line", "column",
    "evidence", "controls", "remedy", "exception", "fingerprint",
  ]

  static func write(_ result: CheckResult, _ options: ReportOptions) -> [UInt8] {
    var out = row(header)
    for finding in result.findings + (options.showsExcepted ? result.excepted : []) { out += row(fields(finding)) }
    return Array(out.utf8)
  }

  private static func fields(_ finding: Finding) -> [String] {
    [
      finding.code, finding.policy, finding.severity.rawValue, finding.verdict.rawValue, finding.change.rawValue,
      finding.identity ?? "", finding.principal?.description ?? "", finding.message, finding.location.path,
      String(finding.location.line), String(finding.location.column),
      finding.evidence.map { "\($0.key): \($0.value)" }.joined(separator: "; "),
      finding.controls.map { "\($0.framework): \($0.ids.joined(separator: " "))" }.joined(separator: "; "),
      finding.remedy, finding.exception ?? "", finding.fingerprint,
    ]
  }

  private static func row(_ fields: [String]) -> String { fields.map(cell).joined(separator: ",") + "\r\n" }

  /// A spreadsheet runs a cell that begins with one of these as a formula; an apostrophe before it makes it text (OWASP, "CSV
  /// Injection"). Leading blanks do not protect, hence they do not count.
  private static func cell(_ text: String) -> String {
    var text = text.escapedOnOneLine
    let first = text.unicodeScalars.first { $0 != " " && $0 != "\u{A0}" }
    let isFormula = first.map { "=+-@＝＋－＠".unicodeScalars.contains($0) } ?? false
    // What begins with `::` would be a command in the log of a GitHub job.
    if isFormula || text.drop(while: { $0 == " " }).hasPrefix("::") { text = "'" + text }
    guard text.contains(where: { $0 == "," || $0 == "\"" || $0 == "'" || $0 == ";" }) else { return text }
    return "\"\(text.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\""))\""
  }
}
