import Base
import Model

/// Facts with every field used now and then, texts of strangers among them.
struct RandomFacts {
  var random = SystemRandomNumberGenerator()

  mutating func facts(_ count: Int) -> FactSet {
    var facts = FactSet()
    for number in 0..<count {
      facts.identities.append(identity(number))
      if chance() { facts.usage.append(usage(number)) }
      if chance() { facts.lifecycles.append(lifecycle(number)) }
    }
    facts.signals = list { $0.signal() }.sorted { utf8Precedes($0.key, $1.key) }
    facts.people = [person(.person), person(.team)]
    facts.sources = [coverage("a", .inventory), coverage("b", .inventory), coverage("a", .usage)]
    facts.identities.sort { $0.principal < $1.principal }
    facts.usage.sort { $0.principal < $1.principal }
    facts.lifecycles.sort { $0.id < $1.id }
    return facts
  }

  mutating func chance() -> Bool { Bool.random(using: &random) }

  private mutating func maybe<Value>(_ value: Value) -> Value? { chance() ? value : nil }

  private mutating func text() -> String {
    let texts = [
      "", "a", "s3:Get*", "line\nfeed", "quote\" back\\slash", "<b>&amp;\u{2028}\u{202E}", "é漢🙂", "\u{0}\u{1}\u{7F}",
      "null", "1e9",
    ]
    return texts.randomElement(using: &random) ?? ""
  }

  private mutating func texts() -> [String] { (0..<Int.random(in: 0...3, using: &random)).map { _ in text() } }

  private mutating func instant() -> Instant {
    Instant(milliseconds: Int64.random(in: -62_000_000_000_000...250_000_000_000_000, using: &random))
  }

  private mutating func count() -> UInt64 {
    [0, 1, 7, UInt64.max].randomElement(using: &random) ?? 0
  }

  private mutating func list<Element>(_ make: (inout RandomFacts) -> Element) -> [Element] {
    (0..<Int.random(in: 0...3, using: &random)).map { _ in make(&self) }
  }

  private mutating func identity(_ number: Int) -> IdentityFact {
    var fact = IdentityFact(
      principal: PrincipalKey("arn:aws:iam::111122223333:role/r\(number)\(text())"),
      kind: IdentityKind.allCases.randomElement(using: &random) ?? .role, name: text(), source: "a")
    fact.uniqueID = maybe(text())
    fact.created = maybe(instant())
    fact.lastUsed = maybe(instant())
    fact.isEnabled = maybe(chance())
    fact.deleted = maybe(instant())
    fact.tags = list { Tag(key: $0.text(), value: $0.text()) }
    fact.credentials = list { $0.credential() }
    fact.grants = list { $0.grant() }
    fact.boundary = maybe(list { $0.grant() })
    fact.trusts = list { $0.trust() }
    fact.unknowable = texts()
    fact.owners = texts()
    fact.accessed = list { AccessFact(action: $0.text(), last: $0.maybe($0.instant())) }
    fact.links = list { facts in
      LinkFact(
        LinkFact.Kind.allCases.randomElement(using: &facts.random) ?? .holds, to: facts.text(), via: facts.text())
    }
    return fact
  }

  private mutating func signal() -> SignalFact {
    var signal = SignalFact(
      SignalFact.Kind.allCases.randomElement(using: &random) ?? .other, source: text(), rule: text(), place: text())
    (signal.at, signal.credential, signal.hash) = (maybe(instant()), maybe(text()), maybe(text()))
    (signal.principal, signal.isLive) = (maybe(text()), maybe(chance()))
    return signal
  }

  private mutating func person(_ kind: PersonFact.Kind) -> PersonFact {
    var person = PersonFact(kind, name: text(), source: text())
    (person.title, person.emails, person.teams) = (maybe(text()), texts(), texts())
    person.left = maybe(instant().day)
    return person
  }

  private mutating func credential() -> CredentialFact {
    var fact = CredentialFact(
      id: text(), kind: text(), status: CredentialFact.Status.allCases.randomElement(using: &random) ?? .active)
    (fact.created, fact.expires, fact.lastUsed) = (maybe(instant()), maybe(instant()), maybe(instant()))
    (fact.lastRotated, fact.deleted, fact.neverExpires) = (maybe(instant()), maybe(instant()), chance())
    (fact.lastService, fact.lastRegion) = (maybe(text()), maybe(text()))
    fact.hash = maybe(text())
    return fact
  }

