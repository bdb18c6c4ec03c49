import Base
import Documents
import Model

/// Service accounts, and the secrets that are made for them and for others.
extension InventoryReading {
  mutating func readServiceAccount(_ object: KubernetesObject) {
    let namespace = namespace(of: object)
    let principal = kubernetesKey(namespace, object.name, at: object.place)
    var fact = IdentityFact(principal: principal, kind: .serviceAccount, name: object.name, source: source.name)
    fact.uniqueID = object.uid
    fact.created = readInstant(object.node["metadata"]?["creationTimestamp"])
    fact.isEnabled = true
    fact.tags = object.tags
    fact.links = federation(of: object) + pullSecrets(of: object, namespace)
    fact.unknowable = ["credentials.lastUsed", "lastUsed", "trusts"]
    if !object.isLive {
      // A manifest shows what somebody will apply, not what else is in the cluster.
      for field in ["created", "credentials", "grants", "uniqueID"] { fact.mark(unknowable: field) }
    }
    kubernetes.accounts.append(.init(namespace: namespace, principal: principal))
    add(fact, at: object.place)
  }

  /// What clouds' webhooks read: the role or account that the service account's token is exchanged for.
  private func federation(of object: KubernetesObject) -> [LinkFact] {
    var links: [LinkFact] = []
    func link(_ annotation: String, _ key: (String) -> String) {
      guard let value = object.annotation(annotation), !value.isEmpty else { return }
      links.append(LinkFact(.becomes, to: key(value), via: "annotation \(annotation)"))
    }
    link("eks.amazonaws.com/role-arn") { $0 }
    link("iam.gke.io/gcp-service-account") { "gcp:serviceAccount:\($0.lowercased())" }
    // The annotation has the application's id, principals have the object's: whoever knows both joins them.
    let tenant = object.annotation("azure.workload.identity/tenant-id")?.lowercased() ?? "*"
    link("azure.workload.identity/client-id") { "entra:\(tenant)/application/\($0.lowercased())" }
    link("alibabacloud.com/role-name") { "alibaba:*/role/\($0)" }
    link("pod-identity.alibabacloud.com/role-name") { "alibaba:*/role/\($0)" }
    return links
  }

  private mutating func pullSecrets(of object: KubernetesObject, _ namespace: String) -> [LinkFact] {
    let names = (object.node["imagePullSecrets"]?.elements ?? []).compactMap { $0["name"]?.text }
    let head = kubernetesHead(at: object.place)
    return names.map { LinkFact(.holds, to: "\(head)\(namespace)/secret/\($0)", via: "imagePullSecrets") }
  }

  /// A secret by its metadata; its data is never looked at. A token of a service account is that one's credential; any other is an
  /// identity by itself, because nothing in the cluster says for whom it speaks.
  mutating func readKubernetesSecret(_ object: KubernetesObject) {
    let type = object.node["type"]?.text ?? "Opaque"
    // Helm keeps its releases in secrets.
    if type == "helm.sh/release.v1" { return countFiltered() }
    let namespace = namespace(of: object)
    if object.isLive { kubernetes.hasLiveSecrets = true }
    let key = "\(kubernetesHead(at: object.place))\(namespace)/secret/\(object.name)"
    let isToken = type == "kubernetes.io/service-account-token"
    var credential = CredentialFact(id: key, kind: isToken ? "token" : secretKind(type), status: .active)
    credential.created = readInstant(object.node["metadata"]?["creationTimestamp"])
    credential.neverExpires = credential.kind != "certificate"
    guard isToken else { return add(secret: credential, object, type) }
    // Kubernetes documentation, "Legacy ServiceAccount token cleaner": both are days.
    credential.lastUsed = object.label("kubernetes.io/legacy-token-last-used").flatMap { Day($0)?.start }
    if object.label("kubernetes.io/legacy-token-invalid-since") != nil { credential.status = .inactive }
    guard let account = object.annotation("kubernetes.io/service-account.name"), !account.isEmpty else {
      return refuse(
        object.place, "the token `\(object.name)` does not say whose it is",
        hint: "its annotation `kubernetes.io/service-account.name` is missing")
    }
    kubernetes.tokens.append(
      .init(
        namespace: namespace, account: account,
        accountID: object.annotation("kubernetes.io/service-account.uid"), credential: credential, place: object.place))
    countUsed()
  }

  private mutating func add(secret credential: CredentialFact, _ object: KubernetesObject, _ type: String) {
    let isCertificate = credential.kind == "certificate"
    var fact = IdentityFact(
      principal: PrincipalKey(credential.id), kind: isCertificate ? .certificate : .token, name: object.name,
      source: source.name)
    fact.uniqueID = object.uid
    fact.created = credential.created
    fact.tags = object.tags + [Tag(key: "muster:secret-type", value: type)]
    fact.credentials = [credential]
    fact.unknowable = [
      "credentials.lastRotated", "credentials.lastUsed", "grants", "lastUsed", "trusts",
    ]
    if isCertificate { fact.mark(unknowable: "credentials.expires") }
    if !object.isLive { for field in ["created", "uniqueID"] { fact.mark(unknowable: field) } }
    add(fact, at: object.place)
  }

  /// Kubernetes documentation, "Types of Secret".
  private func secretKind(_ type: String) -> String {
    switch type {
    case "kubernetes.io/tls": "certificate"
    case "kubernetes.io/ssh-auth": "ssh-key"
    case "kubernetes.io/basic-auth": "password"
    case "bootstrap.kubernetes.io/token": "token"
    default: "secret"
    }
  }
}
