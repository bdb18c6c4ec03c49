import Base
import Documents
import Model

extension InventoryFormat {
  /// `kubectl get -o json|yaml`, answers of the API itself and rendered manifests: objects with `apiVersion`, `kind` and `metadata`.
  static let kubernetesObjects = InventoryFormat(
    name: "kubernetes",
    recognises: { content in
      guard content.object?["metadata"]?.kind == .mapping, let kind = KubernetesObject.kind(of: content) else {
        return false
      }
      // Backstage writes its catalog in the same form; a list is not an object.
      let isOther = content.object?["apiVersion"]?.text?.hasPrefix("backstage.io/") ?? false
      return !isOther && content.object?["items"]?.kind != .sequence && !kind.isEmpty
    },
    read: { content, reading in
      guard let object = KubernetesObject(content) else { return }
      reading.read(object)
    })

  /// Workloads by name with the account that each runs as: what `jq` makes of a list in one line.
  static let kubernetesWorkloadDigest = InventoryFormat(
    name: "kubernetes-workload-digest",
    recognises: { content in
      content.hasKeys("kind", "name", "serviceAccountName") && !content.hasKey("metadata", "apiVersion", "spec")
    },
    read: { content, reading in
      guard let node = content.object, let kind = node["kind"]?.text, let name = node["name"]?.text else { return }
      reading.kubernetes.workloads.append(
        .init(
          namespace: node["namespace"]?.text ?? KubernetesObject.defaultNamespace,
          path: "\(kind.lowercased())/\(name)", account: node["serviceAccountName"]?.text ?? "default", secrets: [],
          place: content.place))
      reading.countUsed()
    })
}

/// An object of a cluster, with what every kind has.
struct KubernetesObject {
  static let defaultNamespace = "default"

  let node: Node
  let kind: String
  let name: String
  /// `nil` where the object names none: it is of the whole cluster, or a manifest leaves it to whoever applies it.
  let namespace: String?
  /// Whether it comes from a running cluster: the API server gives each object a `uid`.
  var isLive: Bool { uid != nil }
  let uid: String?

  var place: Place { .node(node) }

  /// `nil` where it has no name.
  init?(_ content: InventoryContent) {
    guard let node = content.object, let kind = KubernetesObject.kind(of: content), let metadata = node["metadata"]
    else { return nil }
    self.node = node
    self.kind = kind
    name = metadata["name"]?.text ?? ""
    namespace = metadata["namespace"]?.text
    uid = metadata["uid"]?.text
  }

  /// The object's own kind; in the API's typed lists (`ServiceAccountList`) the elements have none.
  static func kind(of content: InventoryContent) -> String? {
    guard let object = content.object else { return nil }
    if let kind = object["kind"]?.text { return object["apiVersion"]?.text == nil ? nil : kind }
    guard let (list, name) = content.enclosing.last, name == "items", let kind = list["kind"]?.text,
      kind.hasSuffix("List"), list["apiVersion"]?.text != nil
    else { return nil }
    return kind == "List" ? nil : String(kind.dropLast(4))
  }

  func label(_ key: String) -> String? { node["metadata"]?["labels"]?[key]?.text }
  func annotation(_ key: String) -> String? { node["metadata"]?["annotations"]?[key]?.text }

  /// Labels, and those annotations that say whose it is. Others hold whole objects: `last-applied-configuration` has a Secret's data.
  var tags: [Tag] {
    let labels = (node["metadata"]?["labels"]?.members ?? []).map { ($0.key.text ?? "", $0.value.text ?? "") }
    let notes = (node["metadata"]?["annotations"]?.members ?? []).map { ($0.key.text ?? "", $0.value.text ?? "") }
    let telling = notes.filter { key, value in
      let word = key.split(separator: "/").last.map { $0.lowercased() } ?? ""
      return value.utf8.count < 200
        && ["owner", "owners", "team", "contact", "description", "purpose", "environment"].contains(word)
    }
    return (labels + telling).map { Tag(key: $0.0, value: $0.1) }
  }
}

extension InventoryReading {
  /// Reads one object of a cluster by its kind.
  fileprivate mutating func read(_ object: KubernetesObject) {
    if object.name.isEmpty {
      return refuse(object.place, "the \(object.kind) has no `metadata.name`")
    }
    switch object.kind {
    case "ServiceAccount": readServiceAccount(object)
    case "Secret": readKubernetesSecret(object)
    case "Role", "ClusterRole": readKubernetesRole(object)
    case "RoleBinding", "ClusterRoleBinding": readKubernetesBinding(object)
    case "ConfigMap" where object.name == "aws-auth": readAWSAuth(object)
    case "PartialObjectMetadata":
      refuse(
        object.place, "only the metadata of `\(object.name)` is shown, so nobody knows what it is",
        hint: "export whole objects: `kubectl get -o json`")
    default: readWorkload(object)
    }
  }

  /// The namespace of an object that must have one.
  mutating func namespace(of object: KubernetesObject) -> String {
    if let namespace = object.namespace { return namespace }
    if !kubernetes.hasToldNamespace {
      kubernetes.hasToldNamespace = true
      diagnose(
        .warning, object.place,
        "the \(object.kind) `\(object.name)` names no namespace; it is taken to be in `default`",
        hint: "render with the namespace: `helm template --namespace NAME` does not write it, `kubectl get` does")
    }
    return KubernetesObject.defaultNamespace
  }

  /// The key of a service account: `k8s:<cluster>/<namespace>/<name>`.
  mutating func kubernetesKey(_ namespace: String, _ name: String, at place: Place) -> PrincipalKey {
    PrincipalKey("\(kubernetesHead(at: place))\(namespace)/\(name)")
  }

  /// `k8s:<cluster>/`, or `k8s:` where nobody names the cluster.
  mutating func kubernetesHead(at place: Place) -> String {
    namedAccount(of: "k8s", called: "cluster", at: place).map { "k8s:\($0)/" } ?? "k8s:"
  }
}
