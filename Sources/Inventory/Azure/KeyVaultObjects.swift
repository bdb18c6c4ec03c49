import Base
import Documents
import Model

extension InventoryFormat {
  /// `az keyvault secret list`, `key list` and `certificate list`, and the vault's own API: what is kept, and when it ends; never the values.
  static let azureKeyVaultObjects = InventoryFormat(
    name: "azure-key-vault-objects",
    recognises: { content in
      guard let id = content.object?.any("id", "kid")?.text, id.hasPrefix("https://") else { return false }
      let isObject = ["/secrets/", "/keys/", "/certificates/"].contains { id.contains($0) }
      return isObject && content.object?["attributes"]?.kind == .mapping
    },
    read: { content, reading in
      if let object = content.object { reading.readVaultObject(object) }
    })
}

extension InventoryReading {
  fileprivate mutating func readVaultObject(_ node: Node) {
    // `https://VAULT.vault.azure.net/secrets/NAME/VERSION`
    let parts = (node.any("id", "kid")?.text ?? "").split(separator: "/").map(String.init)
    guard parts.count > 3, let attributes = node["attributes"] else {
      return refuse(.node(node), "`id` does not name an object of a vault")
    }
    if node["value"]?.kind == .string {
      diagnose(
        .warning, .node(node), "the export holds the value of the secret `\(parts[3])`",
        hint: "delete the file and rotate the secret: `az keyvault secret list` shows no values")
    }
    let (vault, type, name) = (parts[1].upTo(".").lowercased(), parts[2], parts[3])
    var fact = IdentityFact(
      principal: PrincipalKey("apikey:azure-keyvault/\(vault)/\(type)/\(name.lowercased())"),
      kind: type == "certificates" ? .certificate : .apiKey, name: name, source: source.name)
    fact.created = readInstant(attributes["created"])
    fact.isEnabled = attributes["enabled"]?.bool
    fact.unknowable = ["boundary", "credentials.lastUsed", "grants", "lastUsed", "owners", "trusts", "uniqueID"]
    for tag in node["tags"]?.members ?? [] {
      fact.tags.append(Tag(key: tag.key.text ?? "", value: tag.value.text ?? ""))
    }
    // The platform's own copy of a certificate's key and secret.
    if node["managed"]?.bool == true { fact.tags.append(Tag(key: "muster:managed-by", value: "certificate")) }
    fact.tags.sort()
    var credential = CredentialFact(
      id: parts.count > 4 ? parts[4] : name.lowercased(),
      kind: type == "secrets" ? "secret" : type == "keys" ? "key" : "certificate",
      status: fact.isEnabled.map { $0 ? .active : .inactive } ?? .unknown)
    credential.created = fact.created
    credential.lastRotated = readInstant(attributes["updated"])
    readExpiry(attributes.any("expires", "exp"), into: &credential)
    fact.credentials = [credential]
    add(fact, at: .node(node))
  }
}
