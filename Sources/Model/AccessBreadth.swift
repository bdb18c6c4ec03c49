extension GrantFact {
  /// Why the statement gives too much by its shape, in words that end a sentence; `nil` where it does not: SCP-04.
  ///
  /// Every action, or every action of a service, on every resource; all but some actions; an administrator's managed policy
  /// (by its name, also where its document is not in the export).
  package var breadth: String? {
    guard effect == .allow else { return nil }
    if let name = administratorPolicy { return "the managed policy \(name)" }
    guard !isOpaque else { return nil }
    let everywhere = isUnbounded
    if !notActions.isEmpty, actions.isEmpty || actions.contains(where: \.isStars) {
      return "every action except \(notActions.joined(separator: ", "))\(everywhere ? " on every resource" : "")"
    }
    guard everywhere else { return nil }
    if actions.contains(where: { $0.isStars || $0 == "*:*" }) {
      return "every action on every resource"
    }
    let services = actions.filter { GrantFact.isWholeService($0) }.sorted()
    return services.isEmpty ? nil : "\(services.joined(separator: ", ")) on every resource"
  }

  /// Whether it reaches every resource, or all but some.
  private var isUnbounded: Bool {
    resources.isEmpty || resources.contains { $0.isStars || $0 == "arn:*" || $0 == "arn:aws:*" }
  }

  private static func isWholeService(_ action: String) -> Bool {
    let parts = action.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    return parts.count == 2 && parts[1].isStars
  }

  /// AWS managed policies that give an administrator's rights (AWS managed policies for job functions; IAMFullAccess can give itself the rest).
  private var administratorPolicy: String? {
    let name = ["AdministratorAccess", "PowerUserAccess", "IAMFullAccess"].first { via.hasSuffix("/\($0)") }
    guard let name, via.dropLast(name.utf8.count).hasSuffix(":iam::aws:policy/") else { return nil }
    return name
  }
}

extension StringProtocol {
  /// Whether it is nothing but `*`.
  fileprivate var isStars: Bool { !isEmpty && utf8.allSatisfy { $0 == UInt8(ascii: "*") } }
}
