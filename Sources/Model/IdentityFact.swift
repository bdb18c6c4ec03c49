package import Base

/// An identity as an inventory source shows it. Absent values are unknown, never "no".
package struct IdentityFact: Sendable, Hashable {
  package var principal: PrincipalKey
  package var kind: IdentityKind
  package var name: String
  /// The platform's own immutable id (AWS `AROA…`, `AIDA…`): tells a re-created identity from the old one of the same name.
  package var uniqueID: String?
  package var created: Instant?
  /// Last use as the platform itself states it (AWS `RoleLastUsed`, access key last used); not from logs.
  package var lastUsed: Instant?
  /// `false` only where the source says so; `nil` where it cannot know.
  package var isEnabled: Bool?
  /// When it was deleted, where the source still lists what is gone.
  package var deleted: Instant?
  package var tags: [Tag]
  /// Whom the platform itself names as owner: a mail address, a login, an object id; sorted.
  package var owners: [String]
  package var credentials: [CredentialFact]
  package var grants: [GrantFact]
  package var trusts: [TrustFact]
  /// What it stands in touch with by its own side's word: the role that a service account may become, the secret that it mounts.
  package var links: [LinkFact]
  /// When it last used what it may do, as the platform itself tells (AWS service last accessed data); not from logs. Sorted.
  package var accessed: [AccessFact]
  /// The most it may ever do (AWS permissions boundary): grants that must also allow.
  package var boundary: [GrantFact]?
  /// Fields that this source cannot know for this identity, by their names here, sorted; `credentials.lastUsed` for theirs.
  package var unknowable: [String]
  /// The name of the source that showed it.
  package var source: String
  /// Where the identity stands in the facts' files; not part of its value.
  package var location: SourceLocation?

  package init(principal: PrincipalKey, kind: IdentityKind, name: String, source: String) {
    self.principal = principal
    self.kind = kind
    self.name = name
    self.source = source
    (tags, owners, credentials, grants, trusts, links, accessed, unknowable) = ([], [], [], [], [], [], [], [])
  }
}

/// A tag or label.
package struct Tag: Sendable, Hashable, Comparable {
  package var key: String
  package var value: String

  package init(key: String, value: String) {
    self.key = key
    self.value = value
  }

  package static func < (a: Tag, b: Tag) -> Bool { (a.key, a.value) < (b.key, b.value) }
}

/// A credential by its id; never the secret.
package struct CredentialFact: Sendable, Hashable {
  package enum Status: String, Sendable, CaseIterable { case active, inactive, expired, deleted, unknown }

  /// The platform's id: an access key id, a certificate's serial number, `password`.
  package var id: String
  /// `access-key`, `password`, `certificate`, `service-specific`, `ssh-key`, `mfa`, `key`, `token`, `secret`, `federated`, …
  package var kind: String
  package var status: Status
  package var created: Instant?
  package var expires: Instant?
  /// `true` when the platform has no expiry for this kind.
  package var neverExpires: Bool
  package var lastUsed: Instant?
  package var lastRotated: Instant?
  package var lastService: String?
  package var lastRegion: String?
  /// When it was deleted, where the source still lists what is gone.
  package var deleted: Instant?
  /// SHA-256 of the secret in lower-case hexadecimal, where the platform itself gives it (GitHub's `hashed_token`); never the secret.
  package var hash: String?

  package init(id: String, kind: String, status: Status) {
    self.id = id
    self.kind = kind
    self.status = status
    neverExpires = false
  }
}

/// One statement that allows or denies.
package struct GrantFact: Sendable, Hashable {
  package enum Effect: String, Sendable, CaseIterable { case allow, deny }

  package var effect: Effect
  /// Action patterns, spelled as `ActionUse.action` spells the platform's actions.
  package var actions: [String]
  /// Everything but these (AWS `NotAction`, where `actions` is empty), or what is taken out of `actions` (Azure `notActions`).
  package var notActions: [String]
  package var resources: [String]
  package var notResources: [String]
  /// The condition as canonical JSON; `nil` when there is none.
  package var condition: String?
  /// Where it is granted: `inline:NAME`, `managed:ARN`, `group:NAME/inline:NAME`, …
  package var via: String

  package init(effect: Effect, actions: [String], resources: [String], via: String) {
    self.effect = effect
    self.actions = actions
    self.resources = resources
    self.via = via
    (notActions, notResources) = ([], [])
  }
}

/// Who may become the identity (an AWS trust policy's statement).
package struct TrustFact: Sendable, Hashable {
  package var effect: GrantFact.Effect
  /// `AWS:arn:…`, `Service:ec2.amazonaws.com`, `Federated:…`, `*`.
  package var principals: [String]
  /// `NotPrincipal`: everyone but these.
  package var notPrincipals: [String]
  package var actions: [String]
  package var condition: String?

  package init(effect: GrantFact.Effect, principals: [String], actions: [String], condition: String?) {
    self.effect = effect
    self.principals = principals
    notPrincipals = []
    self.actions = actions
    self.condition = condition
  }
}
