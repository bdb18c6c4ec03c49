package import Base

/// What one source could show: without it, nothing may be concluded from silence.
package struct SourceCoverage: Sendable, Hashable {
  package enum Kind: String, Sendable, CaseIterable { case inventory, usage }

  /// The name in `muster.yaml`.
  package var name: String
  package var kind: Kind
  /// `cloudtrail`, `aws-authorization-details`, … as recognised; sorted, several when the files differ.
  package var formats: [String]
  /// Globs of the places that the source shows: `aws:*`.
  package var covers: [String]
  /// Snapshot: when it was taken. Logs: the last event.
  package var collected: Instant?
  /// First and last event of logs; `nil` for a snapshot or when nothing was read.
  package var first: Instant?
  package var last: Instant?
  /// Older than this is stale.
  package var every: Milliseconds?
  /// How late events may arrive.
  package var lateness: Milliseconds?
  /// Periods without any event, longer than the source's own rhythm.
  package var gaps: [Gap]
  package var inputs: [InputFile]
  /// Records by fate, over all inputs; the four add up to `records`.
  package var used: UInt64
  package var duplicate: UInt64
  package var filtered: UInt64
  package var unreadable: UInt64
  /// Events that no identity could be tied to.
  package var unattributed: UInt64
  /// Accounts, projects, tenants and clusters seen in the source; sorted by the bytes of their names.
  package var places: [PlaceCoverage]
  /// The last event of logs where it lies behind the instant at which the source is looked at: a clock is wrong. Not kept in facts.
  package var ahead: Instant?
  /// Where the record stands in the facts' files; not part of its value.
  package var location: SourceLocation?

  package init(name: String, kind: Kind) {
    self.name = name
    self.kind = kind
    (formats, covers, gaps, inputs, places) = ([], [], [], [], [])
    (used, duplicate, filtered, unreadable, unattributed) = (0, 0, 0, 0, 0)
  }

  /// What it shows at an instant. One event that a wrong clock dates behind it must not make a silent source look alive: the source
  /// ends where the silence before that event began, and nowhere where its rhythm is not known.
  package func seen(at now: Instant) -> SourceCoverage {
    guard kind == .usage, let last, last > now else { return self }
    var source = self
    source.ahead = last
    source.gaps = gaps.filter { $0.to <= now }
    if let silence = gaps.first(where: { $0.from <= now && now < $0.to }) {
      source.last = silence.from
    } else {
      source.last = last.milliseconds - now.milliseconds <= 86_400_000 ? now : nil
    }
    source.first = source.last == nil ? nil : min(first ?? now, now)
    source.places = places.map { $0.seen(at: source.last ?? now) }
    source.collected = source.last
    return source
  }

  /// What it shows of the place of that name, if it was seen there.
  package func place(_ name: String) -> PlaceCoverage? {
    var (low, high) = (0, places.count)
    while low < high {
      let middle = (low + high) / 2
      if utf8Precedes(places[middle].name, name) { low = middle + 1 } else { high = middle }
    }
    return low < places.count && utf8Order(places[low].name, name) == 0 ? places[low] : nil
  }

  /// Places of which logs showed nothing any more when they ended.
  package var dark: [PlaceCoverage] { places.filter { $0.dark != nil } }

  /// All records of the inputs; the greatest number where the sum is larger, as only a forged file can say.
  package var records: UInt64 {
    [used, duplicate, filtered, unreadable].reduce(0) { sum, count in
      let (next, overflow) = sum.addingReportingOverflow(count)
      return overflow ? .max : next
    }
  }
}

/// A silent interval.
package struct Gap: Sendable, Hashable {
  package var from: Instant
  package var to: Instant

  package init(from: Instant, to: Instant) {
    self.from = from
    self.to = to
  }
}

/// One input file and what became of it.
package struct InputFile: Sendable, Hashable {
  /// As named on the command line or found by the glob; relative where that was.
  package var path: String
  package var sha256: String
  package var bytes: UInt64
  package var records: UInt64
  /// `ok`, `partial` (some records unreadable), `unreadable`, `empty`.
  package var status: String

  package init(path: String, sha256: String, bytes: UInt64, records: UInt64, status: String) {
    self.path = path
    self.sha256 = sha256
    self.bytes = bytes
    self.records = records
    self.status = status
  }
}

/// Everything discovered and used, as committed on `muster/observed`.
package struct FactSet: Sendable {
  /// Sorted by principal.
  package var identities: [IdentityFact]
  /// Sorted by principal.
  package var usage: [UsageFact]
  /// Sorted by credential id.
  package var lifecycles: [CredentialLifecycle]
  /// Sorted by what tells them apart.
  package var signals: [SignalFact]
  /// Sorted by kind, name and source.
  package var people: [PersonFact]
  /// Sorted by kind, then name.
  package var sources: [SourceCoverage]
  /// The commit that holds them, in hexadecimal; `nil` before the first `sync`.
  package var commit: String?

  package init() { (identities, usage, lifecycles, signals, people, sources) = ([], [], [], [], [], []) }
}
