package import Base
package import Model

/// Who or what can reach a resource.
package struct AccessQuestion: Sendable {
  /// A pattern of resources in the platform's own spelling.
  package let resource: AccessPattern
  /// A pattern of actions; `nil` for any.
  package let action: AccessPattern?

  package init(resource: String, action: String? = nil) {
    self.resource = AccessPattern(resource: resource)
    self.action = action.map { AccessPattern(action: $0) }
  }
}

/// One statement by which an identity can reach what was asked about.
package struct AccessRoute: Sendable {
  package let identity: JoinedIdentity
  /// What it may do there, after denies and boundary.
  package let grant: GrantFact
  /// `yes`, or `unknown` under a condition or where patterns merely cross.
  package let certainty: Answer
  /// Whether the declaration holds it; `nil` without a declaration.
  package let isDeclared: Bool?
  /// How often it did so in the logs, and last; `nil` where they show none.
  package let used: (count: UInt64, last: Instant)?
}

/// The answer, by identity.
package struct AccessAnswer: Sendable {
  /// Sorted by principal, then as granted.
  package var routes: [AccessRoute] = []
  /// Identities with grants whose content is not in the inventory: whether they reach it is unknown. Sorted by principal.
  package var opaque: [(identity: JoinedIdentity, via: [String])] = []
  /// Who used it by the logs and has no grant for it, with the uses; sorted by principal.
  package var unexplained: [(identity: JoinedIdentity, uses: [ActionUse])] = []
}

extension Estate {
  /// Who can reach it, by which statement, with what is declared and used beside it.
  package func access(_ question: AccessQuestion) -> AccessAnswer {
    var answer = AccessAnswer()
    for identity in identities {
      var reaches = false
      let isConcerned = question.mayConcern(identity)
      for effective in identity.grants where isConcerned && !effective.grant.isOpaque {
        guard let grant = question.part(of: effective.grant) else { continue }
        reaches = true
        answer.routes.append(
          AccessRoute(
            identity: identity, grant: grant.grant, certainty: effective.certainty.and(grant.certainty),
            isDeclared: identity.declaration.map { DeclaredScope($0.scope).undeclared(of: grant.grant).isEmpty },
            used: question.use(of: grant.grant, by: identity.usage)))
      }
      let opaque = identity.grants.filter(\.grant.isOpaque).map(\.grant.via)
      if !opaque.isEmpty && isConcerned {
        answer.opaque.append((identity, Array(Set(opaque)).sorted()))
      }
      if !reaches, let usage = identity.usage {
        let uses = usage.actions.filter { question.matches($0) && $0.lastSuccess != nil }
        if !uses.isEmpty { answer.unexplained.append((identity, uses)) }
      }
    }
    return answer
  }
}

extension AccessQuestion {
  /// What the statement allows of what is asked about: its patterns that overlap it; `nil` where it speaks of something else.
  fileprivate func part(of grant: GrantFact) -> (grant: GrantFact, certainty: Answer)? {
    let matcher = GrantMatcher(grant)
    if !matcher.resources.overlaps(resource) { return nil }
    if let action, !matcher.actions.overlaps(action) { return nil }
    var part = grant
    var isSure = true
    if !matcher.resources.isOpen {
      let touching = matcher.resources.included.filter { $0.overlaps(resource) }
      part.resources = touching.map(\.description)
      isSure = touching.contains { $0.covers(resource) || resource.covers($0) }
    }
    if !matcher.actions.isOpen {
      part.actions = matcher.actions.included.filter { fits($0) }.map(\.description)
      if part.actions.isEmpty { return nil }
    }
    return (part, isSure ? .yes : .unknown)
  }

  /// Whether the identity may have to do with the resource, told without reading patterns: `false` only where nothing of its grants and
  /// uses begins as what is asked about.
  package func mayConcern(_ fact: IdentityFact?, _ usage: UsageFact?) -> Bool {
    let wanted = AccessQuestion.head(resource.description)
    func isNear(_ text: String) -> Bool {
      let head = AccessQuestion.head(text)
      return head.starts(with: wanted) || wanted.starts(with: head)
    }
    let grants = fact?.grants.contains { grant in
      grant.resources.isEmpty || grant.isOpaque || grant.resources.contains(where: isNear)
    }
    return grants ?? false || usage?.actions.contains { isNear($0.resource) } ?? false
  }

  /// What stands before the first wildcard or variable, in lower case.
  private static func head(_ text: String) -> [UInt8] {
    text.utf8.prefix { $0 != UInt8(ascii: "*") && $0 != UInt8(ascii: "?") && $0 != UInt8(ascii: "$") }
      .map { $0 &- 0x41 < 26 ? $0 | 0x20 : $0 }
  }

  /// Whether grants of the identity's platform can be about such a resource at all: `*` means all of a platform, not of the world.
  fileprivate func mayConcern(_ identity: JoinedIdentity) -> Bool {
    guard let platform = identity.principal?.platform else { return true }
    let text = resource.description
    let literal = text.prefix { $0 != "*" && $0 != "?" }
    if platform == "aws" || text.hasPrefix("arn:") {
      return platform == "aws" && (literal.hasPrefix("arn:") || "arn:".hasPrefix(literal))
    }
    if text.lowercased().hasPrefix("/subscriptions/") { return platform == "entra" || platform == "azure" }
    if text.hasPrefix("projects/") || text.hasPrefix("//") { return platform == "gcp" }
    // `k8s:*` and the like name the platform themselves.
    guard let colon = text.firstIndex(of: ":") else { return true }
    return text[..<colon] == platform
  }

  /// Whether the action is asked about, and can be about such a resource: of AWS, an action of one service does nothing to the
  /// resources of another.
  private func fits(_ action: AccessPattern) -> Bool {
    if let wanted = self.action, !wanted.overlaps(action) { return false }
    let words = action.description.split(separator: ":", maxSplits: 1)
    guard let service, words.count == 2 else { return true }
    return Glob(words[0], ignoringCase: true).matches(service) || (service == "iam" && words[0] == "sts")
  }

  /// The service of an ARN; `nil` for a pattern of it and for other platforms.
  private var service: String? {
    let words = resource.description.split(separator: ":", maxSplits: 3, omittingEmptySubsequences: false)
    guard words.count > 3, words[0] == "arn", !words[2].contains(where: { "*?".contains($0) }) else { return nil }
    return String(words[2])
  }

  fileprivate func matches(_ use: ActionUse) -> Bool {
    if use.resource.isEmpty { return false }
    if let action, action.matches(use.action) == .no { return false }
    return AccessPattern(resource: use.resource).overlaps(resource)
  }

  fileprivate func use(of grant: GrantFact, by usage: UsageFact?) -> (count: UInt64, last: Instant)? {
    guard let usage else { return nil }
    let matcher = GrantMatcher(grant)
    var (count, last): (UInt64, Instant?) = (0, nil)
    for use in usage.actions where matches(use) && matcher.actions.contains(use.action) != .no {
      guard let success = use.lastSuccess else { continue }
      count += use.count - use.failed
      last = max(last ?? success, success)
    }
    return last.map { (count, $0) }
  }
}
