import Base
import Inventory
import Model
import Testing

private func gcp(_ files: String..., covers: [String] = ["gcp:acme-prod"]) -> InventoryResult {
  readInventory(
    InventorySource(name: "gcp", covers: covers),
    files: files.enumerated().map { InventoryFile(path: "\($0.offset).json", bytes: Array($0.element.utf8)) })
}

extension InventoryResult {
  fileprivate func identity(_ key: String) -> IdentityFact? { identities.first { $0.principal.description == key } }
  fileprivate func may(_ key: String, _ action: String, _ resource: String) -> Answer? {
    identity(key).map { EffectiveAccess(of: $0).allows(action: action, resource: resource) }
  }
}

private let ci = "gcp:serviceAccount:ci@acme-prod.iam.gserviceaccount.com"
private let account = """
  [{"email": "ci@acme-prod.iam.gserviceaccount.com", "uniqueId": "1001", "projectId": "acme-prod",
    "name": "projects/acme-prod/serviceAccounts/ci@acme-prod.iam.gserviceaccount.com", "oauth2ClientId": "1001"}]
  """
private let reader = """
  {"name": "projects/acme-prod/roles/reader", "title": "Reader", "stage": "GA",
   "includedPermissions": ["storage.objects.get", "storage.objects.list"]}
  """

@Suite struct GoogleCloudTests {
  /// "Custom roles": a role has the permissions that it lists and no others; a bare policy is that of the covered project.
  @Test func resolvesACustomRole() {
    let policy = """
      {"bindings": [{"role": "projects/acme-prod/roles/reader", "members": ["serviceAccount:ci@acme-prod.iam.gserviceaccount.com"]}],
       "etag": "BwX", "version": 1}
      """
    let result = gcp(account, reader, policy)
    #expect(result.messages == [])
    #expect(result.coverage.used == 3)
    let grant = result.identity(ci)?.grants.first
    #expect(grant?.via == "binding:projects/acme-prod/role:projects/acme-prod/roles/reader")
    #expect(grant?.actions == ["storage.objects.get", "storage.objects.list"])
    #expect(result.may(ci, "storage.objects.get", "projects/acme-prod/x") == .yes)
    // Which buckets are the project's, nothing says.
    #expect(result.may(ci, "storage.objects.get", "projects/_/buckets/b/objects/o") == .unknown)
    // An inherited policy may allow more.
    #expect(result.may(ci, "storage.objects.delete", "projects/acme-prod/x") == .unknown)
    #expect(result.identity(ci)?.knows("grants") == false)
  }

  /// Workload identity pools name their project by number.
  @Test func coversAProjectByItsNumberToo() {
    let pool = """
      [{"name": "projects/42/locations/global/workloadIdentityPools/github", "displayName": "GitHub", "state": "ACTIVE"}]
      """
    let projects = #"[{"projectId": "acme-prod", "projectNumber": "42", "lifecycleState": "ACTIVE", "name": "Acme"}]"#
    let unknown = gcp(account, pool)
    #expect(unknown.messages == ["`gcp:42` is not what the source `gcp` covers"])
    #expect(unknown.diagnostics.first?.hint.contains("gcloud projects list") == true)
    #expect(gcp(account, pool, projects).messages == [])
  }

  @Test func leavesAPredefinedRoleOpaqueAndNamed() {
    let policy = """
      {"bindings": [{"role": "roles/owner", "members": ["user:Eva@acme.example"]},
        {"role": "roles/viewer", "members": ["group:all@acme.example", "deleted:serviceAccount:old@acme-prod.iam.gserviceaccount.com?uid=77"]}],
       "version": 1}
      """
    let result = gcp(policy)
    let eva = result.identity("gcp:user:eva@acme.example")
    #expect(eva?.grants.first?.isOpaque == true)
    #expect(eva?.grants.first?.breadth == "the role roles/owner")
    #expect(eva?.tags == [Tag(key: "muster:class", value: "human")])
    let old = result.identity("gcp:deleted:serviceaccount:old@acme-prod.iam.gserviceaccount.com?uid=77")
    #expect(old?.isEnabled == false && old?.uniqueID == "77")
    #expect(result.identity("gcp:group:all@acme.example")?.kind == .group)
    #expect(result.coverage.places.isEmpty)
  }

