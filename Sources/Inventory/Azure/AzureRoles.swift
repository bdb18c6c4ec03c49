import Base
import Documents
import Model

extension InventoryFormat {
  /// `az role definition list`, the API's `roleDefinitions`, PowerShell's `Get-AzRoleDefinition`.
  static let azureRoleDefinitions = InventoryFormat(
    name: "azure-role-definitions",
    recognises: { content in
      guard let object = content.object else { return false }
      if object.arm("permissions")?.kind == .sequence, object.arm("roleName") != nil { return true }
      return content.hasKeys("IsCustom", "Actions", "Name")
    },
    read: { content, reading in
      if let object = content.object { reading.readAzureRole(object) }
    })

  /// Graph's `roleManagement/directory/roleDefinitions`.
  static let entraRoleDefinitions = InventoryFormat(
    name: "entra-role-definitions",
    recognises: { $0.hasKeys("id", "rolePermissions") },
    read: { content, reading in
      guard let object = content.object, let id = object["id"]?.text?.lowercased() else { return }
      if !reading.azure.take("directoryDefinition:\(id)", object) { return reading.countDuplicate() }
      reading.countUsed()
      var role = AzureRole(name: object["displayName"]?.text ?? id)
      for part in object["rolePermissions"]?.elements ?? [] {
        var permission = AzureRole.Permission()
        permission.actions = part.texts("allowedResourceActions")
        permission.notActions = part.texts("excludedResourceActions")
        permission.condition = part["condition"]?.text?.asJSON
        role.permissions.append(permission)
      }
      for name in [id, object["templateId"]?.text?.lowercased()].compactMap(\.self) {
        reading.azure.directoryDefinitions[name] = role
      }
    })

  /// `az role assignment list`, the API's `roleAssignments`, PowerShell's `Get-AzRoleAssignment`.
  static let azureRoleAssignments = InventoryFormat(
    name: "azure-role-assignments",
    recognises: { content in
      guard let object = content.object else { return false }
      if content.hasKeys("RoleDefinitionId", "ObjectId", "Scope") { return true }
      return object.arm("roleDefinitionId") != nil && object.arm("principalId") != nil
        && object.arm("scope") != nil
    },
    read: { content, reading in
      if let object = content.object { reading.readAzureAssignment(object, isEligible: content.isEligible) }
    })

  /// Graph's `roleManagement/directory/roleAssignments`.
  static let entraRoleAssignments = InventoryFormat(
    name: "entra-role-assignments",
    recognises: { $0.hasKeys("roleDefinitionId", "principalId") && $0.hasKey("directoryScopeId", "appScopeId") },
    read: { content, reading in
      guard let object = content.object, let role = object["roleDefinitionId"]?.text?.lowercased() else { return }
      guard
        let principal = AzureJoins.Member(object["principal"])
          ?? object["principalId"]?.text.map({ AzureJoins.Member($0) })
      else { return reading.refuse(.node(object), "the role assignment has no `principalId`") }
      if !reading.azure.take("directoryAssignment:\(object["id"]?.text ?? "")", object) {
        return reading.countDuplicate()
      }
      reading.countUsed()
      reading.azure.directoryRoles.append(
        .init(
          principal: principal, role: role, name: object["roleDefinition"]?["displayName"]?.text,
          scope: object.any("directoryScopeId", "appScopeId")?.text ?? "/",
          assignment: content.isEligible ? "eligibleDirectoryAssignment" : "directoryAssignment",
          condition: content.isEligible ? AzureFields.untilActivated : nil, place: .node(object)))
    })

  /// The API's `denyAssignments`.
  static let azureDenyAssignments = InventoryFormat(
    name: "azure-deny-assignments",
    recognises: { content in
      guard let object = content.object else { return false }
      return object.arm("denyAssignmentName") != nil && object.arm("permissions") != nil
    },
    read: { content, reading in
      if let object = content.object { reading.readAzureDenial(object) }
    })
}

extension InventoryContent {
  /// Whether it is an assignment of Privileged Identity Management that must be activated before it gives anything:
  /// `roleEligibilitySchedules` and their instances and requests, of the Resource Manager and of Graph.
  fileprivate var isEligible: Bool {
    let own = [object?["type"]?.text, object?["id"]?.text, object?["@odata.type"]?.text]
    let lists = enclosing.map { $0.object["@odata.context"]?.text } + enclosing.map(\.name)
    return (own + lists).contains { $0?.lowercased().contains("roleeligib") == true }
  }
}

/// A role of Azure or Entra: what it allows and takes out again, for management and for data.
struct AzureRole: Sendable {
  struct Permission: Sendable {
    var actions: [String] = []
    var notActions: [String] = []
    var dataActions: [String] = []
    var notDataActions: [String] = []
    var condition: String?

    init() {}

    init(_ node: Node) {
      actions = node.texts("actions", "Actions")
      notActions = node.texts("notActions", "NotActions")
      dataActions = node.texts("dataActions", "DataActions")
      notDataActions = node.texts("notDataActions", "NotDataActions")
      condition = node["condition"]?.text.flatMap { $0.isEmpty ? nil : $0.asJSON }
    }

