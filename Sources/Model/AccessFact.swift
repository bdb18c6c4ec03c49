package import Base

/// When an identity last did something of a kind, as its platform tells without a log.
package struct AccessFact: Sendable, Hashable, Comparable {
  /// A pattern of actions, spelled as grants are: `s3:*` for a whole service.
  package var action: String
  /// `nil`: not in the time that the platform looks back (400 days in AWS).
  package var last: Instant?

  package init(action: String, last: Instant?) {
    self.action = action
    self.last = last
  }

  package static func < (a: AccessFact, b: AccessFact) -> Bool {
    a.action == b.action
      ? (a.last?.milliseconds ?? .min) < (b.last?.milliseconds ?? .min) : utf8Precedes(a.action, b.action)
  }
}

extension [AccessFact] {
  /// Both together: of one action the later time.
  package func joined(with others: [AccessFact]) -> [AccessFact] {
    if isEmpty || others.isEmpty { return isEmpty ? others : self }
    var latest: [String: Instant?] = [:]
    for fact in self + others {
      let known = latest[fact.action] ?? nil
      latest[fact.action] = .some([known, fact.last].compactMap(\.self).max())
    }
    return latest.map { AccessFact(action: $0.key, last: $0.value) }.sorted()
  }
}

/// What a platform's own record of accesses says of a pattern of actions.
package struct AccessEvidence: Sendable, Hashable {
  /// No use of the pattern can be later; `nil`: none in the time that the platform looks back.
  package var notAfter: Instant?
  /// Whether `notAfter` is a use of just that pattern, not of something that holds it.
  package var isExact: Bool

  package init(notAfter: Instant?, isExact: Bool) {
    self.notAfter = notAfter
    self.isExact = isExact
  }
}

extension [AccessFact] {
  /// What the platform tells of the pattern: by the fact of just that pattern, and by those that hold it (`s3:*` holds `s3:Get*`); `nil`
  /// where it tells nothing.
  package func evidence(of pattern: String) -> AccessEvidence? {
    if isEmpty { return nil }
    let wanted = AccessPattern(action: pattern)
    let holding = filter { AccessPattern(action: $0.action).covers(wanted) }
    guard let first = holding.first else { return nil }
    let exact = holding.first { wanted.covers(AccessPattern(action: $0.action)) }
    // A service that was never used has no used actions; of an action nothing is known that is later than its service's last use.
    if holding.contains(where: { $0.last == nil }) { return AccessEvidence(notAfter: nil, isExact: exact != nil) }
    let earliest = holding.compactMap(\.last).min() ?? first.last
    return AccessEvidence(notAfter: earliest, isExact: exact?.last == earliest)
  }
}
