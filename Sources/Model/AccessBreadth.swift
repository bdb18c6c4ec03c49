import Base

extension GrantFact {
  /// Why the statement gives too much by its shape, in words that end a sentence; `nil` where it does not: SCP-04.
  ///
  /// Every action, or every action of a service, on every resource; all but some actions; an administrator's managed policy
  /// (by its name, also where its document is not in the export).
  package var breadth: String? {
    guard effect == .allow else { return nil }
    if let name = administratorPolicy { return "the managed policy \(name)" }
    if let name = administratorRole { return "the role \(name)" }
    guard !isOpaque else { return nil }
    let everywhere = isUnbounded
    if !notActions.isEmpty, actions.isEmpty || actions.contains(where: \.isStars) {
      return "every action except \(notActions.joined(separator: ", "))\(everywhere ? " on every resource" : "")"
    }
    if let scope = wholeSubscription, actions.contains(where: \.isStars) { return "every action on \(scope)" }
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

  /// Roles that give an administrator's rights, by their names at the end of the path: basic roles of Google Cloud (IAM documentation,
  /// "Basic roles"), privileged roles of Azure on more than one resource (Azure RBAC, "Privileged administrator roles"), and roles of
  /// Entra that can take every other one (Entra ID, "Privileged roles and permissions").
  private var administratorRole: String? {
    guard via.holds("/role:"), let start = via.ranges(of: "/role:").last else { return nil }
    let name = String(via[start.upperBound...])
    if via.contains("binding:") { return ["roles/owner", "roles/editor"].contains(name) ? name : nil }
    if via.contains("directoryRole:/") || via.contains("directoryAssignment:/") {
      return GrantFact.directoryAdministrators.contains(name) ? name : nil
    }
    guard via.contains("assignment:/"), GrantFact.azureAdministrators.contains(name) else { return nil }
    return resources.contains(where: \.isAzureResource) ? nil : name
  }

  private static let azureAdministrators = [
    "Owner", "Contributor", "User Access Administrator", "Role Based Access Control Administrator",
  ]

  private static let directoryAdministrators = [
    "Global Administrator", "Privileged Role Administrator", "Privileged Authentication Administrator",
    "Application Administrator", "Cloud Application Administrator", "Hybrid Identity Administrator",
  ]

  /// The subscription or management group that the statement is about, where it is about one.
  private var wholeSubscription: String? {
    resources.first { resource in
      let parts = resource.split(separator: "/")
      let isSubscription = parts.count == 2 && resource.hasPrefix("/subscriptions/")
      return isSubscription
        || resource.hasPrefix("/providers/microsoft.management/managementgroups/") && parts.count == 4
    }
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

  /// Whether it is one resource of Azure, below its resource group.
  fileprivate var isAzureResource: Bool {
    hasPrefix("/subscriptions/") && contains("/resourcegroups/") && contains("/providers/")
  }
}
