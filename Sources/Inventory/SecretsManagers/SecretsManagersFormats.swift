extension InventoryFormat {
  /// HashiCorp Vault, SPIRE, certificates.
  static let secretsManagers: [InventoryFormat] = []
}
