import Base
import Inventory
import Model
import Testing

private let tenant = "aaaaaaaa-0000-0000-0000-000000000001"
private let sub = "/subscriptions/00000000-0000-0000-0000-00000000000a"
private let alpha = "10000000-0000-0000-0000-000000000001"
private let beta = "10000000-0000-0000-0000-000000000002"

private func azure(_ files: String..., covers: [String] = ["entra:\(tenant)"]) -> InventoryResult {
  readInventory(
    InventorySource(name: "azure", covers: covers),
    files: files.enumerated().map { InventoryFile(path: "\($0.offset).json", bytes: Array($0.element.utf8)) })
}

private func assignment(
  _ role: String, to id: String = alpha, at scope: String, type: String = "ServicePrincipal", more: String = ""
) -> String {
  """
  {"id": "\(scope)/providers/Microsoft.Authorization/roleAssignments/\(role)-\(id)", "principalId": "\(id)", "principalType": "\(type)",
   "roleDefinitionId": "\(sub)/providers/Microsoft.Authorization/roleDefinitions/\(role)", "scope": "\(scope)",
   "type": "Microsoft.Authorization/roleAssignments"\(more)}
  """
}

private let owner = "8e3af657-a8ff-443c-a75c-2fe8c4bcb635"
private let contributor = "b24988ac-6180-42a0-ab88-20f7382dd24c"
private let reader = "acdd72a7-3385-48ef-bd42-f606fba81ae7"
private let blob = "Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read"
private let vm = "\(sub)/resourcegroups/rg/providers/microsoft.compute/virtualmachines/v"

extension InventoryResult {
  fileprivate func identity(_ id: String, _ kind: String = "servicePrincipal") -> IdentityFact? {
    identities.first { $0.principal.description == "entra:\(tenant)/\(kind)/\(id)" }
  }
  fileprivate func may(_ action: String, _ resource: String = vm, as id: String = alpha) -> Answer? {
    identity(id).map { EffectiveAccess(of: $0).allows(action: action, resource: resource) }
  }
}

