import Model

/// What some of a source's events come to. Merging is commutative and associative over disjoint events.
struct UsagePart: Sendable {
  /// Sorted by principal.
  var facts: [UsageFact] = []
  /// Sorted by id.
  var lifecycles: [CredentialLifecycle] = []
  var hours = SourceHours()
  var places: Set<String> = []

  mutating func merge(_ other: UsagePart) {
    facts = mergeUsage(facts, other.facts)
    lifecycles = mergeLifecycles(lifecycles, other.lifecycles)
    hours.merge(other.hours)
    places.formUnion(other.places)
  }
}
