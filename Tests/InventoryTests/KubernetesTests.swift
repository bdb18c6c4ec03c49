import Base
import Inventory
import Model
import TestSupport
import Testing

/// Objects of a cluster as `kubectl get -o yaml` prints them; the values are those of the documentation, "Using RBAC Authorization".
private let cluster = """
  apiVersion: v1
  kind: List
  items:
  - {apiVersion: v1, kind: ServiceAccount, metadata: {name: reader, namespace: default, uid: u1}}
  - {apiVersion: v1, kind: ServiceAccount, metadata: {name: reader, namespace: development, uid: u2}}
  - apiVersion: rbac.authorization.k8s.io/v1
    kind: Role
    metadata: {name: pod-reader, namespace: default, uid: r1}
    rules:
    - {apiGroups: [""], resources: [pods], verbs: [get, watch, list]}
    - {apiGroups: [""], resources: [configmaps], resourceNames: [my-configmap], verbs: [update, get]}
  - apiVersion: rbac.authorization.k8s.io/v1
    kind: ClusterRole
    metadata: {name: secret-reader, uid: r2}
    rules:
    - {apiGroups: [""], resources: [secrets], verbs: [get, watch, list]}
    - {nonResourceURLs: [/healthz, "/healthz/*"], verbs: [get, post]}
  - apiVersion: rbac.authorization.k8s.io/v1
    kind: ClusterRole
    metadata: {name: scaler, uid: r3}
    rules:
    - {apiGroups: ["*"], resources: ["*/scale"], verbs: [patch]}
    - {apiGroups: [apps], resources: ["*"], verbs: ["*"]}
    - {apiGroups: [""], resources: ["*"], verbs: [get]}
  - apiVersion: rbac.authorization.k8s.io/v1
    kind: RoleBinding
    metadata: {name: read-pods, namespace: default, uid: b1}
    roleRef: {kind: Role, name: pod-reader, apiGroup: rbac.authorization.k8s.io}
    subjects:
    - {kind: ServiceAccount, name: reader, namespace: default}
    - {kind: User, name: jane@example.com, apiGroup: rbac.authorization.k8s.io}
  - apiVersion: rbac.authorization.k8s.io/v1
    kind: RoleBinding
    metadata: {name: read-secrets, namespace: development, uid: b2}
    roleRef: {kind: ClusterRole, name: secret-reader, apiGroup: rbac.authorization.k8s.io}
    subjects:
    - {kind: ServiceAccount, name: reader, namespace: development}
    - {kind: Group, name: manager}
  - apiVersion: rbac.authorization.k8s.io/v1
    kind: ClusterRoleBinding
    metadata: {name: read-secrets-global, uid: b3}
    roleRef: {kind: ClusterRole, name: secret-reader, apiGroup: rbac.authorization.k8s.io}
    subjects:
    - {kind: Group, name: "system:serviceaccounts:default"}
  - apiVersion: rbac.authorization.k8s.io/v1
    kind: ClusterRoleBinding
    metadata: {name: scale, uid: b4}
    roleRef: {kind: ClusterRole, name: scaler, apiGroup: rbac.authorization.k8s.io}
    subjects:
    - {kind: User, name: "system:serviceaccount:ops:scaler"}
  """

private func readCluster(_ text: String = cluster, covers: [String] = ["k8s:prod"]) -> InventoryResult {
  readInventory(
    InventorySource(name: "cluster", covers: covers),
    files: [InventoryFile(path: "c.yaml", bytes: Array(text.utf8))])
}

extension InventoryResult {
  fileprivate func identity(_ key: String) -> IdentityFact? { identities.first { $0.principal.description == key } }
}

