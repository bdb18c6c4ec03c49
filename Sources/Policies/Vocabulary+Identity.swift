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
    identityNames + identityFacts + identityDeclared + identitySignals)

  private static let identityNames: [Word<IdentitySubject>] = [
    Word("handle", .string, "the declared handle; of an undeclared identity the last part of its principal") {
      .string($0.joined.handle)
    },
    Word(
      "principal", .string, "the platform's own name for it, such as an ARN; empty for a declaration without principals"
    ) {
      .string($0.joined.principal?.description ?? "")
    },
    Word("kind", .string, "what it is; as declared where it was not discovered", values: PolicyVocabulary.kinds) {
      .string(($0.joined.fact?.kind ?? $0.declaration?.kind?.value)?.rawValue ?? "unknown")
    },
    Word(
      "platform", .string, "the platform that its principal names, such as aws, gcp or k8s; empty without a principal"
    ) { .string($0.joined.principal?.platform ?? "") },
    Word(
      "place", .string,
      "the account, project or cluster that holds it, such as aws:111122223333; empty where its principal names none"
    ) {
      .string($0.joined.principal?.place ?? "")
    },
    Word("placeEnvironments", .list(.string), "the environments that muster.yaml maps its place to") {
      .texts($0.joined.placeEnvironments)
    },
    Word(
      "holder", .string,
      "who holds it: a machine, the platform's own service, the account's root, a human, a group, or someone known by another platform's token only (federated)",
      values: ["machine", "service", "root", "human", "group", "federated"]
    ) {
      .string($0.joined.holder)
    },
    Word("isMachine", .bool, "whether a machine holds it: `holder` is machine") {
      .bool($0.joined.holder == "machine")
    },
  ]

  private static let identityFacts: [Word<IdentitySubject>] = [
    Word("declared", .bool, "whether a declaration claims it") { .bool($0.joined.isDeclared) },
    Word(
      "discovered", .bool, "whether an inventory shows it, and does not show it as deleted",
      unknown: "no fresh and whole inventory covers its place"
    ) { subject in
      subject.joined.isDiscovered.map { .bool($0) } ?? .unknown(subject.joined.inventoryGap)
    },
    Word("known", .bool, "whether an inventory shows it, or showed it before it was deleted; never unknown") {
      .bool($0.joined.fact != nil)
    },
    Word(
      "used", .bool, "whether logs show at least one event of it",
      unknown: "no usage source covers its place up to now, and none shows an event of it"
    ) { subject in
      if subject.joined.isUsed { return .bool(true) }
      return subject.joined.coveredSince == nil ? .unknown(subject.joined.usageGap) : .bool(false)
    },
    Word("seen", .string, "the surest that is known of it", values: ["discovered", "used", "declared"]) { subject in
      .string(subject.joined.fact != nil ? "discovered" : subject.joined.usage != nil ? "used" : "declared")
    },
    Word("wasUsed", .bool, "whether logs or the platform itself show at least one use; never unknown") {
      .bool($0.joined.lastUsed != nil)
    },
    Word(
      "enabled", .bool, "whether it can act: discovered, and not switched off",
      unknown: "no fresh and whole inventory covers its place"
    ) { subject in
      guard let found = subject.joined.isDiscovered else { return .unknown(subject.joined.inventoryGap) }
      return .bool(found && subject.joined.fact?.isEnabled ?? true)
    },
    Word(
      "created", .timestamp, "when it was made", absent: "the inventory does not say",
      unknown: "no fresh and whole inventory covers its place"
    ) { $0.granted(.moment($0.joined.fact?.created)) },
    Word(
      "lastUsed", .timestamp, "the last use that logs or the platform itself show",
      absent: "nothing shows a use; that alone does not prove that there was none"
    ) {
      .moment($0.joined.lastUsed)
    },
    Word("uniqueID", .string, "the platform's immutable id of it", absent: "no inventory gives one") {
      .text($0.joined.fact?.uniqueID)
    },
    Word("tags", .map(.string, .string), "its tags or labels by name; empty where no inventory shows it") { subject in
      .map(MapValue((subject.joined.fact?.tags ?? []).map { ($0.key, .string($0.value)) }))
    },
    Word(
      "credentials", .list(.object("Credential")),
      "its credentials, as inventory and logs show them; empty where neither does"
    ) { subject in
      .list(subject.joined.credentials.map { credential.object(CredentialSubject($0, of: subject)) })
    },
    Word(
      "grants", .list(.object("Grant")),
      "the statements that allow it something, as denies and its boundary leave them; empty where no inventory shows it"
    ) { subject in
      .list(subject.joined.grants.map { grant.object(GrantSubject($0, of: subject)) })
    },
    Word("usage", .object("Usage"), "what it did, as the logs show it") { usage.object($0) },
  ]

  private static let identityDeclared: [Word<IdentitySubject>] = [
    Word(
      "owner", .object("Owner"), "who is accountable for it, as declared",
      absent: "it is undeclared, or its declaration names no owner"
    ) { subject in
      subject.declaration?.owner.map { owner.object(OwnerSubject(reference: $0.value, estate: subject.estate)) }
        ?? .absent
    },
    Word("purpose", .string, "what it is for, as declared", absent: "it is undeclared, or its declaration does not say")
    { .text($0.declaration?.purpose?.value) },
    Word(
      "criticality", .string, "how much depends on it, as declared", values: PolicyVocabulary.criticalities,
      absent: "it is undeclared, or its declaration does not say"
    ) {
      .text($0.declaration?.criticality?.value)
    },
    Word("environments", .list(.string), "where it belongs, as declared; empty where it is undeclared") {
      .texts(($0.declaration?.environments ?? []).map(\.value))
    },
    Word("data", .list(.string), "the data classes that it may touch, as declared") {
      .texts(($0.declaration?.data ?? []).map(\.value))
    },
    Word(
      "expires", .timestamp, "when its declaration ends: the first instant after its last valid day, UTC",
      absent: "it is undeclared, or declared without an end"
    ) {
      .moment($0.declaration?.expires?.value.end)
    },
    Word(
      "lastDay", .string, "its last valid day, UTC, as YYYY-MM-DD: for messages",
      absent: "it is undeclared, or declared without an end"
    ) {
      .text($0.declaration?.expires?.value.description)
    },
    Word(
      "maxCredentialAge", .duration, "the oldest that a credential of it may become, as declared",
      absent: "it is undeclared, or its declaration does not say"
    ) {
      .length($0.declaration?.credentialMaxAge?.value)
    },
    Word(
      "behaviour", .object("Behaviour"),
      "what its declaration expects of it; nothing is constrained where it is undeclared"
    ) {
      behaviour.object($0.declaration?.behaviour ?? Behaviour())
    },
    Word("shared", .bool, "whether its declaration says that several workloads hold it, and why") {
      .bool($0.declaration?.sharedWhy != nil)
    },
    Word("serves", .map(.string, .string), "what it works for, as declared: repository, workflow, job, … by name") {
      subject in
      .map(MapValue((subject.declaration?.serves ?? []).map { ($0.key, .string($0.value)) }))
    },
  ]

  static let behaviour = Vocabulary<Behaviour>(
    "Behaviour", "how the workload is expected to behave",
    [
      Word("regions", .list(.string), "patterns of the regions that it may act in; empty where any is fine") {
        .texts($0.regions.map(\.value))
      },
      Word("networks", .list(.string), "CIDR blocks that it may call from; empty where any is fine") {
        .texts($0.networks.map(\.value))
      },
      Word("destinations", .list(.string), "patterns of where it may send data; empty where any is fine") {
        .texts($0.destinations.map(\.value))
      },
      Word(
        "schedule", .string, "days, hours and time zone in words, such as mon-fri 06:00-20:00 Europe/Zurich",
        absent: "it may run at any time"
      ) { .text($0.schedule?.words) },
      Word("maxBytesPerDay", .int, "the most bytes that it may move out in a UTC day", absent: "any number is fine") {
        subject in
        subject.maxBytesPerDay.map { .count($0.value) } ?? .absent
      },
    ])
}
