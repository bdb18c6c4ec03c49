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
