import Base
import Model

/// `muster.findings/1` (DESIGN.md §7): everything that a run found, for programs. Positions are 1-based, 0 where unknown; what
/// is absent is left out; `evidence` maps a name to its text, or to a list of texts where the name occurs more than once.
enum JSONReport {
  static func write(_ result: CheckResult, _ options: ReportOptions) -> [UInt8] {
    var writer = JSONWriter(pretty: true)
    writer.object { writer in
      writer.field("schema", "muster.findings/1")
      writer.field("now", result.now.description)
      writer.key("inputs")
      write(result.inputs, to: &writer)
      writer.key("summary")
      write(result, Tally(result), to: &writer)
      for (name, findings) in [
        ("findings", result.findings), ("fixed", result.fixed), ("excepted", result.excepted),
      ] {
        writer.key(name)
        writer.array { writer in for finding in findings { write(finding, to: &writer) } }
      }
      writer.key("diagnostics")
      writer.array { writer in for diagnostic in result.diagnostics { write(diagnostic, to: &writer) } }
      writer.key("sources")
      writer.array { writer in for source in result.coverage { write(source, to: &writer) } }
    }
    writer.endLine()
    return JSONText.printable(writer.bytes)
  }

  private static func write(_ result: CheckResult, _ tally: Tally, to writer: inout JSONWriter) {
    writer.object { writer in
      writer.field("identities", result.identities)
      writer.field("policies", result.policies.count)
      writer.field("pass", tally.passed)
      writer.field("fail", tally.allFailed)
      writer.field("unknown", tally.allUnknown)
      writer.field("excepted", tally.excepted)
      for (name, counts) in [("failBySeverity", tally.failed), ("unknownBySeverity", tally.unknown)] {
        writer.key(name)
        writer.object { writer in
          for severity in Tally.severities { writer.field(severity.rawValue, counts[severity, default: 0]) }
        }
      }
      if !result.skipped.isEmpty {
        writer.key("notAsked")
        write(result.skipped, to: &writer)
      }
      if tally.isComparison {
        writer.key("changes")
        writer.object { writer in
          for change in [Finding.Change.new, .worse, .unchanged] {
            writer.field(change.rawValue, tally.changes[change, default: 0])
          }
          writer.field("fixed", tally.fixed)
        }
      }
      writer.field("failOn", result.failOn.rawValue)
      writer.field("counting", tally.counting)
      writer.field("complete", tally.problems == 0)
    }
  }

  private static func write(_ finding: Finding, to writer: inout JSONWriter) {
    writer.object { writer in
      writer.field("policy", finding.policy)
      writer.field("code", finding.code)
      writer.field("title", finding.title)
      writer.field("severity", finding.severity.rawValue)
      writer.field("verdict", finding.verdict.rawValue)
      writer.field("change", finding.mark)
      writer.field("identity", finding.identity)
      writer.field("principal", finding.principal?.description)
      writer.field("message", finding.message)
      writer.key("location")
      write(finding.location, to: &writer)
      writer.key("related")
      writer.array { writer in
        for related in finding.related {
          writer.object { writer in
            writer.field("role", related.role)
            writer.field("message", related.message)
            writer.key("location")
            write(related.location, to: &writer)
          }
        }
      }
      writer.key("evidence")
      write(finding.evidence, to: &writer)
      writer.key("controls")
      writer.object { writer in for control in finding.controls { writer.field(control.framework, control.ids) } }
      writer.field("remedy", finding.remedy)
      writer.field("help", finding.help)
      writer.field("exception", finding.exception)
      writer.field("fingerprint", finding.fingerprint)
    }
  }

  private static func write(_ diagnostic: Diagnostic, to writer: inout JSONWriter) {
    writer.object { writer in
      writer.field("kind", diagnostic.kind.rawValue)
      writer.field("message", diagnostic.message)
      writer.field("hint", diagnostic.hint.isEmpty ? nil : diagnostic.hint)
      writer.key("location")
      write(diagnostic.location, to: &writer)
    }
  }

  private static func write(_ source: SourceCoverage, to writer: inout JSONWriter) {
    writer.object { writer in
      writer.field("name", source.name)
      writer.field("kind", source.kind.rawValue)
      writer.field("collected", source.collected?.description)
      writer.field("first", source.first?.description)
      writer.field("last", source.last?.description)
      writer.field("records", source.records)
      writer.field("unreadable", source.unreadable)
      writer.field("unattributed", source.unattributed)
      writer.field("gaps", source.gaps.count)
    }
  }

  private static func write(_ location: SourceLocation, to writer: inout JSONWriter) {
    writer.object { writer in
      writer.field("path", location.path)
      writer.field("line", location.line)
      writer.field("column", location.column)
    }
  }

  /// Names in the order of their first occurrence.
  private static func write(_ pairs: [Tag], to writer: inout JSONWriter) {
    var names: [String] = []
    var values: [String: [String]] = [:]
    for pair in pairs {
      if values[pair.key] == nil { names.append(pair.key) }
      values[pair.key, default: []].append(pair.value)
    }
    writer.object { writer in
      for name in names {
        let list = values[name, default: []]
        if list.count == 1 { writer.field(name, list[0]) } else { writer.field(name, list) }
      }
    }
  }
}
