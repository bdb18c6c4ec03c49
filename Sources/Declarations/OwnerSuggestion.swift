package import Model

/// Who may own an identity, with how that was found and how sure it is.
package struct OwnerSuggestion: Sendable, Hashable {
  package enum Confidence: String, Sendable, CaseIterable, Comparable {
    case low, medium, high

    private var rank: Int { self == .low ? 0 : self == .medium ? 1 : 2 }
    package static func < (a: Confidence, b: Confidence) -> Bool { a.rank < b.rank }
  }

  package let owner: OwnerReference
  /// Where it comes from: `tag owner=team:payments`.
  package let source: String
  package let confidence: Confidence

  package init(_ owner: OwnerReference, source: String, confidence: Confidence) {
    (self.owner, self.source, self.confidence) = (owner, source, confidence)
  }
}

/// Finds the people and teams of owners.yaml by what others call them.
package struct OwnerDirectory: Sendable {
  private let byName: [String: OwnerReference]

  package init(_ owners: Owners) {
    var byName: [String: OwnerReference] = [:]
    // A team's name goes before a person's.
    for (name, person) in owners.people where !person.isBot {
      let reference = OwnerReference(kind: .person, name: name)
      let names = [name] + person.emails + [person.github].compactMap { $0 }
      for word in names { byName[word.lowercased()] = reference }
      byName["person:\(name.lowercased())"] = reference
    }
    for (name, team) in owners.teams {
      let reference = OwnerReference(kind: .team, name: name)
      byName[name.lowercased()] = reference
      byName["team:\(name.lowercased())"] = reference
      if let contact = team.contact { byName[contact.lowercased()] = reference }
    }
    self.byName = byName
  }

  /// The team or person: `team:payments`, `Payments`, `ana@acme.example`, `@acme/payments`, `@ana-a`, `group:default/payments`,
  /// `user:ana@acme.example`; `nil` where owners.yaml has nobody of that name.
  package func reference(for name: String) -> OwnerReference? {
    let word = name.lowercased().drop { $0 == "@" || $0 == " " }
    if let known = byName[String(word)] { return known }
    for separator: Character in [":", "/"] {
      if let tail = word.split(separator: separator).last, tail.count < word.count, let known = byName[String(tail)] {
        return known
      }
    }
    return nil
  }
}
