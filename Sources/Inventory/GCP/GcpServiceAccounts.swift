import Base
import Documents
import Model

extension InventoryFormat {
  /// `gcloud iam service-accounts list`, and the API's `accounts`.
  static let gcpServiceAccounts = InventoryFormat(
    name: "gcp-service-accounts",
    recognises: { content in
      guard let object = content.object else { return false }
      return object["email"] != nil && (object["uniqueId"] ?? object["oauth2ClientId"]) != nil
        && (object["projectId"] != nil || object["name"]?.text?.contains("/serviceAccounts/") == true)
    },
    read: { content, reading in
      if let object = content.object { reading.readGcpServiceAccount(object) }
    })

  /// `gcloud iam service-accounts keys list`, and the API's `keys`.
  static let gcpServiceAccountKeys = InventoryFormat(
    name: "gcp-service-account-keys",
    recognises: { content in
      guard let name = content.object?["name"]?.text, name.contains("/serviceAccounts/"), name.contains("/keys/")
      else { return false }
      return content.hasKey("keyAlgorithm", "keyType", "validAfterTime", "keyOrigin")
    },
    read: { content, reading in
      if let object = content.object { reading.readGcpKey(object, name: object["name"]?.text ?? "") }
    })
}

/// What a list of accounts cannot say of them.
let gcpUnknownToAccountLists = [
  "boundary", "created", "credentials", "credentials.lastUsed", "grants", "lastUsed", "owners", "tags", "trusts",
]

extension InventoryReading {
  /// An account with the fields of the API's `ServiceAccount`.
  mutating func readGcpServiceAccount(_ node: Node) {
    guard let mail = node["email"]?.text, mail.contains("@"), let member = GcpMember("serviceAccount:\(mail)") else {
      return refuse(.node(node), "`email` is missing, so this service account cannot be told from others")
    }
    var fact = IdentityFact(principal: member.principal, kind: member.kind, name: member.name, source: source.name)
    fact.uniqueID = node["uniqueId"]?.text
    // The API leaves out what is false.
    fact.isEnabled = node["disabled"]?.bool != true
    fact.unknowable = gcpUnknownToAccountLists
    let project =
      node["projectId"]?.text ?? GcpName.project(of: node["name"]?.text ?? "").map { String($0.dropFirst(9)) }
    gcp.accounts[fact.principal] = "projects/\(project ?? fact.principal.account)/serviceAccounts/\(mail.lowercased())"
    add(fact, at: .node(node))
  }

  /// A key with the fields of the API's `ServiceAccountKey`.
  mutating func readGcpKey(_ node: Node, name: String) {
    guard let id = name.after(last: "/keys/"), !id.isEmpty, let owner = GcpName.accountID(in: name) else {
      return refuse(.node(node), "`name` is not that of a service account's key")
    }
    // Google's own: it makes, keeps and rotates them, and nobody holds them.
    let isGoogles = node["keyType"]?.text == "SYSTEM_MANAGED"
    var key = CredentialFact(id: id, kind: "key", status: .active)
    if node["disabled"]?.bool == true { key.status = .inactive }
    if node["disableReason"]?.text?.contains("EXPOSED") == true { key.status = .inactive }
    key.created = readInstant(node["validAfterTime"])
    readExpiry(node["validBeforeTime"], into: &key)
    let claim = GcpJoins.KeyClaim(
      account: owner, node: GcpName.node(name), credential: isGoogles ? nil : key, place: .node(node), file: fileNumber)
    if !gcp.take("key:\(id)@\(owner)", node) { return countDuplicate() }
    gcp.keyClaims.append(claim)
    isGoogles ? countFiltered() : countUsed()
  }

  /// The last instant of the calendar stands for never.
  mutating func readExpiry(_ node: Node?, into key: inout CredentialFact) {
    guard let node, let text = node.text, !text.isEmpty else { return key.neverExpires = true }
    if text.hasPrefix("9999-12-31") || text.hasPrefix("0001-01-01") { return key.neverExpires = true }
    key.expires = readInstant(node)
  }
}
