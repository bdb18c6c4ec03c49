package import Base

/// What one identity did, over all usage sources: counts over distinct events, with first and last instants.
/// Every list is sorted by its key; merging two of disjoint events adds counts, takes the least first and the greatest last.
package struct UsageFact: Sendable, Hashable {
  package var principal: PrincipalKey
  package var first: Instant
  package var last: Instant
  package var events: UInt64
  /// Refused by authorization (AccessDenied and its kin).
  package var denied: UInt64
  /// Failed in any way, the denied ones included.
  package var failed: UInt64
  package var actions: [ActionUse]
  package var regions: [TermUse]
  /// Literal source addresses only.
  package var addresses: [TermUse]
  package var agents: [TermUse]
  /// `<platform>:<account>` that the calls were made in, which need not be the identity's own.
  package var places: [TermUse]
  package var credentials: [CredentialUse]
  package var days: [DayUse]
  /// Names of the lists above that hit their cap: what is missing from them is unknown, not absent.
  package var saturated: [String]
  /// Where the record stands in the facts' files; not part of its value.
  package var location: SourceLocation?

  package init(principal: PrincipalKey, first: Instant, last: Instant) {
    self.principal = principal
    self.first = first
    self.last = last
    (events, denied, failed) = (0, 0, 0)
    (actions, regions, addresses, agents, places, credentials, days, saturated) = ([], [], [], [], [], [], [], [])
  }
}

/// How often an action was used on a resource.
package struct ActionUse: Sendable, Hashable {
  /// The platform's permission that the call needed: `s3:GetObject` (not the log's own event name where they differ).
  package var action: String
  /// The resource's own name (an ARN), a pattern with `*` of what contains it where they were many, or empty where the log names none.
  package var resource: String
  package var count: UInt64
  package var denied: UInt64
  package var failed: UInt64
  package var first: Instant
  package var last: Instant
  /// The last event that succeeded; `nil` when none did.
  package var lastSuccess: Instant?

  package init(action: String, resource: String, first: Instant, last: Instant) {
    self.action = action
    self.resource = resource
    self.first = first
    self.last = last
    (count, denied, failed) = (0, 0, 0)
  }
}

/// How often a term (a region, an address, an agent, a place) was seen.
package struct TermUse: Sendable, Hashable {
  package var term: String
  package var count: UInt64
  package var failed: UInt64
  package var first: Instant
  package var last: Instant

  package init(term: String, count: UInt64, failed: UInt64, first: Instant, last: Instant) {
    self.term = term
    self.count = count
    self.failed = failed
    self.first = first
    self.last = last
  }
}

/// How a credential was used by the identity.
package struct CredentialUse: Sendable, Hashable {
  package var id: String
  /// `true` for one that belongs to a session (AWS `ASIA…`).
  package var isTemporary: Bool
  package var count: UInt64
  package var failed: UInt64
  package var first: Instant
  package var last: Instant
  package var lastSuccess: Instant?

  package init(id: String, isTemporary: Bool, first: Instant, last: Instant) {
    self.id = id
    self.isTemporary = isTemporary
    self.first = first
    self.last = last
    (count, failed) = (0, 0)
  }
}

/// One UTC day of an identity.
package struct DayUse: Sendable, Hashable {
  package var day: Day
  package var count: UInt64
  package var denied: UInt64
  package var bytesIn: UInt64
  package var bytesOut: UInt64
  /// Bit h is set when an event fell into the hour h of the day, UTC.
  package var hours: UInt32

  package init(day: Day) {
    self.day = day
    (count, denied, bytesIn, bytesOut, hours) = (0, 0, 0, 0, 0)
  }
}

/// What the logs say happened to a credential itself, whoever did it.
package struct CredentialLifecycle: Sendable, Hashable {
  package var id: String
  /// The owner as the event names it (a principal key); `nil` where it does not.
  package var owner: PrincipalKey?
  /// Earliest creation and its author.
  package var created: Instant?
  package var createdBy: PrincipalKey?
  /// Latest switching off (AWS `UpdateAccessKey` to Inactive) that no later switching on undid.
  package var disabled: Instant?
  package var enabled: Instant?
  package var deleted: Instant?
  package var deletedBy: PrincipalKey?
  /// Where the record stands in the facts' files; not part of its value.
  package var location: SourceLocation?

  package init(id: String) { self.id = id }
}
