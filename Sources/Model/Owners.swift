package import Base

/// `owners.yaml`: who can be accountable.
package struct Owners: Sendable, Hashable {
  package var teams: [String: Team]
  package var people: [String: Person]

  package init() { (teams, people) = ([:], [:]) }
}

/// A team.
package struct Team: Sendable, Hashable {
  package var name: String
  package var members: [Located<String>]
  package var contact: String?
  package var escalation: [OwnerReference]
  package var location: SourceLocation

  package init(name: String, location: SourceLocation) {
    self.name = name
    self.location = location
    (members, escalation) = ([], [])
  }
}

/// A person.
package struct Person: Sendable, Hashable {
  package var name: String
  package var emails: [String]
  /// SSH public keys in OpenSSH's one-line form, with their places.
  package var keys: [Located<String>]
  package var github: String?
  /// The last day at work.
  package var left: Day?
  /// `true` for an automation account: it can never own or decide.
  package var isBot: Bool
  package var location: SourceLocation

  package init(name: String, location: SourceLocation) {
    self.name = name
    self.location = location
    (emails, keys, isBot) = ([], [], false)
  }

  /// Whether the person has left before the instant: the last day is still a day at work.
  package func hasLeft(at instant: Instant) -> Bool { left.map { instant >= $0.end } ?? false }
}
