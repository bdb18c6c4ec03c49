import Base
import Documents
import Model

/// What Vault's answers say of one another by name; joined when all files are read.
struct VaultJoins {
  /// Who has policies.
  struct Holder {
    let principal: PrincipalKey
    let policies: [String]
    let place: Place
  }

  struct Group {
    let name: String
    let policies: [String]
    let entities: [String]
    let groups: [String]
  }

  struct Credential {
    let principal: PrincipalKey
    let name: String
    let credential: CredentialFact
    let place: Place
  }

  var policies: [String: VaultPolicy] = [:]
  var holders: [Holder] = []
  var entities: [String: PrincipalKey] = [:]
  var groups: [String: Group] = [:]
  var credentials: [Credential] = []
  var hasToldRole = false
}

extension InventoryReading {
  mutating func joinVault() {
    joinVaultCredentials()
    for (principal, policies) in vaultPoliciesByHolder() {
      let (grants, isWhole) = VaultGrants(policies: vault.policies).grants(of: policies)
      update(principal) { identity in
        identity.grants = grants
        if isWhole { identity.unknowable.removeAll { $0 == "grants" } } else { identity.mark(unknowable: "grants") }
      }
    }
    updateAll { identity in
      guard identity.principal.platform == "vault" else { return }
      identity.credentials.sort { $0.id < $1.id }
      identity.tags.sort()
      identity.unknowable.sort()
    }
  }

  private mutating func joinVaultCredentials() {
    for found in vault.credentials {
      if fact(of: found.principal) == nil {
        let isAlone = found.principal.description.contains("secret-id/")
        let isRole = found.principal.description.contains("approle/")
        var identity = vaultIdentity(isRole ? .role : .token, found.name, found.principal)
        if isAlone { identity.created = found.credential.created }
        identity.mark(unknowable: "grants")
        insert(identity, at: found.place)
      }
      update(found.principal) { identity in
        identity.unknowable.removeAll { $0 == "credentials" }
        if let index = identity.credentials.firstIndex(where: { $0.id == found.credential.id }) {
          _ = identity.credentials[index].complete(with: found.credential)
        } else {
          identity.credentials.append(found.credential)
        }
      }
    }
  }

  /// Each holder's policies with the way to each: its own, and those of the groups that it is in by whatever other groups.
  private func vaultPoliciesByHolder() -> [PrincipalKey: [String: String]] {
    var result: [PrincipalKey: [String: String]] = [:]
    for holder in vault.holders {
      for policy in holder.policies { result[holder.principal, default: [:]][policy] = "policy:\(policy)" }
      if result[holder.principal] == nil { result[holder.principal] = [:] }
    }
    for id in vault.groups.keys.sorted() {
      guard let group = vault.groups[id] else { continue }
      var (members, seen, open) = (Set(group.entities), Set([id]), group.groups)
      while let next = open.popLast(), let inner = vault.groups[next], seen.insert(next).inserted {
        members.formUnion(inner.entities)
        open += inner.groups
      }
      for member in members {
        guard let principal = vault.entities[member] else { continue }
        for policy in group.policies where result[principal]?[policy] == nil {
          result[principal, default: [:]][policy] = "group:\(group.name)/policy:\(policy)"
        }
      }
    }
    return result
  }
}

/// The statements that policies come to together.
///
/// Of the rules that match a path, Vault takes only the most specific one, and of equal paths all capabilities unless one denies:
/// so each statement leaves out what a narrower path of any of the policies takes (Vault documentation, "Policies", priority
/// matching). Where two paths merely cross, both stay.
struct VaultGrants {
  let policies: [String: VaultPolicy]

  /// `policies`: the way to each by its name.
  func grants(of held: [String: String]) -> (grants: [GrantFact], isWhole: Bool) {
    var isWhole = true
    var grants: [GrantFact] = []
    var rules: [(rule: VaultPolicy.Rule, via: String)] = []
    for (name, via) in held.sorted(by: { $0.key < $1.key }) {
      if name == "root" {
        grants.append(GrantFact(effect: .allow, actions: ["vault:*"], resources: ["*"], via: via))
      } else if let policy = policies[name] {
        rules += policy.rules.map { ($0, via) }
      } else {
        // Every token has it, and it lets a token look after itself; its text is the operator's.
        if name != "default" { isWhole = false }
        grants.append(GrantFact(effect: .allow, actions: [], resources: [], via: via))
      }
    }
    let paths = Set(rules.map(\.rule.path)).sorted().map { (text: VaultGrants.pattern($0), path: $0) }
    let denied = Set(rules.filter { $0.rule.capabilities.contains("deny") }.map(\.rule.path))
    // Comparing each with each is for as many as people write.
    let isNarrowed = paths.count <= 4_000
    if !isNarrowed { isWhole = false }
    for (rule, via) in rules {
      let isDenied = rule.capabilities.contains("deny")
      if !isDenied && denied.contains(rule.path) { continue }
      let mine = AccessPattern(resource: VaultGrants.pattern(rule.path))
      var grant = GrantFact(
        effect: isDenied ? .deny : .allow,
        actions: isDenied ? ["vault:*"] : Set(rule.capabilities).sorted().map { "vault:\($0) *" },
        resources: [mine.description], via: via)
      if isNarrowed {
        let narrower = paths.filter { $0.path != rule.path && mine.covers(AccessPattern(resource: $0.text)) }
        grant.notResources = narrower.map(\.text)
      }
      if !rule.conditions.isEmpty { grant.condition = VaultGrants.condition(rule.conditions) }
      if !grant.actions.isEmpty { grants.append(grant) }
    }
    return (grants, isWhole)
  }

  /// The names of what narrows the rule: nothing here weighs them.
  private static func condition(_ names: [String]) -> String {
    var writer = JSONWriter()
    writer.array { for name in names.sorted() { $0.string(name) } }
    return writer.text
  }

  /// A path as a pattern: `+` is one part, which `*` is more than; a `*` that is not the last character is a letter.
  static func pattern(_ path: String) -> String {
    let body = path.hasSuffix("*") ? path.dropLast() : path[...]
    let parts = body.split(separator: "/", omittingEmptySubsequences: false).map { part in
      part == "+" ? "*" : part.map { "*?$".contains($0) ? "${\($0)}" : String($0) }.joined()
    }
    return parts.joined(separator: "/") + (path.hasSuffix("*") ? "*" : "")
  }
}
