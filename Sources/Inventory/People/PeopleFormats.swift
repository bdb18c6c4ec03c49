extension InventoryFormat {
  /// Rosters and catalogs of people and teams.
  static let people: [InventoryFormat] = []
}
