import Base
import Expressions
import Model

extension Evaluator {
  /// As of several.
  mutating func judgeAll(of kind: Policy.Subject, in estate: Estate, waivers: Waivers, policies: Set<String>) {
    var alone = [self]
    alone.judgeAll(of: kind, in: estate, waivers: waivers, policies: policies)
    self = alone[0]
  }
}

/// Evaluators of policies about one kind of subject: what they are asked about is made once for all of them.
extension [Evaluator] {
  mutating func judge(_ subject: Subject) {
    for index in indices { self[index].judge(subject) }
  }

  /// Judges everything of the kind that the policies are about; of identities and what they hold, those in `range`.
  mutating func judgeAll(
    of kind: Policy.Subject, in estate: Estate, _ range: Range<Int>? = nil, waivers: Waivers, policies: Set<String>
  ) {
    let identities = estate.identities[range ?? estate.identities.indices]
    switch kind {
    case .identity: for joined in identities { judge(Subject(joined, estate)) }
    case .credential:
      judgeParts(identities, estate) { identity in
        identity.joined.credentials.map { PolicyVocabulary.credential.object(CredentialSubject($0, of: identity)) }
      }
    case .grant:
      judgeParts(identities, estate) { identity in
        identity.joined.grants.map { PolicyVocabulary.grant.object(GrantSubject($0, of: identity)) }
      }
    case .use: judgeParts(identities, estate) { PolicyVocabulary.uses(of: $0) }
    case .owner: judgeOwners(estate)
    case .declaration: for declaration in estate.declarations { judge(Subject(declaration, estate)) }
    case .change: for change in estate.changes?.changes ?? [] { judge(Subject(change, estate)) }
    case .decision: judgeDecisions(estate)
    case .source: for source in estate.expectedSources { judge(Subject(source, estate)) }
    case .exception:
      for exception in estate.governance.exceptions { judge(Subject(exception, waivers, policies)) }
    case .secret: for secret in estate.governance.secrets { judge(Subject(secret)) }
    case .leak: for leak in estate.leaks { judge(Subject(leak, estate)) }
    }
  }

  private mutating func judgeParts(
    _ identities: ArraySlice<JoinedIdentity>, _ estate: Estate, _ parts: (IdentitySubject) -> [Value]
  ) {
    for joined in identities {
      var subject = Subject(joined, estate)
      let identity = subject.values
      let values = parts(IdentitySubject(joined: joined, estate: estate))
      if values.isEmpty { for index in indices { self[index].judgeMissing(subject) } }
      for value in values {
        subject.values = [value] + identity
        judge(subject)
      }
    }
  }

  private mutating func judgeOwners(_ estate: Estate) {
    for (name, team) in estate.governance.owners.teams.sorted(by: { $0.key < $1.key }) {
      judge(Subject(OwnerReference(kind: .team, name: name), team.location, estate))
    }
    for (name, person) in estate.governance.owners.people.sorted(by: { $0.key < $1.key }) {
      judge(Subject(OwnerReference(kind: .person, name: name), person.location, estate))
    }
  }
}

extension Subject {
  init(_ joined: JoinedIdentity, _ estate: Estate) {
    let subject = IdentitySubject(joined: joined, estate: estate)
    self.init(
      values: [PolicyVocabulary.identity.object(subject)], identity: joined,
      key: joined.principal?.description ?? joined.handle)
  }

  /// Where muster.yaml names the source that shows an undeclared identity.
  func source(in estate: Estate) -> SourceLocation? {
    guard let identity else { return nil }
    let configuration = estate.governance.configuration
    let rows = identity.fact == nil ? configuration.usage : configuration.inventory
    return (rows.first { $0.name.value == identity.fact?.source } ?? rows.first)?.name.location
  }

  /// The facts behind it: made for findings only.
  func facts(in estate: Estate) -> [RelatedLocation] {
    var places: [RelatedLocation] = []
    if let fact = identity?.fact, let place = fact.location {
      places.append(
        RelatedLocation(role: "facts", location: estate.facts(place), message: "discovered by \(fact.source)"))
    }
    if let place = identity?.usage?.location {
      places.append(RelatedLocation(role: "facts", location: estate.facts(place), message: "used, as the logs show"))
    }
    return places
  }

  init(_ declaration: Declaration, _ estate: Estate) {
    let value = PolicyVocabulary.declaration.object(DeclarationSubject(declaration: declaration, estate: estate))
    self.init(values: [value], declaration: declaration, key: declaration.handle.value)
  }

  init(_ owner: OwnerReference, _ location: SourceLocation, _ estate: Estate) {
    let value = PolicyVocabulary.owner.object(OwnerSubject(reference: owner, estate: estate))
    self.init(values: [value], key: owner.description, location: location)
  }

  init(_ source: SourceCoverage, _ estate: Estate) {
    let configuration = estate.governance.configuration
    let rows = source.kind == .inventory ? configuration.inventory : configuration.usage
    let row = rows.first { $0.name.value == source.name }
    self.init(
      values: [PolicyVocabulary.source.object(source)], key: "\(source.kind.rawValue) \(source.name)",
      location: row?.name.location)
    if let place = source.location {
      related.append(RelatedLocation(role: "facts", location: estate.facts(place), message: "what the last sync read"))
    }
  }

  init(_ exception: PolicyException, _ waivers: Waivers, _ policies: Set<String>) {
    let subject = ExceptionSubject(
      exception: exception, isUsed: waivers.used.contains(exception.id.value),
      isPolicyKnown: policies.contains(exception.policy.value), hasScopeChanged: waivers.hasScopeChanged(exception))
    self.init(
      values: [PolicyVocabulary.exception.object(subject)], key: exception.id.value,
      location: exception.expires?.location ?? exception.location)
  }

  init(_ secret: SecretMatch) {
    self.init(
      values: [PolicyVocabulary.secret.object(secret)], key: "\(secret.location.path) \(secret.digest)",
      location: secret.location)
  }
}

extension Estate {
  /// Whether there is anything that policies about it could be asked about: without a base nothing changed, and that is no pass.
  func hasSubjects(_ kind: Policy.Subject) -> Bool { kind != .change || changes != nil }

  /// A place in the facts as git names it: `muster/observed:identities/3f.jsonl`.
  func facts(_ place: SourceLocation) -> SourceLocation {
    var place = place
    place.path = "\(governance.configuration.factsBranch):\(place.path)"
    return place
  }

  /// The declarations that take part, as limited when joined.
  var declarations: [Declaration] {
    guard let handles else { return governance.declarations }
    return governance.declarations.filter { handles.contains($0.handle.value) }
  }

  /// The sources of the facts, and those that muster.yaml names and no sync has read yet.
  var expectedSources: [SourceCoverage] {
    var sources = facts.sources
    let rows =
      governance.configuration.inventory.map { ($0, SourceCoverage.Kind.inventory) }
      + governance.configuration.usage.map { ($0, SourceCoverage.Kind.usage) }
    for (row, kind) in rows {
      if let known = sources.firstIndex(where: { $0.kind == kind && $0.name == row.name.value }) {
        sources[known].every = row.every ?? sources[known].every
      } else {
        var source = SourceCoverage(name: row.name.value, kind: kind)
        source.every = row.every
        source.covers = row.covers
        sources.append(source)
      }
    }
    return sources
  }
}
