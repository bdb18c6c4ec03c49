import Documents
import Model

/// Workloads: the account that each runs as and the secrets that it is given.
extension InventoryReading {
  mutating func readWorkload(_ object: KubernetesObject) {
    guard let (spec, isPod) = PodTemplate.find(in: object) else { return countFiltered() }
    let named = spec["serviceAccountName"]?.text ?? spec["serviceAccount"]?.text
    // A custom resource without an account is no workload, as far as anyone can tell.
    guard isPod || !(named ?? "").isEmpty else { return countFiltered() }
    kubernetes.workloads.append(
      .init(
        namespace: namespace(of: object), path: PodTemplate.path(of: object),
        account: named.flatMap { $0.isEmpty ? nil : $0 } ?? "default",
        secrets: isPod ? PodTemplate.secrets(of: spec) : [], place: object.place))
    countUsed()
  }
}

private enum PodTemplate {
  private static let workloads = [
    "Pod", "Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob", "ReplicaSet", "ReplicationController",
    "DeploymentConfig", "Rollout",
  ]

  /// The pod's specification of a workload, or the part of another object that names an account.
  static func find(in object: KubernetesObject) -> (spec: Node, isPod: Bool)? {
    guard let spec = object.node["spec"], spec.kind == .mapping else { return nil }
    if object.kind == "Pod" { return (spec, true) }
    let template = (spec["jobTemplate"]?["spec"] ?? spec)["template"]?["spec"] ?? spec["podTemplate"]?["spec"]
    if workloads.contains(object.kind) { return template.map { ($0, true) } }
    if let template, template["containers"]?.kind == .sequence { return (template, true) }
    let places = [spec, template, spec["taskRunTemplate"], spec["podTemplate"]].compactMap(\.self)
    return places.first { $0["serviceAccountName"]?.text != nil || $0["serviceAccount"]?.text != nil }
      .map { ($0, false) }
  }

  /// `deployment/web`; what a controller made is shown as the controller, whose name does not change every day.
  static func path(of object: KubernetesObject) -> String {
    let owners = object.node["metadata"]?["ownerReferences"]?.elements ?? []
    guard let owner = owners.first(where: { $0["controller"]?.bool ?? false }), let kind = owner["kind"]?.text,
      let name = owner["name"]?.text
    else { return "\(object.kind.lowercased())/\(object.name)" }
    if kind == "ReplicaSet", let hash = object.label("pod-template-hash"), name.hasSuffix("-\(hash)") {
      return "deployment/\(name.dropLast(hash.count + 1))"
    }
    return "\(kind.lowercased())/\(name)"
  }

  /// The names of the secrets that the pod mounts, is given as environment, or pulls its images with.
  static func secrets(of spec: Node) -> [String] {
    var found: Set<String> = []
    func take(_ node: Node?) { if let name = node?.text, !name.isEmpty { found.insert(name) } }
    for volume in spec["volumes"]?.elements ?? [] {
      take(volume["secret"]?["secretName"])
      for source in volume["projected"]?["sources"]?.elements ?? [] { take(source["secret"]?["name"]) }
    }
    for list in ["containers", "initContainers", "ephemeralContainers"] {
      for container in spec[list]?.elements ?? [] {
        for variable in container["env"]?.elements ?? [] { take(variable["valueFrom"]?["secretKeyRef"]?["name"]) }
        for source in container["envFrom"]?.elements ?? [] { take(source["secretRef"]?["name"]) }
      }
    }
    for secret in spec["imagePullSecrets"]?.elements ?? [] { take(secret["name"]) }
    return found.sorted()
  }
}
