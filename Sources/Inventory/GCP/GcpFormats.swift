extension InventoryFormat {
  /// Google Cloud.
  static let gcp: [InventoryFormat] = []
}
