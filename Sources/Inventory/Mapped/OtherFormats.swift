extension InventoryFormat {
  /// What is known by a mapping file only.
  static let others: [InventoryFormat] = []
}
