package import Base

/// One declared identity (DESIGN.md §4). What the person left out is `nil` or empty.
package struct Declaration: Sendable, Hashable {
  /// The stable handle, unique in the repository.
  package var handle: Located<String>
  package var principals: [Located<PrincipalKey>]
  package var kind: Located<IdentityKind>?
  package var owner: Located<OwnerReference>?
  package var backup: Located<OwnerReference>?
  package var purpose: Located<String>?
  /// What it works for: `repository`, `workflow`, `job`, `ticket`, … as written.
  package var serves: [Tag]
  package var environments: [Located<String>]
  package var criticality: Located<String>?
  package var data: [Located<String>]
  /// The last valid day, UTC.
  package var expires: Located<Day>?
  package var credentialMaxAge: Located<Milliseconds>?
  package var credentialOverlap: Located<Milliseconds>?
  package var scope: [ScopeEntry]
  package var behaviour: Behaviour
  package var reviewEvery: Located<Milliseconds>?
  package var thirdParty: [Tag]
  package var agent: [Tag]
  /// Why several workloads hold it; `nil` when it is not shared.
  package var sharedWhy: Located<String>?
  /// The place of the `identity:` key: where findings about what is absent point.
  package var location: SourceLocation
  /// Places of the top-level keys that were written, by their YAML name.
  package var keyLocations: [String: SourceLocation]

  package init(handle: Located<String>, location: SourceLocation) {
    self.handle = handle
    self.location = location
    (principals, serves, environments, data, scope, thirdParty, agent) = ([], [], [], [], [], [], [])
    behaviour = Behaviour()
    keyLocations = [:]
  }

  /// The place of the key `name`, else of the declaration.
  package func location(of name: String) -> SourceLocation { keyLocations[name] ?? location }
}

/// Actions on resources that the identity may use.
package struct ScopeEntry: Sendable, Hashable {
  package var actions: [Located<String>]
  /// Empty means every resource.
  package var resources: [Located<String>]

  package init(actions: [Located<String>], resources: [Located<String>]) {
    self.actions = actions
    self.resources = resources
  }
}

/// How the workload is expected to behave; what is `nil` or empty is not constrained.
package struct Behaviour: Sendable, Hashable {
  package var regions: [Located<String>] = []
  /// CIDR blocks.
  package var networks: [Located<String>] = []
  package var schedule: Schedule?
  package var destinations: [Located<String>] = []
  package var maxBytesPerDay: Located<UInt64>?

  package init() {}
}

/// When the workload runs.
package struct Schedule: Sendable, Hashable {
  /// 0 Monday to 6 Sunday.
  package var days: Set<Int>
  /// Minutes of the local day `[from, to)`; `from > to` runs over midnight into the next day.
  package var from: Int
  package var to: Int
  package var zone: TimeZone
  package var location: SourceLocation

  package init(days: Set<Int>, from: Int, to: Int, zone: TimeZone, location: SourceLocation) {
    self.days = days
    self.from = from
    self.to = to
    self.zone = zone
    self.location = location
  }
}

/// `team:payments` or `person:ana`.
package struct OwnerReference: Sendable, Hashable, Comparable, CustomStringConvertible {
  package enum Kind: String, Sendable, CaseIterable { case team, person }

  package var kind: Kind
  package var name: String

  package init(kind: Kind, name: String) {
    self.kind = kind
    self.name = name
  }

  /// `nil` unless it reads `team:NAME` or `person:NAME`.
  package init?(_ text: String) {
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, let kind = Kind(rawValue: String(parts[0])), !parts[1].isEmpty else { return nil }
    self.init(kind: kind, name: String(parts[1]))
  }

  package var description: String { "\(kind.rawValue):\(name)" }

  package static func < (a: OwnerReference, b: OwnerReference) -> Bool { a.description < b.description }
}
