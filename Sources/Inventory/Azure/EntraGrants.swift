import Base
import Documents
import Model

extension InventoryFormat {
  /// Graph's `appRoleAssignments` and `appRoleAssignedTo`: what an application may do by itself, and who may use one.
  static let entraAppRoleAssignments = InventoryFormat(
    name: "entra-app-role-assignments",
    recognises: { $0.hasKeys("appRoleId", "principalId", "resourceId") },
    read: { content, reading in
      guard let object = content.object else { return }
      guard var member = object["principalId"]?.text.map({ AzureJoins.Member($0) }),
        let role = object["appRoleId"]?.text,
        let resource = object["resourceId"]?.text
      else { return reading.refuse(.node(object), "the app role assignment lacks its principal, role or resource") }
      if !reading.azure.take("appRole:\(object["id"]?.text ?? "")", object) { return reading.countDuplicate() }
      reading.countUsed()
      (member.type, member.name) = (object["principalType"]?.text, object["principalDisplayName"]?.text)
      reading.azure.appRoleAssignments.append(
        .init(
          principal: member, role: role.lowercased(), resource: resource.lowercased(),
          resourceName: object["resourceDisplayName"]?.text, place: .node(object)))
    })

  /// Graph's `oauth2PermissionGrants`: what an application may do on behalf of users.
  static let entraPermissionGrants = InventoryFormat(
    name: "entra-permission-grants",
    recognises: { $0.hasKeys("clientId", "resourceId", "scope") && $0.hasKey("consentType") },
    read: { content, reading in
      guard let object = content.object else { return }
      guard let client = object["clientId"]?.text, let resource = object["resourceId"]?.text else {
        return reading.refuse(.node(object), "the permission grant lacks its client or resource")
      }
      if !reading.azure.take("grant:\(object["id"]?.text ?? "")", object) { return reading.countDuplicate() }
      reading.countUsed()
      let user = object["consentType"]?.text == "Principal" ? object["principalId"]?.text?.lowercased() : nil
      reading.azure.permissionGrants.append(
        .init(
          client: client, resource: resource.lowercased(), user: user,
          scopes: object["scope"]?.text?.split(separator: " ").map(String.init).sorted() ?? [], place: .node(object)))
    })

  /// `federatedIdentityCredentials` of applications and managed identities.
  static let entraFederatedCredentials = InventoryFormat(
    name: "entra-federated-credentials",
    recognises: { content in
      guard let object = content.object, content.hasKey("id", "name") else { return false }
      return object.arm("issuer") != nil && object.arm("audiences") != nil
        && (object.arm("subject") ?? object.arm("claimsMatchingExpression")) != nil
    },
    read: { content, reading in
      if let object = content.object { reading.readFederated(object, in: content) }
    })

  /// One of `passwordCredentials` or `keyCredentials` by itself: `az ad app credential list`, the answer of `addPassword`.
  static let entraCredentials = InventoryFormat(
    name: "entra-credentials",
    recognises: { $0.hasKeys("keyId") && $0.hasKey("endDateTime", "endDate") && !$0.hasKey("appId") },
    read: { content, reading in
      if let object = content.object { reading.readLooseCredential(object, in: content) }
    })

  /// Graph's reports `servicePrincipalSignInActivities` and `appCredentialSignInActivities`.
  static let entraSignInActivities = InventoryFormat(
    name: "entra-sign-in-activities",
    recognises: { $0.hasKeys("appId") && $0.hasKey("lastSignInActivity", "signInActivity") },
    read: { content, reading in
      guard let object = content.object, let app = object["appId"]?.text?.lowercased() else { return }
      if !reading.azure.take("signIn:\(object["id"]?.text ?? app)", object) { return reading.countDuplicate() }
      reading.countUsed()
      let last = reading.readInstant(object.any("lastSignInActivity", "signInActivity")?["lastSignInDateTime"])
      reading.azure.signIns.append(.init(app: app, key: object["keyId"]?.text?.lowercased(), last: last))
    })
}

extension InventoryReading {
  /// A federated credential whose owner its place tells: the list's context, an Azure id, an id in a wrapper's or the file's name.
  fileprivate mutating func readFederated(_ node: Node, in content: InventoryContent) {
    let id = node["id"]?.text?.lowercased() ?? ""
    if !azure.take("federated:\(content.path)\(id)", node) { return countDuplicate() }
    if let end = id.firstRange(of: "/federatedidentitycredentials/") {
      countUsed()
      return readFederated(node, owner: .identity(String(id[..<end.lowerBound])))
    }
    let context = content.enclosing.compactMap { $0.object["@odata.context"]?.text }.last {
      $0.contains("federatedIdentityCredentials")
    }
    let names =
      [context] + content.enclosing.reversed().map(\.name)
      + content.enclosing.reversed().map { $0.object["appId"]?.text }
      + [content.path.split(separator: "/").last.map(String.init)]
    guard let owner = names.compactMap({ $0.flatMap { AzureFields.guid(in: $0) } }).first else {
      return refuse(
        .node(node), "the federated credential `\(node["name"]?.text ?? id)` does not say which application it is of",
        hint:
          "name the file after the application's id, or export applications with `$expand=federatedIdentityCredentials`"
      )
    }
    countUsed()
    readFederated(node, owner: .application(owner))
  }

  /// Notes it; whoever reads the owner counts it.
  mutating func readFederated(_ node: Node, owner: AzureJoins.FederatedOwner) {
    let issuer = node.arm("issuer")?.text ?? ""
    let matching = node.arm("claimsMatchingExpression")?["value"]?.text
    let trust = TrustFact(
      effect: .allow, principals: ["Federated:\(issuer)#\(node.arm("subject")?.text ?? "*")"],
      actions: node.arm("audiences")?.elements.compactMap(\.text) ?? [], condition: matching.map { $0.asJSON })
    let id = AzureFields.last(node["id"]?.text ?? node["name"]?.text ?? "")
    var credential = CredentialFact(id: id, kind: "federated", status: .active)
    credential.neverExpires = true
    azure.federated.append(.init(owner: owner, trust: trust, credential: credential, place: .node(node)))
  }

  fileprivate mutating func readLooseCredential(_ node: Node, in content: InventoryContent) {
    let isKey = node.any("usage", "type")?.text != nil
    guard let credential = readEntraCredential(node, kind: isKey ? "certificate" : "secret") else {
      return countUnreadable()
    }
    if !azure.take("credential:\(content.path)\(credential.id)", node) { return countDuplicate() }
    countUsed()
    let names =
      content.enclosing.reversed().map(\.name) + [content.path.split(separator: "/").last.map(String.init) ?? ""]
    let owner = names.compactMap { AzureFields.guid(in: $0) }.first { $0 != credential.id }
    azure.looseCredentials.append(
      .init(owner: owner, credential: credential, name: node["displayName"]?.text, place: .node(node)))
  }
}
