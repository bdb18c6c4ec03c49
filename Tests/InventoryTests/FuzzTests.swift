import Base
import Inventory
import Model
import Testing

/// Small real-looking exports, mutated.
private let seeds: [String] = [
  """
  {"UserDetailList":[{"UserName":"u","UserId":"A","Arn":"arn:aws:iam::111122223333:user/u","CreateDate":"2024-01-02T03:04:05Z",
  "GroupList":["g"],"Tags":[{"Key":"k","Value":"v"}],"UserPolicyList":[{"PolicyName":"p","PolicyDocument":
  "%7B%22Statement%22%3A%7B%22Effect%22%3A%22Allow%22%2C%22Action%22%3A%22s3%3AGet%2A%22%2C%22Resource%22%3A%22%2A%22%7D%7D"}]}],
  "GroupDetailList":[{"GroupName":"g","GroupId":"B","Arn":"arn:aws:iam::111122223333:group/g","AttachedManagedPolicies":
  [{"PolicyArn":"arn:aws:iam::aws:policy/X"}]}],"RoleDetailList":[{"RoleName":"r","RoleId":"C","Arn":"arn:aws:iam::111122223333:role/r",
  "AssumeRolePolicyDocument":{"Statement":[{"Effect":"Allow","Principal":{"AWS":"*"},"Action":"sts:AssumeRole"}]},
  "RoleLastUsed":{"LastUsedDate":"2024-01-02T03:04:05Z"},"PermissionsBoundary":{"PermissionsBoundaryArn":"arn:aws:iam::aws:policy/X"}}],
  "Policies":[{"Arn":"arn:aws:iam::aws:policy/X","DefaultVersionId":"v1","PolicyVersionList":[{"VersionId":"v1","Document":
  {"Version":"2012-10-17","Statement":[{"Effect":"Deny","NotAction":["a:b"],"NotResource":"*","Condition":{"a":{"b":"c"}}}]}}]}],
  "IsTruncated":true,"Marker":"x"}
  """,
  """
  user,arn,user_creation_time,password_enabled,password_last_used,access_key_1_active,access_key_1_last_rotated
  <root_account>,arn:aws:iam::111122223333:root,2020-01-01T00:00:00+00:00,not_supported,no_information,false,N/A
  "ana",arn:aws:iam::111122223333:user/ana,2020-01-01T00:00:00+00:00,true,N/A,true,2020-01-01T00:00:00+00:00
  """,
  #"{"AccessKeyMetadata":[{"UserName":"ana","AccessKeyId":"AKIA","Status":"Active","CreateDate":"2020-01-01T00:00:00Z"}]}"#,
  #"{"Content":"dXNlcixhcm4sdXNlcl9jcmVhdGlvbl90aW1lCmEsYixjCg==","ReportFormat":"text/csv","GeneratedTime":"2026-11-19T01:02:03Z"}"#,
  #"{"users":{"u":{"UserName":"u","Arn":"arn:aws:iam::111122223333:user/u","CreateDate":"Jul 10, 2023 12:23:05 PM","AccessKeys":["A"]}}}"#,
  """
  apiVersion: v1
  kind: List
  items:
  - {apiVersion: v1, kind: ServiceAccount, metadata: {name: a, namespace: n, annotations: {eks.amazonaws.com/role-arn: x}}}
  - {apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {name: r, labels: {a: b}},
     rules: [{apiGroups: ["", "*"], resources: ["*", pods/log, "*/scale"], verbs: [get, "*"], resourceNames: [x]}]}
  - {apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {name: g}, aggregationRule:
     {clusterRoleSelectors: [{matchLabels: {a: b}}]}}
  - {apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRoleBinding, metadata: {name: b}, roleRef: {kind: ClusterRole, name: g},
     subjects: [{kind: Group, name: "system:serviceaccounts"}, {kind: User, name: u}, {kind: ServiceAccount, name: a, namespace: n}]}
  - {apiVersion: apps/v1, kind: Deployment, metadata: {name: d}, spec: {template: {spec: {containers: []}}}}
  """,
  """
  # policy
  path "secret/+/a*" { capabilities = ["read", "deny"] /* all */ allowed_parameters = { "x" = [] } }
  path "b" { policy = "write" }
  """,
  #"{"data":{"bind_secret_id":true,"token_policies":["p"],"secret_id_ttl":0},"renewable":false,"lease_duration":0}"#,
  "Found 1 entry\nEntry ID : 1\nSPIFFE ID : spiffe://a/b\nExpiration time : 2019-03-12 17:04:26 +0000 UTC\nSelector : a:b\n",
  "-----BEGIN CERTIFICATE-----\nMIIBIjANBgkq\n-----END CERTIFICATE-----\n-----BEGIN PRIVATE KEY-----\n",
  #"{"ServicesLastAccessed":[{"ServiceNamespace":"s3","LastAuthenticatedEntity":"arn:aws:iam::111122223333:role/r"}],"JobStatus":"COMPLETED"}"#,
  #"{"SecretList":[{"ARN":"arn:aws:secretsmanager:a:111122223333:secret:x","Name":"x","CreatedDate":1,"RotationEnabled":true}]}"#,
  """
  [{"resource":"//cloudresourcemanager.googleapis.com/projects/p","project":"projects/1","folders":["folders/2"],"organization":"organizations/3",
  "policy":{"bindings":[{"role":"projects/p/roles/r","members":["serviceAccount:a@p.iam.gserviceaccount.com","group:g@x.y","projectEditor:p"],
  "condition":{"expression":"true"}},{"role":"roles/editor","members":["user:u@x.y","serviceAccount:p.svc.id.goog[n/s]"]}]}},
  {"name":"projects/p/roles/r","title":"R","includedPermissions":["storage.objects.get","iam.serviceAccounts.actAs"]},
  {"name":"policies/cloudresourcemanager.googleapis.com%2Ffolders%2F2/denypolicies/d","kind":"DenyPolicy","rules":[{"denyRule":
  {"deniedPrincipals":["principalSet://goog/public:all"],"exceptionPrincipals":["principalSet://goog/group/g@x.y"],"deniedPermissions":["a.b/c.*"]}}]},
  {"name":"projects/p/serviceAccounts/a@p.iam.gserviceaccount.com/keys/k","keyType":"USER_MANAGED","validBeforeTime":"9999-12-31T23:59:59Z"},
  {"name":"groups/1/memberships/2","preferredMemberKey":{"id":"u@x.y"}},{"name":"groups/1","groupKey":{"id":"g@x.y"}}]
  """,
  """
  [{"id":"/subscriptions/s/x","principalId":"p1","principalType":"Group","roleDefinitionId":"/x/8e3af657-a8ff-443c-a75c-2fe8c4bcb635",
  "scope":"/providers/Microsoft.Management/managementGroups/m"},{"id":"p1","displayName":"g","securityEnabled":true,"members":[{"id":"p1"},{"id":"p2"}]},
  {"id":"p2","appId":"a","servicePrincipalType":"Application","displayName":"s","passwordCredentials":[{"keyId":"k","endDateTime":"2026-01-01T00:00:00Z"}]},
  {"id":"/subscriptions/s/d","properties":{"denyAssignmentName":"d","scope":"/subscriptions/s","permissions":[{"actions":["*"]}],
  "principals":[{"id":"p1","type":"Group"}],"excludePrincipals":[]}},{"id":"/providers/Microsoft.Management/managementGroups/m",
  "children":[{"id":"/subscriptions/s"}]},{"keyId":"k","endDateTime":"2026-01-01T00:00:00Z"},
  {"id":"f","name":"f","issuer":"i","subject":"s","audiences":["a"]}]
  """,
]

