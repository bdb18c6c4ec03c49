import Base

/// A granted action on a resource that the declared scope does not hold.
package struct UndeclaredAccess: Sendable, Hashable, Comparable {
  /// The pattern as granted; `* except …` for a `NotAction`.
  package var action: String
  /// The pattern as granted; `* except …` for a `NotResource`.
  package var resource: String

  package init(action: String, resource: String) {
    self.action = action
    self.resource = resource
  }

  package static func < (a: UndeclaredAccess, b: UndeclaredAccess) -> Bool {
    (a.action, a.resource) < (b.action, b.resource)
  }
}

/// A declared scope with its patterns compiled, for asking often.
package struct DeclaredScope: Sendable {
  private let entries: [(actions: PatternSet, resources: PatternSet)]

  package init(_ scope: [ScopeEntry]) {
    entries = scope.filter { !$0.actions.isEmpty }.map { entry in
      (
        PatternSet(entry.actions.map { AccessPattern(action: $0.value) }, except: []),
        PatternSet(entry.resources.map { AccessPattern(resource: $0.value) }, except: [])
      )
    }
  }

  /// The pairs of the statement that no entry of the scope holds whole, sorted: SCP-01. A denying or opaque statement gives none
  /// (what an opaque one gives is unknown: ask `isOpaque`). Conditions are not weighed: a conditional grant is a grant.
  package func undeclared(of grant: GrantFact) -> [UndeclaredAccess] {
    if grant.effect == .deny || grant.isOpaque { return [] }
    let matcher = GrantMatcher(grant)
    var found: [UndeclaredAccess] = []
    for action in matcher.actions.parts {
      let speaking = entries.filter { action.isCovered(by: $0.actions) }
      for resource in matcher.resources.parts
      where !speaking.contains(where: { resource.isCovered(by: $0.resources) }) {
        found.append(UndeclaredAccess(action: action.text, resource: resource.text))
      }
    }
    return found.count < 2 ? found : found.sorted()
  }

  /// Whether the scope holds the action on the resource as a log names it: SCP-02. Unknown where the log names no resource, or
  /// only what contains it, and the scope names some.
  package func declares(action: String, resource: String) -> Answer {
    var answer = Answer.no
    for entry in entries where answer != .yes {
      answer = answer.or(entry.actions.contains(action).and(entry.resources.contains(resource: resource)))
    }
    return answer
  }

  /// The declared actions that no statement allows on any of their resources: what is declared but not provisioned.
  package func unprovisioned(by grants: [EffectiveGrant]) -> [UndeclaredAccess] {
    let matchers = grants.map { GrantMatcher($0.grant) }
    var found: [UndeclaredAccess] = []
    for entry in entries {
      for action in entry.actions.included {
        for resource in entry.resources.included
        where !matchers.contains(where: {
          $0.grant.isOpaque || ($0.actions.overlaps(action) && $0.resources.overlaps(resource))
        }) {
          found.append(UndeclaredAccess(action: action.description, resource: resource.description))
        }
      }
    }
    return found.sorted()
  }
}

extension PatternSet {
  /// One pattern of a set, or a whole set of exceptions.
  fileprivate enum Part {
    case pattern(AccessPattern)
    case others(PatternSet)

    var text: String {
      switch self {
      case .pattern(let pattern): pattern.description
      case .others(let set):
        set.included.map(\.description).joined(separator: ", ") + " except "
          + set.except.map(\.description).joined(separator: ", ")
      }
    }

    func isCovered(by set: PatternSet) -> Bool {
      switch self {
      case .pattern(let pattern): set.covers(pattern)
      case .others(let others): set.covers(others)
      }
    }
  }

  fileprivate var parts: [Part] { except.isEmpty ? included.map { .pattern($0) } : [.others(self)] }
}
