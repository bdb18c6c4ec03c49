import Base
import Documents
import Model

extension InventoryFormat {
  /// `az account list`: which tenant the subscriptions are of.
  static let azureSubscriptions = InventoryFormat(
    name: "azure-subscriptions",
    recognises: { content in
      content.hasKeys("tenantId")
        && content.hasKey("subscriptionId", "isDefault", "homeTenantId", "subscriptionPolicies")
    },
    read: { content, reading in
      guard let object = content.object else { return }
      if let tenant = object["tenantId"]?.text?.lowercased() { reading.azure.tenants.insert(tenant) }
      reading.countUsed()
    })

  /// `az account management-group show --expand --recurse` and `entities list`: which subscriptions lie in which group.
  static let azureManagementGroups = InventoryFormat(
    name: "azure-management-groups",
    recognises: { content in
      guard let id = content.object?["id"]?.text?.lowercased() else { return false }
      let isGroup = id.hasPrefix("/providers/microsoft.management/managementgroups/")
      let isSubscription = id.hasPrefix("/subscriptions/") && id.split(separator: "/").count == 2
      return (isGroup && !id.contains("/microsoft.authorization/"))
        || (isSubscription && content.object?.arm("parent") != nil)
    },
    read: { content, reading in
      guard let object = content.object else { return }
      reading.azure.noteManagementGroup(object, in: nil)
      reading.countUsed()
    })

  /// `az identity list`: user-assigned managed identities.
  static let azureManagedIdentities = InventoryFormat(
    name: "azure-managed-identities",
    recognises: { content in
      guard let object = content.object, object["id"]?.text?.hasPrefix("/") == true else { return false }
      return object.arm("principalId") != nil && object.arm("clientId") != nil && object.arm("tenantId") != nil
    },
    read: { content, reading in
      if let object = content.object { reading.readManagedIdentity(object) }
    })

  /// Resources with an identity of their own, as `az resource list`, `az vm list` and the like print them.
  static let azureResourceIdentities = InventoryFormat(
    name: "azure-resources",
    recognises: { content in
      guard let object = content.object, object["id"]?.text?.lowercased().hasPrefix("/subscriptions/") == true
      else { return false }
      return object["type"] != nil && object["identity"]?.kind == .mapping
        && object["identity"]?.any("principalId", "userAssignedIdentities", "type") != nil
    },
    read: { content, reading in
      if let object = content.object { reading.readResourceIdentity(object) }
    })
}

extension InventoryReading {
  fileprivate mutating func readManagedIdentity(_ node: Node) {
    guard let id = node.arm("principalId")?.text?.lowercased(), let resource = node["id"]?.text?.lowercased() else {
      return
    }
    let tenant = node.arm("tenantId")?.text?.lowercased()
    if let tenant { azure.tenants.insert(tenant) }
    let key = entraKey("servicePrincipal", id, tenant: tenant, at: .node(node))
    (azure.objects[id], azure.identities[resource]) = (key, key)
    if let app = node.arm("clientId")?.text?.lowercased() { azure.principalsOf[app, default: []].insert(key) }
    var fact = entraFact(key, .serviceAccount, node["name"]?.text ?? id)
    fact.uniqueID = id
    fact.created = readInstant(node["systemData"]?["createdAt"])
    // Azure keeps and rotates the certificates of managed identities; nobody holds them.
    fact.unknowable.removeAll { ["credentials", "credentials.lastUsed", "tags", "uniqueID"].contains($0) }
    if fact.created != nil { fact.unknowable.removeAll { $0 == "created" } }
    for tag in node["tags"]?.members ?? [] {
      fact.tags.append(Tag(key: tag.key.text ?? "", value: tag.value.text ?? ""))
    }
    fact.tags.append(Tag(key: "servicePrincipalType", value: "ManagedIdentity"))
    fact.tags.sort()
    fact.links.append(LinkFact(.serves, to: resource, via: "alternativeNames"))
    add(fact, at: .node(node))
  }

  fileprivate mutating func readResourceIdentity(_ node: Node) {
    guard let resource = node["id"]?.text?.lowercased(), let identity = node["identity"] else { return }
    if !azure.take("resource:\(resource)", node) { return countDuplicate() }
    countUsed()
    for member in identity["userAssignedIdentities"]?.members ?? [] {
      guard let id = member.value["principalId"]?.text?.lowercased(), let name = member.key.text?.lowercased() else {
        continue
      }
      azure.identities[name] = ensureEntra(id, type: nil, name: AzureFields.last(name), at: .node(member.value))
      azure.users.append((id, resource))
    }
    guard let id = identity["principalId"]?.text, !id.isEmpty else { return }
    if let tenant = identity["tenantId"]?.text?.lowercased() { azure.tenants.insert(tenant) }
    _ = ensureEntra(id, type: nil, name: node["name"]?.text, at: .node(node))
    azure.users.append((id.lowercased(), resource))
  }
}

extension AzureJoins {
  fileprivate mutating func noteManagementGroup(_ node: Node, in parent: String?) {
    guard let id = node["id"]?.text?.lowercased() else { return }
    let isGroup = id.hasPrefix("/providers/microsoft.management/")
    if let parent = parent ?? node.arm("parent")?["id"]?.text?.lowercased()
      ?? node.arm("details")?["parent"]?["id"]?.text?.lowercased()
    {
      parents[id] = parent
    }
    if isGroup { for child in node.arm("children")?.elements ?? [] { noteManagementGroup(child, in: id) } }
  }
}
