package import Base
import Documents
package import Model

/// A declaration drafted for an identity that nobody declared.
package struct DeclarationDraft: Sendable {
  /// The proposed handle, unique among those given.
  package let handle: String
  /// Where the file goes: `identities/imported/<handle>.yaml`.
  package let path: String
  package let bytes: [UInt8]
  /// What nobody can know from the facts, by key: `owner`, `purpose`, …
  package let gaps: [String]
}

/// Drafts declarations for shadow identities: what is known is filled in with its evidence, what is not stays a marked gap that
/// `check` reports.
package struct Drafter: Sendable {
  private let owners: Owners
  private let configuration: Configuration
  private let now: Instant
  private let commit: String
  private var taken: Set<String>

  package init(governance: Governance, facts: FactSet, now: Instant) {
    owners = governance.owners
    configuration = governance.configuration
    self.now = now
    commit = facts.commit ?? ""
    taken = Set(governance.declarations.map(\.handle.value))
  }

  /// The draft of one identity.
  package mutating func draft(_ fact: IdentityFact?, _ usage: UsageFact?, principal: PrincipalKey) -> DeclarationDraft {
    let handle = handle(for: principal)
    let environments = configuration.environments(of: principal.place)
    let owner = suggestedOwner(fact)
    var gaps: [String] = []
    var writer = YAMLWriter()
    writer.comment(
      "Drafted by `muster import` from the facts \(commit.prefix(12)); complete what says TODO, then commit.")
    writer.field("identity", .text(handle))
    writer.field("principals", .texts([principal.description]))
    if let kind = fact?.kind { writer.field("kind", .text(kind.rawValue)) }
    if let owner {
      writer.field("owner", .text(owner.reference.description), comment: owner.reason)
    } else {
      gaps.append("owner")
      writer.comment("TODO owner: no tag names a team or person of owners.yaml. owner: team:NAME")
    }
    gaps.append("purpose")
    writer.field("purpose", .text("TODO"), comment: "in a sentence: which workload uses it, what for")
    if environments.isEmpty {
      gaps.append("environments")
      writer.comment("TODO environments: muster.yaml maps \(principal.place) to none.")
    } else {
      writer.field("environments", .texts(environments), comment: "the account's")
    }
    gaps.append("criticality")
    writer.comment("TODO criticality: low, medium, high or critical")
    writer.field(
      "expires", .plain(now.day.advanced(by: 90).description), comment: "90 days to decide; extend it in review")
    writeScope(fact, usage, &writer, &gaps)
    return DeclarationDraft(
      handle: handle, path: "identities/imported/\(handle).yaml", bytes: writer.bytes, gaps: gaps)
  }

  /// The short name as letters, digits and dashes; numbered where it is taken.
  private mutating func handle(for principal: PrincipalKey) -> String {
    var slug = ""
    for character in principal.shortName.lowercased() {
      let isPlain = character.isASCII && (character.isLetter || character.isNumber)
      if isPlain { slug.append(character) } else if !slug.hasSuffix("-"), !slug.isEmpty { slug.append("-") }
    }
    while slug.hasSuffix("-") { slug.removeLast() }
    slug = slug.isEmpty ? "identity" : String(slug.prefix(80))
    var handle = slug
    var number = 2
    while !taken.insert(handle).inserted {
      handle = "\(slug)-\(number)"
      number += 1
    }
    return handle
  }

  /// The team or person that a tag names, with where that was seen.
  private func suggestedOwner(_ fact: IdentityFact?) -> (reference: OwnerReference, reason: String)? {
    for key in ["owner", "team", "contact", "maintainer"] {
      for tag in fact?.tags ?? [] where tag.key.lowercased() == key {
        let wanted = tag.value.lowercased()
        let because = "suggested: tag \(tag.key)=\(tag.value)"
        let bare = String(wanted.split(separator: ":").last ?? "")
        if let team = owners.teams.keys.sorted().first(where: { $0.lowercased() == bare }) {
          return (OwnerReference(kind: .team, name: team), because)
        }
        let person = owners.people.values.sorted { $0.name < $1.name }.first { person in
          person.name.lowercased() == bare || person.emails.contains { $0.lowercased() == wanted }
        }
        if let person { return (OwnerReference(kind: .person, name: person.name), because) }
      }
    }
    return nil
  }

  /// The scope that the logs show in use, actions with the same resources together; what was granted and not used is left out.
  private func writeScope(
    _ fact: IdentityFact?, _ usage: UsageFact?, _ writer: inout YAMLWriter, _ gaps: inout [String]
  ) {
    var resources: [String: Set<String>] = [:]
    var evidence: [String: (count: UInt64, last: Instant)] = [:]
    for use in usage?.actions ?? [] {
      guard let success = use.lastSuccess else { continue }
      resources[use.action, default: []].insert(use.resource.isEmpty ? "*" : use.resource)
      let known = evidence[use.action]
      evidence[use.action] = ((known?.count ?? 0) + use.count - use.failed, max(known?.last ?? success, success))
    }
    guard !resources.isEmpty else {
      gaps.append("scope")
      writer.comment(
        "TODO scope: the logs show no use; \(fact.map { "\($0.grants.count) statements are granted" } ?? "nothing is known of its grants")."
      )
      return
    }
    var groups: [[String]: [String]] = [:]
    for (action, names) in resources { groups[Drafter.shortened(names), default: []].append(action) }
    writer.comment(
      "What the logs show in use; what else is granted shows as SCP-01 until it is declared or taken away.")
    writer.sequence("scope") { writer in
      for (names, actions) in groups.sorted(by: { $0.value.sorted()[0] < $1.value.sorted()[0] }) {
        writer.item { writer in
          writer.sequence("actions") { writer in
            for action in actions.sorted() {
              writer.item(.text(action))
              if let seen = evidence[action] { writer.comment("  used \(seen.count) times, last on \(seen.last.day)") }
            }
          }
          writer.field("resources", .texts(names))
        }
      }
    }
  }

  /// Many objects of one container become the container's pattern: `arn:aws:s3:::bucket/*`.
  private static func shortened(_ names: Set<String>) -> [String] {
    if names.contains("*") { return ["*"] }
    if names.count <= 4 { return names.sorted() }
    var containers: Set<String> = []
    for name in names {
      guard let slash = name.firstIndex(of: "/") else {
        containers.insert(name)
        continue
      }
      containers.insert("\(name[..<slash])/*")
    }
    return containers.sorted()
  }
}
