extension InventoryFormat {
  /// Okta, Snowflake, Databricks, OpenAI, Anthropic, MCP servers and agents.
  static let services: [InventoryFormat] = [
    .oktaApps, .oktaTokens, .oktaGrants, .oktaSecrets, .snowflake, .databricksPrincipals, .databricksTokens,
    .databricksSecrets, .openAI, .anthropic, .mcpServers, .mcpTools, .mcpBundles, .agentCards,
  ]
}
