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

  /// The action patterns by what the logs say of them: not used, and impossible to see.
  var silence: (unused: [String], unobservable: [String]) {
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
      Word("id", .string, "the platform's id; never the secret") { .string($0.credential.id) },
      Word("kind", .string, "access-key, password, certificate, …") { .string($0.credential.kind) },
      Word("status", .string, "active, inactive, expired, deleted, unknown") {
        .string(($0.credential.fact?.status ?? .unknown).rawValue)
      },
      Word("isActive", .bool, "it can be used") { .bool($0.credential.fact?.status == .active) },
      Word("isLongLived", .bool, "it does not belong to a session") { .bool($0.credential.use?.isTemporary != true) },
      Word("created", .timestamp, "when it was made", optional: true) { subject in
        .moment(subject.credential.fact?.created ?? subject.credential.lifecycle?.created)
      },
      Word("expires", .timestamp, "when it ends by itself", optional: true) { .moment($0.credential.fact?.expires) },
      Word("lastRotated", .timestamp, "when it was last renewed", optional: true) {
        .moment($0.credential.fact?.lastRotated)
      },
      Word("lastUsed", .timestamp, "the last use that logs or the platform show", optional: true) {
        .moment($0.credential.lastUsed)
      },
      Word("lastSuccess", .timestamp, "the last event of it that succeeded", optional: true) {
        .moment($0.credential.use?.lastSuccess)
      },
      Word("uses", .int, "distinct events of it") { .count($0.credential.use?.count ?? 0) },
      Word("ended", .timestamp, "deleted, switched off, expired or declared to end, whichever is first", optional: true)
      {
        .moment($0.credential.ended)
      },
      Word("endedHow", .string, "deleted, switched off, expired or declared to end") {
        .string($0.credential.endedHow)
      },
    ])

  static let grant = Vocabulary<GrantSubject>(
    "Grant", "a statement that allows, as denies and boundary leave it", text: { $0.grant.via },
    [
      Word("isCertain", .bool, "no condition, variable, deny or boundary may take some of it away") {
        .bool($0.isCertain)
      },
      Word("actions", .list(.string), "action patterns; empty where notActions has them") { .texts($0.grant.actions) },
      Word("notActions", .list(.string), "everything but these") { .texts($0.grant.notActions) },
      Word("resources", .list(.string), "resource patterns") { .texts($0.grant.resources) },
      Word("notResources", .list(.string), "every resource but these") { .texts($0.grant.notResources) },
      Word("condition", .string, "the condition as JSON", optional: true) { .text($0.grant.condition) },
      Word("via", .string, "where it is granted: inline:NAME, managed:ARN, group:NAME/…") { .string($0.grant.via) },
      Word("breadth", .string, "why it gives too much by its shape, in words", optional: true) {
        .text($0.grant.breadth)
      },
      Word("isOpaque", .bool, "its document is not in the export") { .bool($0.grant.isOpaque) },
      Word("undeclared", .list(.string), "what it allows outside the declared scope: ACTION on RESOURCE") { subject in
        if subject.grant.isOpaque { return .unknown("the document of \(subject.grant.via) is not in the export") }
        let scope = DeclaredScope(subject.identity.declaration?.scope ?? [])
        return .texts(
          scope.undeclared(of: subject.grant).map { $0.resource == "*" ? $0.action : "\($0.action) on \($0.resource)" })
      },
      Word("unused", .list(.string), "action patterns that the logs would show and do not") {
        .texts($0.silence.unused)
      },
      Word("unobservable", .list(.string), "action patterns that the logs cannot show") {
        .texts($0.silence.unobservable)
      },
    ])
}
