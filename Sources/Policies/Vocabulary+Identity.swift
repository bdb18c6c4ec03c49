import Base
import Expressions
import Model

/// An identity in its estate.
struct IdentitySubject: Sendable {
  let joined: JoinedIdentity
  let estate: Estate

  var declaration: Declaration? { joined.declaration }

  /// A field that only the inventory could tell: absent where the identity was discovered without it, else unknown.
  func granted(_ value: Value) -> Value {
    if case .absent = value, joined.isDiscovered == nil { return .unknown(joined.inventoryGap) }
    return value
  }
}

extension PolicyVocabulary {
  static let identity = Vocabulary<IdentitySubject>(
    "Identity", "an identity with what is declared, granted and used", text: { $0.joined.handle },
    identityNames + identityFacts + identityDeclared)

  private static let identityNames: [Word<IdentitySubject>] = [
    Word("handle", .string, "the declared handle, else the last part of the principal") { .string($0.joined.handle) },
    Word("principal", .string, "the platform's own name; empty for a declaration without principals") {
      .string($0.joined.principal?.description ?? "")
    },
    Word("kind", .string, "role, user, service-account, …; as declared where it was not discovered") {
      .string(($0.joined.fact?.kind ?? $0.declaration?.kind?.value)?.rawValue ?? "unknown")
    },
    Word("platform", .string, "aws, gcp, k8s, …") { .string($0.joined.principal?.platform ?? "") },
    Word("place", .string, "the account, project or cluster that holds it: aws:111122223333") {
      .string($0.joined.principal?.place ?? "")
    },
    Word("placeEnvironments", .list(.string), "the environments of the place that holds it") {
      .texts($0.joined.placeEnvironments)
    },
    Word("holder", .string, "machine, service (the platform's own), root, human, group or federated") {
      .string($0.joined.holder)
    },
    Word("isMachine", .bool, "a machine holds it: not the platform itself, its root, a person or a group") {
      .bool($0.joined.holder == "machine")
    },
  ]

  private static let identityFacts: [Word<IdentitySubject>] = [
    Word("declared", .bool, "a declaration claims it") { .bool($0.joined.isDeclared) },
    Word("discovered", .bool, "an inventory shows it; unknown where none could") { subject in
      subject.joined.isDiscovered.map { .bool($0) } ?? .unknown(subject.joined.inventoryGap)
    },
    Word("known", .bool, "an inventory shows it, or showed it before it was deleted; never unknown") {
      .bool($0.joined.fact != nil)
    },
    Word("used", .bool, "logs show it in use; unknown where they could not") { subject in
      if subject.joined.isUsed { return .bool(true) }
      return subject.joined.coveredSince == nil ? .unknown(subject.joined.usageGap) : .bool(false)
    },
    Word("seen", .string, "the surest that is known of it: discovered, used or declared") { subject in
      .string(subject.joined.fact != nil ? "discovered" : subject.joined.usage != nil ? "used" : "declared")
    },
    Word("wasUsed", .bool, "logs or the platform show at least one use; never unknown") {
      .bool($0.joined.lastUsed != nil)
    },
    Word("enabled", .bool, "it can act: discovered, and not switched off") { subject in
      guard let found = subject.joined.isDiscovered else { return .unknown(subject.joined.inventoryGap) }
      return .bool(found && subject.joined.fact?.isEnabled ?? true)
    },
    Word("created", .timestamp, "when it was made", optional: true) { $0.granted(.moment($0.joined.fact?.created)) },
    Word("lastUsed", .timestamp, "the last use that logs or the platform show", optional: true) {
      .moment($0.joined.lastUsed)
    },
    Word("uniqueID", .string, "the platform's immutable id", optional: true) { .text($0.joined.fact?.uniqueID) },
    Word("tags", .map(.string, .string), "tags or labels") { subject in
      .map(MapValue((subject.joined.fact?.tags ?? []).map { ($0.key, .string($0.value)) }))
    },
    Word("credentials", .list(.object("Credential")), "credentials of inventory and logs") { subject in
      .list(subject.joined.credentials.map { credential.object(CredentialSubject($0, of: subject)) })
    },
    Word("grants", .list(.object("Grant")), "what allows it something, after denies and boundary") { subject in
      .list(subject.joined.grants.map { grant.object(GrantSubject($0, of: subject)) })
    },
    Word("usage", .object("Usage"), "what it did") { usage.object($0) },
  ]

  private static let identityDeclared: [Word<IdentitySubject>] = [
    Word("owner", .object("Owner"), "the declared owner", optional: true) { subject in
      subject.declaration?.owner.map { owner.object(OwnerSubject(reference: $0.value, estate: subject.estate)) }
        ?? .absent
    },
    Word("purpose", .string, "what it is for", optional: true) { .text($0.declaration?.purpose?.value) },
    Word("criticality", .string, "how much depends on it", optional: true) {
      .text($0.declaration?.criticality?.value)
    },
    Word("environments", .list(.string), "where it belongs, as declared") {
      .texts(($0.declaration?.environments ?? []).map(\.value))
    },
    Word("data", .list(.string), "data classes it may touch") { .texts(($0.declaration?.data ?? []).map(\.value)) },
    Word("expires", .timestamp, "the first instant after its last valid day", optional: true) {
      .moment($0.declaration?.expires?.value.end)
    },
    Word("lastDay", .string, "its last valid day, UTC", optional: true) {
      .text($0.declaration?.expires?.value.description)
    },
    Word("maxCredentialAge", .duration, "the oldest that a credential of it may be", optional: true) {
      .length($0.declaration?.credentialMaxAge?.value)
    },
    Word("behaviour", .object("Behaviour"), "what is expected of it") {
      behaviour.object($0.declaration?.behaviour ?? Behaviour())
    },
    Word("shared", .bool, "several workloads hold it, and it says why") { .bool($0.declaration?.sharedWhy != nil) },
    Word("serves", .map(.string, .string), "what it works for: repository, workflow, …") { subject in
      .map(MapValue((subject.declaration?.serves ?? []).map { ($0.key, .string($0.value)) }))
    },
  ]

  static let behaviour = Vocabulary<Behaviour>(
    "Behaviour", "how the workload is expected to behave",
    [
      Word("regions", .list(.string), "patterns of regions; empty: any") { .texts($0.regions.map(\.value)) },
      Word("networks", .list(.string), "CIDR blocks; empty: any") { .texts($0.networks.map(\.value)) },
      Word("destinations", .list(.string), "patterns of destinations; empty: any") {
        .texts($0.destinations.map(\.value))
      },
      Word("schedule", .string, "days, hours and time zone in words", optional: true) { .text($0.schedule?.words) },
      Word("maxBytesPerDay", .int, "the most bytes out in a day", optional: true) { subject in
        subject.maxBytesPerDay.map { .count($0.value) } ?? .absent
      },
    ])
}
