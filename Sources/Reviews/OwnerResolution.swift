package import Base
package import Model

/// How an owner was found.
package enum OwnerSource: String, Sendable, CaseIterable {
  case declared, backup, escalation, codeowners, tag
  /// Nobody was found: the exception queue answers for it.
  case exceptionQueue = "exception-queue"

  /// In words, for the item's text.
  package var explanation: String {
    switch self {
    case .declared: "named in the declaration"
    case .backup: "the declared backup, since the declared owner cannot answer"
    case .escalation: "the escalation path, since neither owner nor backup can answer"
    case .codeowners: "named in CODEOWNERS for the declaration's file"
    case .tag: "named in a tag on the identity"
    case .exceptionQueue: "nobody was found who owns it, so the exception queue answers for it"
    }
  }
}

/// Who is asked, and how that was found.
package struct ResolvedOwner: Sendable, Hashable {
  /// `nil` when nobody at all answers, not even an exception queue.
  package var owner: OwnerReference?
  /// How the owner was found.
  package var how: OwnerSource
  /// Why an earlier candidate was passed over, in words, in the order of trying.
  package var passedOver: [String]

  package init(owner: OwnerReference?, how: OwnerSource, passedOver: [String] = []) {
    self.owner = owner
    self.how = how
    self.passedOver = passedOver
  }
}

extension Owners {
  /// Why the reference cannot answer for anything at the instant; `nil` when it can.
  package func whyNotAccountable(_ reference: OwnerReference, at now: Instant) -> String? {
    switch reference.kind {
    case .person:
      guard let person = people[reference.name] else { return "\(reference) is not in owners.yaml" }
      if person.isBot { return "\(reference) is a bot" }
      if let left = person.left, person.hasLeft(at: now) { return "\(reference) left on \(left)" }
      return nil
    case .team:
      guard let team = teams[reference.name] else { return "\(reference) is not in owners.yaml" }
      if team.members.isEmpty { return "\(reference) has no members" }
      let present = team.members.contains {
        whyNotAccountable(OwnerReference(kind: .person, name: $0.value), at: now) == nil
      }
      return present ? nil : "nobody of \(reference) is there any more"
    }
  }

  /// The people who may speak for the reference at the instant, sorted.
  package func people(for reference: OwnerReference, at now: Instant) -> [String] {
    let names = reference.kind == .person ? [reference.name] : teams[reference.name]?.members.map(\.value) ?? []
    return Set(names).filter { whyNotAccountable(OwnerReference(kind: .person, name: $0), at: now) == nil }.sorted()
  }

  /// Who answers after the reference, in order: a team's own path, or the paths of the person's teams; without repeats.
  package func escalation(of reference: OwnerReference) -> [OwnerReference] {
    var path: [OwnerReference] = []
    switch reference.kind {
    case .team: path = teams[reference.name]?.escalation ?? []
    case .person:
      let own = teams.values.filter { $0.members.contains { $0.value == reference.name } }.sorted { $0.name < $1.name }
      path = own.map { OwnerReference(kind: .team, name: $0.name) } + own.flatMap(\.escalation)
    }
    var seen: Set<OwnerReference> = [reference]
    return path.filter { seen.insert($0).inserted }
  }

  /// The team or person that a name from outside (a tag, CODEOWNERS) means: `team:x`, `person:x`, `@org/team`,
  /// `@handle`, an e-mail address, or a bare name; `nil` where none fits.
  package func reference(named text: String) -> OwnerReference? {
    if let written = OwnerReference(text) {
      let isKnown = written.kind == .team ? teams[written.name] != nil : people[written.name] != nil
      return isKnown ? written : nil
    }
    let name = text.hasPrefix("@") ? String(text.dropFirst()) : text
    if text.hasPrefix("@"), let slash = name.lastIndex(of: "/") {
      let team = String(name[name.index(after: slash)...])
      return teams[team] == nil ? nil : OwnerReference(kind: .team, name: team)
    }
    let lowered = name.lowercased()
    if !text.hasPrefix("@"), teams[name] != nil { return OwnerReference(kind: .team, name: name) }
    let match = people.values.filter { person in
      person.name == name || person.github?.lowercased() == lowered
        || person.emails.contains { $0.lowercased() == lowered }
    }.map(\.name).min()
    return match.map { OwnerReference(kind: .person, name: $0) }
  }
}

/// Finds who must decide, in the order declared, CODEOWNERS, tag (DESIGN.md §6); who left is not an owner.
struct OwnerResolver {
  var owners: Owners
  /// The owners that CODEOWNERS names for a path, as written there.
  var codeOwners: (String) -> [String]
  var exceptionQueue: OwnerReference?
  var now: Instant

  func resolve(_ declaration: Declaration?, _ fact: IdentityFact?) -> ResolvedOwner {
    var passed: [String] = []
    func accept(_ candidate: OwnerReference?) -> OwnerReference? {
      guard let candidate else { return nil }
      guard let why = owners.whyNotAccountable(candidate, at: now) else { return candidate }
      if !passed.contains(why) { passed.append(why) }
      return nil
    }
    if let declared = declaration?.owner?.value {
      if let owner = accept(declared) { return ResolvedOwner(owner: owner, how: .declared) }
      if let owner = accept(declaration?.backup?.value) {
        return ResolvedOwner(owner: owner, how: .backup, passedOver: passed)
      }
      for next in owners.escalation(of: declared) {
        if let owner = accept(next) { return ResolvedOwner(owner: owner, how: .escalation, passedOver: passed) }
      }
    }
    for name in declaration.map({ codeOwners($0.location.path) }) ?? [] {
      if let owner = accept(owners.reference(named: name)) {
        return ResolvedOwner(owner: owner, how: .codeowners, passedOver: passed)
      }
    }
    for tag in fact?.tags.sorted() ?? [] where ["owner", "team"].contains(tag.key.lowercased()) {
      if let owner = accept(owners.reference(named: tag.value)) {
        return ResolvedOwner(owner: owner, how: .tag, passedOver: passed)
      }
    }
    return ResolvedOwner(owner: accept(exceptionQueue), how: .exceptionQueue, passedOver: passed)
  }
}
