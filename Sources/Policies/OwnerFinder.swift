import Base
package import Declarations
import Model

/// Who looks after a repository: what its CODEOWNERS says of its pipelines, and who commits most.
package struct RepositoryOwners: Sendable {
  package var codeOwners: [String]
  package var committer: String?

  package init(codeOwners: [String] = [], committer: String? = nil) {
    (self.codeOwners, self.committer) = (codeOwners, committer)
  }
}

/// Suggests owners for identities that nobody declared, from everything that is known of them.
package struct OwnerFinder: Sendable {
  private let directory: OwnerDirectory
  private let graph: IdentityGraph
  private let repositories: [String: RepositoryOwners]
  private let declared: [PrincipalKey: Declaration]
  private let byRepository: [String: OwnerReference]
  private let creators: [String: PrincipalKey]
  private let keyCreators: [String: PrincipalKey]

  /// `repositories` by `organisation/name`.
  package init(_ estate: Estate, repositories: [String: RepositoryOwners] = [:]) {
    directory = OwnerDirectory(estate.governance.owners)
    graph = IdentityGraph(estate.facts.identities)
    self.repositories = repositories
    var (declared, byRepository): ([PrincipalKey: Declaration], [String: OwnerReference]) = ([:], [:])
    for declaration in estate.governance.declarations {
      for principal in declaration.principals { declared[principal.value] = declaration }
      guard let owner = declaration.owner?.value else { continue }
      for tag in declaration.serves where tag.key == "repository" { byRepository[tag.value] = owner }
    }
    (self.declared, self.byRepository) = (declared, byRepository)
    creators = OwnerFinder.creators(estate.facts)
    var keys: [String: PrincipalKey] = [:]
    for lifecycle in estate.facts.lifecycles { keys[lifecycle.id] = lifecycle.createdBy }
    keyCreators = keys
  }

  /// Who made each resource that a log names, where the call made an identity.
  private static func creators(_ facts: FactSet) -> [String: PrincipalKey] {
    let calls: Set<String> = [
      "iam:CreateRole", "iam:CreateUser", "iam.serviceAccounts.create", "create:serviceaccounts",
      "Microsoft.ManagedIdentity/userAssignedIdentities/write",
    ]
    var creators: [String: (who: PrincipalKey, at: Instant)] = [:]
    for usage in facts.usage {
      for use in usage.actions where calls.contains(use.action) && !use.resource.isEmpty {
        guard let success = use.lastSuccess, creators[use.resource].map({ $0.at < success }) ?? true else { continue }
        creators[use.resource] = (usage.principal, success)
      }
    }
    return creators.mapValues(\.who)
  }

  /// The suggestions, the surest first: tag, the platform's owner, who made it, the repository's owners, who uses it, who commits.
  package func suggestions(for identity: JoinedIdentity) -> [OwnerSuggestion] {
    var found: [OwnerSuggestion] = []
    func add(_ name: String, _ source: String, _ confidence: OwnerSuggestion.Confidence) {
      guard let owner = directory.reference(for: name), !found.contains(where: { $0.owner == owner }) else { return }
      found.append(OwnerSuggestion(owner, source: source, confidence: confidence))
    }
    for key in ["owner", "team", "squad", "contact", "maintainer", "managed-by"] {
      for tag in identity.fact?.tags ?? [] where OwnerFinder.isTag(tag.key, key) {
        add(tag.value, "tag \(tag.key)=\(tag.value)", .high)
      }
    }
    for owner in identity.fact?.owners ?? [] { add(owner, "the platform names \(owner) as its owner", .high) }
    for (creator, what) in creators(of: identity) {
      if let owner = declared[creator]?.owner?.value {
        add(owner.description, "\(creator) made \(what), by the logs", .medium)
      } else {
        add(creator.description, "\(creator) made \(what), by the logs", .medium)
      }
    }
    for repository in OwnerFinder.repositories(of: identity) {
      if let owner = byRepository[repository] {
        add(owner.description, "it works for \(repository), as what this owner declared", .medium)
      }
      for name in repositories[repository]?.codeOwners ?? [] {
        add(name, "CODEOWNERS of \(repository), whose pipeline uses it", .medium)
      }
    }
    for edge in identity.principal.map({ graph.edges(to: $0) }) ?? [] {
      guard edge.isKnown, let owner = declared[PrincipalKey(edge.from)]?.owner?.value else { continue }
      add(owner.description, "\(edge.from) uses it", .medium)
    }
    for repository in OwnerFinder.repositories(of: identity) {
      if let committer = repositories[repository]?.committer {
        add(committer, "\(committer) commits most to \(repository)", .low)
      }
    }
    // Stable: of equal confidence the first found stays first.
    return OwnerSuggestion.Confidence.allCases.reversed().flatMap { level in found.filter { $0.confidence == level } }
  }

  private static func isTag(_ key: String, _ name: String) -> Bool {
    let key = key.lowercased()
    return key == name || key.hasSuffix("/\(name)") || key.hasSuffix(":\(name)")
  }

  private func creators(of identity: JoinedIdentity) -> [(PrincipalKey, String)] {
    var found: [(PrincipalKey, String)] = []
    if let principal = identity.principal {
      let names = [principal.description, principal.description.split(separator: ":").last.map(String.init) ?? ""]
      for name in names { if let creator = creators[name] { found.append((creator, "it")) } }
    }
    for credential in identity.credentials {
      if let creator = keyCreators[credential.id], creator != identity.principal { found.append((creator, "its key")) }
    }
    return found
  }

  /// The repositories whose pipelines may become the identity: `repo:organisation/name:…` among the subjects that it trusts.
  package static func repositories(of identity: JoinedIdentity) -> [String] {
    var found: [String] = []
    for trust in identity.fact?.trusts ?? [] where trust.effect == .allow {
      let texts = trust.principals + [trust.condition].compactMap { $0 }
      for text in texts {
        var rest = Substring(text)
        while let start = rest.firstRange(of: "repo:") {
          rest = rest[start.upperBound...]
          let name = rest.prefix { $0 != ":" && $0 != "\"" && $0 != "*" && $0 != "@" }
          let parts = name.split(separator: "/")
          if parts.count == 2, !found.contains(String(name)) { found.append(String(name)) }
        }
      }
    }
    return found
  }
}
