import Base
import Documents
import Model

extension InventoryFormat {
  /// `gcloud iam workload-identity-pools list`: each is the group of all identities that it lets in.
  static let gcpWorkloadPools = InventoryFormat(
    name: "gcp-workload-identity-pools",
    recognises: { content in
      guard let name = content.object?["name"]?.text, name.contains("/workloadIdentityPools/") else { return false }
      return !name.contains("/providers/") && !name.contains("/namespaces/")
    },
    read: { content, reading in
      if let object = content.object { reading.readGcpPool(object, name: object["name"]?.text ?? "") }
    })

  /// `gcloud iam workload-identity-pools providers list`: whose tokens a pool takes.
  static let gcpWorkloadProviders = InventoryFormat(
    name: "gcp-workload-identity-providers",
    recognises: { content in
      guard let name = content.object?["name"]?.text else { return false }
      return name.contains("/workloadIdentityPools/") && name.contains("/providers/") && !name.contains("/keys/")
    },
    read: { content, reading in
      if let object = content.object { reading.readGcpProvider(object, name: object["name"]?.text ?? "") }
    })
}

extension InventoryReading {
  mutating func readGcpPool(_ node: Node, name: String) {
    let pool = GcpName.node(name)
    let isOff = node["disabled"]?.bool == true || node["state"]?.text == "DELETED"
    if isOff { gcp.closedPools.insert(pool) }
    var fact = gcpPool(pool)
    fact.isEnabled = !isOff
    add(fact, at: .node(node))
  }

  /// All identities of a pool, as bindings call them.
  func gcpPool(_ pool: String) -> IdentityFact {
    let key = "gcp:principalSet://iam.googleapis.com/\(pool)/*"
    var fact = IdentityFact(
      principal: PrincipalKey(key), kind: .group, name: pool.after(last: "/") ?? pool, source: source.name)
    fact.unknowable = ["boundary", "created", "grants", "lastUsed", "owners", "tags", "trusts"]
    return fact
  }

  mutating func readGcpProvider(_ node: Node, name: String) {
    guard let end = name.ranges(of: "/providers/").last else { return refuse(.node(node), "the provider has no name") }
    if !gcp.take("provider:\(name)", node) { return countDuplicate() }
    countUsed()
    let pool = GcpName.node(String(name[..<end.lowerBound]))
    var provider = GcpJoins.Provider(pool: pool, issuer: "", place: .node(node))
    if let issuer = node["oidc"]?.any("issuerUri", "issuer_uri")?.text {
      provider.issuer = issuer
    } else if let account = node["aws"]?.any("accountId", "account_id")?.text {
      (provider.issuer, provider.isAWS) = ("aws:\(account)", true)
    } else if node["saml"] != nil {
      provider.issuer = "saml:\(name)"
    } else {
      provider.issuer = node["x509"] != nil ? "x509:\(name)" : name
    }
    for member in node.any("attributeMapping", "attribute_mapping")?.members ?? [] {
      provider.mapping[member.key.text ?? ""] = member.value.text ?? ""
    }
    provider.condition = node.any("attributeCondition", "attribute_condition")?.text.flatMap {
      $0.isEmpty ? nil : $0.asJSON
    }
    provider.isOff = node["disabled"]?.bool == true || node["state"]?.text == "DELETED"
    gcp.providers.append(provider)
  }
}

extension GcpJoins {
  /// A provider of a pool.
  struct Provider {
    let pool: String
    var issuer: String
    var isAWS = false
    var isOff = false
    var mapping: [String: String] = [:]
    var condition: String?
    let place: Place

    /// Whom of the issuer's the pool calls so: `subject/S`, `attribute.A/V`, `*`. What the issuer itself says stands as it is; what the
    /// mapping makes of it stands with its name.
    func principal(_ selector: String) -> String {
      if selector == "*" { return "Federated:\(issuer)#*" }
      if let subject = selector.after("subject/") {
        let isOwn = isAWS || mapping.isEmpty || mapping["google.subject"] == "assertion.sub"
        return "Federated:\(issuer)#\(isOwn ? subject : "google.subject=\(subject)")"
      }
      let name = selector.upTo("/")
      let value = String(selector.dropFirst(name.count + 1))
      if isAWS, let role = value.after(last: ":assumed-role/"), let account = issuer.after("aws:") {
        return "arn:aws:iam::\(account):role/\(role.upTo("/"))"
      }
      // Subjects of GitHub's tokens begin with the repository, where nobody asked for another template.
      if issuer == "https://token.actions.githubusercontent.com" {
        if mapping[name] == "assertion.repository" { return "Federated:\(issuer)#repo:\(value):*" }
        if mapping[name] == "assertion.repository_owner" { return "Federated:\(issuer)#repo:\(value)/*" }
        if mapping[name] == "assertion.sub" { return "Federated:\(issuer)#\(value)" }
      }
      return "Federated:\(issuer)#\(name)=\(value)"
    }
  }
}
