extension CollectPlan {
  static let azure = CollectPlan(
    platform: "azure", program: "az",
    permission: """
      The role Reader on the subscription, and the directory role Directory Readers (or Application.Read.All of Microsoft Graph):
      az role assignment create --assignee COLLECTOR --role Reader --scope /subscriptions/SUBSCRIPTION
      """,
    steps: [
      CollectStep("service principals", ["ad", "sp", "list", "--all", "-o", "json"], to: "service-principals.json"),
      CollectStep("applications", ["ad", "app", "list", "--all", "-o", "json"], to: "applications.json"),
      CollectStep(
        "federated credentials of applications",
        [
          "rest", "--method", "get", "--url",
          "https://graph.microsoft.com/v1.0/applications/{each}/federatedIdentityCredentials",
        ],
        to: "federated-credentials/{each}.json", each: .init(file: "applications.json", place: "*/id"),
        isOptional: true),
      CollectStep(
        "application permissions that were granted",
        [
          "rest", "--method", "get", "--url",
          "https://graph.microsoft.com/v1.0/servicePrincipals/{each}/appRoleAssignments",
        ],
        to: "app-role-assignments/{each}.json", each: .init(file: "service-principals.json", place: "*/id"),
        isOptional: true),
      CollectStep(
        "delegated permissions that were granted",
        ["rest", "--method", "get", "--url", "https://graph.microsoft.com/v1.0/oauth2PermissionGrants"],
        to: "oauth2-permission-grants.json", isOptional: true),
      CollectStep(
        "role assignments", ["role", "assignment", "list", "--all", "-o", "json"], to: "role-assignments.json"),
      CollectStep("role definitions", ["role", "definition", "list", "-o", "json"], to: "role-definitions.json"),
      CollectStep("managed identities", ["identity", "list", "-o", "json"], to: "managed-identities.json"),
      CollectStep("key vaults", ["keyvault", "list", "-o", "json"], to: "key-vaults.json", isOptional: true),
      CollectStep(
        "secrets of a key vault, without their values",
        ["keyvault", "secret", "list", "--vault-name", "{each}", "-o", "json"], to: "key-vault-secrets/{each}.json",
        each: .init(file: "key-vaults.json", place: "*/name"), isOptional: true),
      CollectStep(
        "keys of a key vault", ["keyvault", "key", "list", "--vault-name", "{each}", "-o", "json"],
        to: "key-vault-keys/{each}.json", each: .init(file: "key-vaults.json", place: "*/name"), isOptional: true),
      CollectStep(
        "certificates of a key vault", ["keyvault", "certificate", "list", "--vault-name", "{each}", "-o", "json"],
        to: "key-vault-certificates/{each}.json", each: .init(file: "key-vaults.json", place: "*/name"),
        isOptional: true),
    ])
}
