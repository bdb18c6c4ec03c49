package import Base

/// A person or a team as a directory shows it: a roster, Backstage's catalog.
package struct PersonFact: Sendable, Hashable {
  package enum Kind: String, Sendable, CaseIterable { case person, team }

  package var kind: Kind
  /// The handle within the directory: a login, a Backstage name, a mail address where there is nothing else.
  package var name: String
  package var title: String?
  /// In lower case, sorted.
  package var emails: [String]
  /// Names of the teams that a person belongs to, of the teams above a team; sorted.
  package var teams: [String]
  /// The last day at work.
  package var left: Day?
  /// The name of the source that showed it.
  package var source: String
  /// Where the record stands in the facts' files; not part of its value.
  package var location: SourceLocation?

  package init(_ kind: Kind, name: String, source: String) {
    self.kind = kind
    self.name = name
    self.source = source
    (emails, teams) = ([], [])
  }

  /// What orders people.
  package var key: String { "\(kind.rawValue):\(name)" }
}