@Suite struct KubernetesTests {
  @Test(arguments: [
    // A role reaches its own namespace only; `pods` does not hold `pods/log`.
    ("default/reader", "get:pods", "default/pods/web", true), ("default/reader", "list:pods", "default/pods", true),
    ("default/reader", "get:pods", "development/pods/web", false), ("default/reader", "list:pods", "pods", false),
    ("default/reader", "get:pods/log", "default/pods/web", false),
    ("default/reader", "delete:pods", "default/pods/web", false),
    // Names.
    ("default/reader", "update:configmaps", "default/configmaps/my-configmap", true),
    ("default/reader", "update:configmaps", "default/configmaps/other", false),
    // A cluster role through a binding of a namespace stays in it, and gives no paths.
    ("development/reader", "get:secrets", "development/secrets/s", true),
    ("development/reader", "get:secrets", "default/secrets/s", false),
    ("development/reader", "get:/healthz", "/healthz", false),
    // A group of all accounts of a namespace, bound in the whole cluster.
    ("default/reader", "get:secrets", "development/secrets/s", true),
    ("default/reader", "list:secrets", "secrets", true),
    ("default/reader", "get:/healthz", "/healthz", true),
    ("default/reader", "post:/healthz/ready", "/healthz/ready", true),
    ("default/reader", "get:/metrics", "/metrics", false),
    // Wildcards, each of its part alone.
    ("ops/scaler", "patch:apps/deployments/scale", "a/deployments/b", true),
    ("ops/scaler", "patch:replicationcontrollers/scale", "a/replicationcontrollers/b", true),
    ("ops/scaler", "patch:deployments", "a/deployments/b", false),
    ("ops/scaler", "delete:apps/statefulsets", "a/statefulsets/b", true),
    ("ops/scaler", "get:pods/log", "a/pods/b", true), ("ops/scaler", "get:nodes", "nodes/n", true),
    ("ops/scaler", "get:batch/jobs", "a/jobs/b", false), ("ops/scaler", "get:/metrics", "/metrics", false),
    ("ops/scaler", "delete:pods", "a/pods/b", false),
  ])
  func grantsWhatTheDocumentationSays(account: String, action: String, resource: String, isAllowed: Bool) throws {
    let result = readCluster()
    #expect(result.messages == [])
    var identity = try #require(result.identity("k8s:prod/\(account)"))
    // The account of the last binding is in no list.
    identity.unknowable.removeAll { $0 == "grants" }
    #expect(EffectiveAccess(of: identity).allows(action: action, resource: resource) == (isAllowed ? .yes : .no))
  }

