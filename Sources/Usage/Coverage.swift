import Base
package import Model

extension UsagePart {
  /// What the source could show, from what was read of it.
  package func coverage(of source: UsageSource) -> SourceCoverage {
    var coverage = SourceCoverage(name: source.name, kind: .usage)
    coverage.formats = Set(ledger.filter { $0.events > 0 }.map(\.format)).sorted(by: precedes)
    coverage.covers = source.covers
    coverage.every = source.every
    coverage.lateness = source.lateness
    coverage.first = period?.first
    coverage.last = period?.last
    coverage.collected = coverage.last
    coverage.gaps = gaps
    let silences = hours.silences
    let end = hours.end(silences: silences) - (source.lateness?.count ?? 0) / 3_600_000
    coverage.places = placeHours.sorted { $0.key < $1.key }.map {
      $0.value.coverage(of: $0.key.description, explained: silences, end: end)
    }
    coverage.inputs = ledger.map(\.input)
    coverage.used = used
    coverage.duplicate = duplicates
    coverage.filtered = ledger.reduce(0) { $0 + $1.filtered }
    coverage.unreadable = ledger.reduce(0) { $0 + $1.bad }
    coverage.unattributed = unattributed
    return coverage
  }
}
