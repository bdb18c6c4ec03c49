import Base
import Documents
import Model

extension InventoryFormat {
  /// `gcloud services api-keys list`, and the API's `keys`; the key's own text is not in them.
  static let gcpAPIKeys = InventoryFormat(
    name: "gcp-api-keys",
    recognises: { content in
      guard let name = content.object?["name"]?.text else { return false }
      return name.hasPrefix("projects/") && name.contains("/locations/global/keys/")
    },
    read: { content, reading in
      if let object = content.object { reading.readGcpAPIKey(object, name: object["name"]?.text ?? "") }
    })
}

extension InventoryReading {
  mutating func readGcpAPIKey(_ node: Node, name: String) {
    let id = node["uid"]?.text ?? name.after(last: "/keys/") ?? ""
    if id.isEmpty { return refuse(.node(node), "the API key has neither `uid` nor a name") }
    if node["keyString"] != nil {
      diagnose(
        .warning, .node(node), "the export holds the API key's own text",
        hint: "delete the file and make a new key; `gcloud services api-keys list` prints no secrets")
    }
    var fact = IdentityFact(
      principal: PrincipalKey("apikey:gcp/\(id)"), kind: .apiKey, name: node["displayName"]?.text ?? id,
      source: source.name)
    fact.uniqueID = node["uid"]?.text
    fact.created = readInstant(node["createTime"])
    fact.deleted = readInstant(node["deleteTime"])
    fact.isEnabled = fact.deleted == nil
    var key = CredentialFact(id: id, kind: "api-key", status: fact.deleted == nil ? .active : .deleted)
    (key.created, key.deleted, key.neverExpires) = (fact.created, fact.deleted, true)
    fact.credentials = [key]
    fact.unknowable = ["boundary", "credentials.lastUsed", "lastUsed", "owners"]
    if let project = GcpName.project(of: name) { fact.tags.append(Tag(key: "muster:project", value: project)) }
    restrict(&fact, node)
    for annotation in node["annotations"]?.members ?? [] {
      fact.tags.append(Tag(key: annotation.key.text ?? "", value: annotation.value.text ?? ""))
    }
    if let account = node["serviceAccountEmail"]?.text {
      fact.links.append(
        LinkFact(.becomes, to: "gcp:serviceAccount:\(account.lowercased())", via: "serviceAccountEmail"))
    }
    fact.tags.sort()
    add(fact, at: .node(node))
  }

  /// Which services take it, and from whom: what an API key without any may call depends on the services, so that grants are unknown.
  private func restrict(_ fact: inout IdentityFact, _ node: Node) {
    let limits = node["restrictions"]
    let targets = limits?["apiTargets"]?.elements.compactMap { $0["service"]?.text } ?? []
    for target in targets { fact.tags.append(Tag(key: "muster:api-target", value: target)) }
    let callers = limits?.members.compactMap(\.key.text).filter { $0 != "apiTargets" }.sorted() ?? []
    for caller in callers { fact.tags.append(Tag(key: "muster:restriction", value: caller)) }
    if targets.isEmpty { fact.tags.append(Tag(key: "muster:api-target", value: "*")) }
    fact.mark(unknowable: "grants")
  }
}
