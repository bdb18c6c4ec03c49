extension InventoryFormat {
  /// Azure and Entra.
  static let azure: [InventoryFormat] = []
}
