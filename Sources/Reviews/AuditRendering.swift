import Base
import Model

extension AuditReport {
  /// `audit log` as a table: one line a step, columns aligned, strangers' text escaped.
  package func logText() -> String {
    let rows = events.map { event in
      [
        event.time.description, String(event.commit.prefix(12)), event.kind.rawValue,
        event.item.isEmpty ? event.campaign : event.item, event.who.description, event.detail,
      ].map(\.escapedOnOneLine)
    }
    let header = ["TIME", "COMMIT", "STEP", "ITEM", "WHO", "WHAT"]
    let widths = header.indices.map { column in ([header] + rows).map { $0[column].count }.max() ?? 0 }
    return ([header] + rows).map { row in
      let cells = row.enumerated().map { column, cell in
        column == row.count - 1 ? cell : cell + String(repeating: " ", count: widths[column] - cell.count)
      }
      return trimmedEnd(cells.joined(separator: "  ")) + "\n"
    }.joined()
  }

  /// `audit log` as JSON: `{"schema": "muster.audit-log/1", "events": […]}`.
  package func logJSON() -> [UInt8] {
    var writer = JSONWriter(pretty: true)
    writer.object { writer in
      writer.field("schema", "muster.audit-log/1")
      writer.key("events")
      writer.array { writer in
        for event in events {
          writer.object { writer in
            writer.field("time", event.time.description)
            writer.field("commit", event.commit)
            writer.field("step", event.kind.rawValue)
            writer.field("campaign", event.campaign)
            writer.field("item", event.item)
            writer.field("identity", event.identity)
            writer.field("path", event.path)
            writer.key("who")
            write(event.who, &writer)
            writer.field("detail", event.detail)
          }
        }
      }
    }
    writer.endLine()
    return writer.bytes
  }

  /// `audit verify` as text: each problem with what to do, then the counts.
  package func verifyText() -> String {
    var out = ""
    for judged in decisions {
      let mark = judged.verdict == .pass ? "pass" : judged.verdict == .fail ? "FAIL" : "unknown"
      let line =
        "\(mark): \(judged.item): \(judged.decision.kind.rawValue) by \(judged.decision.by), \(judged.who.description)"
      out += "\(line), commit \(judged.commit.prefix(12))".escapedOnOneLine + "\n"
      for problem in judged.problems { out += text(problem) }
    }
    for problem in problems {
      out += "\(problem.isFailure ? "FAIL" : "unknown"): \(problem.path)".escapedOnOneLine + "\n" + text(problem)
    }
    let (d, c) = (decisions.count, commits)
    out +=
      "\(d) decision\(d == 1 ? "" : "s") on \(items) item\(items == 1 ? "" : "s") in \(c) commit\(c == 1 ? "" : "s"): "
    return out + "\(passed) pass, \(failed) fail, \(unknown) unknown\n"
  }

  private func text(_ problem: AuditProblem) -> String {
    let commit = problem.commit.isEmpty ? "" : " (commit \(problem.commit.prefix(12)))"
    return "  \(problem.code.rawValue): \(problem.message)\(commit)".escapedOnOneLine + "\n"
      + (problem.hint.isEmpty ? "" : "    \(problem.hint)".escapedOnOneLine + "\n")
  }

  /// `audit verify` as JSON: `{"schema": "muster.audit/1", "summary", "decisions": […], "problems": […]}`.
  package func verifyJSON() -> [UInt8] {
    var writer = JSONWriter(pretty: true)
    writer.object { writer in
      writer.field("schema", "muster.audit/1")
      writer.key("summary")
      writer.object { writer in
        writer.field("items", items)
        writer.field("commits", commits)
        writer.field("decisions", decisions.count)
        writer.field("pass", passed)
        writer.field("fail", failed)
        writer.field("unknown", unknown)
      }
      writer.key("decisions")
      writer.array { writer in for judged in decisions { write(judged, &writer) } }
      writer.key("problems")
      writer.array { writer in for problem in problems { write(problem, &writer) } }
    }
    writer.endLine()
    return writer.bytes
  }

  private func write(_ judged: JudgedDecision, _ writer: inout JSONWriter) {
    writer.object { writer in
      writer.field("item", judged.item)
      writer.field("path", judged.path)
      writer.field("decision", judged.decision.kind.rawValue)
      writer.field("by", judged.decision.by.description)
      writer.field("at", judged.decision.at.description)
      writer.field("until", judged.decision.until?.description)
      writer.field("reason", judged.decision.reason)
      writer.field("on", judged.decision.on)
      writer.field("commit", judged.commit)
      writer.field("time", judged.time.description)
      writer.key("who")
      write(judged.who, &writer)
      writer.field("verdict", judged.verdict.rawValue)
      writer.key("problems")
      writer.array { writer in for problem in judged.problems { write(problem, &writer) } }
    }
  }

  private func write(_ problem: AuditProblem, _ writer: inout JSONWriter) {
    writer.object { writer in
      writer.field("code", problem.code.rawValue)
      writer.field("verdict", problem.isFailure ? "fail" : "unknown")
      writer.field("item", problem.item.isEmpty ? nil : problem.item)
      writer.field("path", problem.path)
      writer.field("commit", problem.commit.isEmpty ? nil : problem.commit)
      writer.field("message", problem.message)
      writer.field("hint", problem.hint)
    }
  }

  private func write(_ actor: AuditActor, _ writer: inout JSONWriter) {
    writer.object { writer in
      switch actor {
      case .signed(let person):
        writer.field("signed", true)
        writer.field("person", person)
      case .unknownKey(let fingerprint):
        writer.field("signed", false)
        writer.field("key", fingerprint)
      case .unsigned(let author):
        writer.field("signed", false)
        writer.field("authorText", author)
      case .broken(let why):
        writer.field("signed", false)
        writer.field("problem", why)
      }
    }
  }
}

private func trimmedEnd(_ text: String) -> String {
  String(text.reversed().drop { $0 == " " }.reversed())
}
