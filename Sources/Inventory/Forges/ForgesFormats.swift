extension InventoryFormat {
  /// GitHub, GitLab, octo-sts.
  static let forges: [InventoryFormat] = [
    .gitHubInstallations, .gitHubTokens, .gitHubAuthorizations, .gitHubDeployKeys, .gitHubSecrets, .gitHubRunners,
    .gitHubActions, .gitLabUsers, .gitLabTokens, .gitLabDeployTokens, .gitLabDeployKeys, .gitLabVariables,
    .gitLabRunners, .octoSTS,
  ]
}
