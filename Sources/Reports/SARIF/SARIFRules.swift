import Base
import Model

/// `tool.driver.rules`: the policies of the run, and those of findings that came without one.
struct SARIFRules {
  private var rules: [PolicySummary]
  private var indices: [String: Int] = [:]

  init(_ result: CheckResult, findings: [Finding]) {
    rules = []
    for policy in result.policies where indices[policy.id] == nil {
      indices[policy.id] = rules.count
      rules.append(policy)
    }
    for finding in findings where indices[finding.policy] == nil {
      indices[finding.policy] = rules.count
      rules.append(
        PolicySummary(
          id: finding.policy, code: finding.code, title: finding.title, severity: finding.severity,
          help: finding.help, remedy: finding.remedy, controls: finding.controls, location: finding.location))
    }
  }

  func index(of finding: Finding) -> Int { indices[finding.policy] ?? 0 }

  func write(to writer: inout JSONWriter, home: String) {
    writer.array { writer in for rule in rules { write(rule, to: &writer, home: home) } }
  }

  private func write(_ rule: PolicySummary, to writer: inout JSONWriter, home: String) {
    let title = SARIFText.filled(rule.title, else: rule.id)
    writer.object { writer in
      writer.field("id", rule.id)
      writer.field("name", SARIFText.filled(rule.code, else: rule.id))
      for key in ["shortDescription", "fullDescription"] {
        writer.key(key)
        let text = key == "shortDescription" ? "\(rule.code): \(title)" : "\(title). \(rule.remedy)"
        writer.object { $0.field("text", SARIFText.cut(text, to: 1024)) }
      }
      writer.key("help")
      writer.object { writer in
        writer.field("text", SARIFText.filled(rule.remedy, else: title))
        writer.field("markdown", markdown(rule, title: title))
      }
      writer.field("helpUri", rule.help.hasPrefix("https://") ? rule.help : home)
      writer.key("defaultConfiguration")
      writer.object { $0.field("level", rule.severity.sarifLevel) }
      writer.key("properties")
      writer.object { writer in
        writer.field("tags", tags(rule))
        writer.field("precision", "high")
        writer.field(
          "problem.severity", rule.severity.sarifLevel == "note" ? "recommendation" : rule.severity.sarifLevel)
        writer.field("security-severity", rule.severity.securitySeverity)
      }
    }
  }

  /// GitHub keeps ten tags of a rule.
  private func tags(_ rule: PolicySummary) -> [String] {
    let controls = rule.controls.flatMap { control in control.ids.map { "\(control.framework)/\($0)" } }
    return Array((["security", "non-human-identity"] + controls).prefix(10))
  }

  private func markdown(_ rule: PolicySummary, title: String) -> String {
    var lines = ["**\(MarkdownText.inline(title))**"]
    if !rule.remedy.isEmpty { lines.append(MarkdownText.inline(rule.remedy)) }
    let controls = rule.controls.map { "\($0.framework) \($0.ids.joined(separator: ", "))" }.joined(separator: "; ")
    if !controls.isEmpty { lines.append("Controls: \(MarkdownText.inline(controls))") }
    lines.append("Policy: \(rule.id.asMarkdownCode)")
    return lines.joined(separator: "\n\n")
  }
}

extension Severity {
  /// SARIF §3.27.10.
  var sarifLevel: String {
    switch self {
    case .critical, .high: "error"
    case .medium: "warning"
    case .low, .info: "note"
    }
  }

  /// GitHub's score: over 9.0 critical, from 7.0 high, from 4.0 medium, below low. It has no word for `info`.
  var securitySeverity: String {
    switch self {
    case .critical: "9.5"
    case .high: "8.0"
    case .medium: "5.5"
    case .low: "2.0"
    case .info: "0.1"
    }
  }
}

/// Texts as SARIF wants them.
enum SARIFText {
  /// Required texts must not be empty.
  static func filled(_ text: String, else other: String) -> String {
    text.isEmpty ? (other.isEmpty ? "-" : other) : text
  }

  /// On one line, and without what a viewer would make a link of (§3.11.6: `[text](target)`).
  static func message(_ text: String) -> String {
    let line = filled(text.escapedOnOneLine, else: "-")
    guard line.contains("](") else { return line }
    var out = ""
    for scalar in line.unicodeScalars {
      if scalar == "[" || scalar == "]" || scalar == "\\" { out += "\\" }
      out.unicodeScalars.append(scalar)
    }
    return out
  }

  static func cut(_ text: String, to limit: Int) -> String {
    let text = filled(text.escapedOnOneLine, else: "-")
    guard text.unicodeScalars.count > limit else { return text }
    return String(String.UnicodeScalarView(text.unicodeScalars.prefix(limit - 1))) + "…"
  }
}
