package import Base

/// `muster.yaml`.
package struct Configuration: Sendable, Hashable {
  /// In the order of the file.
  package var environments: [Environment]
  package var inventory: [SourceConfiguration]
  package var usage: [SourceConfiguration]
  package var factsBranch: String
  /// Another repository that holds the facts; `nil` for this one.
  package var factsRepository: String?
  package var policyPacks: [String]
  package var policyProfile: String?
  /// Parameters by policy id, then by name, as text.
  package var policyParameters: [String: [String: Located<String>]]
  /// Policies that are switched off, with their places.
  package var disabledPolicies: [Located<String>]
  /// Severities whose decisions must be signed.
  package var signedSeverities: Set<Severity>
  package var location: SourceLocation

  package init(location: SourceLocation) {
    self.location = location
    (environments, inventory, usage, policyPacks, disabledPolicies) = ([], [], [], ["core"], [])
    factsBranch = "muster/observed"
    policyParameters = [:]
    signedSeverities = []
  }

  /// Names of the environments whose globs match the place (`aws:111122223333`), in the order of the file.
  package func environments(of place: String) -> [String] {
    environments.filter { environment in environment.places.contains { Glob($0.value).matches(place) } }.map(\.name)
  }
}

/// Which accounts, projects, clusters, mounts or hosts belong to an environment.
package struct Environment: Sendable, Hashable {
  package var name: String
  package var places: [Located<String>]

  package init(name: String, places: [Located<String>]) {
    self.name = name
    self.places = places
  }
}

/// One row under `sources:`.
package struct SourceConfiguration: Sendable, Hashable {
  package var name: Located<String>
  /// File, folder or glob, relative to the repository's root unless absolute.
  package var path: Located<String>
  package var covers: [String]
  package var every: Milliseconds?
  package var lateness: Milliseconds?
  /// Forced format; `nil` to recognise it.
  package var format: String?

  package init(name: Located<String>, path: Located<String>) {
    self.name = name
    self.path = path
    covers = []
  }
}

/// `exceptions/**/*.yaml`: a time-limited, approved, reasoned waiver.
package struct PolicyException: Sendable, Hashable {
  package var id: Located<String>
  package var policy: Located<String>
  /// The identity's handle or principal key.
  package var identity: Located<String>
  package var reason: Located<String>?
  package var owner: Located<OwnerReference>?
  package var approver: Located<OwnerReference>?
  /// The last day on which it holds, UTC; one without it never holds.
  package var expires: Located<Day>?
  package var ticket: String?
  /// `sha256:…` of the scope that it covered when approved; it dies when the scope widens.
  package var scope: Located<String>?
  package var location: SourceLocation

  package init(
    id: Located<String>, policy: Located<String>, identity: Located<String>, location: SourceLocation
  ) {
    self.id = id
    self.policy = policy
    self.identity = identity
    self.location = location
  }
}

/// `campaigns/*.yaml`: which findings become review items, by when.
package struct CampaignTemplate: Sendable, Hashable {
  package var id: Located<String>
  package var title: String
  /// A CEL condition over `finding` and `identity`; `nil` takes every finding at or above `severity`.
  package var filter: Located<String>?
  package var policies: [Located<String>]
  package var minimumSeverity: Severity
  /// Days to decide by severity.
  package var due: [Severity: Milliseconds]
  /// Days to decide for what has no owner.
  package var unownedDue: Milliseconds
  /// Who answers for what has no owner.
  package var exceptionQueue: OwnerReference?
  /// Words to the owners, shown on each item.
  package var notes: String?
  package var location: SourceLocation

  package init(id: Located<String>, title: String, location: SourceLocation) {
    self.id = id
    self.title = title
    self.location = location
    policies = []
    minimumSeverity = .medium
    due = [:]
    unownedDue = Milliseconds(5 * 86_400_000)
  }
}

/// What a governance repository declares, as one tree holds it.
package struct Governance: Sendable {
  package var configuration: Configuration
  package var owners: Owners
  /// Sorted by handle.
  package var declarations: [Declaration]
  /// Sorted by id.
  package var exceptions: [PolicyException]
  package var campaigns: [CampaignTemplate]
  /// The organisation's own policy files: path and bytes.
  package var policyFiles: [SourceFile]
  /// Review items: path and bytes.
  package var reviewFiles: [SourceFile]
  /// CODEOWNERS, where the tree has one.
  package var codeOwners: SourceFile?
  /// The text of every file but review items that was read, by path, for showing lines; secrets in it are blotted out.
  package var sources: [SourceFile]
  /// Secret-shaped values in all files.
  package var secrets: [SecretMatch]

  package init(configuration: Configuration) {
    self.configuration = configuration
    owners = Owners()
    (declarations, exceptions, campaigns, policyFiles, reviewFiles, sources, secrets) = ([], [], [], [], [], [], [])
  }
}

/// A file of a tree, read.
package struct SourceFile: Sendable, Hashable {
  package var path: String
  package var bytes: [UInt8]

  package init(path: String, bytes: [UInt8]) {
    self.path = path
    self.bytes = bytes
  }
}
