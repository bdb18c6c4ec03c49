import Base
import Catalog
import Model
import Policies

/// Whether the monitoring works, as text and as JSON.
struct StatusReport {
  private let assessment: Assessment
  private let now: Instant
  private let deliveries: [String: SourceDelivery]
  private let listsIdentities: Bool

  init(_ assessment: Assessment, now: Instant, files: [CatalogedFile], listsIdentities: Bool) {
    self.assessment = assessment
    self.now = now
    self.listsIdentities = listsIdentities
    deliveries = Dictionary(grouping: files, by: \.source).mapValues { SourceDelivery($0) }
  }

  private var sources: [SourceCoverage] { assessment.result.coverage }
  private var identities: [JoinedIdentity] { assessment.estate.identities }

  var text: [UInt8] {
    var text = sources.map(block).joined()
    for message in stale { text += "stale        \(message.escapedOnOneLine)\n" }
    text += sight
    if listsIdentities {
      for identity in identities {
        let reason = identity.state == "unobservable" ? "  \(identity.usageGap)" : ""
        let last = identity.usage.map { "  last \($0.last)" } ?? ""
        text += "  \(identity.state.padded(to: 13))\(identity.label)\(last)\(reason)".escapedOnOneLine + "\n"
      }
    }
    return Array(text.utf8)
  }

  private func block(_ source: SourceCoverage) -> String {
    let formats = source.formats.isEmpty ? "" : ": " + source.formats.joined(separator: ", ")
    var text = "\(source.name.escapedOnOneLine) (\(source.kind.rawValue)\(formats))\n"
    if let collected = source.kind == .inventory ? source.collected : nil {
      text += "  taken      \(collected), \(age(collected)) ago\n"
    }
    if let first = source.first, let last = source.last {
      text += "  events     \(first) to \(last), the last \(age(last)) ago\n"
    }
    if source.inputs.isEmpty { return text + "  nothing read yet: run `muster sync`\n\n" }
    text +=
      "  records    \(source.records): \(source.used) used, \(source.duplicate) twice, \(source.filtered) left out, \(source.unreadable) unreadable\n"
    text += usageLines(source)
    text += "  files      \(source.inputs.count), \(notWhole(source)) not whole\n"
    for state in ["changed", "vanished"] {
      let files = source.inputs.filter { $0.status == state }
      if files.isEmpty { continue }
      let more = files.count > 3 ? " and \(files.count - 3) more" : ""
      text +=
        "  \(state.padded(to: 10)) \(files.prefix(3).map(\.path).joined(separator: ", "))\(more)".escapedOnOneLine
        + "\n"
    }
    for gap in source.gaps { text += "  silent     \(gap.from) to \(gap.to)\n" }
    return text + placeLines(source) + "\n"
  }

  /// The places, the dark ones and the silent ones each with those that were so last.
  private func placeLines(_ source: SourceCoverage) -> String {
    if source.places.isEmpty { return "" }
    func list(_ names: [String], _ most: Int) -> String {
      let more = names.count > most ? ", and \(names.count - most) more" : ""
      return names.prefix(most).joined(separator: ", ") + more
    }
    var text = "  places     \(list(source.places.map(\.name), 10))".escapedOnOneLine + "\n"
    let dark = source.dark.sorted { ($0.last ?? now) > ($1.last ?? now) }
    for place in dark.prefix(5) {
      guard let gap = place.dark else { continue }
      text += "  dark       \(place.name.escapedOnOneLine): nothing since \(gap.from), unlike before\n"
    }
    if dark.count > 5 { text += "             and \(dark.count - 5) more places\n" }
    let silent = source.places.flatMap { place in
      place.gaps.filter { $0 != place.dark }.map { (name: place.name, gap: $0) }
    }.sorted { $0.gap.to > $1.gap.to }
    for (name, gap) in silent.prefix(5) { text += "  silent     \(name.escapedOnOneLine): \(gap.from) to \(gap.to)\n" }
    if silent.count > 5 { text += "             and \(silent.count - 5) more silences of places\n" }
    return text
  }

  private func notWhole(_ source: SourceCoverage) -> Int {
    source.inputs.count { !["ok", "changed", "vanished"].contains($0.status) }
  }

  /// What is older than it may be, in words; an empty list where nothing is.
  var stale: [String] {
    assessment.result.findings.filter { ["source-stale", "log-gap"].contains($0.policy) && $0.verdict == .fail }
      .map(\.message)
  }

  private func usageLines(_ source: SourceCoverage) -> String {
    var text = ""
    if source.kind == .usage, source.used > 0 {
      let tenths = (source.used - min(source.used, source.unattributed)) * 1000 / source.used
      text +=
        "  who        \(tenths / 10).\(tenths % 10)% of the events are one identity's, \(source.unattributed) nobody's\n"
    }
    if let delivery = deliveries[source.name], let usual = delivery.delay(0.5), let late = delivery.delay(0.95) {
      text += "  delivered  \(span(usual)) after the last event, 95% within \(span(late))"
      text += delivery.early > 0 ? "; \(counted(delivery.early, "file", "files")) before it: a clock is wrong\n" : "\n"
      if let allowed = source.lateness, late > allowed.count {
        text += "  late       more than the \(allowed) that muster.yaml allows\n"
      }
    }
    if let last = ahead(source) {
      text += "  ahead      an event is of \(last), in \(age(last)): a clock is wrong\n"
    }
    return text
  }

