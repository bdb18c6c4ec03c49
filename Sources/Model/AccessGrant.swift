extension GrantFact {
  /// Whether only the name of what is attached is known: its document is not in the export, so nothing follows from it.
  package var isOpaque: Bool { actions.isEmpty && notActions.isEmpty }

  /// Whether the statement speaks of the action on the resource, whatever its effect. An empty resource is one that the log
  /// does not name. Unknown under a condition, for an opaque statement, and where a variable decides.
  package func concerns(action: String, resource: String) -> Answer { GrantMatcher(self).concerns(action, resource) }

  /// Whether the statement by itself allows the action on the resource.
  package func allows(action: String, resource: String) -> Answer {
    effect == .allow ? concerns(action: action, resource: resource) : .no
  }

  /// Whether every action and resource that `other` speaks of is spoken of here too, without a condition.
  package func covers(_ other: GrantFact) -> Bool {
    guard condition == nil, !isOpaque, !other.isOpaque else { return false }
    let (mine, theirs) = (GrantMatcher(self), GrantMatcher(other))
    return mine.actions.covers(theirs.actions) && mine.resources.covers(theirs.resources)
  }
}

/// A statement with its patterns compiled, for asking often.
package struct GrantMatcher: Sendable {
  package let grant: GrantFact
  /// `Action` or `NotAction`.
  package let actions: PatternSet
  /// `Resource` or `NotResource`; everything where the platform names none.
  package let resources: PatternSet
  /// Of a role of Azure: whether it speaks of management or of data.
  private let plane: AzurePlane?

  package init(_ grant: GrantFact) {
    self.grant = grant
    plane = AzurePlane(of: grant)
    actions = PatternSet(
      grant.actions.map { AccessPattern(action: $0) }, except: grant.notActions.map { AccessPattern(action: $0) })
    resources = PatternSet(
      grant.resources.map { AccessPattern(resource: $0) },
      except: grant.notResources.map { AccessPattern(resource: $0) })
  }

  /// As `GrantFact.concerns`.
  package func concerns(_ action: String, _ resource: String) -> Answer {
    if grant.isOpaque { return .unknown }
    if let plane, !plane.mayHold(action) { return .no }
    let answer = actions.contains(action).and(resources.contains(resource: resource))
    return grant.condition == nil ? answer : answer.and(.unknown)
  }
}

/// The texts that one of some patterns matches, or all but those that one of some patterns matches.
package struct PatternSet: Sendable, Hashable {
  /// What is in, as far as it is not out; everything where no pattern says so.
  package let included: [AccessPattern]
  /// What is out.
  package let except: [AccessPattern]

  /// Without any pattern, everything; `except` is taken out of either.
  package init(_ patterns: [AccessPattern], except: [AccessPattern]) {
    self.except = except
    included = patterns.isEmpty ? PatternSet.everything : patterns
  }

  /// Whether no pattern says what is in.
  package var isOpen: Bool { included == PatternSet.everything }

  private static let everything = [AccessPattern(resource: "*")]

  /// Whether the text is in.
  package func contains(_ text: String) -> Answer {
    let isIn = included.reduce(Answer.no) { $0 == .yes ? .yes : $0.or($1.matches(text)) }
    return except.reduce(isIn) { $0 == .no ? .no : $0.and(!$1.matches(text)) }
  }

  /// As `contains`, for a resource as a rollup names it: unknown where the log names none, or only what contains it, be it by
  /// its own name (a bucket) or as a pattern (`arn:aws:s3:::bucket/*`) where the resources were too many to list.
  package func contains(resource text: String) -> Answer {
    if text.isEmpty { return included.contains(where: \.matchesAll) && except.isEmpty ? .yes : .unknown }
    if text.utf8.contains(UInt8(ascii: "*")) {
      let several = AccessPattern(resource: text)
      return covers(several) ? .yes : overlaps(several) ? .unknown : .no
    }
    let answer = contains(text)
    if answer != .no { return answer }
    return included.contains { $0.liesInside(text) } || except.contains { $0.liesInside(text) } ? .unknown : .no
  }

  /// Whether every text of `other` is in here for certain.
  package func covers(_ other: PatternSet) -> Bool {
    other.included.allSatisfy { theirs in
      let isIn = included.contains { $0.covers(theirs) }
      return isIn && except.allSatisfy { out in !out.overlaps(theirs) || other.except.contains { $0.covers(out) } }
    }
  }

  /// Whether every text of the pattern is in here for certain.
  package func covers(_ pattern: AccessPattern) -> Bool {
    included.contains { $0.covers(pattern) } && !except.contains { $0.overlaps(pattern) }
  }

  /// Whether some text that the pattern matches may be in here.
  package func overlaps(_ pattern: AccessPattern) -> Bool {
    included.contains { $0.overlaps(pattern) } && !except.contains { $0.covers(pattern) }
  }

  /// Whether some text may be in both.
  package func overlaps(_ other: PatternSet) -> Bool {
    included.contains { mine in
      other.included.contains { theirs in
        mine.overlaps(theirs) && !other.except.contains { $0.covers(mine) } && !except.contains { $0.covers(theirs) }
      }
    }
  }
}
