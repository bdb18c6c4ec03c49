import Base
import Expressions
import Model

/// A credential of an identity.
struct CredentialSubject: Sendable {
  let credential: JoinedCredential
  let identity: IdentitySubject

  init(_ credential: JoinedCredential, of identity: IdentitySubject) {
    self.credential = credential
    self.identity = identity
  }
}

/// When a platform itself last saw one of a grant's action patterns used.
struct PlatformAccess: Sendable {
  let action: String
  let last: Instant?
  let isExact: Bool
}

/// A statement that allows something, as denies and boundary leave it.
struct GrantSubject: Sendable {
  let grant: GrantFact
  let isCertain: Bool
  let identity: IdentitySubject

  init(_ effective: EffectiveGrant, of identity: IdentitySubject) {
    grant = effective.grant
    isCertain = effective.certainty == .yes
    self.identity = identity
  }

  /// What the platform's own record tells of its action patterns, with what the logs show later.
  var accesses: [PlatformAccess] {
    guard let accessed = identity.joined.fact?.accessed, !accessed.isEmpty else { return [] }
    return grant.actions.compactMap { action in
      guard let evidence = accessed.evidence(of: action) else { return nil }
      let pattern = AccessPattern(action: action)
      let logged = identity.joined.usage?.actions.filter { pattern.matches($0.action) == .yes }
        .compactMap(\.lastSuccess).max()
      guard let logged, evidence.notAfter.map({ $0 < logged }) ?? true else {
        return PlatformAccess(action: action, last: evidence.notAfter, isExact: evidence.isExact)
      }
      return PlatformAccess(action: action, last: logged, isExact: true)
    }
  }

  /// The action patterns by what the logs say of them: not used, and impossible to see.
  var silence: (unused: [String], unobservable: [String]) {
    let platform = identity.joined.principal?.platform ?? ""
    if !ActionObservability.namesPermissions(platform) { return ([], grant.actions) }
    var (unused, unobservable) = ([String](), [String]())
    for action in grant.actions {
      let pattern = AccessPattern(action: action)
      let isLogged = identity.estate.loggedDataServices.contains(action.prefix { $0 != ":" }.lowercased())
      let answer =
        identity.joined.usage?.uses(pattern, dataEvents: isLogged)
        ?? ActionObservability.silence(of: pattern, dataEvents: isLogged)
      if answer == .no { unused.append(action) }
      if answer == .unknown { unobservable.append(action) }
    }
    return (unused, unobservable)
  }
}

extension PolicyVocabulary {
  static let credential = Vocabulary<CredentialSubject>(
    "Credential", "a key, password, certificate or token by its id", text: { $0.credential.id },
    [
      Word("id", .string, "the platform's id of it; never the secret") { .string($0.credential.id) },
      Word("kind", .string, "what it is, such as access-key, password or certificate") { .string($0.credential.kind) },
      Word(
        "status", .string, "what the inventory says of it; unknown where no inventory shows it",
        values: CredentialFact.Status.allCases.map(\.rawValue)
      ) {
        .string(($0.credential.fact?.status ?? .unknown).rawValue)
      },
      Word("isActive", .bool, "whether the inventory says that it can be used: `status` is active") {
        .bool($0.credential.fact?.status == .active)
      },
      Word("isLongLived", .bool, "whether it outlives a session: the logs do not show it as a temporary one") {
        .bool($0.credential.use?.isTemporary != true)
      },
      Word("created", .timestamp, "when it was made", absent: "neither inventory nor logs say") { subject in
        .moment(subject.credential.fact?.created ?? subject.credential.lifecycle?.created)
      },
      Word("expires", .timestamp, "when it ends by itself", absent: "it never does, or the inventory does not say") {
        .moment($0.credential.fact?.expires)
      },
      Word("lastRotated", .timestamp, "when it was last renewed", absent: "the inventory does not say") {
        .moment($0.credential.fact?.lastRotated)
      },
      Word(
        "lastUsed", .timestamp, "the last use of it that logs or the platform itself show",
        absent: "nothing shows a use"
      ) {
        .moment($0.credential.lastUsed)
      },
      Word("lastSuccess", .timestamp, "when the last event of it was that succeeded", absent: "the logs show none") {
        .moment($0.credential.use?.lastSuccess)
      },
      Word("uses", .int, "how many distinct events of it the logs hold") { .count($0.credential.use?.count ?? 0) },
      Word(
        "ended", .timestamp,
        "when it was deleted, was switched off, expired or was declared to end, whichever came or comes first; it may lie in the future",
        absent: "nothing ends it"
      ) {
        .moment($0.credential.ended)
      },
      Word(
        "endedHow", .string, "how it ended or will end; empty where nothing ends it",
        values: ["", "deleted", "deleted with its identity", "switched off", "expired", "declared to end"]
      ) {
        .string($0.credential.endedHow)
      },
    ] + credentialSignals)

