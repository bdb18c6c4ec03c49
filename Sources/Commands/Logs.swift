import Base
import Catalog
import Model
import Usage

extension CommandSpecification {
  private static let sourceOption = OptionSpecification("source", value: "NAME", "only that source of muster.yaml")

  static let logsList = CommandSpecification(
    "logs list", "the log files that were read, with digest, period and counts",
    details: "As `muster sync` cataloged them. Files that changed or vanished since are marked.",
    options: [sourceOption, DataOutput.option],
    examples: [("muster logs list --source cloudtrail", "one line a file")]
  ) { invocation throws(CommandError) in
    let output = try DataOutput(invocation)
    let workspace = try Workspace(invocation.world)
    let catalog = try workspace.catalog()
    let files: [CatalogedFile]
    do throws(CatalogError) { files = try catalog.files(of: invocation.value("source")) } catch {
      throw CommandError(error)
    }
    if let wanted = invocation.value("source"), files.isEmpty {
      throw CommandError(
        .usage, "no log of a source '\(wanted)' is cataloged", hint: "`muster logs list` names the sources")
    }
    let list = LogList(files, root: workspace.root)
    try output.write(text: { _ in list.text }, json: { list.json }, invocation)
    invocation.console.note(counted(files.count, "file", "files"))
    return .clean
  }

  static let logsVerify = CommandSpecification(
    "logs verify", "are the log files still what was read; are CloudTrail's digests right",
    details: """
      Reads every cataloged file again and compares its SHA-256 with the catalog: ok, grown (its beginning is what it was), changed,
      vanished, or new. CloudTrail's own digest files among the source's files are checked too: each names the log files of an hour
      with their SHA-256, and the digest before it. Their signature is checked where --public-key names the region's key (PEM or DER;
      `aws cloudtrail list-public-keys`), else it is unknown. The exit code is 1 for what looks like tampering, 3 for what cannot be read.
      """,
    options: [
      sourceOption,
      OptionSpecification("public-key", value: "FILE", "CloudTrail's public key; repeatable", repeated: true),
      DataOutput.option,
    ],
    examples: [("muster logs verify", "before an audit, and after an incident")]
  ) { invocation throws(CommandError) in
    let output = try DataOutput(invocation)
    let workspace = try Workspace(invocation.world)
    let (governance, _) = try workspace.governance(.workTree)
    let catalog = try workspace.catalog()
    var result = LogVerification(root: workspace.root)
    var keys: [TrailPublicKey] = []
    for path in invocation.values("public-key") { keys.append(try TrailPublicKey(at: path, invocation.world)) }
    let known: [CatalogedFile]
    do throws(CatalogError) { known = try catalog.files() } catch { throw CommandError(error) }
    let total = known.reduce(0) { $0 + Int($1.stamp.size) }
    let progress = Progress("verifying", total: total, invocation)
    let names = governance.configuration.usage.map(\.name.value)
    if let wanted = invocation.value("source"), !names.contains(wanted) {
      throw CommandError(
        .usage, "muster.yaml has no usage source '\(wanted)'", hint: suggestion(for: wanted, among: names))
    }
    for source in governance.configuration.usage {
      let name = source.name.value
      if let wanted = invocation.value("source"), wanted != name { continue }
      let files = logFiles(of: source, root: workspace.root).files
      result.addUnreachable(known.filter { $0.source == name }, source: name)
      let logs = files.filter { !TrailDigest.isDigest($0) }
      let survey = LogSurvey(of: logs, known: known.filter { $0.source == name }, verifying: true) { progress.add($0) }
      result.add(survey, source: name)
      result.add(TrailDigestCheck(files.filter { TrailDigest.isDigest($0) }, logs: logs, keys: keys), source: name)
    }
    progress.end()
    try output.write(text: { _ in result.text }, json: { result.json }, invocation)
    invocation.console.note(result.summary)
    return result.exitCode
  }
}

/// The cataloged files as a table or as JSON.
struct LogList {
  private let files: [CatalogedFile]
  private let root: String
  /// Of each content, the path under which it is listed first.
  private var firstPaths: [Int64: String] = [:]

  init(_ files: [CatalogedFile], root: String) {
    self.files = files
    self.root = root
    for file in files where firstPaths[file.content.number] == nil { firstPaths[file.content.number] = file.path }
  }

  private func original(_ file: CatalogedFile) -> String? {
    firstPaths[file.content.number].flatMap { $0 == file.path ? nil : shown($0, root) }
  }

  var text: [UInt8] {
    var text = ""
    for file in files {
      let account = file.content.account
      let period = file.content.period.map {
        "\(Instant(milliseconds: $0.lowerBound)) \(Instant(milliseconds: $0.upperBound))"
      }
      let words = [
        file.source.padded(to: 12), file.state.padded(to: 10), String(account.records).padded(to: 8),
        (period ?? "no event").padded(to: 41), account.sha256.prefix(12) + "", shown(file.path, root),
      ]
      text += words.joined(separator: "  ").escapedOnOneLine
      text += (original(file).map { "  same as \($0)" } ?? "").escapedOnOneLine + "\n"
    }
    return Array(text.utf8)
  }

  var json: [UInt8] {
    var writer = JSONWriter(pretty: true)
    writer.object { json in
      json.field("schema", "muster.logs/1")
      json.key("files")
      json.array { json in for file in files { json.object { write(file, &$0) } } }
    }
    return writer.bytes + [0x0A]
  }

  private func write(_ file: CatalogedFile, _ json: inout JSONWriter) {
    let account = file.content.account
    json.field("source", file.source)
    json.field("path", shown(file.path, root))
    json.field("state", file.state)
    json.field("sha256", account.sha256)
    json.field("found", file.found.isEmpty ? nil : file.found)
    json.field("bytes", account.storedBytes)
    json.field("format", account.format)
    json.field("first", file.content.period.map { Instant(milliseconds: $0.lowerBound).description })
    json.field("last", file.content.period.map { Instant(milliseconds: $0.upperBound).description })
    for (name, count) in [
      ("records", account.records), ("events", account.used + account.duplicate), ("filtered", account.filtered),
      ("unreadable", account.unreadable),
    ] { json.field(name, count) }
    json.field("sameAs", original(file))
    json.field("problems", account.diagnostics.map { $0.shown(below: root).description })
  }
}

extension CatalogedFile {
  /// `ok`, `partial`, `unreadable`, `empty`; or `changed`, `vanished`.
  var state: String {
    switch evidence {
    case .changed: "changed"
    case .vanished: "vanished"
    case .none: content.account.input.status
    }
  }
}
