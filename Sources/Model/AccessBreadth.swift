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
    if !notActions.isEmpty {
      return "every action except \(notActions.joined(separator: ", "))\(everywhere ? " on every resource" : "")"
    }
    guard everywhere else { return nil }
    if actions.contains(where: { AccessPattern(action: $0).matchesAll || $0 == "*:*" }) {
      return "every action on every resource"
    }
    let services = actions.filter { GrantFact.isWholeService($0) }.sorted()
    return services.isEmpty ? nil : "\(services.joined(separator: ", ")) on every resource"
  }

  /// Whether it reaches every resource, or all but some.
  private var isUnbounded: Bool {
    if resources.isEmpty { return true }
    return resources.contains { AccessPattern(resource: $0).matchesAll || $0 == "arn:*" || $0 == "arn:aws:*" }
  }

  private static func isWholeService(_ action: String) -> Bool {
    let parts = action.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    return parts.count == 2 && !parts[1].isEmpty && parts[1].allSatisfy { $0 == "*" }
  }

  /// AWS managed policies that give an administrator's rights (AWS managed policies for job functions; IAMFullAccess can give itself the rest).
  private var administratorPolicy: String? {
    guard let range = via.lastRange(of: ":iam::aws:policy/") else { return nil }
    let name = String(via[range...].split(separator: "/").last ?? "")
    return ["AdministratorAccess", "PowerUserAccess", "IAMFullAccess"].contains(name) ? name : nil
  }
}

extension String {
  /// Where the last occurrence of the text starts.
  fileprivate func lastRange(of text: String) -> String.Index? {
    let (mine, theirs) = (Array(utf8), Array(text.utf8))
    guard mine.count >= theirs.count else { return nil }
    for start in stride(from: mine.count - theirs.count, through: 0, by: -1)
    where mine[start..<(start + theirs.count)].elementsEqual(theirs) { return utf8.index(startIndex, offsetBy: start) }
    return nil
  }
}
