import Base

/// Azure's actions are of two kinds that are spelled alike: `*` of a role's `actions` holds none of the data, `*` of its `dataActions` no
/// management (Azure RBAC, "Understand Azure role definitions": control and data actions). The end of `via` tells them apart.
enum AzurePlane: Sendable {
  case management
  case data

  /// `nil` for what is no role or deny assignment of Azure.
  init?(of grant: GrantFact) {
    guard grant.via.holds("assignment:/") || grant.via.holds("deny:/") else { return nil }
    self = grant.via.hasSuffix("/dataActions") ? .data : .management
  }

  /// Whether the action may be of this kind. What is in no list may be of either.
  func mayHold(_ action: String) -> Bool {
    switch self {
    case .management: !AzurePlane.dataActions.contains { $0.matches(action) == .yes }
    case .data: !AzurePlane.managementActions.contains { $0.matches(action) == .yes }
    }
  }

  /// Data actions of the services whose data people ask about (Azure permissions by resource provider).
  private static let dataActions = [
    "Microsoft.Storage/storageAccounts/blobServices/containers/blobs/*",
    "Microsoft.Storage/storageAccounts/fileServices/fileshares/*",
    "Microsoft.Storage/storageAccounts/queueServices/queues/messages/*",
    "Microsoft.Storage/storageAccounts/tableServices/tables/entities/*",
    "Microsoft.KeyVault/vaults/secrets/*/action", "Microsoft.KeyVault/vaults/keys/*/action",
    "Microsoft.KeyVault/vaults/certificates/*", "Microsoft.KeyVault/vaults/certificatecas/*",
    "Microsoft.DocumentDB/databaseAccounts/sqlDatabases/containers/items/*",
    "Microsoft.DocumentDB/databaseAccounts/readMetadata",
    "Microsoft.ServiceBus/namespaces/messages/*", "Microsoft.EventHub/namespaces/messages/*",
    "Microsoft.Search/searchServices/indexes/documents/*",
    "Microsoft.CognitiveServices/accounts/OpenAI/*",
    "Microsoft.Compute/virtualMachines/login/action", "Microsoft.Compute/virtualMachines/loginAsAdmin/action",
    "Microsoft.ContainerService/managedClusters/pods/*", "Microsoft.ContainerService/managedClusters/secrets/*",
    "Microsoft.ContainerService/managedClusters/configmaps/*", "Microsoft.ContainerService/managedClusters/apps/*",
    "Microsoft.ContainerService/managedClusters/rbac.authorization.k8s.io/*",
  ].map { AccessPattern(action: $0) }

  /// Management whatever the service: who may do what, locks and policies; keys of storage accounts.
  private static let managementActions = [
    "Microsoft.Authorization/*", "Microsoft.Resources/*", "*/listKeys/action", "*/regenerateKey/action",
  ].map { AccessPattern(action: $0) }
}
