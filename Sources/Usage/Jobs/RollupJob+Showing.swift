import Base
import Model

extension RollupJob {
  /// `rollup show`: a part as text, or all of it as JSON. The exit code.
  package func show() throws(JobError) -> Int32 {
    guard let path = arguments.first else { throw JobError(.usage, "no part is named") }
    let output = value("output") ?? "text"
    if !["text", "json"].contains(output) {
      throw JobError(
        .usage, "--output cannot be '\(output)'", hint: suggestion(for: output, among: ["text", "json"]))
    }
    let part = try ofParts { () throws(PartError) in try UsagePart(reading: world.resolve(path)) }
    world.out(output == "json" ? json(part) : Array(text(part).utf8))
    return 0
  }

  private func text(_ part: UsagePart) -> String {
    let bad = part.ledger.reduce(0) { $0 + $1.bad }
    let filtered = part.ledger.reduce(0) { $0 + $1.filtered }
    var lines = [
      "events       \(part.used) distinct, \(part.duplicates) second deliveries, \(filtered) filtered, \(bad) unreadable",
      "identities   \(part.identityCount), \(part.unattributed) events of none",
    ]
    if let period = part.period { lines.append("period       \(period.first) to \(period.last)") }
    for gap in part.gaps { lines.append("silent       \(gap.from) to \(gap.to)") }
    if !part.places.isEmpty { lines.append("places       \(part.places.joined(separator: ", "))") }
    lines.append("index        \(part.isSealed ? "sealed" : "\(part.indexBytes) bytes")")
    lines.append("inputs       \(part.ledger.count)")
    for status in [InputStatus.ok, .empty, .partial, .unreadable] {
      let count = part.ledger.count { $0.status == status }
      if count > 0 { lines.append("  \(status): \(count)") }
    }
    for row in part.ledger.filter({ !$0.isWhole }).prefix(20) {
      lines.append(
        "  \(row.status) \(row.name): \(counted(row.events, "event")), \(counted(row.bad, "unreadable record"))")
    }
    lines.append("most active")
    for fact in part.facts.sorted(by: { ($1.events, $0.principal) < ($0.events, $1.principal) }).prefix(20) {
      lines.append("  \(fact.events) (\(fact.denied) denied) \(fact.principal), \(fact.first) to \(fact.last)")
    }
    return lines.map { $0.escapedOnOneLine + "\n" }.joined()
  }

  private func json(_ part: UsagePart) -> [UInt8] {
    var json = JSONWriter()
    json.object { json in
      json.field("schema", "muster.rollup/3")
      json.field("events", part.used)
      json.field("duplicates", part.duplicates)
      json.field("unattributed", part.unattributed)
      json.field("first", part.period?.first.description)
      json.field("last", part.period?.last.description)
      json.field("places", part.places)
      json.field("sealed", part.isSealed)
      json.key("gaps")
      json.array { json in
        for gap in part.gaps {
          json.object { json in
            json.field("from", gap.from.description)
            json.field("to", gap.to.description)
          }
        }
      }
      json.key("inputs")
      json.array { json in for row in part.ledger { row.write(to: &json) } }
      json.key("identities")
      json.array { json in for fact in part.facts { fact.write(to: &json) } }
      json.key("credentials")
      json.array { json in for life in part.lifecycles { life.write(to: &json) } }
    }
    json.endLine()
    return json.bytes
  }
}

extension LedgerRow {
  fileprivate func write(to json: inout JSONWriter) {
    json.object { json in
      json.field("name", name)
      json.field("size", size)
      json.field("digest", digest.map { "\($0.kind.rawValue):\($0.hex)" })
      json.field("format", format)
      json.field("events", events)
      json.field("filtered", filtered)
      json.field("bad", bad)
      json.field("status", status.rawValue)
    }
  }
}
