extension LogFormat {
  /// Kubernetes audit events as AKS writes them: as a text in `properties.log`.
  static let aksAudit = LogFormat("aks-audit", json: AKSAudit.self)
}

/// The envelope of `kube-audit` and `kube-audit-admin` around an event of Kubernetes (Azure Kubernetes Service documentation,
/// "Monitor AKS": the resource logs of the control plane).
private struct AKSAudit: JSONMapping {
  typealias Field = KubernetesAudit.Field
  static let lists = azureLists
  static let envelopes = ["properties/log/@json/"]
  private var inner = KubernetesAudit()

  mutating func normalise(_ record: JSONRecord<Field>, into event: inout LogEvent, _ kit: inout EventKit) -> Fate {
    let fate = inner.normalise(record, into: &event, &kit)
    guard case .foreign = fate else { return fate }
    // What the other components of the control plane say in the same stream.
    let components: [StaticString] = [
      "kube-apiserver", "kube-controller-manager", "kube-scheduler", "cluster-autoscaler", "cloud-controller-manager",
      "guard", "csi-azuredisk-controller", "csi-azurefile-controller", "csi-snapshot-controller", "karpenter-events",
    ]
    return components.contains { record[.category].equals($0) } ? .filtered : .foreign
  }
}

extension RawText {
  /// Whether AKS's records of that category hold an event of Kubernetes each.
  var isAKSAudit: Bool { equals("kube-audit") || equals("kube-audit-admin") }
}
