import Base
import Expressions
import Model

/// A declaration in its estate.
struct DeclarationSubject: Sendable {
  let declaration: Declaration
  let estate: Estate
}

/// An owner as somebody named it.
struct OwnerSubject: Sendable {
  let reference: OwnerReference
  let estate: Estate

  private var owners: Owners { estate.governance.owners }
  var team: Team? { reference.kind == .team ? owners.teams[reference.name] : nil }
  var person: Person? { reference.kind == .person ? owners.people[reference.name] : nil }
  var members: [String] { team?.members.map(\.value) ?? (person == nil ? [] : [reference.name]) }
  /// Those of the members who have not left; one who is not in owners.yaml counts as here.
  var active: [String] { members.filter { !(owners.people[$0]?.hasLeft(at: estate.now) ?? false) } }
}

/// An exception in its estate.
struct ExceptionSubject: Sendable {
  let exception: PolicyException
  let isUsed: Bool
  let isPolicyKnown: Bool
  let hasScopeChanged: Bool
}

extension PolicyVocabulary {
  static let owner = Vocabulary<OwnerSubject>(
    "Owner", "a team or a person as an owner", text: { $0.reference.description },
    [
      Word("reference", .string, "as written: team:payments") { .string($0.reference.description) },
      Word("kind", .string, "team or person") { .string($0.reference.kind.rawValue) },
      Word("name", .string, "the name alone") { .string($0.reference.name) },
      Word("exists", .bool, "owners.yaml has it") { .bool($0.team != nil || $0.person != nil) },
      Word("isBot", .bool, "it is an automation account, or a team of those alone") { subject in
        let people = subject.members.map { subject.estate.governance.owners.people[$0]?.isBot ?? false }
        return .bool(!people.isEmpty && people.allSatisfy { $0 })
      },
      Word("members", .list(.string), "the people of the team, or the person") { .texts($0.members) },
      Word("activeMembers", .list(.string), "those who have not left") { .texts($0.active) },
      Word("hasLeft", .bool, "nobody of it is left") { .bool(!$0.members.isEmpty && $0.active.isEmpty) },
      Word("contact", .string, "where the team is reached", optional: true) { .text($0.team?.contact) },
    ])

  static let declaration = Vocabulary<DeclarationSubject>(
    "Declaration", "a declaration by itself", text: { $0.declaration.handle.value },
    [
      Word("handle", .string, "the stable handle") { .string($0.declaration.handle.value) },
      Word("path", .string, "the file") { .string($0.declaration.location.path) },
      Word("kind", .string, "the declared kind", optional: true) { .text($0.declaration.kind?.value.rawValue) },
      Word("principals", .list(.string), "the principals it claims") {
        .texts($0.declaration.principals.map(\.value.description))
      },
      Word("owner", .object("Owner"), "who is accountable", optional: true) { subject in
        subject.declaration.owner.map { owner.object(OwnerSubject(reference: $0.value, estate: subject.estate)) }
          ?? .absent
      },
      Word("backup", .object("Owner"), "who stands in", optional: true) { subject in
        subject.declaration.backup.map { owner.object(OwnerSubject(reference: $0.value, estate: subject.estate)) }
          ?? .absent
      },
      Word("purpose", .string, "what it is for", optional: true) { .text($0.declaration.purpose?.value) },
      Word("criticality", .string, "how much depends on it", optional: true) {
        .text($0.declaration.criticality?.value)
      },
      Word("environments", .list(.string), "where it belongs") { .texts($0.declaration.environments.map(\.value)) },
      Word("data", .list(.string), "data classes it may touch") { .texts($0.declaration.data.map(\.value)) },
      Word("expires", .timestamp, "the first instant after its last valid day", optional: true) {
        .moment($0.declaration.expires?.value.end)
      },
      Word("reviewEvery", .duration, "how often it must be reviewed", optional: true) {
        .length($0.declaration.reviewEvery?.value)
      },
      Word("reviewed", .timestamp, "the last valid decision about it", optional: true) {
        .moment($0.estate.reviewed[$0.declaration.handle.value])
      },
      Word("created", .timestamp, "when the oldest of its principals was made", optional: true) { subject in
        let handle = subject.declaration.handle.value
        return .moment(
          subject.estate.identities.filter { $0.declaration?.handle.value == handle }.compactMap(\.fact?.created).min())
      },
    ])

  static let source = Vocabulary<SourceCoverage>(
    "Source", "an inventory or usage source and what it gave", text: { $0.name },
    [
      Word("name", .string, "its name in muster.yaml") { .string($0.name) },
      Word("kind", .string, "inventory or usage") { .string($0.kind.rawValue) },
      Word("formats", .list(.string), "the formats recognised") { .texts($0.formats) },
      Word("covers", .list(.string), "patterns of the places it shows") { .texts($0.covers) },
      Word("every", .duration, "how old it may be", optional: true) { .length($0.every) },
      Word("collected", .timestamp, "when the snapshot was taken", optional: true) { .moment($0.collected) },
      Word("first", .timestamp, "the first event", optional: true) { .moment($0.first) },
      Word("last", .timestamp, "the last event", optional: true) { .moment($0.last) },
      Word("records", .int, "records of its inputs") { .count($0.records) },
      Word("unreadable", .int, "records that could not be read") { .count($0.unreadable) },
      Word("duplicates", .int, "records delivered twice") { .count($0.duplicate) },
      Word("unattributed", .int, "events tied to no identity") { .count($0.unattributed) },
      Word("gaps", .int, "silent intervals longer than its own rhythm") { .count($0.gaps.count) },
    ])

  static let exception = Vocabulary<ExceptionSubject>(
    "Exception", "a time-limited waiver", text: { $0.exception.id.value },
    [
      Word("id", .string, "its id") { .string($0.exception.id.value) },
      Word("policy", .string, "the policy that it waives") { .string($0.exception.policy.value) },
      Word("identity", .string, "the identity that it covers") { .string($0.exception.identity.value) },
      Word("reason", .string, "why", optional: true) { .text($0.exception.reason?.value) },
      Word("owner", .string, "who asked", optional: true) { .text($0.exception.owner?.value.description) },
      Word("approver", .string, "who agreed", optional: true) { .text($0.exception.approver?.value.description) },
      Word("expires", .timestamp, "the first instant after its last day", optional: true) {
        .moment($0.exception.expires?.value.end)
      },
      Word("lastDay", .string, "its last day, UTC", optional: true) { .text($0.exception.expires?.value.description) },
      Word("used", .bool, "it covers at least one finding") { .bool($0.isUsed) },
      Word("knownPolicy", .bool, "its policy exists") { .bool($0.isPolicyKnown) },
      Word("scopeChanged", .bool, "the declared scope is not the one that was approved") { .bool($0.hasScopeChanged) },
    ])

  static let secret = Vocabulary<SecretMatch>(
    "Secret", "a secret-shaped value in a file", text: { $0.kind },
    [
      Word("kind", .string, "what it looks like") { .string($0.kind) },
      Word("path", .string, "the file") { .string($0.location.path) },
      Word("line", .int, "the line") { .count($0.location.line) },
      Word("digest", .string, "tells two secrets apart without showing them") { .string($0.digest) },
    ])
}
