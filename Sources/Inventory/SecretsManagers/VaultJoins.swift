/// What Vault's exports say of one another by name; joined when all files are read.
struct VaultJoins {}

extension InventoryReading {
  mutating func joinVault() {}
}