  /// "Resource hierarchy access control": a role on a folder is one on the projects in it, and on nothing beside it.
  @Test func inheritsDownTheTree() {
    let assets = """
      {"name":"//cloudresourcemanager.googleapis.com/projects/acme-prod","asset_type":"cloudresourcemanager.googleapis.com/Project",\
      "resource":{"data":{"projectId":"acme-prod","projectNumber":"42","parent":{"type":"folder","id":"7"}}},"ancestors":["projects/42","folders/7","organizations/1"]}
      {"name":"//cloudresourcemanager.googleapis.com/folders/7","asset_type":"cloudresourcemanager.googleapis.com/Folder",\
      "iam_policy":{"bindings":[{"role":"organizations/1/roles/stop","members":["serviceAccount:ci@acme-prod.iam.gserviceaccount.com"]}]},"ancestors":["folders/7","organizations/1"]}
      {"name":"//cloudresourcemanager.googleapis.com/organizations/1","asset_type":"cloudresourcemanager.googleapis.com/Organization",\
      "iam_policy":{"bindings":[{"role":"organizations/1/roles/see","members":["serviceAccount:ci@acme-prod.iam.gserviceaccount.com"]}]},"ancestors":["organizations/1"]}
      {"name":"//storage.googleapis.com/logs","asset_type":"storage.googleapis.com/Bucket","ancestors":["projects/42","folders/7","organizations/1"]}
      {"name":"//iam.googleapis.com/organizations/1/roles/stop","asset_type":"iam.googleapis.com/Role","resource":{"data":{"name":"organizations/1/roles/stop","includedPermissions":["compute.instances.stop","storage.objects.get"]}}}
      {"name":"//iam.googleapis.com/organizations/1/roles/see","asset_type":"iam.googleapis.com/Role","resource":{"data":{"name":"organizations/1/roles/see","includedPermissions":["compute.instances.get"]}}}
      """
    let result = gcp(assets)
    #expect(result.messages == [])
    #expect(result.coverage.used == 5 && result.coverage.filtered == 1)
    let vm = "projects/acme-prod/zones/z/instances/i"
    #expect(result.may(ci, "compute.instances.stop", vm) == .yes)
    #expect(result.may(ci, "compute.instances.stop", "projects/other/zones/z/instances/i") == .no)
    #expect(result.may(ci, "compute.instances.get", "projects/other/zones/z/instances/i") == .yes)
    #expect(result.may(ci, "storage.objects.get", "projects/_/buckets/logs/objects/o") == .yes)
    #expect(result.may(ci, "storage.objects.get", "projects/_/buckets/theirs/objects/o") == .no)
    #expect(result.may(ci, "compute.instances.delete", vm) == .no)
    #expect(result.identity(ci)?.knows("grants") == true)
  }

