extension InventoryFormat {
  /// Secret managers, workload identity and certificates.
  static let secretsManagers: [InventoryFormat] = [
    .vault,
    .vaultPolicy,
    .spireEntries,
    .spireText,
    .certificates,
  ]
}