  /// The last event, where it is further in the future than clocks differ.
  private func ahead(_ source: SourceCoverage) -> Instant? {
    source.ahead.flatMap { $0.milliseconds > now.milliseconds + 300_000 ? $0 : nil }
  }

  private func span(_ milliseconds: Int64) -> String {
    let seconds = abs(milliseconds) / 1000
    let sign = milliseconds < 0 ? "-" : ""
    if seconds < 120 { return "\(sign)\(seconds) s" }
    return seconds < 7200 ? "\(sign)\(seconds / 60) min" : "\(sign)\(seconds / 3600) h"
  }

  private func age(_ then: Instant) -> String {
    let minutes = abs(now.milliseconds - then.milliseconds) / 60_000
    if minutes < 120 { return counted(Int(minutes), "minute", "minutes") }
    return minutes < 48 * 60 ? "\(minutes / 60) hours" : "\(minutes / 1440) days"
  }

  /// How many identities could be seen, and why others not.
  private var sight: String {
    func count(_ state: String) -> Int { identities.count { $0.state == state } }
    var text =
      "identities   \(identities.count): \(count("seen")) seen in use, \(count("silent")) silent, \(count("unobservable")) unobservable\n"
    var reasons: [String: Int] = [:]
    for identity in identities where identity.state == "unobservable" { reasons[identity.usageGap, default: 0] += 1 }
    for (reason, count) in reasons.sorted(by: { ($1.value, $0.key) < ($0.value, $1.key) }) {
      text += "  \(count)  \(reason.escapedOnOneLine)\n"
    }
    return text
  }

  var json: [UInt8] {
    var writer = JSONWriter(pretty: true)
    writer.object { writer in
      writer.field("schema", "muster.status/1")
      writer.field("facts", assessment.facts.commit)
      writer.field("now", now.description)
      writer.key("sources")
      writer.array { writer in for source in sources { writer.object { write(source, &$0) } } }
      writer.field("stale", stale)
      writer.field("identities", identities.count)
      for state in ["seen", "silent", "unobservable"] {
        writer.field(state, identities.count { $0.state == state })
      }
      writer.key("sight")
      writer.array { writer in
        for identity in identities {
          writer.object { writer in
            writer.field("identity", identity.label)
            writer.field("state", identity.state)
            writer.field("last", identity.usage?.last.description)
            writer.field("coveredSince", identity.coveredSince?.description)
            writer.field("why", identity.state == "unobservable" ? identity.usageGap : nil)
          }
        }
      }
    }
    return writer.bytes + [0x0A]
  }

  private func write(_ source: SourceCoverage, _ writer: inout JSONWriter) {
    writer.field("name", source.name)
    writer.field("kind", source.kind.rawValue)
    writer.field("formats", source.formats)
    writer.field("collected", source.collected?.description)
    writer.field("first", source.first?.description)
    writer.field("last", source.last?.description)
    for (name, count) in [
      ("records", source.records), ("used", source.used), ("duplicate", source.duplicate),
      ("filtered", source.filtered),
      ("unreadable", source.unreadable), ("unattributed", source.unattributed),
    ] { writer.field(name, count) }
    writer.field("gaps", source.gaps.map { "\($0.from)/\($0.to)" })
    writer.key("places")
    writer.array { writer in
      for place in source.places {
        writer.object { writer in
          writer.field("name", place.name)
          writer.field("first", place.first?.description)
          writer.field("last", place.last?.description)
          writer.field("gaps", place.gaps.map { "\($0.from)/\($0.to)" })
          if source.kind == .usage { writer.field("dark", place.dark != nil) }
        }
      }
    }
    for state in ["changed", "vanished"] {
      writer.field(state, source.inputs.filter { $0.status == state }.map(\.path))
    }
    if let delivery = deliveries[source.name], let usual = delivery.delay(0.5) {
      writer.field("deliveryMedianMilliseconds", usual)
      writer.field("delivery95Milliseconds", delivery.delay(0.95))
      writer.field("deliveredBeforeLastEvent", delivery.early)
    }
    writer.field("every", source.every?.description)
    writer.field("files", source.inputs.count)
    writer.field("notWhole", notWhole(source))
    if let last = ahead(source) { writer.field("ahead", last.description) }
  }
}

extension JoinedIdentity {
  /// `seen`, `silent`, or `unobservable`: no source could show it.
  fileprivate var state: String { usage != nil ? "seen" : coveredSince != nil ? "silent" : "unobservable" }

  /// The handle, else the principal key.
  fileprivate var label: String { declaration?.handle.value ?? principal?.description ?? "" }
}
