extension InventoryFormat {
  /// GitHub, GitLab, octo-sts.
  static let forges: [InventoryFormat] = []
}
