import Base
import Model

extension TextReport {
  /// What could not be judged, by reason: a hundred verdicts that wait for one missing log are one thing to do.
  mutating func unknown(_ findings: [Finding]) {
    if findings.isEmpty { return }
    print("\(pen("unknown", .boldYellow)): \(findings.count) verdicts for want of facts: neither pass nor fail")
    var reasons: [String: [Finding]] = [:]
    for finding in findings { reasons[TextReport.reason(finding), default: []].append(finding) }
    let sorted = reasons.sorted { ($1.value.count, $0.key) < ($0.value.count, $1.key) }
    let shown = 12
    for (reason, waiting) in sorted.prefix(shown) {
      var codes: [String: Int] = [:]
      for finding in waiting { codes[finding.code, default: 0] += 1 }
      let list = codes.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { "\($0.key) \($0.value)" }
      print("  \(waiting.count)  \(PlainText.line(reason, limit: 200))")
      print("     \(PlainText.line(list.joined(separator: ", "), limit: 200))")
    }
    if sorted.count > shown {
      print("  … and \(sorted.count - shown) more reasons; `--output concise` lists every verdict")
    }
    print()
  }

  /// The message without the subject's name.
  private static func reason(_ finding: Finding) -> String {
    let marker = " cannot be judged: "
    var text = finding.message[...]
    while !text.isEmpty, !text.hasPrefix(marker) { text = text.dropFirst() }
    return text.isEmpty ? finding.message : String(text.dropFirst(marker.count))
  }
}
