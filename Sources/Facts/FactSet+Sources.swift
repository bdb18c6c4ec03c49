package import Base
package import Model

extension FactSet {
  /// Puts what an inventory source shows in the place of what the source of that name showed before.
  package mutating func replaceInventory(
    _ shown: [IdentityFact], signals more: [SignalFact] = [], people others: [PersonFact] = [],
    _ coverage: SourceCoverage
  ) {
    removeInventory(coverage.name)
    identities += shown
    identities.arrange(by: { $0.principal.description }, then: { $0.source })
    signals += more
    signals.arrange { $0.key }
    people += others
    people.arrange(by: { $0.key }, then: { $0.source })
    replace(coverage)
  }

  /// Puts what the logs show, over all usage sources together, in the place of what they showed before.
  package mutating func replaceUsage(
    _ usage: [UsageFact], _ lifecycles: [CredentialLifecycle], _ coverages: [SourceCoverage]
  ) {
    self.usage = usage.sorted { $0.principal < $1.principal }
    self.lifecycles = lifecycles.sorted { utf8Precedes($0.id, $1.id) }
    sources.removeAll { $0.kind == .usage }
    for coverage in coverages { replace(coverage) }
  }

  /// Takes out an inventory source that is configured no more, with what only it showed.
  package mutating func removeInventory(_ name: String) {
    identities.removeAll { $0.source == name }
    signals.removeAll { $0.source == name }
    people.removeAll { $0.source == name }
    sources.removeAll { $0.kind == .inventory && $0.name == name }
  }

  private mutating func replace(_ coverage: SourceCoverage) {
    sources.removeAll { $0.kind == coverage.kind && $0.name == coverage.name }
    sources.append(coverage)
    sources.sort(by: FactsFiles.sourceOrder)
  }

  /// The facts with each principal once: what several sources show of it completes one another, the source that comes first by
  /// name wins where they contradict. `source` then names them all, and each contradiction is a warning.
  package func joiningSources() -> (facts: FactSet, contradictions: [Diagnostic]) {
    var (joined, found) = (self, [Diagnostic]())
    joined.identities = []
    joined.identities.reserveCapacity(identities.count)
    for identity in identities {
      guard let last = joined.identities.last, last.principal == identity.principal else {
        joined.identities.append(identity)
        continue
      }
      var whole = last
      for contradiction in whole.complete(with: identity) {
        let message =
          "`\(identity.principal)` has \(contradiction.field) `\(contradiction.other)` in \(identity.source) "
          + "and `\(contradiction.kept)` in \(last.source)"
        let place = identity.location ?? SourceLocation(path: identity.source)
        found.append(Diagnostic(.warning, at: place, message, hint: "\(last.source) counts"))
      }
      whole.source = "\(last.source), \(identity.source)"
      joined.identities[joined.identities.count - 1] = whole
    }
    return (joined, found.sorted())
  }
}
