import Base
import Declarations
import Model
import Reports

/// Where reports go: `--output FORMAT[=PATH]`, repeatable.
struct OutputOptions: Sendable {
  static let option = OptionSpecification(
    "output", short: "o", value: "FORMAT[=PATH]", "write a report, to standard output without PATH; repeatable",
    repeated: true, choices: ReportFormat.all.map(\.name))

  private let targets: [(format: ReportFormat, path: String?)]

  /// Reads the options; with none, text on standard output.
  init(_ values: [String]) throws(CommandError) {
    var targets: [(format: ReportFormat, path: String?)] = []
    for value in values.isEmpty ? ["text"] : values {
      let parts = value.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
      guard let format = ReportFormat.named(parts[0]) else {
        throw CommandError(
          .usage, "unknown format '\(parts[0])'",
          hint: suggestion(for: parts[0], among: ReportFormat.all.map(\.name)))
      }
      targets.append((format, parts.count == 2 ? parts[1] : nil))
    }
    let lineBased = ["text", "concise", "github"]
    let whole = targets.filter { $0.path == nil && !lineBased.contains($0.format.name) }
    if !whole.isEmpty && targets.filter({ $0.path == nil }).count > 1 {
      throw CommandError(
        .usage, "\(whole[0].format.name) cannot share standard output with another format",
        hint: "write it to a file: --output \(whole[0].format.name)=PATH")
    }
    self.targets = targets
  }

  /// Whether standard output gets the report that tells problems with inputs too.
  var showsText: Bool { targets.contains { $0.path == nil && $0.format.name == "text" } }

  /// Writes every report.
  func write(_ result: CheckResult, _ invocation: Invocation, options: ReportOptions) throws(CommandError) {
    for target in targets {
      var options = options
      options.colour = target.path == nil && invocation.world.usesColour
      options.width = target.path == nil && invocation.world.outputIsTerminal ? invocation.world.width : 0
      let bytes = target.format.render(result, options: options)
      guard let path = target.path else {
        invocation.console.out(bytes)
        continue
      }
      do { try FileSystem.write(bytes, to: invocation.world.absolute(path)) } catch { throw CommandError(error) }
    }
  }
}

extension ReportOptions {
  /// Options with the lines of the files that were checked.
  init(showing governance: Governance, _ invocation: Invocation) {
    self.init()
    version = Version.text
    let files = Dictionary(
      (governance.sources + governance.reviewFiles.map { SourceFile(path: $0.path, bytes: redactingSecrets($0)) })
        .map { ($0.path, $0.bytes) }, uniquingKeysWith: { first, _ in first }
    )
    source = { files[$0] }
    showsExcepted = invocation.has("show-excepted")
    showsUnchanged = invocation.has("show-unchanged")
  }
}
