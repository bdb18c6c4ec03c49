import Base
import Model

/// GitLab Code Quality: https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format. No byte order mark, `[]` when clean.
enum GitLabReport {
  static func write(_ result: CheckResult, _ options: ReportOptions) -> [UInt8] {
    var writer = JSONWriter(pretty: true)
    var seen: Set<String> = []
    writer.array { writer in
      for finding in result.findings {
        writer.object { writer in
          let unknown = finding.verdict == .unknown ? "unknown: " : ""
          writer.field("description", "\(finding.code): \(unknown)\(finding.message)".escapedOnOneLine)
          writer.field("check_name", finding.policy)
          writer.field("fingerprint", fingerprint(finding, &seen))
          writer.field("severity", severity(finding))
          writer.key("location")
          writer.object { writer in
            let path = finding.location.path
            writer.field("path", path.hasPrefix("./") ? String(path.dropFirst(2)) : path)
            writer.key("lines")
            writer.object { $0.field("begin", max(1, finding.location.line)) }
          }
        }
      }
    }
    writer.endLine()
    return JSONText.printable(writer.bytes)
  }

  private static func severity(_ finding: Finding) -> String {
    if finding.verdict == .unknown { return "info" }
    switch finding.severity {
    case .info: return "info"
    case .low: return "minor"
    case .medium: return "major"
    case .high: return "critical"
    case .critical: return "blocker"
    }
  }

  /// GitLab drops all but one of those that share a fingerprint.
  private static func fingerprint(_ finding: Finding, _ seen: inout Set<String>) -> String {
    var number = 1
    let base =
      finding.fingerprint.isEmpty ? SHA256Digest(of: "\(finding.location)\(finding.message)").hex : finding.fingerprint
    while !seen.insert(number == 1 ? base : "\(base)-\(number)").inserted { number += 1 }
    return number == 1 ? base : "\(base)-\(number)"
  }
}
