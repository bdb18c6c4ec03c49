import Base
import Documents
import Model

extension InventoryFormat {
  /// `az ad sp list`, and Graph's `servicePrincipals`: applications, managed identities and others as the tenant knows them.
  static let entraServicePrincipals = InventoryFormat(
    name: "entra-service-principals",
    recognises: { content in
      guard content.hasKeys("appId"), content.hasKey("id", "objectId") else { return false }
      if content.isSignInActivity { return false }
      if let word = content.entraWord("serviceprincipal", "application") { return word == "serviceprincipal" }
      return content.hasKey(
        "servicePrincipalType", "servicePrincipalNames", "accountEnabled", "appOwnerOrganizationId", "appDisplayName",
        "appRoleAssignmentRequired")
    },
    read: { content, reading in
      if let object = content.object { reading.readServicePrincipal(object) }
    })

  /// `az ad app list`, and Graph's `applications`: who holds the secrets and certificates.
  static let entraApplications = InventoryFormat(
    name: "entra-applications",
    recognises: { content in
      guard content.hasKeys("appId"), content.hasKey("id", "objectId") else { return false }
      if content.isSignInActivity { return false }
      if let word = content.entraWord("serviceprincipal", "application") { return word == "application" }
      let isPrincipal = content.hasKey(
        "servicePrincipalType", "servicePrincipalNames", "accountEnabled", "appOwnerOrganizationId", "appDisplayName",
        "appRoleAssignmentRequired")
      return !isPrincipal
        && content.hasKey(
          "signInAudience", "publisherDomain", "requiredResourceAccess", "identifierUris", "passwordCredentials",
          "keyCredentials", "displayName")
    },
    read: { content, reading in
      guard let object = content.object else { return }
      if !content.isSurelyApplication {
        return reading.refuse(
          content.place, "it may be an application or a service principal: its keys are the same in both lists",
          hint: "leave `servicePrincipalType` or `signInAudience` in what `--query` or `$select` takes")
      }
      reading.readApplication(object)
    })

  /// Graph's `groups` and `directoryRoles`, with their members where they are expanded.
  static let entraGroups = InventoryFormat(
    name: "entra-groups",
    recognises: { content in
      guard content.hasKeys("id", "displayName") else { return false }
      return content.hasKey("securityEnabled", "groupTypes") || content.hasKeys("roleTemplateId")
    },
    read: { content, reading in
      if let object = content.object { reading.readEntraGroup(object) }
    })

  /// Graph's `users`: they become identities where they hold something.
  static let entraUsers = InventoryFormat(
    name: "entra-users",
    recognises: { $0.hasKeys("id", "userPrincipalName") && !$0.hasKey("appId") },
    read: { content, reading in
      guard let object = content.object, let id = object["id"]?.text else { return }
      reading.azure.names[id.lowercased()] = object["userPrincipalName"]?.text
      reading.countFiltered()
    })
}

extension InventoryContent {
  fileprivate var isSignInActivity: Bool {
    hasKey("lastSignInActivity", "signInActivity", "applicationAuthenticationClientSignInActivity")
  }

  /// Whether something tells it from the service principal of the same name, which has another id.
  fileprivate var isSurelyApplication: Bool {
    entraWord("serviceprincipal", "application") != nil
      || hasKey(
        "signInAudience", "publisherDomain", "requiredResourceAccess", "identifierUris", "web", "spa", "publicClient",
        "api", "isFallbackPublicClient", "availableToOtherTenants", "homepage", "replyUrls",
        "federatedIdentityCredentials",
        "passwordCredentials", "keyCredentials")
  }

  /// Which of the words the object's type, or the list that it stands in, says.
  fileprivate func entraWord(_ words: String...) -> String? {
    let own = object?.any("@odata.type", "odata.type", "objectType")?.text
    let list = enclosing.last?.object["@odata.context"]?.text.flatMap { $0.split(separator: "#").last.map(String.init) }
    for text in [own, list] {
      if let text = text?.lowercased(), let word = words.first(where: { text.contains($0) }) { return word }
    }
    return nil
  }
}

