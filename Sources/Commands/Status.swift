import Base
import Model
import Policies

extension CommandSpecification {
  static let status = CommandSpecification(
    "status", "is the monitoring working: sources, freshness, gaps",
    details: "The exit code is 1 when a source is older than it may be.",
    options: [
      OptionSpecification("json", "as JSON"),
      OptionSpecification("facts", value: "REV", "take the facts of that revision"),
    ],
    examples: [("muster status", "one block a source, then who can be seen at all")]
  ) { invocation throws(CommandError) in
    let workspace = try Workspace(invocation.world)
    let assessment = try await workspace.assessWorkTree(invocation)
    invocation.console.report(assessment.result.diagnostics)
    let now = try invocation.now()
    let sources = assessment.result.coverage
    if invocation.has("json") {
      invocation.console.out(json(sources, assessment))
    } else {
      for source in sources { invocation.console.out(block(source, now)) }
      invocation.console.out(sight(assessment))
    }
    let isStale = assessment.result.findings.contains { $0.policy == "source-stale" && $0.verdict == .fail }
    let code = assessment.result.exitCode
    return code > .findings ? code : isStale ? .findings : .clean
  }
}

private func block(_ source: SourceCoverage, _ now: Instant) -> String {
  var text =
    "\(source.name.escapedOnOneLine) (\(source.kind.rawValue)\(source.formats.isEmpty ? "" : ": " + source.formats.joined(separator: ", ")))\n"
  if let collected = source.kind == .inventory ? source.collected : nil {
    text += "  taken      \(collected), \(age(collected, now)) ago\n"
  }
  if let first = source.first, let last = source.last {
    text += "  events     \(first) to \(last), the last \(age(last, now)) ago\n"
  }
  if source.inputs.isEmpty { return text + "  nothing read yet: run `muster sync`\n\n" }
  text +=
    "  records    \(source.records): \(source.used) used, \(source.duplicate) twice, \(source.filtered) left out, \(source.unreadable) unreadable\n"
  if source.unattributed > 0 { text += "  no actor   \(source.unattributed)\n" }
  text += "  files      \(source.inputs.count), \(source.inputs.filter { $0.status != "ok" }.count) not whole\n"
  for gap in source.gaps { text += "  silent     \(gap.from) to \(gap.to)\n" }
  if !source.places.isEmpty { text += "  places     \(source.places.joined(separator: ", ").escapedOnOneLine)\n" }
  return text + "\n"
}

private func age(_ then: Instant, _ now: Instant) -> String {
  let hours = (now.milliseconds - then.milliseconds) / 3_600_000
  return abs(hours) < 48 ? "\(hours) hours" : "\(hours / 24) days"
}

/// How many identities could be seen, and why others not.
private func sight(_ assessment: Assessment) -> String {
  let identities = assessment.estate.identities
  let seen = identities.filter { $0.usage != nil }.count
  let blind = identities.filter { $0.usage == nil && $0.coveredSince == nil }
  var text =
    "identities   \(identities.count): \(seen) seen in use, \(identities.count - seen - blind.count) silent, \(blind.count) unobservable\n"
  var reasons: [String: Int] = [:]
  for identity in blind { reasons[identity.usageGap, default: 0] += 1 }
  for (reason, count) in reasons.sorted(by: { ($1.value, $0.key) < ($0.value, $1.key) }) {
    text += "  \(count)  \(reason.escapedOnOneLine)\n"
  }
  return text
}

private func json(_ sources: [SourceCoverage], _ assessment: Assessment) -> String {
  let identities = assessment.estate.identities
  var writer = JSONWriter(pretty: true)
  writer.object { writer in
    writer.field("schema", "muster.status/1")
    writer.field("facts", assessment.facts.commit)
    writer.key("sources")
    writer.array { writer in
      for source in sources {
        writer.object { writer in
          writer.field("name", source.name)
          writer.field("kind", source.kind.rawValue)
          writer.field("formats", source.formats)
          writer.field("collected", source.collected?.description)
          writer.field("first", source.first?.description)
          writer.field("last", source.last?.description)
          for (name, count) in [
            ("records", source.records), ("used", source.used), ("duplicate", source.duplicate),
            ("filtered", source.filtered), ("unreadable", source.unreadable), ("unattributed", source.unattributed),
          ] { writer.field(name, count) }
          writer.field("gaps", source.gaps.map { "\($0.from)/\($0.to)" })
          writer.field("places", source.places)
        }
      }
    }
    writer.field("identities", identities.count)
    writer.field("seen", identities.filter { $0.usage != nil }.count)
    writer.field("unobservable", identities.filter { $0.usage == nil && $0.coveredSince == nil }.count)
  }
  return writer.text + "\n"
}
