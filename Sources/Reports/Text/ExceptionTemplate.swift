import Base
import Model

/// An exception for a finding, ready to be pasted into a file and completed by a person.
struct ExceptionTemplate {
  /// `exceptions/<id>.yaml`.
  let path: String
  /// The file's content: a YAML flow mapping on one line.
  let line: String

  /// `nil` for a finding about no identity.
  init?(_ finding: Finding, now: Instant) {
    guard !finding.subject.isEmpty else { return nil }
    let name = finding.identity ?? finding.principal?.shortName ?? ""
    let id = ExceptionTemplate.slug("\(name)-\(finding.policy)")
    path = "exceptions/\(id).yaml"
    let fields = [
      ("exception", id), ("policy", finding.policy), ("identity", finding.subject), ("reason", "WHY"),
      ("owner", "team:NAME"), ("approver", "person:NAME"), ("expires", now.day.advanced(by: 90).description),
    ]
    line = "{\(fields.map { "\($0): \(ExceptionTemplate.scalar($1))" }.joined(separator: ", "))}"
  }

  /// Lower-case letters, digits and single hyphens, at most 80.
  private static func slug(_ text: String) -> String {
    var out = ""
    for scalar in text.lowercased().unicodeScalars {
      switch scalar {
      case "a"..."z", "0"..."9": out.unicodeScalars.append(scalar)
      default: if !out.isEmpty && !out.hasSuffix("-") { out += "-" }
      }
    }
    let cut = String(out.prefix(80))
    return cut.hasSuffix("-") ? String(cut.dropLast()) : cut
  }

  /// Plain where YAML reads it back as it stands, else in double quotes (JSON's are a subset of YAML's).
  private static func scalar(_ text: String) -> String {
    let isPlain =
      text.unicodeScalars.allSatisfy {
        ("a"..."z").contains($0) || ("A"..."Z").contains($0) || ("0"..."9").contains($0)
          || "-_./:".unicodeScalars.contains($0)
      } && !text.hasSuffix(":") && !text.hasPrefix("-") && !text.isEmpty
    if isPlain { return text }
    var writer = JSONWriter()
    writer.string(text)
    return PlainText.line(String(decoding: JSONText.printable(writer.bytes), as: UTF8.self))
  }
}
