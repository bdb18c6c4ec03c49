import Base
import Model

/// Builds the joined identities from a governance tree and facts.
struct Joiner {
  let governance: Governance
  let facts: FactSet
  let now: Instant
  private let factByPrincipal: [PrincipalKey: Int]
  private let usageByPrincipal: [PrincipalKey: Int]
  private let lifecycleByID: [String: Int]
  private let signals: SignalBook

  init(governance: Governance, facts: FactSet, now: Instant) {
    self.governance = governance
    self.facts = facts
    self.now = now
    factByPrincipal = Joiner.index(facts.identities.map(\.principal))
    usageByPrincipal = Joiner.index(facts.usage.map(\.principal))
    lifecycleByID = Joiner.index(facts.lifecycles.map(\.id))
    signals = SignalBook(facts.signals)
  }

  private static func index<Key: Hashable>(_ keys: [Key]) -> [Key: Int] {
    var index: [Key: Int] = [:]
    index.reserveCapacity(keys.count)
    for (position, key) in keys.enumerated() { index[key] = position }
    return index
  }

  /// The joined identities, sorted; with `handles`, only declarations of those (the facts are then limited to theirs).
  func join(only handles: Set<String>?) -> [JoinedIdentity] {
    var sights: [String: (inventory: Sight, logs: Sight, environments: [String])] = [:]
    var joined: [JoinedIdentity] = []
    func add(_ declaration: Declaration?, _ principal: PrincipalKey?) {
      let place = principal?.place ?? ""
      let known =
        sights[place]
        ?? (sight(of: place, .inventory), sight(of: place, .usage), governance.configuration.environments(of: place))
      sights[place] = known
      let fact = principal.flatMap { factByPrincipal[$0] }.map { facts.identities[$0] }
      let usage = principal.flatMap { usageByPrincipal[$0] }.map { facts.usage[$0] }
      let told = signals.signals(of: principal)
      joined.append(
        JoinedIdentity(
          declaration: declaration, principal: principal, fact: fact, usage: usage, inventory: known.inventory,
          logs: usage.flatMap { darkness(of: $0, at: place) } ?? known.logs, placeEnvironments: known.environments,
          credentials: credentials(of: fact, usage, declaration, told), signals: told, now: now))
    }
    var claimed: Set<PrincipalKey> = []
    for declaration in governance.declarations where handles?.contains(declaration.handle.value) ?? true {
      if declaration.principals.isEmpty { add(declaration, nil) }
      for principal in declaration.principals {
        claimed.insert(principal.value)
        add(declaration, principal.value)
      }
    }
    for fact in facts.identities where !claimed.contains(fact.principal) { add(nil, fact.principal) }
    for usage in facts.usage where !claimed.contains(usage.principal) && factByPrincipal[usage.principal] == nil {
      add(nil, usage.principal)
    }
    return joined.sorted {
      ($0.principal?.description ?? "", $0.handle) < ($1.principal?.description ?? "", $1.handle)
    }
  }

  /// What the sources of one kind can say of a place at `now`.
  private func sight(of place: String, _ kind: SourceCoverage.Kind) -> Sight {
    let covering = facts.sources.filter { source in
      source.kind == kind
        && (source.covers.isEmpty ? source.place(place) != nil : source.covers.contains { Glob($0).matches(place) })
    }
    let word = kind == .inventory ? "inventory" : "usage"
    if covering.isEmpty { return Sight(since: nil, gap: "no \(word) source covers \(place.isEmpty ? "it" : place)") }
    var best: Sight?
    for source in covering {
      let sight = kind == .inventory ? snapshot(source) : log(source, of: place)
      if let since = sight.since, best?.since.map({ since < $0 }) ?? true { best = sight }
      best = best ?? sight
    }
    return best ?? Sight(since: nil, gap: "no \(word) source covers \(place)")
  }

  private func snapshot(_ source: SourceCoverage) -> Sight {
    guard let collected = source.collected else {
      return Sight(since: nil, gap: "inventory source \(source.name) does not say when it was taken")
    }
    if source.unreadable > 0 {
      return Sight(since: nil, gap: "inventory source \(source.name) could not be read whole")
    }
    let limit = source.every ?? Milliseconds(86_400_000)
    if now.milliseconds - collected.milliseconds > limit.count {
      return Sight(since: nil, gap: "inventory source \(source.name) of \(collected) is older than \(limit)")
    }
    return Sight(since: collected, gap: "")
  }