    /// Management and data apart: `*` of the one holds nothing of the other (Azure RBAC, "Control and data actions").
    func grants(_ effect: GrantFact.Effect, on resources: [String], via: String) -> [GrantFact] {
      var found: [GrantFact] = []
      for (actions, notActions, end) in [(actions, notActions, ""), (dataActions, notDataActions, "/dataActions")]
      where !actions.isEmpty {
        var grant = GrantFact(effect: effect, actions: actions.sorted(), resources: resources, via: via + end)
        (grant.notActions, grant.condition) = (notActions.sorted(), condition)
        found.append(grant)
      }
      return found
    }
  }

  var name: String
  var permissions: [Permission] = []

  init(name: String) { self.name = name }

  fileprivate init(_ name: String, _ actions: [String], not notActions: [String] = []) {
    self.name = name
    var permission = Permission()
    (permission.actions, permission.notActions) = (actions, notActions)
    permissions = [permission]
  }

  /// Azure's general roles by their ids, the same in every tenant, where the export does not define them (Azure built-in roles for
  /// General and Privileged, 2025).
  static let builtIn: [String: AzureRole] = [
    "8e3af657-a8ff-443c-a75c-2fe8c4bcb635": AzureRole("Owner", ["*"]),
    "b24988ac-6180-42a0-ab88-20f7382dd24c": AzureRole(
      "Contributor", ["*"],
      not: [
        "Microsoft.Authorization/*/Delete", "Microsoft.Authorization/*/Write",
        "Microsoft.Authorization/elevateAccess/Action", "Microsoft.Blueprint/blueprintAssignments/write",
        "Microsoft.Blueprint/blueprintAssignments/delete", "Microsoft.Compute/galleries/share/action",
        "Microsoft.Purview/consents/write", "Microsoft.Purview/consents/delete",
        "Microsoft.Resources/deploymentStacks/manageDenySetting/action", "Microsoft.Subscription/cancel/action",
        "Microsoft.Subscription/enable/action",
      ]),
    "acdd72a7-3385-48ef-bd42-f606fba81ae7": AzureRole("Reader", ["*/read"]),
    "18d7d88d-d35e-4fb5-a5c3-7773c20a72d9": AzureRole(
      "User Access Administrator", ["*/read", "Microsoft.Authorization/*", "Microsoft.Support/*"]),
  ]
}

extension InventoryReading {
  fileprivate mutating func readAzureRole(_ node: Node) {
    let id = node["Id"]?.text ?? node["id"]?.text ?? node["name"]?.text ?? ""
    if id.isEmpty { return refuse(.node(node), "the role definition has no `id`") }
    let key = AzureFields.last(id)
    if !azure.take("definition:\(key)", node) { return countDuplicate() }
    countUsed()
    var role = AzureRole(name: node.arm("roleName", "Name")?.text ?? key)
    if let permissions = node.arm("permissions"), permissions.kind == .sequence {
      role.permissions = permissions.elements.map { AzureRole.Permission($0) }
    } else {
      role.permissions = [AzureRole.Permission(node)]
    }
    azure.definitions[key] = role
  }

  fileprivate mutating func readAzureAssignment(_ node: Node, isEligible: Bool) {
    guard let principal = node.arm("principalId", "ObjectId")?.text, !principal.isEmpty,
      let role = node.arm("roleDefinitionId", "RoleDefinitionId")?.text, let scope = node.arm("scope", "Scope")?.text
    else { return refuse(.node(node), "the role assignment lacks its principal, role or scope") }
    let id = node.any("id", "RoleAssignmentId")?.text?.lowercased() ?? ""
    if !azure.take("assignment:\(id)", node) { return countDuplicate() }
    countUsed()
    var member = AzureJoins.Member(principal)
    member.type = node.arm("principalType", "ObjectType")?.text
    member.name = node.arm("principalName", "SignInName", "DisplayName")?.text
    var condition = node.arm("condition", "Condition")?.text.flatMap { $0.isEmpty ? nil : $0.asJSON }
    // Until someone activates it, the role is only within reach.
    if isEligible {
      condition = condition.map { "[\(AzureFields.untilActivated),\($0)]" } ?? AzureFields.untilActivated
    }
    azure.assignments.append(
      .init(
        principal: member, role: AzureFields.last(role),
        roleName: node.arm("roleDefinitionName", "RoleDefinitionName")?.text,
        scope: AzureFields.scope(scope), condition: condition, isEligible: isEligible, place: .node(node)))
  }

  fileprivate mutating func readAzureDenial(_ node: Node) {
    guard let scope = node.arm("scope")?.text else { return refuse(.node(node), "the deny assignment has no `scope`") }
    if !azure.take("deny:\(node["id"]?.text?.lowercased() ?? "")", node) { return countDuplicate() }
    countUsed()
    func ids(_ key: String) -> [AzureJoins.Member] {
      node.arm(key)?.elements.compactMap { AzureJoins.Member($0) } ?? []
    }
    azure.denials.append(
      .init(
        scope: AzureFields.scope(scope), name: node.arm("denyAssignmentName")?.text ?? "",
        isLocal: node.arm("doNotApplyToChildScopes")?.bool == true,
        permissions: node.arm("permissions")?.elements.map { AzureRole.Permission($0) } ?? [],
        principals: ids("principals"), exceptions: ids("excludePrincipals"),
        condition: node.arm("condition")?.text.flatMap { $0.isEmpty ? nil : $0.asJSON }))
  }
}