  /// "Deny policies": asked before allow policies, inherited from above, exceptions left out.
  @Test func deniesFromAbove() {
    let ancestors = """
      [{"id": "acme-prod", "type": "project", "policy": {"bindings": [{"role": "projects/acme-prod/roles/keys", "members":
        ["serviceAccount:ci@acme-prod.iam.gserviceaccount.com", "user:eva@acme.example", "user:mia@acme.example"]}]}},
       {"id": "7", "type": "folder", "policy": {"etag": "ACAB"}}, {"id": "1", "type": "organization", "policy": {}}]
      """
    let role = """
      {"name": "projects/acme-prod/roles/keys", "title": "K", "includedPermissions": ["iam.serviceAccountKeys.create", "iam.roles.get"]}
      """
    let deny = """
      {"name": "policies/cloudresourcemanager.googleapis.com%2Forganizations%2F1/denypolicies/no-keys", "kind": "DenyPolicy",
       "rules": [{"denyRule": {"deniedPrincipals": ["principalSet://goog/public:all"],
         "exceptionPrincipals": ["principal://goog/subject/eva@acme.example", "principalSet://goog/group/admins@acme.example"],
         "deniedPermissions": ["iam.googleapis.com/serviceAccountKeys.*"]}}]}
      """
    let result = gcp(ancestors, role, deny)
    #expect(result.messages == [])
    let key = "projects/acme-prod/serviceAccounts/ci/keys/1"
    #expect(result.may("gcp:user:eva@acme.example", "iam.serviceAccountKeys.create", key) == .yes)
    // Who is in the group, nothing says.
    #expect(result.may(ci, "iam.serviceAccountKeys.create", key) == .unknown)
    #expect(result.may(ci, "iam.roles.get", key) == .yes)
    let members = """
      [{"name": "groups/g1/memberships/1", "preferredMemberKey": {"id": "mia@acme.example"}, "type": "USER"},
       {"name": "groups/g1", "groupKey": {"id": "admins@acme.example"}, "displayName": "Admins"}]
      """
    let told = gcp(ancestors, role, deny, members)
    #expect(told.may(ci, "iam.serviceAccountKeys.create", key) == .no)
    #expect(told.may("gcp:user:mia@acme.example", "iam.serviceAccountKeys.create", key) == .yes)
  }

  @Test func keepsConditionsAsUnknown() {
    let policy = """
      {"bindings": [{"role": "projects/acme-prod/roles/reader", "members": ["serviceAccount:ci@acme-prod.iam.gserviceaccount.com"],
        "condition": {"title": "t", "expression": "resource.name.startsWith(\\"projects/_/buckets/a\\")"}}], "version": 3}
      """
    let result = gcp(reader, policy)
    #expect(result.identity(ci)?.grants[0].condition == #""resource.name.startsWith(\"projects/_/buckets/a\")""#)
    #expect(result.may(ci, "storage.objects.get", "projects/acme-prod/x") == .unknown)
  }

