extension InventoryFormat {
  /// Scanners' findings; CAEP and RISC events.
  static let signals: [InventoryFormat] = [.gitleaks, .trufflehog, .gitHubAlerts, .securityEvents]
}
