import Base
package import Model

/// Applies exceptions to findings; remembers which were used.
struct Waivers {
  private let exceptions: [PolicyException]
  private let now: Instant
  private let scopes: [String: String]
  private let codes: [String: String]
  private(set) var used: Set<String> = []

  /// `codes` gives each policy's id by its code, so that an exception may name either.
  init(_ estate: Estate, policies: [Policy]) {
    exceptions = estate.governance.exceptions
    now = estate.now
    scopes = Dictionary(
      estate.governance.declarations.map { ($0.handle.value, scopeDigest($0.scope)) }, uniquingKeysWith: { a, _ in a })
    codes = Dictionary(policies.map { ($0.code, $0.id) }, uniquingKeysWith: { a, _ in a })
  }

  /// The exception that covers the finding now; its use is remembered, also of one that has lapsed.
  mutating func exception(for finding: Finding) -> PolicyException? {
    var holding: PolicyException?
    for exception in exceptions where matches(exception, finding) {
      used.insert(exception.id.value)
      if holding == nil && holds(exception) { holding = exception }
    }
    return holding
  }

  /// Whether the declared scope is another than the exception was approved for.
  func hasScopeChanged(_ exception: PolicyException) -> Bool {
    guard let approved = exception.scope?.value else { return false }
    return scopes[exception.identity.value].map { $0 != approved } ?? false
  }

  private func matches(_ exception: PolicyException, _ finding: Finding) -> Bool {
    let policy = codes[exception.policy.value] ?? exception.policy.value
    return policy == finding.policy
      && (exception.identity.value == finding.identity || exception.identity.value == finding.principal?.description)
  }

  /// Complete, in time, agreed by somebody else, and for the scope that is declared.
  private func holds(_ exception: PolicyException) -> Bool {
    guard let expires = exception.expires?.value, exception.reason != nil, let owner = exception.owner,
      let approver = exception.approver
    else { return false }
    return now < expires.end && owner.value != approver.value && !hasScopeChanged(exception)
  }
}

/// `sha256:…` of a declared scope, independent of the order of its entries: what an exception's `scope` holds.
package func scopeDigest(_ scope: [ScopeEntry]) -> String {
  let lines = scope.flatMap { entry in
    entry.actions.flatMap { action in
      (entry.resources.isEmpty ? ["*"] : entry.resources.map(\.value)).map { "\(action.value)\u{0}\($0)" }
    }
  }
  return SHA256Digest(of: Set(lines).sorted().joined(separator: "\n")).description
}
