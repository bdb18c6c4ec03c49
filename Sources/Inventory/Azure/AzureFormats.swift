extension InventoryFormat {
  /// Azure and Entra. What names the tenant and whole identities stands before what speaks of them.
  static let azure: [InventoryFormat] = [
    .azureSubscriptions,
    .azureManagementGroups,
    .azureManagedIdentities,
    .azureResourceIdentities,
    .entraServicePrincipals,
    .entraApplications,
    .entraGroups,
    .entraUsers,
    .azureRoleDefinitions,
    .entraRoleDefinitions,
    .azureRoleAssignments,
    .entraRoleAssignments,
    .azureDenyAssignments,
    .entraAppRoleAssignments,
    .entraPermissionGrants,
    .entraFederatedCredentials,
    .azureKeyVaults,
    .azureClassicAdministrators,
    .azureKeyVaultObjects,
    .entraCredentials,
    .entraSignInActivities,
  ]
}
