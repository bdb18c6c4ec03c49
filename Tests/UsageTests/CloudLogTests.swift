import TestSupport
import Testing

@testable import Usage

/// Logs of clusters and clouds, in the shapes that their vendors document; the values are invented.
struct CloudLogTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test(arguments: kubernetes + gcp)
  func tellsWhatTheVendorDocuments(_ sample: LogSample) throws { try sample.check(in: folder) }

  /// A list that is longer than a window, and what the object around it says, in every window.
  @Test func remembersWhatHoldsTheList() throws {
    let one =
      #"{"id":"1","timestamp":1767323045678,"message":"{\"kind\":\"Event\",\"apiVersion\":\"audit.k8s.io/v1\",\"auditID\":\"a\",\"verb\":\"get\",\"requestURI\":\"/healthz\",\"user\":{\"username\":\"system:serviceaccount:shop:cart\"}}"}"#
    let list = Array(repeating: one, count: 4000).joined(separator: ",")
    let group = #"{"owner":"111122223333","logGroup":"/aws/eks/prod/cluster","logEvents":["# + list + "]}"
    let bare = #"{"logEvents":["# + one + "]}"
    let file = try folder.write("a.json", group + "\n" + bare)
    let (rows, listing) = try events(of: [file])
    #expect(listing.diagnostics == [])
    #expect(rows.count == 4001)
    #expect(Set(rows.dropLast().map(\.identity)) == ["k8s:prod/shop/cart"])
    #expect(rows.last?.identity == "k8s:shop/cart")
  }

  static let kubernetes = [
    // A service account's bound token asks for another token.
    LogSample(
      "kubernetes",
      #"""
      {"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"Metadata","auditID":"a1","stage":"ResponseComplete","requestURI":
       "/api/v1/namespaces/shop/serviceaccounts/cart/token","verb":"create","user":{"username":"system:serviceaccount:ci:builder",
       "uid":"u","groups":["system:serviceaccounts"],"extra":{"authentication.kubernetes.io/credential-id":["JTI=1111"],
       "authentication.kubernetes.io/pod-name":["b-1"],"authentication.kubernetes.io/pod-uid":["p1"]}},"sourceIPs":["192.0.2.7",
       "192.0.2.8"],"userAgent":"kubectl","objectRef":{"resource":"serviceaccounts","namespace":"shop","name":"cart","apiVersion":"v1",
       "subresource":"token"},"responseStatus":{"metadata":{},"code":201},"requestReceivedTimestamp":"2026-01-02T03:04:05.678901Z",
       "stageTimestamp":"2026-01-02T03:04:06.678901Z","annotations":{"authentication.kubernetes.io/issued-credential-id":"JTI=2222",
       "authorization.k8s.io/decision":"allow"}}
      {"kind":"Event","apiVersion":"audit.k8s.io/v1","auditID":"a2","stage":"ResponseComplete","verb":"get","requestURI":"/api/v1/pods",
       "user":{"username":"system:serviceaccount:shop:cart","extra":{"authentication.kubernetes.io/credential-id":["JTI=2222"]}},
       "objectRef":{"resource":"pods"},"responseStatus":{"code":403},"annotations":{"authorization.k8s.io/decision":"forbid"}}
      {"kind":"Event","apiVersion":"audit.k8s.io/v1","auditID":"a2","stage":"RequestReceived","verb":"get","user":{"username":"x"}}
      """#,
      [
        "muster.identity": "k8s:ci/builder", "actor.user.type": "ServiceAccount",
        "actor.user.credential_uid": "JTI=1111",
        "muster.issued_credential_uid": "JTI=2222", "muster.action": "create:serviceaccounts/token",
        "resources": "shop/serviceaccounts/cart", "src_endpoint.ip": "192.0.2.7", "status_id": "1",
        "time": "1767323045678",
      ],
      ["muster.identity": "k8s:shop/cart", "muster.parent_session": "JTI=1111", "muster.denied": "1", "status_id": "2"]),
    // EKS by a subscription of CloudWatch: an IAM session behind the user; a word of the authenticator's between.
    LogSample(
      "kubernetes",
      #"""
      {"messageType":"DATA_MESSAGE","owner":"111122223333","logGroup":"/aws/eks/prod/cluster","logStream":"kube-apiserver-audit-1",
       "subscriptionFilters":["f"],"logEvents":[{"id":"1","timestamp":1767323045678,"message":"{\"kind\":\"Event\",\"apiVersion\":\"audit.k8s.io/v1\",\"auditID\":\"b1\",\"stage\":\"ResponseComplete\",\"verb\":\"list\",\"requestURI\":\"/api/v1/nodes\",\"user\":{\"username\":\"kubernetes-admin\",\"uid\":\"aws-iam-authenticator:111122223333:AROA1\",\"extra\":{\"accessKeyId\":[\"ASIA1\"],\"arn\":[\"arn:aws:sts::111122223333:assumed-role/Dev/eva\"],\"canonicalArn\":[\"arn:aws:iam::111122223333:role/Dev\"],\"sessionName\":[\"eva\"]}},\"objectRef\":{\"resource\":\"nodes\"},\"responseStatus\":{\"code\":200}}"},
       {"id":"2","timestamp":1767323045679,"message":"time=\"2026-01-02T03:04:05Z\" level=info msg=\"access granted\""},
       {"id":"3","timestamp":1767323045680,"message":"{\"kind\":\"Event\",\"apiVersion\":\"audit.k8s.io/v1\",\"auditID\":\"b2\",\"verb\":\"patch\",\"requestURI\":\"/x\",\"user\":{\"username\":\"system:node:ip-10-0-0-1\"},\"objectRef\":{\"resource\":\"nodes\",\"name\":\"ip-10-0-0-1\",\"subresource\":\"status\"}}"}]}
      """#,
      [
        "muster.identity": "k8s:prod/user:kubernetes-admin", "actor.user.credential_uid": "ASIA1",
        "actor.session.uid": "arn:aws:sts::111122223333:assumed-role/Dev/eva",
        "actor.session.issuer": "arn:aws:iam::111122223333:role/Dev", "muster.action": "list:nodes",
      ],
      [
        "muster.identity": "k8s:prod/user:system:node:ip-10-0-0-1", "actor.user.type": "Node",
        "muster.action": "patch:nodes/status", "status_id": "0",
      ]),
    // A collector that writes no `/` in keys, and times without a zone; somebody in somebody's name.
    LogSample(
      "kubernetes",
      #"""
      {"apiVersion":"audit.k8s.io/v1","kind":"Event","auditID":"c1","stage":"ResponseComplete","verb":"delete","requestReceivedTimestamp":
       "2026-01-02 03:04:05.67","user":{"username":"system:serviceaccount:shop:cart","extra":{
       "authentication_kubernetes_io_slash_pod-uid":["p1"]}},"objectRef":{"apiGroup":"apps","resource":"deployments","namespace":"shop",
       "name":"web"},"responseStatus":{"code":200}}
      {"apiVersion":"audit.k8s.io/v1beta1","kind":"Event","auditID":"c2","stage":"ResponseComplete","verb":"get","timestamp":
       "2026-01-02T03:04:05Z","user":{"username":"eva","extra":{"authentication.kubernetes.io/credential-id":["X509SHA256=aa"]}},
       "impersonatedUser":{"username":"bob"},"requestURI":"/version?x=1"}
      {"apiVersion":"audit.k8s.io/v1","kind":"Event","auditID":"c3","verb":"get","user":{"username":"system:anonymous"},"requestURI":"/"}
      """#,
      ["muster.identity": "k8s:shop/cart", "actor.session.uid": "p1", "time": "1767323045670"],
      [
        "muster.identity": "k8s:user:bob", "actor.invoked_by": "eva", "actor.user.credential_uid": "",
        "muster.action": "get:/version", "resources": "/version",
      ],
      ["muster.identity": "", "actor.user.name": "system:anonymous"]),
  ]

  static let gcp = [
    // A list of `gcloud logging read`: a key in use, a chain of impersonations, a federated caller; other logs between.
    LogSample(
      "gcp-audit",
      #"""
      [{"insertId":"i1","logName":"projects/acme-prod/logs/cloudaudit.googleapis.com%2Fdata_access","timestamp":
        "2026-01-02T03:04:05.678901234Z","receiveTimestamp":"2026-01-02T03:05:05Z","resource":{"type":"gcs_bucket","labels":{
        "project_id":"acme-prod","location":"eu","bucket_name":"b"}},"protoPayload":{"@type":"type.googleapis.com/google.cloud.audit.AuditLog",
        "status":{"code":7,"message":"no"},"authenticationInfo":{"principalEmail":"Deploy@acme-prod.iam.gserviceaccount.com","principalSubject":
        "serviceAccount:Deploy@acme-prod.iam.gserviceaccount.com","serviceAccountKeyName":"//iam.googleapis.com/projects/acme-prod/serviceAccounts/deploy@acme-prod.iam.gserviceaccount.com/keys/k1"},
        "requestMetadata":{"callerIp":"gce-internal-ip","callerSuppliedUserAgent":"gsutil"},"serviceName":"storage.googleapis.com","methodName":"storage.objects.get",
        "authorizationInfo":[{"permission":"storage.objects.get","resource":"projects/_/buckets/b/objects/o"}],"resourceName":"projects/_/buckets/b/objects/o"}},
       {"insertId":"i2","logName":"projects/acme-prod/logs/cloudaudit.googleapis.com%2Fdata_access","timestamp":"2026-01-02T03:04:05Z",
        "protoPayload":{"@type":"type.googleapis.com/google.cloud.audit.AuditLog","authenticationInfo":{"principalEmail":
        "b@acme-prod.iam.gserviceaccount.com","serviceAccountDelegationInfo":[{},{"firstPartyPrincipal":{"principalEmail":
        "a@acme-prod.iam.gserviceaccount.com"},"principalSubject":"serviceAccount:a@acme-prod.iam.gserviceaccount.com"},
        {"firstPartyPrincipal":{"principalEmail":"eva@acme.example"},"principalSubject":"user:eva@acme.example"}]},
        "requestMetadata":{"callerIp":"2001:db8::1"},"serviceName":"pubsub.googleapis.com","methodName":"google.pubsub.v1.Publisher.Publish"}},
       {"insertId":"i3","logName":"organizations/77/logs/cloudaudit.googleapis.com%2Factivity","timestamp":"2026-01-02T03:04:05Z",
        "protoPayload":{"@type":"type.googleapis.com/google.cloud.audit.AuditLog","authenticationInfo":{"principalSubject":
        "principal://iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/ci/subject/repo:acme/shop","serviceAccountDelegationInfo":[{}]},
        "serviceName":"sts.googleapis.com","methodName":"google.identity.sts.v1.SecurityTokenService.ExchangeToken","status":{}}},
       {"insertId":"i4","logName":"projects/acme-prod/logs/stdout","timestamp":"2026-01-02T03:04:05Z","textPayload":"hello"},
       {"insertId":"i5","logName":"organizations/77/logs/cloudaudit.googleapis.com%2Faccess_transparency","timestamp":"2026-01-02T03:04:05Z",
        "jsonPayload":{"@type":"type.googleapis.com/google.cloud.audit.TransparencyLog","product":["Cloud Storage"]}}]
      """#,
      [
        "muster.identity": "gcp:serviceAccount:deploy@acme-prod.iam.gserviceaccount.com",
        "actor.user.credential_uid": "k1",
        "muster.action": "storage:storage.objects.get", "muster.permission": "storage.objects.get", "status_id": "2",
        "muster.denied": "1", "src_endpoint.ip": "", "src_endpoint.name": "gce-internal-ip", "cloud.region": "eu",
        "cloud.account.uid": "acme-prod", "metadata.uid": "i1", "time": "1767323045678",
      ],
      [
        "muster.identity": "gcp:serviceAccount:b@acme-prod.iam.gserviceaccount.com",
        "actor.invoked_by": "eva@acme.example",
        "src_endpoint.ip": "2001:db8::1", "status_id": "1",
      ],
      [
        "muster.identity":
          "gcp:principal://iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/ci/subject/repo:acme/shop",
        "cloud.account.uid": "organizations/77", "actor.invoked_by": "",
      ]),
    // Keys made and destroyed, a token for another account, GKE; one as Eventarc sends it, one as BigQuery keeps it.
    LogSample(
      "gcp-audit",
      #"""
      {"insertId":"j1","logName":"projects/p/logs/cloudaudit.googleapis.com%2Factivity","timestamp":"2026-01-02T03:04:05Z","resource":{"labels":{"email_id":"b@p.iam.gserviceaccount.com","project_id":"p","unique_id":"108"}},"protoPayload":{"@type":"type.googleapis.com/google.cloud.audit.AuditLog","authenticationInfo":{"principalEmail":"a@p.iam.gserviceaccount.com"},"serviceName":"iamcredentials.googleapis.com","methodName":"GenerateAccessToken","resourceName":"projects/-/serviceAccounts/108","authorizationInfo":[{"permission":"iam.serviceAccounts.getAccessToken","granted":true}]}}
      {"insertId":"j2","logName":"projects/p/logs/cloudaudit.googleapis.com%2Factivity","timestamp":"2026-01-02T03:04:05Z","resource":{"type":"k8s_cluster","labels":{"cluster_name":"prod","location":"europe-west6","project_id":"p"}},"labels":{"authorization.k8s.io/decision":"forbid"},"protoPayload":{"@type":"type.googleapis.com/google.cloud.audit.AuditLog","authenticationInfo":{"principalEmail":"system:serviceaccount:shop:cart"},"serviceName":"k8s.io","methodName":"io.k8s.core.v1.secrets.list","resourceName":"core/v1/namespaces/shop/secrets","status":{"code":7}}}
      {"specversion":"1.0","type":"google.cloud.audit.log.v1.written","source":"//cloudaudit.googleapis.com/projects/p/logs/activity","id":"e","time":"2026-01-02T03:04:05Z","data":{"insertId":"j3","logName":"projects/p/logs/cloudaudit.googleapis.com%2Factivity","timestamp":"2026-01-02T03:04:06Z","resource":{"labels":{"project_id":"p"}},"protoPayload":{"authenticationInfo":{"principalEmail":"eva@acme.example"},"serviceName":"compute.googleapis.com","methodName":"v1.compute.instances.insert"}}}
      {"logName":"projects/p/logs/cloudaudit.googleapis.com%2Factivity","insertId":"j4","timestamp":"2026-01-02 03:04:07.5 UTC","protopayload_auditlog":{"methodName":"SetIamPolicy","serviceName":"cloudresourcemanager.googleapis.com","authenticationInfo":{"principalEmail":"eva@acme.example"},"status":{"code":"16"}}}
      """#,
      [
        "muster.identity": "gcp:serviceAccount:a@p.iam.gserviceaccount.com",
        "muster.permission": "iam.serviceAccounts.getAccessToken",
        "resources": "projects/-/serviceAccounts/108 b@p.iam.gserviceaccount.com",
      ],
      ["muster.identity": "k8s:prod/shop/cart", "muster.denied": "1", "cloud.region": "europe-west6"],
      [
        "muster.identity": "gcp:user:eva@acme.example", "metadata.uid": "j3", "cloud.account.uid": "p",
        "time": "1767323046000",
      ],
      ["muster.denied": "1", "metadata.uid": "j4", "time": "1767323047500", "status_id": "2"]),
  ]
}
