package import Base

/// What a source could show of one account, project, tenant or cluster: others of the same source may speak while it is silent.
package struct PlaceCoverage: Sendable, Hashable {
  /// `aws:111122223333`
  package var name: String
  /// Logs: the beginning of the first hour with events of it, and of the last one; `nil` for a snapshot.
  package var first: Instant?
  package var last: Instant?
  /// Whole hours without any event of it, longer than its own rhythm explains, while the source had others; sorted. Where the last
  /// one ends with the source, the place is dark.
  package var gaps: [Gap]

  package init(name: String, first: Instant? = nil, last: Instant? = nil, gaps: [Gap] = []) {
    self.name = name
    self.first = first
    self.last = last
    self.gaps = gaps
  }

  /// What it shows up to an instant: of a silence that events of the future end, what lies before it is kept where it is longer than a
  /// day.
  func seen(at end: Instant) -> PlaceCoverage {
    var place = self
    place.gaps = []
    for gap in gaps where gap.from < end {
      let isCut = gap.to > end.advanced(by: Milliseconds(86_400_000))
      if isCut && end.milliseconds - gap.from.milliseconds <= 86_400_000 { continue }
      place.gaps.append(Gap(from: gap.from, to: min(gap.to, end)))
      if isCut { place.last = last.map { min($0, gap.from.advanced(by: Milliseconds(-3_600_000))) } }
    }
    return place
  }

  /// The silence that had not ended when the source did.
  package var dark: Gap? { gaps.last.flatMap { gap in last.map { gap.from > $0 } ?? false ? gap : nil } }
}
