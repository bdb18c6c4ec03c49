import Base
import Documents
import Model

/// What AWS exports say of one another by name; joined when all files are read.
struct AWSJoins {
  /// A policy attached to an identity, or its boundary.
  struct Attachment {
    let principal: PrincipalKey
    let policy: String
    let isBoundary: Bool
    let place: Place
  }

  /// Groups of a user, by name within the account.
  struct Membership {
    let user: PrincipalKey
    let groups: [String]
    let place: Place
  }

  /// A credential of a user who is known by name only.
  struct KeyClaim {
    let user: String
    /// With an empty id, whatever key the user has.
    let credential: CredentialFact
    let knowsLastUse: Bool
    let place: Place
    let file: Int
  }

  /// A key of the credential report, which shows no key ids.
  struct ReportedKey {
    let user: PrincipalKey
    let slot: Int
    let credential: CredentialFact
  }

  /// An inline policy of an identity that is known by name only.
  struct InlineClaim {
    let kind: IdentityKind
    let name: String
    /// `inline:NAME`.
    let via: String
    /// `nil` where the document could not be read.
    let grants: [GrantFact]?
    let place: Place
    let file: Int
  }

  /// What some identity last used, where the answer may not say which one it is.
  struct AccessClaim {
    let accessed: [AccessFact]
    /// The entities that the answer names: one for a user or a role.
    let entities: Set<String>
    let place: Place
    let file: Int
    let count: UInt64
  }

  /// A finding of Access Analyzer on an identity.
  struct Finding {
    let resource: String
    let change: @Sendable (inout IdentityFact) -> Void
    let place: Place
    let file: Int
  }

  /// A customer's or AWS's managed policy: its default version's statements, `nil` where they could not be read.
  struct ManagedPolicy {
    let statements: [GrantFact]?
    let isWhole: Bool
    let version: String
    let place: Place
  }

  var policies: [String: ManagedPolicy] = [:]
  var attachments: [Attachment] = []
  var memberships: [Membership] = []
  var keyClaims: [KeyClaim] = []
  var reportedKeys: [ReportedKey] = []
  var inlineClaims: [InlineClaim] = []
  var accessClaims: [AccessClaim] = []
  var findings: [Finding] = []
}

extension InventoryReading {
  /// Resolves grants first, then credentials, then what follows from both.
  mutating func joinAWS() {
    resolveAttachments()
    resolveInlineClaims()
    resolveMemberships()
    resolveKeyClaims()
    resolveReportedKeys()
    resolveFindings()
    resolveAccessClaims()
    finishAWSIdentities()
  }

  private mutating func resolveAttachments() {
    for attachment in aws.attachments {
      let via = "managed:\(attachment.policy)"
      let policy = aws.policies[attachment.policy]
      let statements = policy?.statements?.map { $0.with(via: via) }
      update(attachment.principal) { identity in
        let grants = statements ?? [GrantFact(effect: .allow, actions: [], resources: [], via: via)]
        if attachment.isBoundary {
          identity.boundary = grants
          if !(policy?.isWhole ?? false) { identity.mark(unknowable: "boundary") }
        } else {
          // The same attachment may stand in two files.
          if !identity.grants.contains(where: { $0.via == via }) { identity.grants += grants }
          if !(policy?.isWhole ?? false) { identity.mark(unknowable: "grants") }
        }
      }
    }
  }

  private mutating func resolveMemberships() {
    if aws.memberships.isEmpty { return }
    var groups: [String: IdentityFact] = [:]
    for draft in drafts where draft.fact.kind == .group {
      groups["\(draft.fact.principal.account)/\(draft.fact.name)"] = draft.fact
    }
    for membership in aws.memberships {
      for name in membership.groups.sorted() {
        let group = groups["\(membership.user.account)/\(name)"]
        let via = "group:\(name)"
        if group == nil {
          diagnose(
            .unreadable, membership.place, "`\(membership.user)` is in the group `\(name)`, which no file shows",
            hint: "export groups too: what the group grants is unknown")
        }
        update(membership.user) { user in
          let opaque = GrantFact(effect: .allow, actions: [], resources: [], via: via)
          let grants = group.map { group in group.grants.map { $0.with(via: "\(via)/\($0.via)") } } ?? [opaque]
          user.grants += grants.filter { !user.grants.contains($0) }
          if !(group?.knows("grants") ?? false) { user.mark(unknowable: "grants") }
        }
      }
    }
  }

  private mutating func finishAWSIdentities() {
    updateAll { identity in
      guard identity.principal.platform == "aws" else { return }
      let uses = identity.credentials.compactMap(\.lastUsed) + [identity.lastUsed].compactMap(\.self)
      identity.lastUsed = uses.max()
      identity.grants.arrange { $0.via }
      identity.credentials.arrange { $0.id }
      identity.tags.sort()
      identity.unknowable.sort()
    }
  }
}

extension IdentityFact {
  /// Notes that the source cannot know the field.
  mutating func mark(unknowable field: String) {
    if !unknowable.contains(field) { unknowable.append(field) }
  }
}

extension GrantFact {
  func with(via: String) -> GrantFact {
    var copy = self
    copy.via = via
    return copy
  }
}
