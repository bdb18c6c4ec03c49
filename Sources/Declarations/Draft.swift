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

/// What is known of an identity that a declaration is drafted for.
package struct DraftEvidence: Sendable {
  package var principal: PrincipalKey
  package var fact: IdentityFact?
  package var usage: UsageFact?
  /// What it may do, after denies and boundary.
  package var grants: [EffectiveGrant]
  /// Since when logs would show its use; `nil` where they would not, for the reason that `usageGap` gives.
  package var coveredSince: Instant?
  package var usageGap: String
  /// The surest first.
  package var owners: [OwnerSuggestion]

  package init(principal: PrincipalKey, fact: IdentityFact?, usage: UsageFact?) {
    (self.principal, self.fact, self.usage) = (principal, fact, usage)
    (grants, owners, usageGap) = ([], [], "")
  }
}

/// Drafts declarations for shadow identities: what is known is filled in with its evidence, what is not stays a marked gap that
/// `check` reports.
package struct Drafter: Sendable {
  private let configuration: Configuration
  private let now: Instant
  private let commit: String
  private var taken: Set<String>

  package init(governance: Governance, facts: FactSet, now: Instant) {
    configuration = governance.configuration
    self.now = now
    commit = facts.commit ?? ""
    taken = Set(governance.declarations.map(\.handle.value))
  }

  /// The draft of one identity.
  package mutating func draft(_ evidence: DraftEvidence) -> DeclarationDraft {
    let (principal, handle) = (evidence.principal, handle(for: evidence.principal))
    var gaps: [String] = []
    var writer = YAMLWriter()
    writer.comment(
      "Drafted by `muster import` from the facts \(commit.prefix(12)); complete what says TODO, then commit.")
    writer.field("identity", .text(handle))
    writer.field("principals", .texts([principal.description]))
    if let kind = evidence.fact?.kind { writer.field("kind", .text(kind.rawValue)) }
    writeOwner(evidence, &writer, &gaps)
    gaps.append("purpose")
    writer.field("purpose", .text("TODO"), comment: "in a sentence: which workload uses it, what for")
    let environments = configuration.environments(of: principal.place)
    if environments.isEmpty {
      gaps.append("environments")
      writer.comment("TODO environments: muster.yaml maps \(principal.place) to none.")
    } else {
      writer.field("environments", .texts(environments), comment: "the account's")
    }
    gaps.append("criticality")
    writer.comment("TODO criticality: low, medium, high or critical")
    let term = term(of: evidence)
    writer.field("expires", .plain(now.day.advanced(by: term.days).description), comment: term.reason)
    writeScope(evidence, &writer, &gaps)
    return DeclarationDraft(
      handle: handle, path: "identities/imported/\(handle).yaml", bytes: writer.bytes, gaps: gaps)
  }

  private func writeOwner(_ evidence: DraftEvidence, _ writer: inout YAMLWriter, _ gaps: inout [String]) {
    guard let first = evidence.owners.first else {
      gaps.append("owner")
      return writer.comment(
        "TODO owner: no tag, creator, repository or consumer leads to a team or person of owners.yaml. owner: team:NAME"
      )
    }
    writer.field(
      "owner", .text(first.owner.description), comment: "suggested (\(first.confidence.rawValue)): \(first.source)")
    for other in evidence.owners.dropFirst().prefix(3) {
      writer.comment("or \(other.owner) (\(other.confidence.rawValue)): \(other.source)")
    }
  }

  /// How long a first declaration of such an identity holds: the easier its credentials travel, the shorter.
  private func term(of evidence: DraftEvidence) -> (days: Int, reason: String) {
    let fact = evidence.fact
    if evidence.usage == nil, let since = evidence.coveredSince,
      now.milliseconds - since.milliseconds >= 30 * 86_400_000
    {
      return (30, "30 days: not used since \(since.day)")
    }
    let isThirdParty = (fact?.trusts ?? []).contains { trust in
      trust.principals.contains { name in
        guard name.hasPrefix("AWS:") else { return false }
        let account = PrincipalKey(String(name.dropFirst(4))).account
        return !account.isEmpty && account != evidence.principal.account
      }
    }
    if isThirdParty { return (180, "180 days: another account may become it") }
    if let last = fact?.credentials.compactMap(\.expires).filter({ $0 > now }).max(), fact?.kind == .certificate {
      return (max(1, Int(last.day.number - now.day.number)), "the certificate's own end")
    }
    let lasting: Set<String> = ["access-key", "password", "key", "token", "secret", "ssh-key", "service-specific"]
    if let key = fact?.credentials.first(where: { lasting.contains($0.kind) && $0.status != .deleted }) {
      return (90, "90 days: it holds a \(key.kind)")
    }
    switch fact?.kind {
    case .apiKey, .token, .user: return (90, "90 days: its secret can travel")
    case .agent, .bot, .oauthApp: return (180, "180 days: it acts for others")
    case .role, .serviceAccount, .pipeline, .device: return (365, "a year: its credentials are short-lived")
    default: return (90, "90 days to decide; extend it in review")
    }
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

  private func writeScope(_ evidence: DraftEvidence, _ writer: inout YAMLWriter, _ gaps: inout [String]) {
    guard let since = evidence.coveredSince else { return writeGranted(evidence, &writer, &gaps) }
    let used = evidence.usage?.actions.filter { $0.lastSuccess != nil } ?? []
    guard !used.isEmpty else {
      gaps.append("scope")
      return writer.comment(
        "TODO scope: not used since \(since.day); \(evidence.fact.map { "\($0.grants.count) statements are granted" } ?? "nothing is known of its grants")."
      )
    }
    writer.comment(
      "What the logs show in use since \(since.day); what else is granted shows as SCP-01 until it is declared or taken away."
    )
    writeUsed(used, &writer)
    let hidden = evidence.grants.flatMap(\.grant.actions).filter {
      ActionObservability.silence(of: AccessPattern(action: $0)) == .unknown
    }
    if !hidden.isEmpty {
      let shown = Array(Set(hidden)).sorted()
      writer.comment(
        "The logs may not show every use of \(shown.prefix(6).joined(separator: ", "))\(shown.count > 6 ? ", …" : ""), which is granted."
      )
    }
  }

  /// Nobody knows what is used: what is granted, to be narrowed.
  private func writeGranted(_ evidence: DraftEvidence, _ writer: inout YAMLWriter, _ gaps: inout [String]) {
    gaps.append("scope")
    let accessed = evidence.fact?.accessed ?? []
    var idle: Set<String> = []
    var entries: [(actions: [String], resources: [String])] = []
    for effective in evidence.grants
    where !effective.grant.isOpaque && effective.grant.notActions.isEmpty && effective.grant.notResources.isEmpty {
      // What the platform itself has not seen used in all the time that it looks back is left out.
      let actions = effective.grant.actions.filter { action in
        guard let told = accessed.evidence(of: action), told.notAfter == nil else { return true }
        idle.insert(action)
        return false
      }
      if actions.isEmpty { continue }
      let entry = (
        actions.sorted(), effective.grant.resources.isEmpty ? ["*"] : effective.grant.resources.sorted()
      )
      if !entries.contains(where: { $0.actions == entry.0 && $0.resources == entry.1 }) { entries.append(entry) }
    }
    let why = evidence.usageGap.isEmpty ? "no logs cover it" : evidence.usageGap
    if entries.isEmpty, !idle.isEmpty {
      return writer.comment(
        "TODO scope: the platform itself saw no use of anything that is granted: \(idle.sorted().prefix(12).joined(separator: ", "))."
      )
    }
    if entries.isEmpty {
      return writer.comment(
        "TODO scope: its use is unknown (\(why)), and the inventory shows no grant that could be declared.")
    }
    writer.comment("TODO scope: narrow it. This is what is granted; what is used is unknown (\(why)).")
    if !idle.isEmpty {
      let shown = idle.sorted()
      writer.comment(
        "Left out, as the platform itself saw no use of it: \(shown.prefix(12).joined(separator: ", "))\(shown.count > 12 ? ", …" : "")."
      )
    }
    writer.sequence("scope") { writer in
      for entry in entries {
        writer.item { writer in
          writer.sequence("actions") { writer in
            for action in entry.actions {
              writer.item(.text(action))
              guard let last = accessed.evidence(of: action)?.notAfter else { continue }
              writer.comment("  the platform saw a use of it or its service last on \(last.day)")
            }
          }
          writer.field("resources", .texts(entry.resources))
        }
      }
    }
  }

  /// Actions with the same resources together; what was granted and not used is left out.
  private func writeUsed(_ uses: [ActionUse], _ writer: inout YAMLWriter) {
    var resources: [String: Set<String>] = [:]
    var evidence: [String: (count: UInt64, last: Instant)] = [:]
    for use in uses {
      guard let success = use.lastSuccess else { continue }
      resources[use.action, default: []].insert(use.resource.isEmpty ? "*" : use.resource)
      let known = evidence[use.action]
      evidence[use.action] = ((known?.count ?? 0) + use.count - use.failed, max(known?.last ?? success, success))
    }
    var groups: [[String]: [String]] = [:]
    for (action, names) in resources { groups[Drafter.shortened(names), default: []].append(action) }
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