  private mutating func grant() -> GrantFact {
    var grant = GrantFact(effect: chance() ? .allow : .deny, actions: texts(), resources: texts(), via: text())
    (grant.notActions, grant.notResources, grant.condition) = (texts(), texts(), maybe(text()))
    return grant
  }

  private mutating func trust() -> TrustFact {
    var trust = TrustFact(
      effect: chance() ? .allow : .deny, principals: texts(), actions: texts(), condition: maybe(text()))
    trust.notPrincipals = texts()
    return trust
  }

  private mutating func usage(_ number: Int) -> UsageFact {
    var usage = UsageFact(principal: PrincipalKey("p\(number)\(text())"), first: instant(), last: instant())
    (usage.events, usage.denied, usage.failed) = (count(), count(), count())
    usage.actions = list { facts in
      var use = ActionUse(action: facts.text(), resource: facts.text(), first: facts.instant(), last: facts.instant())
      (use.count, use.denied, use.failed) = (facts.count(), facts.count(), facts.count())
      use.lastSuccess = facts.maybe(facts.instant())
      return use
    }
    (usage.regions, usage.addresses) = (terms(), terms())
    (usage.agents, usage.places) = (terms(), terms())
    usage.credentials = list { facts in
      var use = CredentialUse(
        id: facts.text(), isTemporary: facts.chance(), first: facts.instant(), last: facts.instant())
      (use.count, use.failed, use.lastSuccess) = (facts.count(), facts.count(), facts.maybe(facts.instant()))
      return use
    }
    usage.days = list { facts in
      var use = DayUse(day: facts.instant().day)
      (use.count, use.denied, use.bytesIn, use.bytesOut) = (facts.count(), facts.count(), facts.count(), facts.count())
      use.hours = UInt32.random(in: 0...0xFF_FFFF, using: &facts.random)
      return use
    }
    usage.saturated = texts()
    return usage
  }

  private mutating func terms() -> [TermUse] {
    list {
      TermUse(term: $0.text(), count: $0.count(), failed: $0.count(), first: $0.instant(), last: $0.instant())
    }
  }

  private mutating func lifecycle(_ number: Int) -> CredentialLifecycle {
    var life = CredentialLifecycle(id: "AKIA\(number)")
    life.owner = maybe(PrincipalKey(text()))
    (life.created, life.createdBy) = (maybe(instant()), maybe(PrincipalKey(text())))
    (life.disabled, life.enabled) = (maybe(instant()), maybe(instant()))
    (life.deleted, life.deletedBy) = (maybe(instant()), maybe(PrincipalKey(text())))
    return life
  }

  private mutating func coverage(_ name: String, _ kind: SourceCoverage.Kind) -> SourceCoverage {
    var source = SourceCoverage(name: name, kind: kind)
    (source.formats, source.covers) = (texts(), texts())
    source.places = list { facts in
      PlaceCoverage(
        name: facts.text(), first: facts.maybe(facts.instant()), last: facts.maybe(facts.instant()),
        gaps: facts.list { Gap(from: $0.instant(), to: $0.instant()) })
    }
    (source.collected, source.first, source.last) = (maybe(instant()), maybe(instant()), maybe(instant()))
    (source.every, source.lateness) = (maybe(Milliseconds(86_400_000)), maybe(Milliseconds(1)))
    source.gaps = list { Gap(from: $0.instant(), to: $0.instant()) }
    (source.used, source.duplicate, source.filtered) = (count(), count(), count())
    (source.unreadable, source.unattributed) = (count(), count())
    source.inputs = list { facts in
      InputFile(
        path: facts.text(), sha256: facts.text(), bytes: facts.count(), records: facts.count(), status: facts.text())
    }
    return source
  }
}

extension FactSet {
  /// The facts without the places that reading gives them.
  var withoutPlaces: FactSet {
    var copy = self
    for index in copy.identities.indices { copy.identities[index].location = nil }
    for index in copy.usage.indices { copy.usage[index].location = nil }
    for index in copy.lifecycles.indices { copy.lifecycles[index].location = nil }
    for index in copy.sources.indices { copy.sources[index].location = nil }
    return copy
  }

  /// Whether the facts are the same, wherever they were read.
  func says(_ other: FactSet) -> Bool {
    let (a, b) = (withoutPlaces, other.withoutPlaces)
    return a.identities == b.identities && a.usage == b.usage && a.lifecycles == b.lifecycles && a.sources == b.sources
  }
}
