extension InventoryFormat {
  /// Rosters and directories.
  static let people: [InventoryFormat] = [.backstage, .roster]
}