@Suite struct AzureTests {
  /// "Understand Azure role definitions": Contributor's NotActions, and that Owner's `*` holds no data.
  @Test func subtractsNotActionsAndKeepsDataApart() {
    let result = azure("[\(assignment(contributor, at: sub)), \(assignment(owner, to: beta, at: sub))]")
    #expect(result.messages == [])
    #expect(result.may("Microsoft.Compute/virtualMachines/write") == .yes)
    // Unknown, not no: an assignment above the subscription is not shown.
    #expect(result.may("Microsoft.Authorization/roleAssignments/write") == .unknown)
    #expect(
      result.identity(alpha)?.grants[0].allows(action: "Microsoft.Authorization/roleAssignments/write", resource: vm)
        == .no)
    #expect(result.may("Microsoft.Authorization/roleAssignments/write", as: beta) == .yes)
    #expect(result.identity(beta)?.grants[0].allows(action: blob, resource: vm) == .no)
    #expect(result.identity(alpha)?.grants[0].breadth == "the role Contributor")
    #expect(result.identity(beta)?.grants[0].via == "assignment:\(sub)/role:Owner")
  }

  /// The same page's example: NotActions of one role do not take away what another role gives.
  @Test func addsRolesUp() {
    let custom = """
      {"name": "c1", "id": "\(sub)/providers/Microsoft.Authorization/roleDefinitions/C1", "roleName": "Assigner", "roleType": "CustomRole",
       "permissions": [{"actions": ["Microsoft.Authorization/roleAssignments/write"], "notActions": [], "dataActions": ["\(blob)"], "notDataActions": []}],
       "assignableScopes": ["\(sub)"]}
      """
    let result = azure("[\(assignment(contributor, at: sub)), \(assignment("C1", at: sub))]", "[\(custom)]")
    #expect(result.may("Microsoft.Authorization/roleAssignments/write") == .yes)
    #expect(result.may(blob) == .yes)
    #expect(result.identity(alpha)?.grants.map(\.via).sorted().last == "assignment:\(sub)/role:Contributor")
    #expect(result.identity(alpha)?.grants.contains { $0.via.hasSuffix("role:Assigner/dataActions") } == true)
  }

  /// "Understand scope": a role on a resource group holds below it only; scopes are the same in either case.
  @Test func inheritsByScope() {
    let result = azure("[\(assignment(reader, at: "\(sub)/resourceGroups/RG"))]")
    let grant = result.identity(alpha)?.grants.first
    #expect(grant?.resources == ["\(sub)/resourcegroups/rg", "\(sub)/resourcegroups/rg/*"])
    #expect(grant?.allows(action: "Microsoft.Compute/virtualMachines/read", resource: vm) == .yes)
    #expect(
      grant?.allows(action: "Microsoft.Compute/virtualMachines/read", resource: "\(sub)/resourcegroups/rg2/x") == .no)
    #expect(grant?.allows(action: "Microsoft.Compute/virtualMachines/start/action", resource: vm) == .no)
    #expect(grant?.allows(action: blob, resource: vm) == .no)
  }

  @Test func resolvesManagementGroups() {
    let group = "/providers/Microsoft.Management/managementGroups/corp"
    let tree = """
      {"id": "\(group)", "name": "corp", "type": "Microsoft.Management/managementGroups", "tenantId": "\(tenant)",
       "children": [{"id": "/providers/Microsoft.Management/managementGroups/prod", "type": "Microsoft.Management/managementGroups",
         "children": [{"id": "\(sub)", "type": "/subscriptions", "name": "a"}]}]}
      """
    let alone = azure("[\(assignment(reader, at: group))]")
    #expect(alone.may("Microsoft.Compute/virtualMachines/read") == .unknown)
    let told = azure("[\(assignment(reader, at: group))]", tree)
    #expect(told.messages == [])
    #expect(told.may("Microsoft.Compute/virtualMachines/read") == .yes)
    #expect(told.identity(alpha)?.grants[0].allows(action: "a/read", resource: "/subscriptions/b/x") == .no)
  }

  /// "Understand deny assignments": they win over roles, leave out the excluded, and may hold for the scope alone.
  @Test func deniesOverRoles() {
    let deny = """
      {"value": [{"id": "\(sub)/providers/Microsoft.Authorization/denyAssignments/d", "name": "d", "type": "Microsoft.Authorization/denyAssignments",
        "properties": {"denyAssignmentName": "stack", "scope": "\(sub)/resourceGroups/rg", "doNotApplyToChildScopes": false,
          "permissions": [{"actions": ["*/delete"], "notActions": [], "dataActions": [], "notDataActions": []}],
          "principals": [{"id": "00000000-0000-0000-0000-000000000000", "type": "SystemDefined"}],
          "excludePrincipals": [{"id": "\(beta)", "type": "ServicePrincipal"}]}}]}
      """
    let result = azure("[\(assignment(owner, at: sub)), \(assignment(owner, to: beta, at: sub))]", deny)
    #expect(result.messages == [])
    #expect(result.may("Microsoft.Compute/virtualMachines/delete") == .no)
    #expect(result.may("Microsoft.Compute/virtualMachines/delete", "\(sub)/resourcegroups/other/x") == .yes)
    #expect(result.may("Microsoft.Compute/virtualMachines/delete", as: beta) == .yes)
    #expect(result.may("Microsoft.Compute/virtualMachines/start/action") == .yes)
  }

  @Test func keepsConditionsAndOpaqueRolesAsUnknown() {
    let other = "12345678-0000-0000-0000-000000000000"
    let more = #", "roleDefinitionName": "Some Role""#
    let condition = #", "condition": "(@Resource[x] StringEquals 'y')", "conditionVersion": "2.0""#
    let result = azure(
      "[\(assignment(other, at: sub, more: more)), \(assignment(owner, to: beta, at: sub, more: condition))]")
    #expect(result.identity(alpha)?.grants[0].isOpaque == true)
    #expect(result.identity(alpha)?.grants[0].via == "assignment:\(sub)/role:Some Role")
    #expect(result.may("a/read") == .unknown)
    #expect(result.may("a/read", as: beta) == .unknown)
    #expect(result.identity(beta)?.grants[0].condition == #""(@Resource[x] StringEquals 'y')""#)
  }

  @Test func givesMembersWhatTheirGroupsHave() {
    let group = "20000000-0000-0000-0000-000000000001"
    let list = """
      {"value": [{"id": "\(group)", "displayName": "ops", "securityEnabled": true, "groupTypes": [], "createdDateTime": "2024-01-01T00:00:00Z",
        "members": [{"@odata.type": "#microsoft.graph.servicePrincipal", "id": "\(alpha)", "displayName": "a"},
                    {"@odata.type": "#microsoft.graph.user", "id": "\(beta)", "userPrincipalName": "eva@acme.example"}]}]}
      """
    let result = azure("[\(assignment(reader, to: group, at: sub, type: "Group"))]", list)
    #expect(result.messages == [])
    #expect(result.identity(alpha)?.grants.map(\.via) == ["group:ops/assignment:\(sub)/role:Reader"])
    #expect(result.identity(beta, "user")?.name == "eva@acme.example")
    #expect(result.identity(beta, "user")?.tags == [Tag(key: "muster:class", value: "human")])
  }

  @Test func readsApplicationsWithTheirPrincipals() {
    let app = "30000000-0000-0000-0000-000000000001"
    let graph = "30000000-0000-0000-0000-0000000000ff"
    let apps = """
      {"@odata.context": "https://graph.microsoft.com/v1.0/$metadata#applications", "value": [{"id": "40000000-0000-0000-0000-000000000001",
        "appId": "\(app.uppercased())", "displayName": "ci", "createdDateTime": "2024-05-01T00:00:00Z",
        "passwordCredentials": [{"keyId": "K1", "startDateTime": "2024-05-01T00:00:00Z", "endDateTime": "2026-05-01T00:00:00.1234567Z", "hint": "abc", "secretText": null}],
        "keyCredentials": [{"keyId": "K2", "type": "AsymmetricX509Cert", "usage": "Verify", "endDateTime": "2027-05-01T00:00:00Z"}],
        "federatedIdentityCredentials": [{"id": "F1", "name": "gh", "issuer": "https://token.actions.githubusercontent.com",
          "subject": "repo:acme/x:environment:prod", "audiences": ["api://AzureADTokenExchange"]}]}]}
      """
    let principals = """
      [{"id": "\(alpha)", "appId": "\(app)", "displayName": "ci", "servicePrincipalType": "Application", "accountEnabled": false, "tags": ["x"]},
       {"id": "\(beta)", "appId": "\(graph)", "displayName": "Microsoft Graph", "servicePrincipalType": "Application",
        "appOwnerOrganizationId": "f8cdef31-a31e-4b4a-93e4-5f571e91255a", "appRoles": [{"id": "R1", "value": "Directory.Read.All"}]}]
      """
    let grants = """
      {"value": [{"id": "a1", "appRoleId": "r1", "principalId": "\(alpha)", "principalType": "ServicePrincipal", "resourceId": "\(beta)"}]}
      """
    let delegated = """
      {"value": [{"id": "g1", "clientId": "\(alpha)", "consentType": "AllPrincipals", "principalId": null, "resourceId": "\(beta)", "scope": "User.Read Mail.Send"}]}
      """
    let activity = """
      {"value": [{"id": "s1", "appId": "\(app)", "lastSignInActivity": {"lastSignInDateTime": "2026-02-01T00:00:00Z"}}]}
      """
    let result = azure(apps, principals, grants, delegated, activity)
    #expect(result.messages == [])
    #expect(result.coverage.used == 6)
    let application = result.identity(app, "application")
    #expect(application?.credentials.map(\.id) == ["f1", "k1", "k2"])
    #expect(application?.credentials.map(\.kind) == ["federated", "secret", "certificate"])
    let trust = ["Federated:https://token.actions.githubusercontent.com#repo:acme/x:environment:prod"]
    #expect(application?.trusts.first?.principals == trust)
    let principal = result.identity(alpha)
    #expect(principal?.trusts.first?.principals == trust)
    #expect(principal?.isEnabled == false && principal?.lastUsed == Instant("2026-02-01T00:00:00Z"))
    #expect(principal?.links.first == LinkFact(.serves, to: "entra:\(tenant)/application/\(app)", via: "appId"))
    #expect(principal?.grants.map(\.actions) == [["Directory.Read.All"], ["Mail.Send", "User.Read"]])
    #expect(principal?.grants[1].condition == #""on behalf of any user""#)
    #expect(result.identity(beta)?.kind == .service)
  }

  @Test func readsManagedIdentitiesAndLearnsTheTenant() {
    let name = "\(sub)/resourcegroups/rg/providers/Microsoft.ManagedIdentity/userAssignedIdentities/mi"
    let list = """
      [{"id": "\(name)", "name": "mi", "clientId": "30000000-0000-0000-0000-000000000009", "principalId": "\(alpha.uppercased())",
        "tenantId": "\(tenant)", "type": "Microsoft.ManagedIdentity/userAssignedIdentities", "tags": {"team": "pay"}, "location": "x"}]
      """
    let federated = """
      [{"id": "\(name)/federatedIdentityCredentials/k", "name": "k", "issuer": "https://oidc.example/", "subject": "system:serviceaccount:pay:api",
        "audiences": ["api://AzureADTokenExchange"], "resourceGroup": "rg"}]
      """
    let principals = """
      [{"id": "\(alpha)", "appId": "30000000-0000-0000-0000-000000000009", "displayName": "mi", "servicePrincipalType": "ManagedIdentity",
        "accountEnabled": true, "alternativeNames": ["isExplicit=True", "\(name)"]}]
      """
    let machine = """
      [{"id": "\(vm)", "name": "v", "type": "Microsoft.Compute/virtualMachines", "identity": {"type": "SystemAssigned", "principalId": "\(beta)", "tenantId": "\(tenant)"}}]
      """
    let result = azure(list, federated, principals, machine, covers: [])
    #expect(result.messages == [])
    let identity = result.identity(alpha)
    #expect(identity?.trusts.first?.principals == ["Federated:https://oidc.example/#system:serviceaccount:pay:api"])
    #expect(identity?.tags.contains(Tag(key: "team", value: "pay")) == true)
    #expect(identity?.links == [LinkFact(.serves, to: name.lowercased(), via: "alternativeNames")])
    #expect(result.identity(beta)?.links == [LinkFact(.serves, to: vm, via: "identity")])
    #expect(result.coverage.places.map(\.name) == ["entra:\(tenant)"])
  }

  @Test func tellsBroadRolesByTheirScope() {
    let result = azure(
      """
      [\(assignment(owner, at: "\(sub)/resourceGroups/rg")), \(assignment(owner, to: beta, at: vm)),
       {"id": "\(sub)/x", "properties": {"roleName": "All", "permissions": [{"actions": ["*"]}]}, "name": "all"},
       \(assignment("x", to: "c", at: sub)), \(assignment(reader, to: "d", at: sub))]
      """)
    #expect(result.identity(alpha)?.grants[0].breadth == "the role Owner")
    #expect(result.identity(beta)?.grants[0].breadth == nil)
    #expect(result.identity("c")?.grants[0].breadth == "every action on \(sub)")
    #expect(result.identity("d")?.grants[0].breadth == nil)
  }

  @Test func acceptsATenantOfCoveredSubscriptions() {
    let list = """
      [{"id": "\(sub)/x/mi", "name": "mi", "clientId": "c", "principalId": "\(alpha)", "tenantId": "\(tenant)"}]
      """
    #expect(azure(list, covers: ["azure:00000000-0000-0000-0000-00000000000a"]).messages == [])
    #expect(azure(list, covers: ["entra:another"]).messages.count == 1)
  }

  @Test func readsVaultsWithoutTheirValues() {
    let result = azure(
      """
      [{"id": "https://pay.vault.azure.net/secrets/Db", "name": "Db", "attributes": {"enabled": true, "created": "2024-01-01T00:00:00+00:00",
         "updated": "2025-01-01T00:00:00+00:00", "expires": null}, "tags": null, "contentType": ""},
       {"kid": "https://pay.vault.azure.net/keys/sign", "attributes": {"enabled": false, "created": 1704067200, "exp": 1767225600}}]
      """)
    #expect(result.messages == [])
    #expect(
      result.identities.map(\.principal.description) == [
        "apikey:azure-keyvault/pay/keys/sign", "apikey:azure-keyvault/pay/secrets/db",
      ])
    #expect(result.identities[0].credentials[0].expires == Instant("2026-01-01T00:00:00Z"))
    #expect(result.identities[0].credentials[0].status == .inactive)
    #expect(result.identities[1].credentials[0].neverExpires)
  }

  @Test func warnsOnceWithoutATenant() {
    let result = azure("[\(assignment(owner, at: sub)), \(assignment(owner, to: beta, at: sub))]", covers: [])
    #expect(result.messages.count == 1)
    #expect(result.diagnostics[0].hint == "set `covers: [\"entra:TENANT\"]` on the source")
    #expect(
      result.identities.map(\.principal.description) == [
        "entra:servicePrincipal/\(alpha)", "entra:servicePrincipal/\(beta)",
      ])
    #expect(result.coverage.places.allSatisfy { !$0.name.contains("servicePrincipal") })
  }

  /// An eligible role gives nothing until someone activates it (Privileged Identity Management), which nobody can foresee.
  @Test(arguments: [true, false])
  func takesEligibleAssignmentsForConditional(isEligible: Bool) throws {
    let type = isEligible ? "roleEligibilityScheduleInstances" : "roleAssignmentScheduleInstances"
    let arm = """
      {"value": [{"id": "\(sub)/providers/Microsoft.Authorization/\(type)/x", "name": "x", "type": "Microsoft.Authorization/\(type)",
        "properties": {"scope": "\(sub)", "roleDefinitionId": "\(sub)/providers/Microsoft.Authorization/roleDefinitions/\(owner)",
          "principalId": "\(alpha)", "principalType": "ServicePrincipal", "memberType": "Direct"}}]}
      """
    let graph = """
      {"@odata.context": "https://graph.microsoft.com/v1.0/$metadata#roleManagement/directory/\(isEligible ? "roleEligibilitySchedules" : "roleAssignments")",
       "value": [{"id": "e", "principalId": "\(beta)", "roleDefinitionId": "62e90394-69f5-4237-9190-012177145e10", "directoryScopeId": "/"}]}
      """
    let result = azure(arm, graph)
    #expect(result.messages == [])
    let grant = try #require(result.identity(alpha)?.grants.first)
    #expect(
      grant.allows(action: "Microsoft.Compute/virtualMachines/write", resource: vm) == (isEligible ? .unknown : .yes))
    #expect(grant.via.hasPrefix(isEligible ? "eligibleAssignment:" : "assignment:"))
    let role = try #require(result.identity(beta)?.grants.first)
    #expect((role.condition != nil) == isEligible)
    #expect(role.via.hasPrefix("eligible") == isEligible)
  }

  /// An application and its service principal have the same three fields, and other ids.
  @Test func refusesToGuessWhatAProjectionIsOf() {
    let text = #"[{"displayName": "ci", "appId": "\#(alpha)", "id": "\#(beta)"}]"#
    #expect(
      azure(text).messages == ["it may be an application or a service principal: its keys are the same in both lists"])
    let named = #"{"@odata.context": "x/$metadata#servicePrincipals(id,appId,displayName)", "value": \#(text)}"#
    #expect(azure(named).messages == [])
    #expect(azure(named).identity(beta)?.name == "ci")
  }

  /// "Assign a Key Vault access policy": they hold only where the vault does not use roles.
  @Test(arguments: [true, false])
  func readsAccessPoliciesOfVaults(usesRoles: Bool) {
    let vault = """
      {"id": "\(sub)/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/V", "name": "V", "type": "Microsoft.KeyVault/vaults",
       "properties": {"enableRbacAuthorization": \(usesRoles), "tenantId": "\(tenant)", "accessPolicies": [
         {"objectId": "\(alpha)", "tenantId": "\(tenant)", "permissions": {"secrets": ["Get", "list"], "keys": ["all"], "storage": null}}]}}
      """
    let result = azure(vault)
    #expect(result.messages == [])
    #expect((result.coverage.used, result.coverage.filtered) == (usesRoles ? (0, 1) : (1, 0)))
    let secret = "\(sub)/resourcegroups/rg/providers/microsoft.keyvault/vaults/v/secrets/s"
    #expect(
      result.may("Microsoft.KeyVault/vaults/secrets/getSecret/action", secret) == (usesRoles ? nil : .yes))
    if !usesRoles {
      #expect(
        result.identity(alpha)?.grants.first?.allows(
          action: "Microsoft.KeyVault/vaults/secrets/setSecret/action", resource: secret) == .no)
      #expect(result.may("Microsoft.KeyVault/vaults/keys/decrypt/action", secret) == .yes)
    }
  }

  @Test func readsClassicAdministrators() {
    let listed = """
      [{"emailAddress": "Ana@acme.example", "id": "NA(classic admins)", "name": "NA(classic admins)", "principalId": "Ana@acme.example",
        "roleDefinitionName": "CoAdministrator", "scope": "\(sub)"}]
      """
    let result = azure(listed)
    #expect(result.messages == [])
    #expect(result.identity("ana@acme.example", "user")?.grants.map(\.actions) == [["*"]])
  }
}
