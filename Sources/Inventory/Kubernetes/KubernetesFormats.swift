extension InventoryFormat {
  /// Kubernetes.
  static let kubernetes: [InventoryFormat] = [
    .kubernetesObjects,
    .kubernetesWorkloadDigest,
    .eksPodIdentity,
    .eksAccessEntry,
  ]
}
