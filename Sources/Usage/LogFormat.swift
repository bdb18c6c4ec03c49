import Base
import Model

/// One kind of log: how it is called and how it is read. One file a kind, one line of `all`.
struct LogFormat: Sendable {
  /// As coverage and `format:` of `muster.yaml` call it.
  let name: String
  /// A byte that every record of the kind holds; `nil` where there is none.
  var mark: UInt8?
  /// Whether records are rows of a table whose first line names the columns.
  var isTable = false
  let makeReader: @Sendable () -> any LogReader

  /// Every kind, in the order in which they are tried.
  static let all: [LogFormat] = [
    .cloudTrail, .kubernetes, .gcpAudit,
    .m365Audit, .m365AuditTable, .vaultAudit, .teleport,
    .gitHub, .okta, .googleWorkspace, .slack, .openAI, .anthropic, .mongoDBAtlas,
    .snowflake, .snowflakeCSV, .auth0, .gitLab, .databricks, .ocsf, .ecs,
    // Last of them: Azure exports the logs of others as well.
    .azure,
    .s3AccessJSON, .apiGateway, .kong, .loadBalancer, .s3Access, .accessLog,
    .wrapped,
  ]

  /// Every kind whose records can be read one by one.
  static var alone: [LogFormat] { all.filter { !$0.isTable && $0.name != wrapped.name } }
}

extension LogFormat {
  /// The mark of a kind whose records are objects of JSON.
  static let object = UInt8(ascii: "{")

  /// The kinds of log that files are held for: all, the one of that name, or the one that the mapping file of that path describes.
  static func named(_ name: String?) -> (formats: [LogFormat], diagnostics: [Diagnostic]) {
    guard let name else { return (all, []) }
    if let known = all.first(where: { $0.name == name }) { return ([known], []) }
    if name.hasSuffix(".yaml") || name.hasSuffix(".yml") {
      let mapped = mapped(name)
      return (mapped.format.map { [$0] } ?? [], mapped.diagnostics)
    }
    let problem = Diagnostic(
      .invalid, at: SourceLocation(path: "format"), "`\(name)` is not a format of usage sources",
      hint: suggestion(for: name, among: usageFormats))
    return ([], [problem])
  }
}

/// Reads the records of one kind of log. One stream at a time, by one thread.
protocol LogReader: AnyObject {
  /// Forgets the last stream.
  func restart()

  /// Takes the next window: what the last one left over, followed by new bytes; 64 bytes after `count` may be overwritten. With
  /// `isLast`, nothing follows. Gives the number of bytes that need not be shown again, 0 to ask for a longer window.
  func scan(_ window: UnsafeMutablePointer<UInt8>, count: Int, isLast: Bool) -> Int

  /// Gives up the record at the start of the window, which is too long.
  func passOver()

  /// Readable records of the window.
  var recordCount: Int { get }

  /// Unreadable records of the window, in order.
  var faults: [RecordFault] { get }

  /// Tells what the record says; `event` is only filled for `.event`.
  func normalise(_ record: Int, into event: inout LogEvent) -> Fate

  /// Where in the window the record begins; `nil` where that is not known.
  func begin(of record: Int) -> Int?

  /// Whether the texts of an event live only until the next record is asked for, not until the next window.
  var isShortLived: Bool { get }

  /// How many different calls were seen; their numbers are smaller.
  var callCount: Int { get }
}

extension LogReader {
  var isShortLived: Bool { false }
  func begin(of record: Int) -> Int? { nil }
}