  private func log(_ source: SourceCoverage, of place: String) -> Sight {
    guard let first = source.first, let last = source.last else {
      let gap = source.ahead.map { "has events of \($0), and none before that tells when it ended" } ?? "has no events"
      return Sight(since: nil, gap: "usage source \(source.name) \(gap)")
    }
    if source.unreadable > 0 { return Sight(since: nil, gap: "usage source \(source.name) could not be read whole") }
    let limit = source.every ?? Milliseconds(86_400_000)
    if now.milliseconds - last.milliseconds > limit.count {
      return Sight(since: nil, gap: "usage source \(source.name) ends on \(last), longer than \(limit) ago")
    }
    guard let shown = source.place(place) else {
      if let gap = absence(of: place, from: source) {
        return Sight(since: nil, gap: "usage source \(source.name) has no event of \(gap)")
      }
      return Sight(since: source.gaps.map(\.to).max() ?? first, gap: "")
    }
    if let seen = shown.last, let begin = shown.first {
      // Too few events for a rhythm say nothing of much longer silence.
      let spoken = max(Self.shortSilence, 2 * (seen.milliseconds - begin.milliseconds))
      if last.milliseconds - seen.milliseconds > spoken {
        return Sight(since: nil, gap: "usage source \(source.name) has no event of \(place) since \(seen)")
      }
    }
    if let dark = shown.dark {
      let gap = "has no event of \(place) since \(dark.from), unlike before"
      return Sight(since: nil, gap: "usage source \(source.name) \(gap)")
    }
    let since = (source.gaps + shown.gaps).map(\.to).max() ?? first
    return Sight(since: max(since, shown.first ?? since), gap: "")
  }

  /// A place that was seen to be silent for this long had something to say before.
  private static let shortSilence = Int64(30 * 86_400_000)

  /// Of what the source never had an event, though it would name it; `nil` where it may have had some.
  private func absence(of place: String, from source: SourceCoverage) -> String? {
    let platform = String(place.prefix { $0 != ":" })
    let others = source.places.count { $0.name.hasPrefix(platform + ":") }
    if others == 0 {
      // Other logs may tell no places, or have events of several platforms.
      let namesPlaces =
        !source.places.isEmpty && source.formats.allSatisfy { ["cloudtrail", "gcp-audit"].contains($0) }
      return namesPlaces && !source.formats.isEmpty ? "any \(platform) identity" : nil
    }
    // Elsewhere identities are named by other places than those that logs are of.
    if !["aws", "k8s"].contains(platform) { return nil }
    return "\(place), only of \(others == 1 ? "another place" : "\(others) others")"
  }

  /// Where an identity acted in a place that is dark, nobody sees whether it still does.
  private func darkness(of usage: UsageFact, at home: String) -> Sight? {
    for place in usage.places where place.term != home {
      let shown = facts.sources.compactMap { source in source.place(place.term).map { (source.name, $0) } }
      if shown.isEmpty || shown.contains(where: { $0.1.dark == nil }) { continue }
      guard let (name, dark) = shown.first, let silence = dark.dark else { continue }
      return Sight(
        since: nil, gap: "it acted in \(place.term), of which usage source \(name) has no event since \(silence.from)")
    }
    return nil
  }

  private func credentials(
    of fact: IdentityFact?, _ usage: UsageFact?, _ declaration: Declaration?, _ told: [SignalFact]
  ) -> [JoinedCredential] {
    var byID: [String: JoinedCredential] = [:]
    for credential in fact?.credentials ?? [] {
      byID[credential.id] = JoinedCredential(id: credential.id, kind: credential.kind, fact: credential, endedHow: "")
    }
    for use in usage?.credentials ?? [] {
      if byID[use.id] == nil, use.isTemporary, lifecycleByID[use.id] == nil { continue }
      byID[use.id, default: JoinedCredential(id: use.id, kind: "access-key", endedHow: "")].use = use
    }
    return byID.values.map { credential in
      var credential = credential
      credential.lifecycle = lifecycleByID[credential.id].map { facts.lifecycles[$0] }
      credential.signals = signals.signals(of: credential.id, hash: credential.fact?.hash, identity: told)
      var ends = Joiner.ends(of: credential, declaration)
      if let deleted = fact?.deleted { ends.append((deleted, "deleted with its identity")) }
      if let first = ends.min(by: { $0.at < $1.at }) { (credential.ended, credential.endedHow) = (first.at, first.how) }
      return credential
    }.sorted { $0.id < $1.id }
  }

  private static func ends(of credential: JoinedCredential, _ declaration: Declaration?) -> [(at: Instant, how: String)]
  {
    var ends: [(at: Instant, how: String)] = []
    if let deleted = credential.lifecycle?.deleted ?? credential.fact?.deleted { ends.append((deleted, "deleted")) }
    if let disabled = credential.lifecycle?.disabled { ends.append((disabled, "switched off")) }
    if let expires = credential.fact?.expires { ends.append((expires, "expired")) }
    if let day = declaration?.expires?.value { ends.append((day.end, "declared to end")) }
    return ends
  }
}
