import Base
import Documents
import Model

extension InventoryFormat {
  /// `aws eks list-pod-identity-associations`, `describe-pod-identity-association`: which role a service account's pods are given.
  static let eksPodIdentity = InventoryFormat(
    name: "eks-pod-identity",
    recognises: { $0.hasKeys("clusterName", "namespace", "serviceAccount") },
    read: { content, reading in
      if let node = content.object { reading.readPodIdentity(node) }
    })

  /// `aws eks describe-access-entry`: which user and groups of a cluster an IAM principal is.
  static let eksAccessEntry = InventoryFormat(
    name: "eks-access-entry",
    recognises: { $0.hasKeys("clusterName", "principalArn", "username") },
    read: { content, reading in
      guard let node = content.object, let arn = node["principalArn"]?.text, let user = node["username"]?.text
      else { return }
      let groups = (node["kubernetesGroups"]?.elements ?? []).compactMap(\.text)
      reading.note(arn, is: user, groups, "eks:access-entry", at: content.place)
      reading.countUsed()
    })
}

extension InventoryReading {
  fileprivate mutating func readPodIdentity(_ node: Node) {
    guard let cluster = node["clusterName"]?.text, let namespace = node["namespace"]?.text,
      let account = node["serviceAccount"]?.text
    else { return refuse(.node(node), "the pod identity association names no service account") }
    let principal = PrincipalKey("k8s:\(coveredAccount(of: "k8s") ?? cluster)/\(namespace)/\(account)")
    var fact = IdentityFact(principal: principal, kind: .serviceAccount, name: account, source: source.name)
    fact.isEnabled = true
    fact.unknowable = [
      "created", "credentials", "credentials.lastUsed", "grants", "lastUsed", "tags", "trusts", "uniqueID",
    ]
    let id = node["associationId"]?.text ?? ""
    // The list leaves out the role; the single answer has it, and the role that the first one may become in another account.
    for key in ["roleArn", "targetRoleArn"] {
      guard let arn = node[key]?.text, !arn.isEmpty else { continue }
      fact.links.append(LinkFact(.becomes, to: arn, via: "pod identity \(id)"))
    }
    add(fact, at: .node(node))
    kubernetes.accounts.append(.init(namespace: namespace, principal: principal))
  }

  /// The ConfigMap `aws-auth` (Amazon EKS User Guide): lists in texts of YAML.
  mutating func readAWSAuth(_ object: KubernetesObject) {
    for (key, arn) in [("mapRoles", "rolearn"), ("mapUsers", "userarn")] {
      guard let node = object.node["data"]?[key], let text = node.text, !text.isEmpty else { continue }
      let (document, problems) = Document.yaml(Array(text.utf8), path: "", limits: .exports)
      for problem in problems {
        diagnose(problem.kind, .node(node), "in `\(key)`: \(problem.message)", hint: problem.hint)
      }
      for entry in document?.root.elements ?? [] {
        guard let from = entry[arn]?.text, let user = entry["username"]?.text else {
          diagnose(.unreadable, .node(node), "an entry of `\(key)` has no `\(arn)` or no `username`")
          continue
        }
        let groups = (entry["groups"]?.elements ?? []).compactMap(\.text)
        note(from, is: user, groups, "eks:aws-auth", at: .node(node))
      }
    }
    countUsed()
  }

  /// Names with `{{…}}` are many users: a node's, a session's.
  fileprivate mutating func note(
    _ arn: String, is user: String, _ groups: [String], _ via: String, at place: Place
  ) {
    let name = user.contains("{{") ? "\(user.prefix { $0 != "{" })*" : user
    kubernetes.mappings.append(.init(user: name, groups: groups, from: arn, via: via, place: place))
  }
}
