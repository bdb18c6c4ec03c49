extension InventoryFormat {
  /// Scanners' findings and security events.
  static let signals: [InventoryFormat] = []
}
