import Base
import Model

/// SARIF 2.1.0 (OASIS), with what GitHub code scanning asks for on top: https://docs.github.com/en/code-security/code-scanning/
/// integrating-with-code-scanning/sarif-support-for-code-scanning.
enum SARIFReport {
  /// GitHub refuses a run with more results than the first number, and shows only the second number of them.
  struct Limits {
    var accepted = 25_000
    var shown = 5000
  }

  static func write(_ result: CheckResult, _ options: ReportOptions) -> [UInt8] {
    write(result, options, limits: Limits())
  }

  static func write(_ result: CheckResult, _ options: ReportOptions, limits: Limits) -> [UInt8] {
    var kept = result.findings
    if kept.count > limits.shown { kept = worstFirst(kept) }
    let left = kept.count > limits.accepted ? kept.count - limits.shown : 0
    kept.removeLast(left)
    let excepted = options.showsExcepted ? Array(result.excepted.prefix(max(0, limits.accepted - kept.count))) : []
    let rules = SARIFRules(result, findings: kept + excepted)
    var places = SARIFPlaces(options)
    var writer = JSONWriter(pretty: true)
    writer.object { writer in
      writer.field(
        "$schema", "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json")
      writer.field("version", "2.1.0")
      writer.key("runs")
      writer.array { writer in
        writer.object { writer in
          tool(rules, options, to: &writer)
          invocation(result, left: left, limits: limits, to: &writer)
          if let category = options.category {
            writer.key("automationDetails")
            writer.object { $0.field("id", category) }
          }
          writer.field("columnKind", "unicodeCodePoints")
          writer.key("results")
          writer.array { writer in
            for finding in kept + excepted {
              SARIFResult(finding, rule: rules.index(of: finding)).write(to: &writer, places: &places)
            }
          }
          properties(result, to: &writer)
        }
      }
    }
    writer.endLine()
    return JSONText.printable(writer.bytes)
  }

  /// The most severe first, failures before unknowns, otherwise in the total order of reports.
  private static func worstFirst(_ findings: [Finding]) -> [Finding] {
    findings.enumerated().sorted { a, b in
      let (left, right) = ((a.element.verdict, a.element.severity), (b.element.verdict, b.element.severity))
      return left == right ? a.offset < b.offset : left > right
    }.map(\.element)
  }

  private static func tool(_ rules: SARIFRules, _ options: ReportOptions, to writer: inout JSONWriter) {
    writer.key("tool")
    writer.object { writer in
      writer.key("driver")
      writer.object { writer in
        writer.field("name", "muster")
        writer.field("semanticVersion", options.version)
        writer.field("informationUri", options.home)
        writer.key("rules")
        rules.write(to: &writer, home: options.home)
      }
    }
  }

  private static func invocation(_ result: CheckResult, left: Int, limits: Limits, to writer: inout JSONWriter) {
    writer.key("invocations")
    writer.array { writer in
      writer.object { writer in
        writer.field("executionSuccessful", !result.diagnostics.contains { $0.kind != .warning })
        writer.key("toolExecutionNotifications")
        writer.array { writer in
          if left > 0 {
            let shown = "the \(limits.shown) most severe of \(limits.shown + left) findings are in this file"
            notification("warning", "\(shown): a run may not hold more than \(limits.accepted)", nil, to: &writer)
          }
          for line in result.skippedLines { notification("note", "not asked: \(line)", nil, to: &writer) }
          for diagnostic in result.diagnostics.prefix(limits.shown) {
            let hint = diagnostic.hint.isEmpty ? "" : " (\(diagnostic.hint))"
            let level = diagnostic.kind == .warning ? "warning" : "error"
            notification(level, diagnostic.message + hint, diagnostic.location, to: &writer)
          }
        }
      }
    }
  }

  private static func notification(
    _ level: String, _ text: String, _ location: SourceLocation?, to writer: inout JSONWriter
  ) {
    writer.object { writer in
      writer.field("level", level)
      writer.key("message")
      writer.object { $0.field("text", SARIFText.message(text)) }
      guard let location, !location.path.isEmpty else { return }
      writer.key("locations")
      writer.array { writer in writer.object { SARIFPlaces.physical(location, length: 0, to: &$0) } }
    }
  }

  private static func properties(_ result: CheckResult, to writer: inout JSONWriter) {
    writer.key("properties")
    writer.object { writer in
      writer.field("muster/asOf", result.now.description)
      for input in result.inputs { writer.field("muster/\(input.key)", input.value) }
    }
  }
}