extension InventoryReading {
  fileprivate mutating func readServicePrincipal(_ node: Node) {
    guard let id = node.any("id", "objectId")?.text?.lowercased(), !id.isEmpty else {
      return refuse(.node(node), "`id` is missing, so this service principal cannot be told from others")
    }
    let key = entraKey("servicePrincipal", id, at: .node(node))
    azure.objects[id] = key
    let owner = node["appOwnerOrganizationId"]?.text?.lowercased() ?? ""
    let name = node.any("displayName", "appDisplayName")?.text ?? id
    var fact = entraFact(key, AzureFields.microsoft.contains(owner) ? .service : .serviceAccount, name)
    fact.uniqueID = id
    fact.unknowable.removeAll { $0 == "uniqueID" || $0 == "tags" }
    fact.isEnabled = node["accountEnabled"]?.bool
    readCommon(node, into: &fact)
    if let app = node["appId"]?.text?.lowercased() {
      azure.principalsOf[app, default: []].insert(key)
      azure.objectOfApp[app] = id
      if node["servicePrincipalType"]?.text != "ManagedIdentity" {
        let to = entraKey("application", app, at: .node(node))
        fact.links.append(LinkFact(.serves, to: to.description, via: "appId"))
      }
    }
    if let type = node["servicePrincipalType"]?.text { fact.tags.append(Tag(key: "servicePrincipalType", value: type)) }
    if !owner.isEmpty { fact.tags.append(Tag(key: "appOwnerOrganizationId", value: owner)) }
    for other in node.texts("alternativeNames") where other.hasPrefix("/") {
      azure.identities[other.lowercased()] = key
      fact.links.append(LinkFact(.serves, to: other.lowercased(), via: "alternativeNames"))
    }
    for role in (node["appRoles"]?.elements ?? []) + (node["oauth2PermissionScopes"]?.elements ?? []) {
      guard let name = role["id"]?.text?.lowercased(), let value = role["value"]?.text else { continue }
      azure.appRoles[id, default: [:]][name] = value
    }
    fact.tags.sort()
    add(fact, at: .node(node))
  }

  fileprivate mutating func readApplication(_ node: Node) {
    guard let app = node["appId"]?.text?.lowercased(), !app.isEmpty else {
      return refuse(.node(node), "`appId` is missing, so this application cannot be told from others")
    }
    let key = entraKey("application", app, at: .node(node))
    var fact = entraFact(key, .oauthApp, node["displayName"]?.text ?? app)
    fact.unknowable.removeAll { $0 == "tags" }
    // Roles are given to the service principal.
    fact.unknowable.removeAll { $0 == "grants" }
    if let object = node.any("id", "objectId")?.text?.lowercased() {
      azure.apps[object] = key
      fact.uniqueID = object
      fact.unknowable.removeAll { $0 == "uniqueID" }
    }
    azure.apps[app] = key
    readCommon(node, into: &fact)
    if let audience = node["signInAudience"]?.text { fact.tags.append(Tag(key: "signInAudience", value: audience)) }
    for credential in node["federatedIdentityCredentials"]?.elements ?? [] {
      readFederated(credential, owner: .application(app))
    }
    if node["federatedIdentityCredentials"] != nil { fact.unknowable.removeAll { $0 == "trusts" } }
    fact.tags.sort()
    add(fact, at: .node(node))
  }

  private mutating func readCommon(_ node: Node, into fact: inout IdentityFact) {
    fact.created = readInstant(node["createdDateTime"])
    if fact.created != nil { fact.unknowable.removeAll { $0 == "created" } }
    fact.deleted = readInstant(node["deletedDateTime"])
    if fact.deleted != nil { fact.isEnabled = false }
    for tag in node.texts("tags") { fact.tags.append(Tag(key: tag, value: "")) }
    readEntraCredentials(node, into: &fact)
    guard let owners = node["owners"], owners.kind == .sequence else { return }
    fact.owners = Set(owners.elements.compactMap { $0.any("userPrincipalName", "mail", "id")?.text ?? $0.text })
      .sorted()
    fact.unknowable.removeAll { $0 == "owners" }
  }

  fileprivate mutating func readEntraGroup(_ node: Node) {
    guard let id = node["id"]?.text?.lowercased(), let name = node["displayName"]?.text else { return }
    let key = entraKey("group", id, at: .node(node))
    let role = node["roleTemplateId"]?.text?.lowercased()
    var members: [AzureJoins.Member] = []
    for list in ["members", "transitiveMembers"] {
      guard let list = node[list], list.kind == .sequence else { continue }
      members += list.elements.compactMap { AzureJoins.Member($0) }
      azure.members[id] = members
    }
    if let role {
      if !azure.take("directoryRole:\(id)", node) { return countDuplicate() }
      countUsed()
      for member in members {
        azure.directoryRoles.append(
          .init(principal: member, role: role, name: name, scope: "/", assignment: "directoryRole", place: .node(node)))
      }
      return
    }
    azure.objects[id] = key
    var fact = entraFact(key, .group, name)
    fact.uniqueID = id
    fact.created = readInstant(node["createdDateTime"])
    fact.unknowable.removeAll { $0.hasPrefix("credentials") || $0 == "uniqueID" || $0 == "trusts" }
    if fact.created != nil { fact.unknowable.removeAll { $0 == "created" } }
    add(fact, at: .node(node))
  }
}
