struct AzureJoins {}
extension InventoryReading {
  mutating func joinAzure() {}
}
