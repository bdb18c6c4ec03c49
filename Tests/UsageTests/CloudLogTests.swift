import TestSupport
import Testing

@testable import Usage

/// Logs of clusters and clouds, in the shapes that their vendors document; the values are invented.
struct CloudLogTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test(arguments: kubernetes + gcp + azure + entra + m365 + others)
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

  static let azure = [
    // An event hub's list: an application, a user, a storage key, Key Vault, AKS, metrics and a cluster's other words.
    LogSample(
      "azure",
      #"""
      {"records":[
       {"time":"2026-01-02T03:04:05.6789012Z","resourceId":"/SUBSCRIPTIONS/S1/RESOURCEGROUPS/RG/PROVIDERS/MICROSOFT.KEYVAULT/VAULTS/V","operationName":"MICROSOFT.KEYVAULT/VAULTS/WRITE","category":"Administrative","resultType":"Failure","resultSignature":"Failed.Forbidden","callerIpAddress":"192.0.2.1","correlationId":"c","location":"global","identity":{"authorization":{"scope":"/x","action":"Microsoft.KeyVault/vaults/write","evidence":{"role":"Contributor","principalId":"aa","principalType":"Group"}},"claims":{"appid":"APP1","idtyp":"app","uti":"tok==","http://schemas.microsoft.com/identity/claims/objectidentifier":"OBJ1","http://schemas.microsoft.com/identity/claims/tenantid":"T1","name":"deployer"}},"properties":{"eventCategory":"Administrative"}},
       {"time":"2026-01-02T03:04:05Z","resourceId":"/subscriptions/s1","operationName":"Microsoft.Resources/deployments/write","category":"Administrative","resultType":"Start","resultSignature":"Started.","callerIpAddress":"192.0.2.1","identity":{"authorization":{"evidence":{"principalId":"g1","principalType":"Group"}}}},
       {"time":"2026-01-02T03:04:05Z","resourceId":"/subscriptions/s1/resourceGroups/rg/providers/Microsoft.Storage/storageAccounts/Shop/blobServices/default","category":"StorageRead","operationName":"GetBlob","operationVersion":"2024-11-04","schemaVersion":"1.0","statusCode":206,"statusText":"Success","callerIpAddress":"192.0.2.1:4711","identity":{"type":"SAS","tokenHash":"key1(AAAA),SasSignature(BBBB)"},"location":"westeurope","properties":{"accountName":"shop","responseBodySize":77,"userAgentHeader":"azcopy","objectKey":"/shop/c/o"},"uri":"https://shop.blob.core.windows.net/c/o?sig=SECRET","resourceType":"Microsoft.Storage/storageAccounts/blobServices"},
       {"time":"2026-01-02T03:04:05Z","resourceId":"/subscriptions/s1/resourceGroups/rg/providers/Microsoft.Storage/storageAccounts/shop/blobServices/default","category":"StorageWrite","operationName":"PutBlob","statusCode":"403","statusText":"AuthorizationPermissionMismatch","identity":{"type":"OAuth","tokenHash":"H","authorization":[{"action":"Microsoft.Storage/storageAccounts/blobServices/containers/blobs/write","result":"Denied","principals":[{"id":"obj2","type":"User"}]}],"requester":{"appId":"app2","objectId":"OBJ2","tenantId":"t1"}}},
       {"time":"2026-01-02T03:04:05Z","resourceId":"/SUBSCRIPTIONS/S1/RESOURCEGROUPS/RG/PROVIDERS/MICROSOFT.KEYVAULT/VAULTS/V","operationName":"SecretGet","category":"AuditEvent","resultType":"Success","resultSignature":"OK","durationMs":"7","callerIpAddress":"192.0.2.9","identity":{"claim":{"http://schemas.microsoft.com/identity/claims/objectidentifier":"OBJ3","appid":"app3","xms_mirid":"/subscriptions/s1/x"}},"properties":{"id":"https://v.vault.azure.net/secrets/db/1","clientInfo":"azsdk","requestUri":"https://v.vault.azure.net/secrets/db/?api-version=7.0","httpStatusCode":200}},
       {"time":"2026-01-02T03:04:05Z","category":"kube-audit","operationName":"Microsoft.ContainerService/managedClusters/diagnosticLogs/Read","resourceId":"/SUBSCRIPTIONS/S1/RESOURCEGROUPS/RG/PROVIDERS/MICROSOFT.CONTAINERSERVICE/MANAGEDCLUSTERS/PROD","properties":{"log":"{\"kind\":\"Event\",\"apiVersion\":\"audit.k8s.io/v1\",\"auditID\":\"k\",\"verb\":\"get\",\"requestURI\":\"/x\",\"user\":{\"username\":\"system:serviceaccount:shop:cart\"}}","stream":"stdout"}},
       {"time":"2026-01-02T03:04:05Z","category":"kube-apiserver","operationName":"Microsoft.ContainerService/managedClusters/diagnosticLogs/Read","resourceId":"/SUBSCRIPTIONS/S1/X","properties":{"log":"I0102 words\n"}},
       {"time":"2026-01-02T03:04:05Z","resourceId":"/SUBSCRIPTIONS/S1/X","metricName":"Requests","timeGrain":"PT1M","total":1}
      ]}
      """#,
      [
        "muster.identity": "entra:t1/servicePrincipal/obj1", "actor.user.type": "ServicePrincipal",
        "actor.session.uid": "tok", "status_id": "2", "muster.denied": "1", "cloud.account.uid": "s1",
        "muster.permission": "MICROSOFT.KEYVAULT/VAULTS/WRITE", "time": "1767323045678",
      ],
      ["muster.identity": "", "status_id": "1"],
      [
        "muster.identity": "apikey:azure-storage/shop/key1",
        "actor.user.credential_uid": "key1(AAAA),SasSignature(BBBB)",
        "muster.action": "storage:GetBlob", "src_endpoint.ip": "192.0.2.1", "muster.bytes_out": "77", "status_id": "1",
        "resources":
          "/subscriptions/s1/resourceGroups/rg/providers/Microsoft.Storage/storageAccounts/Shop/blobServices/default /shop/c/o https://shop.blob.core.windows.net/c/o",
      ],
      ["muster.identity": "entra:t1/user/obj2", "actor.invoked_by": "app2", "muster.denied": "1"],
      [
        "muster.identity": "entra:servicePrincipal/obj3", "actor.user.type": "ManagedIdentity",
        "muster.action": "keyvault:SecretGet", "resources": "https://v.vault.azure.net/secrets/db/1", "status_id": "1",
      ],
      ["muster.identity": "k8s:prod/shop/cart", "time": "1767323045000"]),
    // `az monitor activity-log list`, and a row of the table.
    LogSample(
      "azure",
      #"""
      [{"authorization":{"action":"Microsoft.Web/sites/write","role":"Owner","scope":"/x"},"caller":"eva@acme.example","claims":{
        "appid":"a1","http://schemas.microsoft.com/identity/claims/objectidentifier":"obj4","http://schemas.microsoft.com/identity/claims/tenantid":"t1",
        "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn":"eva@acme.example","name":"Eva","ipaddr":"192.0.2.3"},"eventDataId":"ev1",
        "category":{"value":"Administrative","localizedValue":"Administrative"},"eventTimestamp":"2026-01-02T03:04:05.1234567Z","httpRequest":
        {"clientIpAddress":"192.0.2.4","method":"PUT"},"operationName":{"value":"Microsoft.Web/sites/write"},"resourceId":
        "/subscriptions/s1/resourceGroups/rg","status":{"value":"Failed"},"subStatus":{"value":"Forbidden"},"subscriptionId":"s1"},
       {"TimeGenerated":"2026-01-02T03:04:05Z","OperationNameValue":"MICROSOFT.WEB/SITES/WRITE","ActivityStatusValue":"Success","Caller":
        "0f0f0f0f-0000-0000-0000-000000000001","CallerIpAddress":"192.0.2.5","_ResourceId":"/subscriptions/s1/resourcegroups/rg","EventDataId":"ev2"}]
      """#,
      [
        "muster.identity": "entra:t1/user/obj4", "actor.user.name": "eva@acme.example", "actor.invoked_by": "a1",
        "metadata.uid": "ev1", "src_endpoint.ip": "192.0.2.4", "muster.denied": "1",
      ],
      [
        "muster.identity": "entra:servicePrincipal/0f0f0f0f-0000-0000-0000-000000000001", "metadata.uid": "ev2",
        "status_id": "1", "src_endpoint.ip": "192.0.2.5",
      ]),
  ]

  static let entra = [
    // One stream: a service principal's sign-in, what its token did in Graph, a secret added by a user, risks.
    LogSample(
      "azure",
      #"""
      {"time":"2026-01-02T03:04:05Z","resourceId":"/tenants/T1/providers/Microsoft.aadiam","operationName":"Sign-in activity","category":"ServicePrincipalSignInLogs","tenantId":"T1","resultType":"0","callerIpAddress":"192.0.2.1","location":"CH","properties":{"id":"s1","createdDateTime":"2026-01-02T03:04:00Z","appId":"app1","servicePrincipalId":"SP1","servicePrincipalCredentialKeyId":"key1","servicePrincipalCredentialThumbprint":"th","status":{"errorCode":0},"ipAddress":"192.0.2.1","uniqueTokenIdentifier":"uti1==","resourceDisplayName":"Microsoft Graph","location":{"countryOrRegion":"CH"}}}
      {"time":"2026-01-02T03:05:05Z","resourceId":"/TENANTS/T1/PROVIDERS/MICROSOFT.AADIAM","operationName":"Microsoft Graph Activity","category":"MicrosoftGraphActivityLogs","resultSignature":"403","callerIpAddress":"192.0.2.1","location":"East US","properties":{"requestId":"r1","requestMethod":"GET","requestUri":"https://graph.microsoft.com/v1.0/users/0f0f0f0f-0000-0000-0000-000000000001?$select=id","responseStatusCode":403,"responseSizeBytes":12,"tenantId":"T1","appId":"app1","servicePrincipalId":"SP1","signInActivityId":"uti1","userAgent":"sdk","ipAddress":"192.0.2.1"}}
      {"time":"2026-01-02T03:06:05Z","resourceId":"/tenants/T1/providers/Microsoft.aadiam","operationName":"Add service principal credentials","category":"AuditLogs","tenantId":"T1","properties":{"id":"Directory_1","activityDisplayName":"Add service principal credentials","activityDateTime":"2026-01-02T03:06:05Z","result":"success","loggedByService":"Core Directory","initiatedBy":{"user":{"id":"U1","userPrincipalName":"eva@acme.example","ipAddress":"192.0.2.2"}},"targetResources":[{"id":"U9","type":"User"},{"id":"SP1","displayName":"app","type":"ServicePrincipal","modifiedProperties":[{"displayName":"Included Updated Properties","newValue":"\"KeyDescription\""},{"displayName":"KeyDescription","oldValue":"[\"[KeyIdentifier=KEY1,KeyType=Password,KeyUsage=Verify,DisplayName=a]\"]","newValue":"[\"[KeyIdentifier=KEY1,KeyType=Password,KeyUsage=Verify,DisplayName=a]\",\"[KeyIdentifier=KEY2,KeyType=Password,KeyUsage=Verify,DisplayName=K]\"]"}]}]}}
      {"time":"2026-01-02T03:07:05Z","category":"ManagedIdentitySignInLogs","tenantId":"T1","operationName":"Sign-in activity","resultType":"0","properties":{"id":"s2","appId":"app2","servicePrincipalId":"SP2","ipAddress":"","status":{"errorCode":0},"resourceDisplayName":"Azure Key Vault","uniqueTokenIdentifier":"uti2"}}
      {"time":"1/2/2026 3:08:05 PM","category":"ServicePrincipalRiskEvents","tenantId":"T1","operationName":"Service principal risk detection","properties":{"id":"d1","servicePrincipalId":"SP1","riskEventType":"leakedCredentials","ipAddress":"192.0.2.8"}}
      """#,
      [
        "muster.identity": "entra:t1/servicePrincipal/sp1", "actor.user.name": "SP1",
        "actor.user.credential_uid": "key1", "actor.session.uid": "uti1", "resources": "Microsoft Graph",
        "metadata.uid": "s1", "status_id": "1", "cloud.region": "CH",
      ],
      [
        "muster.identity": "entra:t1/servicePrincipal/sp1", "actor.session.uid": "uti1", "metadata.uid": "r1",
        "muster.action": "graph:GET /v1.0/users/{}", "muster.denied": "1", "muster.bytes_out": "12",
      ],
      [
        "muster.identity": "entra:t1/user/u1", "actor.user.name": "eva@acme.example", "resources": "U9 SP1",
        "status_id": "1",
      ],
      [
        "muster.identity": "entra:t1/servicePrincipal/sp2", "actor.user.type": "ManagedIdentity", "src_endpoint.ip": "",
      ],
      ["muster.identity": "entra:t1/servicePrincipal/sp1", "time": "1767366485000", "status_id": "0"]),
    // Lists of Microsoft Graph and rows of the tables.
    LogSample(
      "azure",
      #"""
      {"@odata.context":"https://graph.microsoft.com/v1.0/$metadata#auditLogs/signIns","value":[{"id":"s1","createdDateTime":"2026-01-02T03:04:05Z","userDisplayName":"Eva","userPrincipalName":"eva@acme.example","userId":"u1","appId":"a1","appDisplayName":"Portal","ipAddress":"192.0.2.1","conditionalAccessStatus":"failure","isInteractive":true,"resourceDisplayName":"","resourceId":"r","status":{"errorCode":53003,"failureReason":"x"},"location":{"city":"Bern","countryOrRegion":"CH"}}]}
      {"value":[{"id":"a1","category":"ApplicationManagement","activityDateTime":"2026-01-02T03:04:05Z","activityDisplayName":"Delete application","operationType":"Delete","result":"failure","initiatedBy":{"user":null,"app":{"appId":null,"displayName":"Sync","servicePrincipalId":"sp1"}},"targetResources":[{"id":"x","type":"Application"}]}]}
      {"TimeGenerated":"2026-01-02T03:04:05Z","Type":"AADServicePrincipalSignInLogs","Category":"ServicePrincipalSignInLogs","OperationName":"Sign-in activity","ResultType":"7000222","AADTenantId":"t1","AppId":"a1","ServicePrincipalId":"sp1","ServicePrincipalCredentialKeyId":"k1","IPAddress":"192.0.2.1","Location":"CH","Id":"s3","ResourceDisplayName":"Vault"}
      {"TimeGenerated":"2026-01-02T03:04:05Z","Type":"AuditLogs","Category":"UserManagement","OperationName":"Add user","ActivityDisplayName":"Add user","ActivityDateTime":"2026-01-02T03:04:05Z","Result":"success","AADTenantId":"t1","Id":"a3","InitiatedBy":"{\"app\":{\"displayName\":\"Sync\",\"servicePrincipalId\":\"sp1\"}}","TargetResources":"[{\"id\":\"u2\",\"type\":\"User\"}]"}
      """#,
      ["muster.identity": "entra:user/u1", "muster.denied": "1", "status_code": "53003", "actor.invoked_by": "a1"],
      ["muster.identity": "entra:servicePrincipal/sp1", "muster.action": "entra:Delete application", "status_id": "2"],
      ["muster.identity": "entra:t1/servicePrincipal/sp1", "status_id": "2", "actor.user.credential_uid": "k1"],
      ["muster.identity": "entra:t1/servicePrincipal/sp1", "resources": "u2", "metadata.uid": "a3"]),
  ]

  static let m365 = [
    LogSample(
      "m365-audit",
      #"""
      [{"CreationTime":"2026-01-02T03:04:05","Id":"i1","Operation":"Update application.","OrganizationId":"T1","RecordType":8,"ResultStatus":"Success","UserKey":"k","UserType":6,"Workload":"AzureActiveDirectory","UserId":"ServicePrincipal_SP1","ObjectId":"o"},
       {"CreationTime":"2026-01-02T03:04:05","Id":"i2","Operation":"MailItemsAccessed","OrganizationId":"t1","RecordType":50,"ResultStatus":"Succeeded","UserKey":"k","UserType":0,"Workload":"Exchange","UserId":"eva@acme.example","ClientIPAddress":"[2001:db8::1]:443","AppId":"a1","MailboxOwnerUPN":"bo@acme.example","ClientInfoString":"Client=REST","AppAccessContext":{"UniqueTokenId":"uti1=="}},
       {"CreationTime":"2026-01-02T03:04:05","Id":"i3","Operation":"Set-Mailbox","OrganizationId":"t1","RecordType":1,"ResultStatus":"False","UserKey":"NT AUTHORITY\\SYSTEM","UserType":3,"Workload":"Exchange","UserId":"NT AUTHORITY\\SYSTEM (w3wp)"},
       {"RecordType":"AzureActiveDirectory","CreationDate":"2026-01-02T03:04:06Z","UserIds":"bo@acme.example","Operations":"UserLoggedIn","AuditData":"{\"CreationTime\":\"2026-01-02T03:04:05\",\"Id\":\"i4\",\"Operation\":\"UserLoggedIn\",\"OrganizationId\":\"t1\",\"RecordType\":15,\"UserType\":0,\"UserId\":\"bo@acme.example\",\"Workload\":\"AzureActiveDirectory\",\"ActorIpAddress\":\"192.0.2.1\"}","Identity":"i4"}]
      """#,
      [
        "muster.identity": "entra:t1/servicePrincipal/sp1", "muster.action": "azureactivedirectory:Update application.",
      ],
      [
        "muster.identity": "entra:t1/user/eva@acme.example", "src_endpoint.ip": "2001:db8::1",
        "actor.session.uid": "uti1",
        "resources": "bo@acme.example", "http_request.user_agent": "Client=REST", "actor.invoked_by": "a1",
      ],
      ["muster.identity": "", "actor.user.type": "System", "status_id": "2"],
      ["muster.identity": "entra:t1/user/bo@acme.example", "time": "1767323045000", "src_endpoint.ip": "192.0.2.1"]),
    LogSample(
      "m365-audit-csv",
      #"""
      RecordId,CreationDate,RecordType,Operation,UserId,AuditData,AssociatedAdminUnits
      i1,2026-01-02T03:04:05.0000000Z,14,FileDownloaded,eva@acme.example,"{""CreationTime"":""2026-01-02T03:04:05"",""Id"":""i1"",""Operation"":""FileDownloaded"",""OrganizationId"":""t1"",""RecordType"":14,""UserType"":5,""ApplicationId"":""a1"",""UserId"":""app@sharepoint"",""Workload"":""OneDrive"",""ObjectId"":""https://x/a, b""}",
      i2,2026-01-02T03:04:05.0000000Z,14,FileAccessed,eva@acme.example,"{""CreationTime"":""2026-01-02T03:04:05"",""Id"":""i2"",""Operation"":""FileAccessed"",""RecordType"":14,""UserType"":0,""UserId"":""eva@acme.example""}",
      """#,
      ["muster.identity": "entra:t1/application/a1", "resources": "https://x/a, b", "metadata.uid": "i1"],
      ["muster.identity": "entra:user/eva@acme.example", "muster.action": "m365:FileAccessed"]),
  ]

  static let others = [
    // A login by AppRole, what its token did, a child token, a refused call, a secret id.
    LogSample(
      "vault-audit",
      #"""
      {"time":"2026-01-02T03:04:05.6Z","type":"request","request":{"id":"r1","operation":"update","path":"auth/approle/login","namespace":{"id":"root"}}}
      {"time":"2026-01-02T03:04:05.6Z","type":"response","auth":{"policy_results":{"allowed":true},"token_type":"default"},"request":{"id":"r1","operation":"update","mount_type":"approle","path":"auth/approle/login","namespace":{"id":"root"},"remote_address":"192.0.2.1","data":{"role_id":"hmac-sha256:aa","secret_id":"hmac-sha256:bb"},"headers":{"user-agent":["curl/8"]}},"response":{"mount_type":"approle","auth":{"client_token":"hmac-sha256:cc","accessor":"hmac-sha256:dd","display_name":"approle","entity_id":"e1","metadata":{"role_name":"payments"},"token_type":"service"}}}
      {"time":"2026-01-02T03:04:06Z","type":"response","auth":{"client_token":"hmac-sha256:cc","accessor":"hmac-sha256:dd","display_name":"approle","entity_id":"e1","metadata":{"role_name":"payments"},"token_type":"service"},"request":{"id":"r2","operation":"read","mount_type":"kv","path":"secret/data/db","client_token_accessor":"hmac-sha256:dd","remote_address":"192.0.2.1"},"response":{"mount_type":"kv"}}
      {"time":"2026-01-02T03:04:07Z","type":"response","auth":{"accessor":"hmac-sha256:ee","display_name":"kubernetes-shop-cart","entity_id":"e2","metadata":{"role":"cart","service_account_name":"cart"}},"request":{"id":"r3","operation":"delete","mount_type":"pki","path":"pki/root","namespace":{"id":"n","path":"team/"},"remote_address":"192.0.2.2"},"error":"1 error occurred:\n\t* permission denied\n\n"}
      {"time":"2026-01-02T03:04:08Z","type":"response","auth":{"accessor":"hmac-sha256:ff","display_name":"root"},"request":{"id":"r4","operation":"update","mount_type":"approle","path":"auth/approle/role/payments/secret-id"},"response":{"data":{"secret_id":"hmac-sha256:11","secret_id_accessor":"acc1"}}}
      {"time":"2026-01-02T03:04:09Z","type":"response","auth":{"accessor":"hmac-sha256:99","display_name":"token-ci"},"request":{"id":"r5","operation":"update","mount_type":"token","path":"auth/token/create"},"response":{"auth":{"accessor":"hmac-sha256:98","display_name":"token-ci"}}}
      {"time":"2026-01-02T03:04:10Z","type":"response","request":{"id":"r6","operation":"read","path":"sys/health"}}
      """#,
      [
        "muster.identity": "vault:approle/payments", "muster.action": "vault:update approle",
        "actor.user.credential_uid": "hmac-sha256:bb", "muster.issued_credential_uid": "hmac-sha256:dd",
        "src_endpoint.ip": "192.0.2.1", "http_request.user_agent": "curl/8", "metadata.uid": "r1", "status_id": "1",
      ],
      [
        "muster.identity": "vault:approle/payments", "actor.user.credential_uid": "hmac-sha256:dd",
        "resources": "secret/data/db", "muster.parent_session": "hmac-sha256:bb",
      ],
      [
        "muster.identity": "vault:ns=team/entity/e2", "muster.denied": "1", "status_id": "2",
        "resources": "team/pki/root",
        "actor.user.name": "kubernetes-shop-cart",
      ],
      ["muster.identity": "vault:root", "actor.user.type": "Root"],
      ["muster.identity": "vault:name/token-ci", "muster.issued_credential_uid": "hmac-sha256:98"],
      ["muster.identity": "", "muster.action": "vault:read sys"]),
    LogSample(
      "teleport",
      #"""
      {"ei":0,"event":"db.session.start","code":"TDB00I","time":"2026-01-02T03:04:05.678Z","uid":"u1","cluster_name":"acme.teleport.sh","user":"bot-ci","user_kind":2,"bot_name":"ci","sid":"s1","addr.remote":"192.0.2.1:1234","db_service":"orders","success":true}
      {"event":"access_request.create","code":"T5000I","time":"2026-01-02T03:04:05Z","uid":"u2","cluster_name":"acme.teleport.sh","user":"eva","name":"req"}
      {"uid":"u3","session_id":"s","event_type":"auth","event_time":"2026-01-02 03:04:05.000","event_data":"{\"event\":\"auth\",\"code\":\"T3007W\",\"time\":\"2026-01-02T03:04:05Z\",\"uid\":\"u3\",\"user\":\"eva\",\"success\":false,\"error\":\"access denied\"}"}
      """#,
      [
        "muster.identity": "teleport:acme.teleport.sh/bot/bot-ci", "actor.user.type": "Bot", "resources": "orders",
        "src_endpoint.ip": "192.0.2.1", "actor.session.uid": "s1", "status_id": "1",
      ],
      ["muster.identity": "teleport:acme.teleport.sh/user/eva", "status_id": "0", "resources": "req"],
      ["muster.identity": "teleport:user/eva", "status_id": "2", "muster.denied": "1", "metadata.uid": "u3"]),
  ]
}
