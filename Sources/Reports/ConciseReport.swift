import Base
import Model

/// One line a finding: `path:line:column: severity: message [CODE policy]`, as editors and `grep` read it.
enum ConciseReport {
  static func write(_ result: CheckResult, _ options: ReportOptions) -> [UInt8] {
    let pen = Pen(isColoured: options.colour)
    var out: [UInt8] = []
    for finding in result.listed(options) { out += (line(finding, pen) + "\n").utf8 }
    for diagnostic in result.diagnostics { out += (PlainText.lineStart(diagnostic.description) + "\n").utf8 }
    guard options.showsSummary else { return out }
    let tally = Tally(result)
    let counts = [tally.headline, tally.comparison].compactMap { $0 }.joined(separator: "; ")
    out += "\(counts). \(result.conclusion)\n".utf8
    return out
  }

  /// The line of one finding, without its end.
  static func line(_ finding: Finding, _ pen: Pen = Pen(isColoured: false)) -> String {
    let word = pen(finding.word, Pen.ink(of: finding))
    let tail = ([finding.code, finding.policy] + (finding.mark.map { [$0] } ?? [])).map { PlainText.line($0) }
    return "\(PlainText.place(finding.location)): \(word): \(PlainText.line(finding.message, limit: 1000)) "
      + "[\(tail.joined(separator: " "))]"
  }
}