  /// GKE's and pools' members of an account's own policy, roles on its project, keys, the insight of its last use.
  @Test func tellsWhoMayBecomeAnAccount() {
    let own = """
      [{"resource": "//iam.googleapis.com/projects/acme-prod/serviceAccounts/1001", "project": "projects/42", "organization": "organizations/1",
        "policy": {"bindings": [{"role": "roles/iam.workloadIdentityUser", "members": ["serviceAccount:acme-prod.svc.id.goog[pay/api]",
         "principal://iam.googleapis.com/projects/42/locations/global/workloadIdentityPools/gh/subject/repo:acme/x:ref:refs/heads/main",
         "principalSet://iam.googleapis.com/projects/42/locations/global/workloadIdentityPools/gh/attribute.repository/acme/y"]}]}},
       {"resource": "//cloudresourcemanager.googleapis.com/projects/acme-prod", "project": "projects/42", "organization": "organizations/1",
        "policy": {"bindings": [{"role": "roles/iam.serviceAccountTokenCreator", "members": ["user:eva@acme.example"]}]}}]
      """
    let provider = """
      {"name": "projects/42/locations/global/workloadIdentityPools/gh/providers/p", "oidc": {"issuerUri": "https://token.actions.githubusercontent.com"},
       "attributeMapping": {"google.subject": "assertion.sub", "attribute.repository": "assertion.repository"}}
      """
    let insight = """
      [{"name": "projects/42/locations/global/insightTypes/google.iam.serviceAccount.Insight/insights/i", "insightSubtype": "SERVICE_ACCOUNT_USAGE",
        "content": {"email": "ci@acme-prod.iam.gserviceaccount.com", "lastAuthenticatedTime": "2026-01-02T08:00:00Z"}}]
      """
    let keys = """
      [{"name": "projects/acme-prod/serviceAccounts/ci@acme-prod.iam.gserviceaccount.com/keys/k1", "keyType": "USER_MANAGED",
        "validAfterTime": "2024-01-01T00:00:00Z", "validBeforeTime": "9999-12-31T23:59:59Z", "disabled": true}]
      """
    let result = gcp(account, own, provider, insight, keys)
    #expect(result.messages == [])
    let fact = result.identity(ci)
    let issuer = "Federated:https://token.actions.githubusercontent.com"
    #expect(
      Set(fact?.trusts.flatMap(\.principals) ?? []) == [
        "k8s:*/pay/api", "\(issuer)#repo:acme/x:ref:refs/heads/main", "\(issuer)#repo:acme/y:*",
        "gcp:user:eva@acme.example",
      ])
    #expect(fact?.knows("trusts") == true && fact?.knows("lastUsed") == true)
    #expect(fact?.lastUsed == Instant("2026-01-02T08:00:00Z"))
    let key = fact?.credentials.first
    #expect(key?.neverExpires == true && key?.expires == nil && key?.status == .inactive)
    let gke = result.identity("gcp:serviceAccount:acme-prod.svc.id.goog[pay/api]")
    #expect(gke?.principal.account == "acme-prod" && gke?.grants.count == 1)
  }

  @Test func readsAPIKeysWithTheirLimits() {
    let result = gcp(
      """
      [{"name": "projects/42/locations/global/keys/u1", "uid": "u1", "displayName": "maps", "createTime": "2025-01-01T00:00:00Z",
        "restrictions": {"apiTargets": [{"service": "maps.googleapis.com"}], "browserKeyRestrictions": {"allowedReferrers": ["x"]}}},
       {"name": "projects/42/locations/global/keys/u2", "uid": "u2", "serviceAccountEmail": "ci@acme-prod.iam.gserviceaccount.com"}]
      """)
    #expect(result.messages == [])
    #expect(result.identities.map(\.principal.description) == ["apikey:gcp/u1", "apikey:gcp/u2"])
    #expect(result.identities[0].tags.contains(Tag(key: "muster:api-target", value: "maps.googleapis.com")))
    #expect(result.identities[1].links == [LinkFact(.becomes, to: ci, via: "serviceAccountEmail")])
  }

  /// `projectEditor:p` of a bucket's policy are those who are editors of the project.
  @Test func resolvesConvenienceMembers() {
    let bucket = """
      {"kind": "storage#policy", "resourceId": "projects/_/buckets/b", "version": 1, "etag": "CAE=",
       "bindings": [{"role": "projects/acme-prod/roles/reader", "members": ["projectEditor:acme-prod"]}]}
      """
    let project = """
      {"bindings": [{"role": "roles/editor", "members": ["serviceAccount:ci@acme-prod.iam.gserviceaccount.com"]}], "etag": "x"}
      """
    let result = gcp(bucket, project, reader)
    let via = "group:projectEditor:acme-prod/binding:projects/_/buckets/b/role:projects/acme-prod/roles/reader"
    #expect(
      result.identity(ci)?.grants.contains { $0.via == via && $0.resources.first == "projects/_/buckets/b" } == true)
    #expect(result.may(ci, "storage.objects.get", "projects/_/buckets/b/objects/o") == .yes)
  }

  @Test func saysWhatItCannotRead() {
    let result = gcp(
      """
      [{"bindings": [{"role": "roles/viewer", "members": ["martian:x"]}, {"members": ["user:a@b.c"]}], "version": 9, "etag": "x"},
       {"name": "policies/x/denypolicies", "kind": "DenyPolicy"},
       {"name": "projects/p/serviceAccounts/55/keys/k", "keyType": "USER_MANAGED", "validAfterTime": "2024-01-01T00:00:00Z"}]
      """, covers: [])
    #expect(result.coverage.records == 3)
    #expect(result.messages.contains("`martian:x` is no member of a binding that is known here"))
    #expect(result.messages.contains("the binding names no `role`"))
    #expect(result.messages.contains("unknown version `9` of an IAM policy"))
    #expect(result.messages.contains { $0.hasPrefix("the policy does not say which project it is of") })
    #expect(result.messages.contains("`name` does not say which resource the deny policy is attached to"))
    #expect(result.messages.contains("the key names its account by the number 55, which no file explains"))
  }

  /// Some services' logs name projects by number; a list of projects gives both.
  @Test func meetsProjectsThatLogsNameByNumber() {
    let policy = """
      {"bindings": [{"role": "projects/acme-prod/roles/reader", "members": ["serviceAccount:ci@acme-prod.iam.gserviceaccount.com"]}],
       "etag": "BwX", "version": 1}
      """
    let projects =
      #"[{"projectId": "acme-prod", "projectNumber": "123456789012", "lifecycleState": "ACTIVE", "name": "Acme"}]"#
    let resource = "projects/123456789012/secrets/s/versions/1"
    #expect(
      gcp(account, reader, policy).identity(ci)?.grants.first?.allows(action: "storage.objects.get", resource: resource)
        == .no)
    let result = gcp(account, reader, policy, projects)
    #expect(result.may(ci, "storage.objects.get", resource) == .yes)
    #expect(result.may(ci, "storage.objects.get", "projects/acme-prod/secrets/s") == .yes)
    #expect(
      result.identity(ci)?.grants.first?.allows(action: "storage.objects.get", resource: "projects/12345678901/x")
        == .no)
  }

  /// `gcloud asset search-all-resources`, and `asset list` without content.
  @Test func readsAccountsThatASearchFound() {
    let found = """
      [{"name": "//iam.googleapis.com/projects/acme-prod/serviceAccounts/1001", "assetType": "iam.googleapis.com/ServiceAccount",
        "project": "projects/123456789012", "state": "DISABLED",
        "additionalAttributes": {"email": "ci@acme-prod.iam.gserviceaccount.com", "uniqueId": "1001"}}]
      """
    let result = gcp(found)
    #expect(result.messages == [])
    #expect(result.identity(ci)?.isEnabled == false)
    #expect(result.identity(ci)?.uniqueID == "1001")
    let bare =
      #"[{"name": "//iam.googleapis.com/projects/acme-prod/serviceAccounts/1001", "assetType": "iam.googleapis.com/ServiceAccount"}]"#
    #expect(gcp(bare).messages == ["the list names the service account by its number alone"])
    #expect(gcp(bare).coverage.unreadable == 1)
  }

  /// "Principal access boundary policies": a principal may reach what its policies name; other permissions than those that the
  /// enforcement version knows are not limited, which no export tells.
  @Test func limitsPrincipalsByTheirBoundaries() {
    let policy = """
      {"bindings": [{"role": "projects/acme-prod/roles/reader", "members": ["serviceAccount:ci@acme-prod.iam.gserviceaccount.com"]}],
       "etag": "BwX", "version": 1}
      """
    let boundary = """
      [{"name": "organizations/1/locations/global/principalAccessBoundaryPolicies/only", "uid": "u", "details": {"enforcementVersion": "1",
        "rules": [{"effect": "ALLOW", "resources": ["//cloudresourcemanager.googleapis.com/projects/acme-other"]}]}}]
      """
    func binding(_ project: String) -> String {
      """
      [{"name": "organizations/1/locations/global/policyBindings/b", "policyKind": "PRINCIPAL_ACCESS_BOUNDARY",
        "policy": "organizations/1/locations/global/principalAccessBoundaryPolicies/only",
        "target": {"principalSet": "//cloudresourcemanager.googleapis.com/projects/\(project)"}}]
      """
    }
    let (action, object) = ("storage.objects.get", "projects/acme-prod/x")
    #expect(gcp(account, reader, policy).may(ci, action, object) == .yes)
    let limited = gcp(account, reader, policy, boundary, binding("acme-prod"))
    #expect(limited.messages == [])
    #expect(limited.coverage.used == 5)
    #expect(limited.may(ci, action, object) == .unknown)
    #expect(limited.identity(ci)?.boundary?.count == 2)
    #expect(gcp(account, reader, policy, boundary, binding("acme-dev")).may(ci, action, object) == .yes)
    let lone = gcp(account, reader, policy, binding("acme-prod"))
    #expect(lone.messages == ["no file shows the principal access boundary `only`"])
  }
}