  @Test func tellsTheWayOfEachGrant() {
    let result = readCluster()
    let ways = Set(result.identities.flatMap { identity in identity.grants.map { "\(identity.principal) \($0.via)" } })
    #expect(
      ways == [
        "k8s:prod/default/reader rolebinding:default/read-pods/role:pod-reader",
        "k8s:prod/default/reader "
          + "group:system:serviceaccounts:default/clusterrolebinding:read-secrets-global/clusterrole:secret-reader",
        "k8s:prod/development/reader rolebinding:development/read-secrets/clusterrole:secret-reader",
        "k8s:prod/group:manager rolebinding:development/read-secrets/clusterrole:secret-reader",
        "k8s:prod/group:system:serviceaccounts:default clusterrolebinding:read-secrets-global/clusterrole:secret-reader",
        "k8s:prod/ops/scaler clusterrolebinding:scale/clusterrole:scaler",
        "k8s:prod/user:jane@example.com rolebinding:default/read-pods/role:pod-reader",
      ])
    #expect(result.identity("k8s:prod/user:jane@example.com")?.tags == [Tag(key: "muster:class", value: "human")])
    #expect(result.identity("k8s:prod/group:manager")?.kind == .group)
    #expect(result.identity("k8s:prod/group:system:serviceaccounts:default")?.kind == .service)
    #expect(result.coverage.places.map(\.name) == ["k8s:prod"])
  }

  @Test func neverReadsUnknownGrantsAsNone() throws {
    let result = readCluster()
    for key in ["k8s:prod/ops/scaler", "k8s:prod/user:jane@example.com"] {
      let identity = try #require(result.identity(key))
      #expect(EffectiveAccess(of: identity).allows(action: "delete:nodes", resource: "nodes/n") == .unknown)
    }
    #expect(result.identity("k8s:prod/default/reader")?.knows("grants") == true)
    #expect(result.identity("k8s:prod/default/reader")?.knows("credentials") == false)
  }

  @Test func takesTheRulesOfAggregatedRoles() throws {
    let roles = """
      apiVersion: rbac.authorization.k8s.io/v1
      kind: ClusterRole
      metadata: {name: monitoring}
      aggregationRule: {clusterRoleSelectors: [{matchLabels: {rbac.example.com/aggregate-to-monitoring: "true"}}]}
      rules: []
      ---
      apiVersion: rbac.authorization.k8s.io/v1
      kind: ClusterRole
      metadata: {name: monitoring-endpoints, labels: {rbac.example.com/aggregate-to-monitoring: "true"}}
      rules: [{apiGroups: [""], resources: [services], verbs: [get]}]
      ---
      apiVersion: rbac.authorization.k8s.io/v1
      kind: ClusterRole
      metadata: {name: all, labels: {rbac.example.com/aggregate-to-monitoring: "true"}}
      aggregationRule: {clusterRoleSelectors: [{matchExpressions: [{key: tier, operator: In, values: [all]}]}]}
      rules: [{apiGroups: ["*"], resources: ["*"], verbs: ["*"]}]
      ---
      apiVersion: rbac.authorization.k8s.io/v1
      kind: ClusterRole
      metadata: {name: jobs, labels: {tier: all}}
      rules: [{apiGroups: [batch], resources: [jobs], verbs: [list]}]
      ---
      apiVersion: rbac.authorization.k8s.io/v1
      kind: ClusterRoleBinding
      metadata: {name: m}
      roleRef: {kind: ClusterRole, name: monitoring}
      subjects: [{kind: ServiceAccount, name: prometheus, namespace: monitoring}]
      """
    let result = readCluster(roles)
    let identity = try #require(result.identity("k8s:prod/monitoring/prometheus"))
    #expect(identity.grants.map(\.actions).sorted { $0[0] < $1[0] } == [["get:services"], ["list:batch/jobs"]])
    #expect(!identity.knows("grants"))
    #expect(result.coverage.used == 5)
  }

  @Test func knowsTheAdministratorsRoleAndNoOther() throws {
    let bindings = ["cluster-admin", "edit"].map {
      """
      apiVersion: rbac.authorization.k8s.io/v1
      kind: ClusterRoleBinding
      metadata: {name: b-\($0), uid: b}
      roleRef: {kind: ClusterRole, name: \($0)}
      subjects: [{kind: Group, name: \($0)}]
      """
    }
    let result = readCluster(bindings.joined(separator: "\n---\n"))
    let admin = try #require(result.identity("k8s:prod/group:cluster-admin"))
    #expect(EffectiveAccess(of: admin).allows(action: "delete:x.example.com/y", resource: "z/y/1") == .yes)
    #expect(EffectiveAccess(of: admin).allows(action: "get:/metrics", resource: "/metrics") == .yes)
    #expect(admin.grants[0].breadth == "every action on every resource")
    #expect(result.identity("k8s:prod/group:edit")?.grants.map(\.isOpaque) == [true])
    #expect(result.messages == ["`b-edit` gives the clusterrole:edit, which no file shows"])
  }

  @Test func takesTokensForCredentialsAndNeverData() throws {
    let secret = "c2VjcmV0"
    let text = """
      {"apiVersion": "v1", "kind": "List", "items": [
        {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "build", "namespace": "ci", "uid": "u",
          "annotations": {"eks.amazonaws.com/role-arn": "arn:aws:iam::111122223333:role/build",
            "iam.gke.io/gcp-service-account": "build@acme.iam.gserviceaccount.com",
            "azure.workload.identity/client-id": "ABCDEF00-0000-0000-0000-000000000000",
            "kubectl.kubernetes.io/last-applied-configuration": "\(secret)", "example.com/owner": "ci-team"}}},
        {"apiVersion": "v1", "kind": "Secret", "type": "kubernetes.io/service-account-token", "data": {"token": "\(secret)"},
          "metadata": {"name": "build-token", "namespace": "ci", "creationTimestamp": "2024-01-02T03:04:05Z", "uid": "s",
            "labels": {"kubernetes.io/legacy-token-last-used": "2025-02-03"},
            "annotations": {"kubernetes.io/service-account.name": "build", "kubernetes.io/service-account.uid": "u"}}},
        {"apiVersion": "v1", "kind": "Secret", "type": "kubernetes.io/service-account-token",
          "metadata": {"name": "old-token", "namespace": "ci",
            "annotations": {"kubernetes.io/service-account.name": "build", "kubernetes.io/service-account.uid": "gone"}}},
        {"apiVersion": "v1", "kind": "Secret", "type": "kubernetes.io/tls", "data": {"tls.key": "\(secret)"},
          "metadata": {"name": "web-tls", "namespace": "ci", "uid": "t",
            "annotations": {"kubectl.kubernetes.io/last-applied-configuration": "\(secret)"}}},
        {"apiVersion": "v1", "kind": "Secret", "type": "helm.sh/release.v1", "metadata": {"name": "r", "namespace": "ci"}},
        {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "c", "namespace": "ci"}},
        {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web", "namespace": "ci", "uid": "d"},
          "spec": {"template": {"spec": {"serviceAccountName": "build",
            "volumes": [{"name": "v", "secret": {"secretName": "web-tls"}}],
            "containers": [{"env": [{"name": "P", "valueFrom": {"secretKeyRef": {"name": "db", "key": "p"}}}]}]}}}},
        {"apiVersion": "batch/v1", "kind": "CronJob", "metadata": {"name": "nightly", "namespace": "ci"},
          "spec": {"jobTemplate": {"spec": {"template": {"spec": {"containers": []}}}}}},
        {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "web-5d-x", "namespace": "ci",
          "labels": {"pod-template-hash": "5d"},
          "ownerReferences": [{"kind": "ReplicaSet", "name": "web-5d", "controller": true}]},
          "spec": {"serviceAccountName": "build", "containers": []}}]}
      """
    let result = readCluster(text)
    let build = try #require(result.identity("k8s:prod/ci/build"))
    #expect(build.credentials.map(\.id) == ["k8s:prod/ci/secret/build-token"])
    #expect(build.credentials[0].kind == "token")
    #expect(build.credentials[0].neverExpires)
    #expect(build.lastUsed == Instant("2025-02-03T00:00:00Z"))
    #expect(build.tags == [Tag(key: "example.com/owner", value: "ci-team")])
    #expect(
      build.links == [
        LinkFact(.becomes, to: "arn:aws:iam::111122223333:role/build", via: "annotation eks.amazonaws.com/role-arn"),
        LinkFact(
          .becomes, to: "entra:*/application/abcdef00-0000-0000-0000-000000000000",
          via: "annotation azure.workload.identity/client-id"),
        LinkFact(
          .becomes, to: "gcp:serviceAccount:build@acme.iam.gserviceaccount.com",
          via: "annotation iam.gke.io/gcp-service-account"),
        LinkFact(.holds, to: "k8s:prod/ci/secret/db", via: "deployment/web"),
        LinkFact(.holds, to: "k8s:prod/ci/secret/web-tls", via: "deployment/web"),
        LinkFact(.serves, to: "k8s:prod/ci/deployment/web", via: "serviceAccountName"),
      ])
    #expect(result.identity("k8s:prod/ci/secret/web-tls")?.kind == .certificate)
    #expect(result.identity("k8s:prod/ci/default")?.links.map(\.to) == ["k8s:prod/ci/cronjob/nightly"])
    #expect(!"\(result.identities)".contains(secret))
    #expect(result.messages.count == 1)
    #expect((result.coverage.used, result.coverage.filtered) == (7, 2))
  }

  @Test func readsTypedListsOfTheAPI() {
    let text = """
      {"apiVersion": "v1", "kind": "ServiceAccountList", "metadata": {"continue": "next"},
        "items": [{"metadata": {"name": "a", "namespace": "n", "uid": "u"}}]}
      """
    let result = readCluster(text)
    #expect(result.identities.map(\.principal.description) == ["k8s:prod/n/a"])
    #expect(result.messages == ["this is a page of a longer list, and its last page is not among the files"])
  }

  @Test func saysThatNobodyNamesTheCluster() {
    let result = readCluster(covers: [])
    #expect(result.identity("k8s:default/reader") != nil)
    #expect(result.coverage.places.isEmpty)
    #expect(result.messages == ["the export does not say which cluster it is of, so the principals' keys leave it out"])
  }

  @Test func joinsTheRolesOfEKS() throws {
    let text = """
      [{"association": {"clusterName": "prod", "namespace": "n", "serviceAccount": "a", "associationId": "a-1",
        "roleArn": "arn:aws:iam::111122223333:role/r"}},
       {"associations": [{"clusterName": "prod", "namespace": "n", "serviceAccount": "b", "associationId": "a-2"}]},
       {"accessEntry": {"clusterName": "prod", "principalArn": "arn:aws:iam::111122223333:role/dev", "username": "dev",
        "kubernetesGroups": ["devs"]}},
       {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "aws-auth", "namespace": "kube-system"},
        "data": {"mapUsers": "- userarn: arn:aws:iam::111122223333:user/eve\\n  username: eve\\n  groups: [devs]\\n",
         "mapRoles": "- {rolearn: x}\\n"}},
       {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRoleBinding", "metadata": {"name": "devs"},
        "roleRef": {"kind": "ClusterRole", "name": "cluster-admin"}, "subjects": [{"kind": "Group", "name": "devs"}]}]
      """
    let result = readCluster(text)
    #expect(result.identity("k8s:prod/n/a")?.links.map(\.to) == ["arn:aws:iam::111122223333:role/r"])
    #expect(result.identity("k8s:prod/n/b")?.links == [])
    for (user, arn) in [("dev", "role/dev"), ("eve", "user/eve")] {
      let identity = try #require(result.identity("k8s:prod/user:\(user)"))
      #expect(identity.trusts.map(\.principals) == [["AWS:arn:aws:iam::111122223333:\(arn)"]])
      #expect(identity.grants.map(\.via).allSatisfy { $0.hasPrefix("group:devs/clusterrolebinding:devs/") })
    }
    #expect(result.messages == ["an entry of `mapRoles` has no `rolearn` or no `username`"])
  }

  @Test func namesWhatIsWrongAndKeepsTheRest() {
    let text = """
      apiVersion: v1
      kind: ServiceAccount
      metadata: {namespace: n}
      ---
      apiVersion: rbac.authorization.k8s.io/v1
      kind: RoleBinding
      metadata: {name: "b\\u202E", namespace: n}
      roleRef: {kind: Role, name: r}
      subjects: [{kind: Robot, name: x}, {kind: Group}, {kind: ServiceAccount, name: a}]
      ---
      apiVersion: rbac.authorization.k8s.io/v1
      kind: Role
      metadata: {name: r, namespace: n}
      rules: [{apiGroups: [""], resources: [pods, "pods/*"], verbs: [get, "l*"]}, none]
      ---
      apiVersion: rbac.authorization.k8s.io/v1
      kind: ClusterRoleBinding
      metadata: {name: c}
      roleRef: {kind: Role, name: r}
      """
    let result = readCluster(text)
    #expect(result.identity("k8s:prod/n/a")?.grants.map(\.actions) == [["get:pods"]])
    #expect(
      Set(result.messages) == [
        "the ServiceAccount has no `metadata.name`", "`Robot` is no kind of subject that `b\u{202E}` could have",
        "`Group` is no kind of subject that `b\u{202E}` could have", "in `r`, `l*`, `pods/*` matches nothing",
        "expected a rule of `r`, found a string", "the ClusterRoleBinding `c` names no role that it could bind",
      ])
    #expect((result.coverage.used, result.coverage.unreadable) == (2, 2))
  }
}

