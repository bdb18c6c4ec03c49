extension LogFormat {
  /// Kubernetes audit events as AKS writes them: as a text in `properties.log`.
  static let aksAudit = LogFormat("aks-audit", json: AKSAudit.self)
}

/// The envelope of `kube-audit` and `kube-audit-admin` around an event of Kubernetes.
private struct AKSAudit: JSONMapping {
  typealias Field = KubernetesAudit.Field
  static let lists = azureLists
  static let envelopes = ["properties/log/@json/"]
  private var inner = KubernetesAudit()

  mutating func normalise(_ record: JSONRecord<Field>, into event: inout LogEvent, _ kit: inout EventKit) -> Fate {
    inner.normalise(record, into: &event, &kit)
  }
}
