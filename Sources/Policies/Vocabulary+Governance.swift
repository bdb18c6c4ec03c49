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
      Word("reference", .string, "as written: team:payments or person:ana") { .string($0.reference.description) },
      Word("kind", .string, "whether it is a team or a person", values: OwnerReference.Kind.allCases.map(\.rawValue)) {
        .string($0.reference.kind.rawValue)
      },
      Word("name", .string, "the name alone") { .string($0.reference.name) },
      Word("exists", .bool, "whether owners.yaml has it") { .bool($0.team != nil || $0.person != nil) },
      Word("isBot", .bool, "whether it is an automation account, or a team of nothing else") { subject in
        let people = subject.members.map { subject.estate.governance.owners.people[$0]?.isBot ?? false }
        return .bool(!people.isEmpty && people.allSatisfy { $0 })
      },
      Word(
        "members", .list(.string),
        "the names of the team's people, or the person's own; empty where owners.yaml does not have it"
      ) { .texts($0.members) },
      Word("activeMembers", .list(.string), "those of the members who have not left by now") { .texts($0.active) },
      Word("hasLeft", .bool, "whether it has members and all of them have left by now") {
        .bool(!$0.members.isEmpty && $0.active.isEmpty)
      },
      Word("contact", .string, "where the team is reached", absent: "it is a person, or owners.yaml does not say") {
        .text($0.team?.contact)
      },
    ])

  static let declaration = Vocabulary<DeclarationSubject>(
    "Declaration", "a declaration by itself", text: { $0.declaration.handle.value },
    [
      Word("handle", .string, "the stable handle, unique in the repository") { .string($0.declaration.handle.value) },
      Word("path", .string, "the path of the file that holds it") { .string($0.declaration.location.path) },
      Word(
        "kind", .string, "what it is, as declared", values: IdentityKind.allCases.map(\.rawValue),
        absent: "the declaration does not say"
      ) { .text($0.declaration.kind?.value.rawValue) },
      Word("principals", .list(.string), "the principals that it claims") {
        .texts($0.declaration.principals.map(\.value.description))
      },
      Word("owner", .object("Owner"), "who is accountable", absent: "it names no owner") { subject in
        subject.declaration.owner.map { owner.object(OwnerSubject(reference: $0.value, estate: subject.estate)) }
          ?? .absent
      },
      Word("backup", .object("Owner"), "who stands in for the owner", absent: "it names nobody") { subject in
        subject.declaration.backup.map { owner.object(OwnerSubject(reference: $0.value, estate: subject.estate)) }
          ?? .absent
      },
      Word("purpose", .string, "what the identity is for", absent: "the declaration does not say") {
        .text($0.declaration.purpose?.value)
      },
      Word(
        "criticality", .string, "how much depends on it", values: PolicyVocabulary.criticalities,
        absent: "the declaration does not say"
      ) {
        .text($0.declaration.criticality?.value)
      },
      Word("environments", .list(.string), "where it belongs, by the names of muster.yaml") {
        .texts($0.declaration.environments.map(\.value))
      },
      Word("data", .list(.string), "the data classes that it may touch") { .texts($0.declaration.data.map(\.value)) },
      Word(
        "expires", .timestamp, "when it ends: the first instant after its last valid day, UTC", absent: "it has no end"
      ) {
        .moment($0.declaration.expires?.value.end)
      },
      Word(
        "lastDay", .string, "its last valid day, UTC, as YYYY-MM-DD: for messages", absent: "it has no end"
      ) { .text($0.declaration.expires?.value.description) },
      Word("reviewEvery", .duration, "how often it must be reviewed", absent: "the declaration does not say") {
        .length($0.declaration.reviewEvery?.value)
      },
      Word(
        "reviewed", .timestamp, "when the last valid decision about it was made",
        absent: "the review items have none; \"don't know\" does not count"
      ) {
        .moment($0.estate.reviewed[$0.declaration.handle.value])
      },
      Word("created", .timestamp, "when the oldest of its principals was made", absent: "no inventory says") {
        subject in
        let handle = subject.declaration.handle.value
        return .moment(
          subject.estate.identities.filter { $0.declaration?.handle.value == handle }.compactMap(\.fact?.created).min())
      },
    ])

  static let source = Vocabulary<SourceCoverage>(
    "Source", "an inventory or usage source and what it gave", text: { $0.name },
    [
      Word("name", .string, "its name in muster.yaml") { .string($0.name) },
      Word("kind", .string, "what it gives", values: SourceCoverage.Kind.allCases.map(\.rawValue)) {
        .string($0.kind.rawValue)
      },
      Word("formats", .list(.string), "the formats that were recognised in it; empty before the first sync") {
        .texts($0.formats)
      },
      Word(
        "covers", .list(.string),
        "patterns of the places that it shows; empty where muster.yaml leaves it to what is seen"
      ) { .texts($0.covers) },
      Word(
        "every", .duration, "how old it may become before it is stale",
        absent: "muster.yaml does not say; a day is then the limit"
      ) { .length($0.every) },
      Word(
        "collected", .timestamp, "when the inventory was taken",
        absent: "it is a usage source, it does not say, or no sync has read it"
      ) { .moment($0.collected) },
      Word("first", .timestamp, "when its first event was", absent: "it is an inventory, or it has no events") {
        .moment($0.first)
      },
      Word("last", .timestamp, "when its last event was", absent: "it is an inventory, or it has no events") {
        .moment($0.last)
      },
      Word("records", .int, "how many records its inputs hold") { .count($0.records) },
      Word("unreadable", .int, "how many of these could not be read") { .count($0.unreadable) },
      Word("duplicates", .int, "how many of these were delivered before") { .count($0.duplicate) },
      Word("unattributed", .int, "how many events could be tied to no identity") { .count($0.unattributed) },
      Word("gaps", .int, "how many silent intervals it has that are longer than its own rhythm explains") {
        .count($0.gaps.count)
      },
      Word(
        "dark", .list(.string),
        "the accounts, projects and clusters of which its logs show nothing any more, unlike before, while they go on"
      ) { .texts($0.dark.map(\.name)) },
    ])

  static let exception = Vocabulary<ExceptionSubject>(
    "Exception", "a time-limited waiver", text: { $0.exception.id.value },
    [
      Word("id", .string, "its id") { .string($0.exception.id.value) },
      Word("policy", .string, "the policy that it waives, by id or code as written") {
        .string($0.exception.policy.value)
      },
      Word("identity", .string, "the handle or principal that it covers, as written") {
        .string($0.exception.identity.value)
      },
      Word("reason", .string, "why it was given", absent: "nobody says") { .text($0.exception.reason?.value) },
      Word("owner", .string, "who asked for it: team:NAME or person:NAME", absent: "nobody says") {
        .text($0.exception.owner?.value.description)
      },
      Word("approver", .string, "who agreed to it: team:NAME or person:NAME", absent: "nobody says") {
        .text($0.exception.approver?.value.description)
      },
      Word("expires", .timestamp, "when it ends: the first instant after its last day, UTC", absent: "it has no end") {
        .moment($0.exception.expires?.value.end)
      },
      Word("lastDay", .string, "its last day, UTC, as YYYY-MM-DD: for messages", absent: "it has no end") {
        .text($0.exception.expires?.value.description)
      },
      Word("used", .bool, "whether it covers at least one finding of this run") { .bool($0.isUsed) },
      Word("knownPolicy", .bool, "whether the policy that it waives is in force") { .bool($0.isPolicyKnown) },
      Word("scopeChanged", .bool, "whether the declared scope is another than the one that it was approved for") {
        .bool($0.hasScopeChanged)
      },
    ])

  static let secret = Vocabulary<SecretMatch>(
    "Secret", "a secret-shaped value in a file", text: { $0.kind },
    [
      Word("kind", .string, "what it looks like, such as an AWS secret access key") { .string($0.kind) },
      Word("path", .string, "the path of the file that holds it") { .string($0.location.path) },
      Word("line", .int, "the line, counted from 1") { .count($0.location.line) },
      Word("digest", .string, "a hash that tells two secrets apart without showing them") { .string($0.digest) },
    ])
}
