import Base
import Catalog
import Model
import Usage

/// What verifying the log files came to.
struct LogVerification {
  struct Row {
    var source: String
    var path: String
    var state: String
    var detail: String
    var expected = ""
    var found = ""
  }

  private let root: String
  private var rows: [Row] = []

  init(root: String) { self.root = root }

  mutating func add(_ survey: LogSurvey, source: String) {
    for row in survey.rows {
      var result = Row(source: source, path: shown(row.path, root), state: "ok", detail: "")
      result.expected = row.known?.content.account.sha256 ?? ""
      let was = row.known?.content.account.storedBytes ?? 0
      let now = row.stamp?.size ?? 0
      switch row.state {
      case .same, .touched: break
      case .new: (result.state, result.detail, result.expected) = ("new", "not read yet: run `muster sync`", "")
      case .copy(let original):
        (result.state, result.detail) = ("copy", "the same bytes as \(shown(original, root))")
      case .grown: (result.state, result.detail) = ("grown", "by \(now - Int64(was)) bytes; what was read is unchanged")
      case .changed(let digest):
        (result.state, result.found) = ("changed", digest)
        result.detail = "was \(was) bytes of \(result.expected.prefix(12))…, is \(now) bytes of \(digest.prefix(12))…"
      case .vanished: (result.state, result.detail) = ("vanished", "\(was) bytes were read of it")
      case .unreadable(let reason): (result.state, result.detail) = ("unreadable", reason)
      }
      if row.known?.evidence == .changed, result.state == "ok" { result.detail = "it is again what was read" }
      rows.append(result)
    }
  }

  /// Adds those of the cataloged files that may be there and cannot be looked at, as in a folder that nobody may enter.
  mutating func addUnreachable(_ files: [CatalogedFile], source: String) {
    for file in files where FileStamp(of: file.path) == nil && !FileStamp.isGone(file.path) {
      let detail = "its folder cannot be entered"
      rows.append(Row(source: source, path: shown(file.path, root), state: "unreadable", detail: detail))
    }
  }

  mutating func add(_ check: TrailDigestCheck, source: String) {
    for row in check.rows {
      rows.append(Row(source: source, path: shown(row.path, root), state: row.state, detail: row.detail))
    }
  }

  private func count(_ states: String...) -> Int { rows.count { states.contains($0.state) } }

  var exitCode: ExitCode {
    if count("changed", "vanished", "digest-broken", "digest-mismatch", "digest-missing") > 0 { return .findings }
    return count("unreadable", "digest-unreadable") > 0 ? .incomplete : .clean
  }

  var summary: String {
    let names = [
      "ok", "grown", "copy", "new", "changed", "vanished", "unreadable", "digest-ok", "digest-unsigned",
      "digest-missing", "digest-mismatch",
      "digest-broken",
      "digest-unreadable",
    ]
    return names.map { ($0, count($0)) }.filter { $0.1 > 0 }.map { "\($0.1) \($0.0)" }.joined(separator: ", ")
  }

  /// What is in order is only counted.
  var text: [UInt8] {
    var text = ""
    for row in rows where row.state != "ok" {
      text +=
        "\(row.state.padded(to: 16))  \(row.path)\(row.detail.isEmpty ? "" : ": \(row.detail)")".escapedOnOneLine + "\n"
    }
    return Array(text.utf8)
  }

  var json: [UInt8] {
    var writer = JSONWriter(pretty: true)
    writer.object { json in
      json.field("schema", "muster.logs-verify/1")
      json.field("clean", exitCode == .clean)
      json.key("files")
      json.array { json in
        for row in rows {
          json.object { json in
            json.field("source", row.source)
            json.field("path", row.path)
            json.field("state", row.state)
            json.field("sha256", row.expected.isEmpty ? nil : row.expected)
            json.field("found", row.found.isEmpty ? nil : row.found)
            json.field("detail", row.detail.isEmpty ? nil : row.detail)
          }
        }
      }
    }
    return writer.bytes + [0x0A]
  }
}
