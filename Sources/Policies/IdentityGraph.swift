import Base
import Documents
package import Model

/// Who may become whom, over all platforms: the trusts of one side, joined with the links and grants of the other.
package struct IdentityGraph: Sendable {
  /// One step: who may become the next, and by what.
  package struct Edge: Sendable, Hashable {
    /// A principal key, else what the trust calls him (`Federated:…`, `*`).
    package let from: String
    package let to: PrincipalKey
    /// Where it is said: `trust sts:AssumeRole`, `annotation eks.amazonaws.com/role-arn`.
    package let via: String
    /// `yes` where nothing more is needed; `unknown` under a condition, or where only one side says so.
    package let certainty: Answer
    /// Whether the facts know him.
    package let isKnown: Bool
  }

  private let facts: [PrincipalKey: IdentityFact]
  private let byAccount: [String: [IdentityFact]]
  /// Who says himself that he becomes another, by the other's key.
  private let becoming: [String: [(from: PrincipalKey, via: String)]]
  private let becomingByPattern: [(pattern: Glob, from: PrincipalKey, via: String)]

  package init(_ identities: [IdentityFact]) {
    facts = Dictionary(identities.map { ($0.principal, $0) }, uniquingKeysWith: { first, _ in first })
    byAccount = Dictionary(grouping: identities, by: \.principal.place)
    var (exact, patterns): ([String: [(from: PrincipalKey, via: String)]], [(Glob, PrincipalKey, String)]) = ([:], [])
    for identity in identities {
      for link in identity.links where link.kind == .becomes {
        if link.to.contains("*") {
          patterns.append((Glob(link.to), identity.principal, link.via))
        } else {
          exact[link.to, default: []].append((identity.principal, link.via))
        }
      }
    }
    becoming = exact
    becomingByPattern = patterns
  }

  /// Who may become the identity in one step; sorted, each once.
  package func edges(to principal: PrincipalKey) -> [Edge] {
    var edges: [String: Edge] = [:]
    func add(_ edge: Edge) {
      if let known = edges[edge.from], known.certainty >= edge.certainty { return }
      edges[edge.from] = edge
    }
    let links = linked(to: principal)
    for trust in facts[principal]?.trusts ?? [] where trust.effect == .allow {
      for name in trust.principals { for edge in self.edges(name, trust, to: principal, links) { add(edge) } }
    }
    for link in links where edges[link.from.description]?.certainty != .yes {
      let isAgreed = edges[link.from.description] != nil
      add(
        Edge(
          from: link.from.description, to: principal, via: link.via, certainty: isAgreed ? .yes : .unknown,
          isKnown: true))
    }
    return edges.values.sorted { utf8Precedes($0.from, $1.from) }
  }

  /// The ways to the identity, the longest six steps, nearest first; each begins with who has no way to him, or whom the facts do not
  /// know. At most `limit` of them.
  package func paths(to principal: PrincipalKey, limit: Int = 100) -> (paths: [[Edge]], isWhole: Bool) {
    var (paths, queue): ([[Edge]], [[Edge]]) = ([], edges(to: principal).map { [$0] })
    while !queue.isEmpty {
      let path = queue.removeFirst()
      guard paths.count < limit else { return (paths, false) }
      paths.append(path)
      guard let first = path.first, first.isKnown, path.count < 6 else { continue }
      let seen = Set(path.map(\.to.description) + path.map(\.from))
      for edge in edges(to: PrincipalKey(first.from)) where !seen.contains(edge.from) { queue.append([edge] + path) }
    }
    return (paths, true)
  }

  private func linked(to principal: PrincipalKey) -> [(from: PrincipalKey, via: String)] {
    (becoming[principal.description] ?? [])
      + becomingByPattern.filter { $0.pattern.matches(principal.description) }.map { ($0.from, $0.via) }
  }

  private func edges(
    _ name: String, _ trust: TrustFact, to principal: PrincipalKey, _ links: [(from: PrincipalKey, via: String)]
  ) -> [Edge] {
    let via = "trust" + (trust.actions.isEmpty ? "" : " \(trust.actions.joined(separator: ", "))")
    let certainty: Answer = trust.condition == nil ? .yes : .unknown
    func edge(_ from: String, _ certainty: Answer) -> Edge {
      Edge(from: from, to: principal, via: via, certainty: certainty, isKnown: facts[PrincipalKey(from)] != nil)
    }
    if name.hasPrefix("AWS:") { return awsEdges(String(name.dropFirst(4)), trust, to: principal).map { edge($0, $1) } }
    if name.hasPrefix("Federated:") {
      // Some platforms write issuer and subject, some the subject into a condition.
      let parts = name.split(separator: "#", maxSplits: 1)
      let subjects = parts.count > 1 ? [String(parts[1])] : Self.subjects(in: trust.condition)
      let accounts = subjects.flatMap { subject in serviceAccounts(subject, links.map(\.from)) }
      // A subject that names the very account, and the account that names the role: both sides agree.
      if !accounts.isEmpty { return accounts.map { edge($0.description, .yes) } }
      return subjects.isEmpty
        ? [edge(name, certainty)] : subjects.map { edge("\(parts[0])#\($0)", $0.contains("*") ? .unknown : .yes) }
    }
    if name.contains("*"), name != "*" {
      let pattern = Glob(name)
      let known = facts.keys.filter { pattern.matches($0.description) }
      if !known.isEmpty { return known.map { edge($0.description, certainty) } }
    }
    return [edge(name, certainty)]
  }

  /// An account stands for all in it that are allowed to: IAM User Guide, "AWS JSON policy elements: Principal".
  private func awsEdges(_ name: String, _ trust: TrustFact, to principal: PrincipalKey) -> [(String, Answer)] {
    let certainty: Answer = trust.condition == nil ? .yes : .unknown
    let isAccount = name.hasSuffix(":root") || name.allSatisfy(\.isNumber)
    let account = name.allSatisfy(\.isNumber) ? name : PrincipalKey(name).account
    func allowed(_ fact: IdentityFact) -> Answer {
      let access = EffectiveAccess(of: fact)
      return trust.actions.reduce(Answer.no) { $0.or(access.allows(action: $1, resource: principal.description)) }
    }
    if !isAccount {
      guard let fact = facts[PrincipalKey(name)], account != principal.account else { return [(name, certainty)] }
      // From another account both sides must allow it.
      let answer = allowed(fact)
      return answer == .no ? [] : [(name, certainty.and(answer))]
    }
    let able = (byAccount["aws:\(account)"] ?? []).compactMap { fact -> (String, Answer)? in
      if fact.principal == principal || fact.kind == .group { return nil }
      let answer = allowed(fact)
      return answer == .no ? nil : (fact.principal.description, certainty.and(answer))
    }
    return able + [("aws:\(account) (the account)", .unknown)]
  }

  /// `system:serviceaccount:<namespace>:<name>` among those who name the role themselves.
  private func serviceAccounts(_ subject: String, _ linked: [PrincipalKey]) -> [PrincipalKey] {
    let head = "system:serviceaccount:"
    guard subject.hasPrefix(head) else { return [] }
    let ending = subject.dropFirst(head.count).replacing(":", with: "/")
    let pattern = Glob("*\(ending)")
    return linked.filter { account in
      let key = account.description
      return key.hasPrefix("k8s:") && pattern.matches(key)
        && (key.hasSuffix("/\(ending)") || key == "k8s:\(ending)" || ending.contains("*"))
    }
  }

  /// What a condition asks of the token's subject: the values of keys that end in `:sub`.
  private static func subjects(in condition: String?) -> [String] {
    guard let condition, let root = Document.json(Array(condition.utf8), path: "").document?.root else { return [] }
    var subjects: Set<String> = []
    for test in root.members where (test.key.text ?? "").hasPrefix("String") {
      for member in test.value.members where (member.key.text ?? "").hasSuffix(":sub") {
        for value in member.value.kind == .sequence ? member.value.elements : [member.value] {
          if let text = value.text { subjects.insert(text) }
        }
      }
    }
    return subjects.sorted()
  }
}