  static let grant = Vocabulary<GrantSubject>(
    "Grant", "a statement that allows, as denies and boundary leave it", text: { $0.grant.via },
    [
      Word("isCertain", .bool, "whether no condition, variable, deny or boundary may take some of it away") {
        .bool($0.isCertain)
      },
      Word("actions", .list(.string), "patterns of the actions that it allows; empty where `notActions` says it") {
        .texts($0.grant.actions)
      },
      Word(
        "notActions", .list(.string),
        "where it is not empty, it allows every action but those that match these patterns"
      ) { .texts($0.grant.notActions) },
      Word("resources", .list(.string), "patterns of the resources that it is for; empty where `notResources` says it")
      { .texts($0.grant.resources) },
      Word(
        "notResources", .list(.string),
        "where it is not empty, it is for every resource but those that match these patterns"
      ) { .texts($0.grant.notResources) },
      Word("condition", .string, "the condition that it hangs on, as JSON", absent: "it hangs on none") {
        .text($0.grant.condition)
      },
      Word("via", .string, "where it comes from: inline:NAME, managed:ARN or group:NAME/…") { .string($0.grant.via) },
      Word(
        "breadth", .string, "why it gives too much by its shape alone, in words", absent: "its shape is narrow enough"
      ) {
        .text($0.grant.breadth)
      },
      Word("isOpaque", .bool, "whether its document is not in the export, so that nobody knows what it allows") {
        .bool($0.grant.isOpaque)
      },
      Word(
        "undeclared", .list(.string), "what it allows outside the declared scope, as ACTION or ACTION on RESOURCE",
        unknown: "its document is not in the export"
      ) { subject in
        if subject.grant.isOpaque { return .unknown("the document of \(subject.grant.via) is not in the export") }
        let scope = DeclaredScope(subject.identity.declaration?.scope ?? [])
        return .texts(
          scope.undeclared(of: subject.grant).map { $0.resource == "*" ? $0.action : "\($0.action) on \($0.resource)" })
      },
      Word("unused", .list(.string), "those of its action patterns whose use the logs would show and do not") {
        .texts($0.silence.unused)
      },
      Word("unobservable", .list(.string), "those of its action patterns whose use the logs cannot show") {
        .texts($0.silence.unobservable)
      },
      Word(
        "accesses", .list(.object("Access")),
        "when the platform itself last saw its action patterns used; empty where it does not tell (AWS: service last accessed)"
      ) { subject in .list(subject.accesses.map { access.object($0) }) },
    ])

  static let access = Vocabulary<PlatformAccess>(
    "Access", "what the platform itself tells of the use of an action pattern", text: { $0.action },
    [
      Word("action", .string, "the action pattern, as the grant has it") { .string($0.action) },
      Word(
        "last", .timestamp, "after that it was not used",
        absent: "the platform saw no use in the time that it looks back, in AWS 400 days"
      ) { .moment($0.last) },
      Word("exact", .bool, "whether it was used then; otherwise something was that the pattern is a part of") {
        .bool($0.isExact && $0.last != nil)
      },
    ])
}