@Suite(.enabled(if: Corpus.isPresent, "\(Corpus.absence)")) struct KubernetesCorpusTests {
  @Test(
    .enabled(if: Corpus.hasJQ, "jq is not installed"),
    arguments: ["cartography-cluster1", "cartography-cluster2", "kube-prometheus"])
  func countsWhatJQCounts(name: String) throws {
    let files = try Corpus.files("inventories/k8s-rbac/\(name).list.json")
    let file = try #require(files.first)
    let result = readInventory(InventorySource(name: "c", covers: ["k8s:prod"]), files: files)
    func count(_ filter: String) throws -> Int { try Corpus.count(filter, file.path) }
    let subjects = "[.items[] | select(.kind | test(\"Binding\"))"
    let accounts = try count(
      "[(.items[] | select(.kind == \"ServiceAccount\") | .metadata | .namespace + \"/\" + .name), "
        + "(.items[].subjects[]? | select(.kind == \"ServiceAccount\") | .namespace + \"/\" + .name)] | unique | length"
    )
    #expect(result.identities.count { $0.kind == .serviceAccount } == accounts)
    #expect(
      result.identities.count { $0.kind == .user }
        == (try count("\(subjects) | .subjects[]? | select(.kind == \"User\") | .name] | unique | length")))
    #expect(
      result.identities.count { $0.kind == .group }
        == (try count("\(subjects) | .subjects[]? | select(.kind == \"Group\") | .name] | unique | length")))
    #expect(
      result.identities.flatMap(\.credentials).count == (try count("[.items[] | select(.kind == \"Secret\")] | length"))
    )
    #expect(result.coverage.used == UInt64(try count(".items | length")))
    // Each subject of a binding has one statement for each rule of the role, cluster-wide paths and all; one where no file shows it.
    let grants = try count(
      "def admin: if .kind == \"ClusterRole\" and .name == \"cluster-admin\" then 1 else 1 end; .items as $all "
        + "| [.items[] | select(.kind | test(\"Binding\")) | . as $b | (.subjects | length) as $n "
        + "| first($all[] | select(.kind == $b.roleRef.kind and .metadata.name == $b.roleRef.name "
        + "and (.kind == \"ClusterRole\" or .metadata.namespace == $b.metadata.namespace))) // null "
        + "| (if . == null then 1 else .rules | length end) * $n] | add")
    #expect(result.identities.flatMap(\.grants).count == grants)
    let bound = Set(
      result.identities.flatMap { identity in
        identity.grants.map { $0.via.split(separator: "/").dropLast().joined(separator: "/") }
      })
    #expect(bound.count == (try count("\(subjects)] | length")))
  }

  @Test func joinsTheWorkloadsOfTheDigest() throws {
    let files = try Corpus.files("inventories/k8s-rbac/kube-prometheus.*.json")
    let result = readInventory(InventorySource(name: "c", covers: ["k8s:prod"]), files: files)
    #expect(result.diagnostics.allSatisfy { $0.kind == .warning }, "\(result.messages)")
    #expect(result.identities.flatMap(\.links).count { $0.kind == .serves } == 8)
    #expect(
      result.identity("k8s:prod/monitoring/grafana")?.links
        == [LinkFact(.serves, to: "k8s:prod/monitoring/deployment/grafana", via: "serviceAccountName")])
  }
}
