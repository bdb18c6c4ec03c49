import Base
import Model

/// What the source could show, from what was read of it.
func coverage(of source: UsageSource, _ part: UsagePart, _ accounts: [FileAccount]) -> SourceCoverage {
  var coverage = SourceCoverage(name: source.name, kind: .usage)
  coverage.formats = Set(accounts.filter { $0.used > 0 }.compactMap(\.format)).sorted(by: precedes)
  coverage.covers = source.covers
  coverage.every = source.every
  coverage.lateness = source.lateness
  coverage.first = part.hours.period?.first
  coverage.last = part.hours.period?.last
  coverage.collected = coverage.last
  coverage.gaps = part.hours.gaps
  coverage.places = part.places.sorted(by: precedes)
  coverage.inputs = accounts.map(\.input)
  for account in accounts {
    coverage.used += account.used
    coverage.duplicate += account.duplicate
    coverage.filtered += account.filtered
    coverage.unreadable += account.unreadable
    coverage.unattributed += account.unattributed
  }
  return coverage
}
