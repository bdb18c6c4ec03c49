import Base
import Model

/// How urgent an item is, 0 to 100, as the sum of six factors that are shown with their reasons: no black box.
struct RiskScore {
  struct Factor {
    var name: String
    var points: Int
    var most: Int
    var why: String
  }

  var factors: [Factor]
  var total: Int { factors.reduce(0) { $0 + $1.points } }

  init(_ review: ReviewCase, owner: ResolvedOwner) {
    guard review.isAboutIdentity else {
      factors = Self.ofOthers(review, owner)
      return
    }
    factors = [
      Self.privilege(review), Self.exposure(review), Self.staleness(review), Self.ownerState(owner),
      Self.lifetime(review), Self.environment(review),
    ]
  }

  /// What is no identity holds no privilege and has no life of its own; a secret that lies open is exposed.
  private static func ofOthers(_ review: ReviewCase, _ owner: ResolvedOwner) -> [Factor] {
    let isOpen = review.group.first.code.hasPrefix("XPS")
    return [
      Factor(
        name: "privilege", points: isOpen ? 15 : 0, most: 25,
        why: isOpen ? "unknown: whatever the secret opens" : "none"),
      Factor(
        name: "exposure", points: isOpen ? 20 : 0, most: 20,
        why: isOpen ? "whoever can read the repository can read it" : "nothing is exposed"),
      Factor(name: "staleness", points: 0, most: 15, why: "does not apply"), ownerState(owner),
      Factor(name: "lifetime", points: 0, most: 15, why: "does not apply"),
      Factor(name: "environment", points: 5, most: 10, why: "it may concern every environment"),
    ]
  }

  private static func privilege(_ review: ReviewCase) -> Factor {
    func factor(_ points: Int, _ why: String) -> Factor {
      Factor(name: "privilege", points: points, most: 25, why: why)
    }
    guard let fact = review.fact else { return factor(10, "unknown: no inventory shows it") }
    if fact.unknowable.contains("grants") { return factor(10, "unknown: the inventory cannot show what it may do") }
    let allowed = fact.grants.filter { $0.effect == .allow }
    if allowed.isEmpty { return factor(0, "nothing is granted to it") }
    let actions = allowed.flatMap(\.actions)
    let everywhere = allowed.contains { $0.resources.contains("*") || $0.resources.isEmpty }
    if let broad = allowed.compactMap(\.breadth).first { return factor(25, broad) }
    let wide = actions.filter { $0.hasSuffix(":*") }.count
    if wide > 0 { return factor(everywhere ? 20 : 15, "\(wide) whole service\(wide == 1 ? "" : "s") allowed") }
    if everywhere { return factor(12, "\(actions.count) actions, some on every resource") }
    return factor(
      actions.count > 10 ? 8 : 5, "\(actions.count) action\(actions.count == 1 ? "" : "s") on named resources")
  }

  private static func exposure(_ review: ReviewCase) -> Factor {
    func factor(_ points: Int, _ why: String) -> Factor { Factor(name: "exposure", points: points, most: 20, why: why) }
    guard let fact = review.fact else { return factor(8, "unknown: no inventory shows it") }
    let trusted = fact.trusts.filter { $0.effect == .allow }
    if trusted.contains(where: { $0.condition == nil && $0.principals.contains { $0 == "*" || $0 == "AWS:*" } }) {
      return factor(20, "anyone may become it")
    }
    let account = fact.principal.account
    let foreign = trusted.flatMap(\.principals).filter { name in
      name.hasPrefix("AWS:") && !account.isEmpty && !name.contains(account)
    }
    if !foreign.isEmpty { return factor(14, "another account may become it") }
    let keys = fact.credentials.filter { $0.status == .active && $0.kind != "mfa" }.count
    if keys > 0 { return factor(min(8 + 4 * keys, 16), "\(keys) active long-lived credential\(keys == 1 ? "" : "s")") }
    if trusted.contains(where: { $0.principals.contains { $0.hasPrefix("Federated:") } }) {
      return factor(8, "an outside identity provider may become it")
    }
    return factor(2, "no long-lived credential, and nobody outside may become it")
  }

  private static func staleness(_ review: ReviewCase) -> Factor {
    func factor(_ points: Int, _ why: String) -> Factor {
      Factor(name: "staleness", points: points, most: 15, why: why)
    }
    if let last = review.lastUsed {
      let days = max(0, (review.now.milliseconds - last.milliseconds) / 86_400_000)
      return factor(days > 90 ? 15 : days > 45 ? 10 : days > 14 ? 4 : 0, "last used \(last.day)")
    }
    guard let window = review.window else { return factor(7, "unknown: no usage log covers it") }
    return factor(15, "no use in the logs from \(window.lowerBound) to \(window.upperBound)")
  }

  private static func ownerState(_ owner: ResolvedOwner) -> Factor {
    func factor(_ points: Int, _ why: String) -> Factor { Factor(name: "owner", points: points, most: 15, why: why) }
    switch owner.how {
    case .declared: return factor(0, "the declared owner is there")
    case .backup: return factor(8, "only the backup is there")
    case .escalation: return factor(10, "neither owner nor backup is there")
    case .codeowners: return factor(4, "not declared, but named in CODEOWNERS")
    case .tag: return factor(8, "not declared, only named in a tag")
    case .exceptionQueue: return factor(15, "nobody owns it")
    }
  }

  private static func lifetime(_ review: ReviewCase) -> Factor {
    func factor(_ points: Int, _ why: String) -> Factor { Factor(name: "lifetime", points: points, most: 15, why: why) }
    let oldest = review.fact?.credentials.filter { $0.status == .active && $0.kind != "mfa" }
      .compactMap { $0.lastRotated ?? $0.created }.min()
    if let oldest {
      let days = (review.now.milliseconds - oldest.milliseconds) / 86_400_000
      if days > 365 { return factor(15, "its oldest credential is from \(oldest.day)") }
      if days > 90 { return factor(10, "its oldest credential is from \(oldest.day)") }
    }
    guard let declaration = review.declaration else { return factor(10, "undeclared: nobody said when it ends") }
    guard let expires = declaration.expires?.value else { return factor(8, "no expiry is declared") }
    return expires.end <= review.now
      ? factor(12, "its last valid day was \(expires)") : factor(2, "it ends on \(expires)")
  }

  private static func environment(_ review: ReviewCase) -> Factor {
    func factor(_ points: Int, _ why: String) -> Factor {
      Factor(name: "environment", points: points, most: 10, why: why)
    }
    let names = review.environments
    let shown = names.joined(separator: ", ")
    if names.contains(where: { $0.lowercased().hasPrefix("prod") }) { return factor(10, "it works in \(shown)") }
    if ["high", "critical"].contains(review.declaration?.criticality?.value.lowercased() ?? "") {
      return factor(8, "its criticality is declared as high")
    }
    if names.isEmpty { return factor(5, "unknown: its place is in no environment of muster.yaml") }
    return factor(names.count > 1 ? 4 : 2, "it works in \(shown)")
  }
}
