import Base
import Documents
import Model

extension InventoryFormat {
  /// `az keyvault show`, the API's `vaults` and `az resource show`: who may use the vault by its own access policies. `az keyvault list`
  /// leaves them out.
  static let azureKeyVaults = InventoryFormat(
    name: "azure-key-vaults",
    recognises: { $0.object?["type"]?.text?.lowercased() == "microsoft.keyvault/vaults" && $0.hasKey("id") },
    read: { content, reading in
      if let object = content.object { reading.readKeyVault(object) }
    })

  /// The API's `classicAdministrators`, and `az role assignment list --include-classic-administrators`: owners of a subscription from
  /// before there were roles.
  static let azureClassicAdministrators = InventoryFormat(
    name: "azure-classic-administrators",
    recognises: { content in
      guard let object = content.object, object.arm("emailAddress") != nil else { return false }
      return object["type"]?.text?.lowercased() == "microsoft.authorization/classicadministrators"
        || object["id"]?.text?.contains("classic admins") == true
    },
    read: { content, reading in
      if let object = content.object { reading.readClassicAdministrator(object) }
    })
}

extension InventoryReading {
  fileprivate mutating func readKeyVault(_ node: Node) {
    guard let id = node["id"]?.text.map({ AzureFields.scope($0) }) else { return }
    if !azure.take("vault:\(id)", node) { return countDuplicate() }
    if let tenant = node.arm("tenantId")?.text?.lowercased() { azure.tenants.insert(tenant) }
    guard let policies = node.arm("accessPolicies"), node.arm("enableRbacAuthorization")?.bool != true else {
      return countFiltered()
    }
    countUsed()
    for policy in policies.elements {
      guard let principal = policy["objectId"]?.text, !principal.isEmpty else {
        diagnose(.unreadable, .node(policy), "the access policy of `\(AzureFields.last(id))` names no `objectId`")
        continue
      }
      let actions = VaultPermission.kinds.flatMap { kind in
        (policy["permissions"]?[kind]?.texts ?? []).flatMap { VaultPermission.actions(of: $0, kind) }
      }
      if actions.isEmpty { continue }
      var grant = GrantFact(
        effect: .allow, actions: Set(actions).sorted(), resources: [id, "\(id)/*"],
        via: "accessPolicy:\(AzureFields.last(id))")
      if let app = policy["applicationId"]?.text { grant.condition = "through the application \(app)".asJSON }
      azure.ownGrants.append((AzureJoins.Member(principal), grant, .node(policy)))
    }
  }

  fileprivate mutating func readClassicAdministrator(_ node: Node) {
    let scope = node["scope"]?.text ?? node["id"]?.text?.upTo(providers: "/providers/")
    guard let mail = node.arm("emailAddress")?.text?.lowercased(), let scope, scope.hasPrefix("/subscriptions/") else {
      return refuse(.node(node), "the classic administrator lacks its address or its subscription")
    }
    if !azure.take("classic:\(mail)", node) { return countDuplicate() }
    countUsed()
    let role = node.arm("role", "roleDefinitionName")?.text ?? "Administrator"
    let place = AzureFields.scope(scope)
    let grant = GrantFact(
      effect: .allow, actions: ["*"], resources: [place, "\(place)/*"],
      via: "classicAdministrator:\(place)/role:\(role)")
    var member = AzureJoins.Member(mail)
    (member.type, member.name) = ("User", mail)
    azure.ownGrants.append((member, grant, .node(node)))
  }
}

/// The words of access policies as the permissions of Azure's roles (Key Vault documentation, "Migrate from vault access policy to
/// Azure RBAC").
private enum VaultPermission {
  static let kinds = ["secrets", "keys", "certificates"]

  static func actions(of word: String, _ kind: String) -> [String] {
    let head = "Microsoft.KeyVault/vaults/\(kind)/"
    switch (word.lowercased(), kind) {
    case ("all", _): return ["\(head)*"]
    case ("get", "secrets"): return ["\(head)getSecret/action", "\(head)readMetadata/action"]
    case ("list", "secrets"): return ["\(head)readMetadata/action"]
    case ("set", "secrets"): return ["\(head)setSecret/action"]
    case ("get", _), ("list", _), ("getissuers", _), ("listissuers", _): return ["\(head)read"]
    case ("delete", _): return ["\(head)delete"]
    case ("unwrapkey", _): return ["\(head)unwrap/action"]
    case ("wrapkey", _): return ["\(head)wrap/action"]
    case (let other, _): return ["\(head)\(other)/action"]
    }
  }
}

extension String {
  /// What stands before the marker; all where there is none.
  fileprivate func upTo(providers marker: String) -> String {
    firstRange(of: marker).map { String(self[..<$0.lowerBound]) } ?? self
  }
}
