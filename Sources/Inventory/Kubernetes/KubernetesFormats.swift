extension InventoryFormat {
  /// Kubernetes.
  static let kubernetes: [InventoryFormat] = []
}
