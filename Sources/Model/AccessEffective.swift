/// What one identity may do after its denies and its boundary, asked action by action.
///
/// Identity policies only (IAM User Guide, "Policy evaluation logic"): an explicit deny wins, then something must allow, and
/// where there is a boundary something in it must allow too. Resource policies, organisation policies and session policies are
/// in no export that is read here, so a "yes" may still be refused.
package struct EffectiveAccess: Sendable {
  private let allows: [GrantMatcher]
  private let denies: [GrantMatcher]
  private let boundary: [GrantMatcher]?
  private let isPartial: Bool

  package init(of identity: IdentityFact) {
    allows = identity.grants.filter { $0.effect == .allow }.map { GrantMatcher($0) }
    let limits = identity.boundary ?? []
    denies = (identity.grants + limits).filter { $0.effect == .deny }.map { GrantMatcher($0) }
    boundary = identity.boundary.map { $0.filter { $0.effect == .allow }.map { GrantMatcher($0) } }
    isPartial = identity.unknowable.contains("grants")
  }

  /// Whether the identity may do the action on the resource. Empty resource: whichever the call was about.
  package func allows(action: String, resource: String) -> Answer {
    let denied = EffectiveAccess.strongest(denies, action, resource)
    if denied == .yes { return .no }
    var allowed = EffectiveAccess.strongest(allows, action, resource)
    if allowed == .no && isPartial { allowed = .unknown }
    if let boundary { allowed = allowed.and(EffectiveAccess.strongest(boundary, action, resource)) }
    return allowed.and(!denied)
  }

  private static func strongest(_ matchers: [GrantMatcher], _ action: String, _ resource: String) -> Answer {
    var answer = Answer.no
    for matcher in matchers where answer != .yes { answer = answer.or(matcher.concerns(action, resource)) }
    return answer
  }
}

/// An allowing statement as it stands after denies and boundary.
package struct EffectiveGrant: Sendable, Hashable {
  /// The statement with what is wholly denied or outside of the boundary taken out; `via` tells where it came from.
  package var grant: GrantFact
  /// The place of the statement in `IdentityFact.grants`.
  package var index: Int
  /// `yes`: all of it may be done. `unknown`: a condition, a variable, or a deny or boundary that cuts through a pattern decides.
  package var certainty: Answer
}

extension IdentityFact {
  /// The allowing statements after denies and boundary; opaque ones stay as they are, uncertain.
  ///
  /// Patterns are cut exactly where one covers the other; where they merely cross, the statement's own pattern stays (never less
  /// than what may be done) and the result is uncertain.
  package func effectiveGrants() -> [EffectiveGrant] {
    let limits = boundary?.filter { $0.effect == .allow }.map { GrantMatcher($0) }
    let denies = (grants + (boundary ?? [])).filter { $0.effect == .deny }.map { GrantMatcher($0) }
    var result: [EffectiveGrant] = []
    for (index, grant) in grants.enumerated() where grant.effect == .allow {
      let start = EffectiveGrant(grant: grant, index: index, certainty: grant.isCertain ? .yes : .unknown)
      var pieces = limits.map { limits in limits.compactMap { start.narrowed(to: $0) } } ?? [start]
      for deny in denies { pieces = pieces.flatMap { $0.without(deny) } }
      result += pieces
    }
    return result
  }
}

extension GrantFact {
  fileprivate var isCertain: Bool { condition == nil && !isOpaque }
}

extension EffectiveGrant {
  /// What the boundary's statement leaves of the grant; `nil` for nothing.
  fileprivate func narrowed(to limit: GrantMatcher) -> EffectiveGrant? {
    if grant.isOpaque || limit.grant.isOpaque { return with(certainty: .unknown) }
    let mine = GrantMatcher(grant)
    guard let actions = mine.actions.meet(limit.actions), let resources = mine.resources.meet(limit.resources)
    else { return nil }
    var piece = self
    (piece.grant.actions, piece.grant.notActions) = actions.set.texts
    (piece.grant.resources, piece.grant.notResources) = resources.set.texts
    let isSure = actions.isExact && resources.isExact && limit.grant.condition == nil
    return isSure ? piece : piece.with(certainty: .unknown)
  }

  /// What the deny leaves of the grant: up to two pieces, one for actions that it does not take and one for actions that it
  /// takes on some resources only.
  fileprivate func without(_ deny: GrantMatcher) -> [EffectiveGrant] {
    if grant.isOpaque { return [self] }
    let mine = GrantMatcher(grant)
    if deny.grant.isOpaque || !deny.actions.overlaps(mine.actions) || !deny.resources.overlaps(mine.resources) {
      return deny.grant.isOpaque ? [with(certainty: .unknown)] : [self]
    }
    guard deny.grant.condition == nil, mine.actions.except.isEmpty, mine.resources.except.isEmpty else {
      let takesAll = deny.grant.condition == nil && deny.actions.covers(mine.actions)
      return takesAll && deny.resources.covers(mine.resources) ? [] : [with(certainty: .unknown)]
    }
    let taken = mine.actions.included.filter { deny.actions.covers($0) }
    let kept = mine.actions.included.filter { !deny.actions.covers($0) }
    let left = mine.resources.included.filter { !deny.resources.covers($0) }
    var pieces: [EffectiveGrant] = []
    if !kept.isEmpty {
      var piece = self
      if !taken.isEmpty { piece.grant.actions = kept.map(\.description) }
      let isCut = kept.contains { deny.actions.overlaps($0) }
      pieces.append(isCut ? piece.with(certainty: .unknown) : piece)
    }
    if !taken.isEmpty, !left.isEmpty {
      var piece = self
      piece.grant.actions = taken.map(\.description)
      if left.count < mine.resources.included.count { piece.grant.resources = left.map(\.description) }
      let isCut = left.contains { deny.resources.overlaps($0) }
      pieces.append(isCut ? piece.with(certainty: .unknown) : piece)
    }
    return pieces
  }

  private func with(certainty: Answer) -> EffectiveGrant {
    var copy = self
    copy.certainty = copy.certainty.and(certainty)
    return copy
  }
}

extension PatternSet {
  /// The patterns as a statement writes them: those that are in, or those that are out.
  fileprivate var texts: ([String], [String]) {
    (isOpen && !except.isEmpty ? [] : included.map(\.description), except.map(\.description))
  }

  /// What both hold: exact, or a little more where patterns merely cross; `nil` where they share nothing.
  fileprivate func meet(_ other: PatternSet) -> (set: PatternSet, isExact: Bool)? {
    if other.covers(self) { return (self, true) }
    if covers(other) { return (other, true) }
    let out = except + other.except.filter { !except.contains($0) }
    if isOpen && other.isOpen { return (PatternSet([], except: out), true) }
    var kept: [AccessPattern] = []
    var isExact = true
    for mine in included {
      for theirs in other.included where mine.overlaps(theirs) {
        let narrow = mine.narrower(theirs)
        isExact = isExact && narrow != nil
        let piece = narrow ?? mine
        if out.contains(where: { $0.covers(piece) }) { continue }
        if !kept.contains(piece) { kept.append(piece) }
      }
    }
    let left = out.filter { out in kept.contains { out.overlaps($0) } }
    return kept.isEmpty ? nil : (PatternSet(kept, except: left), isExact)
  }
}
