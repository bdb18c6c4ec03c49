extension InventoryFormat {
  /// Okta, Snowflake, Databricks, OpenAI, Anthropic.
  static let services: [InventoryFormat] = []
}
