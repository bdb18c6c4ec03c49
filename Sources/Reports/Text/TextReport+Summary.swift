import Base
import Model

extension TextReport {
  /// Counts, what was compared with what, how much of it was covered, and what it comes to.
  mutating func summary() {
    let tally = Tally(result)
    table(tally)
    var counts = ["pass \(tally.passed)"]
    if tally.excepted > 0 { counts.append("excepted \(tally.excepted)") }
    row("identities", "\(result.identities), policies \(result.policies.count), \(counts.joined(separator: ", "))")
    for line in result.skippedLines { row("not asked", line) }
    if let comparison = tally.comparison { row("changes", comparison) }
    row("as of", result.now.description)
    row(
      "compared", result.inputs.map { "\(PlainText.line($0.key)) \(PlainText.line($0.value))" }.joined(separator: ", "))
    for (index, source) in result.coverage.enumerated() {
      row(index == 0 ? "coverage" : "", TextReport.line(source))
    }
    let isClean = tally.counting == 0 && tally.problems == 0
    let word = isClean ? pen("passed", .green) : pen(tally.counting > 0 ? "failed" : "incomplete", .boldRed)
    print("\(word): \(result.conclusion)")
  }

  private mutating func table(_ tally: Tally) {
    let shown = Tally.severities.filter { tally.failed[$0, default: 0] + tally.unknown[$0, default: 0] > 0 }
    guard !shown.isEmpty else { return }
    print("\("".padded(to: 10)) \("fail".aligned(to: 7)) \("unknown".aligned(to: 8))")
    for severity in shown {
      let failed = String(tally.failed[severity, default: 0]).aligned(to: 7)
      let unknown = String(tally.unknown[severity, default: 0]).aligned(to: 8)
      print("\(pen(severity.rawValue.padded(to: 10), severity >= .high ? .red : .yellow)) \(failed) \(unknown)")
    }
    print(
      "\("total".padded(to: 10)) \(String(tally.allFailed).aligned(to: 7)) \(String(tally.allUnknown).aligned(to: 8))")
    print()
  }

  private mutating func row(_ name: String, _ text: String) {
    guard !text.isEmpty else { return }
    let room = options.width == 0 ? 0 : max(30, options.width - 12)
    for (index, line) in text.wrapped(to: room).enumerated() {
      print("\(pen((index == 0 ? name : "").padded(to: 11), .bold)) \(line)")
    }
  }

  /// One source: what it showed of which time, and what is missing in it.
  private static func line(_ source: SourceCoverage) -> String {
    var parts: [String] = []
    if let first = source.first, let last = source.last {
      parts.append("\(first) to \(last)")
    } else if let collected = source.collected {
      parts.append("taken \(collected)")
    } else {
      parts.append("nothing read")
    }
    parts.append(counted(Int(clamping: source.records), "record"))
    if source.unreadable > 0 { parts.append("\(source.unreadable) unreadable") }
    if source.unattributed > 0 { parts.append("\(source.unattributed) without an identity") }
    if !source.gaps.isEmpty { parts.append(counted(source.gaps.count, "gap")) }
    return "\(PlainText.line(source.name)) (\(source.kind.rawValue)): \(parts.joined(separator: ", "))"
  }
}