@Suite struct FuzzTests {
  /// Runs for MUSTER_FUZZ_SECONDS, by default one: no bytes crash the readers, and the sums hold.
  @Test func readsAnyBytes() {
    let seconds = environmentVariable("MUSTER_FUZZ_SECONDS").flatMap { Int($0) } ?? 1
    let clock = ContinuousClock()
    let end = clock.now + .seconds(seconds)
    var random = SystemRandomNumberGenerator()
    while clock.now < end {
      let files = (0..<Int.random(in: 1...3, using: &random)).map { number in
        InventoryFile(path: "\(number).json", bytes: mutate(seeds.randomElement(using: &random) ?? "", &random))
      }
      let result = readInventory(InventorySource(name: "aws", covers: ["aws:111122223333"]), files: files)
      #expect(result.coverage.inputs.reduce(0) { $0 + $1.records } == result.coverage.records)
      #expect(result.coverage.inputs.count == files.count)
      let reversed = readInventory(
        InventorySource(name: "aws", covers: ["aws:111122223333"]), files: files.reversed())
      #expect(result.identities == reversed.identities && result.diagnostics == reversed.diagnostics)
      let quiet = result.coverage.inputs.filter { $0.status == "unreadable" || $0.status == "empty" }
      for input in quiet {
        #expect(result.diagnostics.contains { $0.location.path == input.path }, "\(input.path) is dropped in silence")
      }
    }
  }

  private func mutate(_ seed: String, _ random: inout SystemRandomNumberGenerator) -> [UInt8] {
    var bytes = Array(seed.utf8)
    for _ in 0..<Int.random(in: 0...6, using: &random) where !bytes.isEmpty {
      let at = Int.random(in: bytes.indices, using: &random)
      switch Int.random(in: 0...5, using: &random) {
      case 0: bytes[at] = UInt8.random(in: 0...255, using: &random)
      case 1: bytes.remove(at: at)
      case 2: bytes.removeSubrange(at...)
      case 3: bytes.insert(contentsOf: bytes[at..<min(at + 40, bytes.count)], at: at)
      case 4: bytes[at] = "\"{}[],:%0\\".utf8.randomElement(using: &random) ?? 0
      default: bytes.removeSubrange(at..<min(at + Int.random(in: 1...30, using: &random), bytes.count))
      }
    }
    return bytes
  }
}
