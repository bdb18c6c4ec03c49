import TestSupport
import Testing

@testable import Usage

/// Records that are rarer than those of `CloudLogTests` and `ServiceLogTests`, and easily misread; the values are invented.
struct RareShapeTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test(arguments: teleport + microsoft + others)
  func tellsWhatTheVendorDocuments(_ sample: LogSample) throws { try sample.check(in: folder) }

  static let teleport = [
    // Codes of all makes.
    LogSample(
      "teleport",
      #"""
      {"cluster_name":"c","time":"2026-01-02T03:04:05Z","code":"PG001I","event":"plugin.create","uid":"q1","user":"ana"}
      {"cluster_name":"c","time":"2026-01-02T03:04:05Z","code":"TSPIFFE000I","event":"spiffe.svid.issued","uid":"q2","user":"bot-x","user_kind":2}
      {"cluster_name":"c","time":"2026-01-02T03:04:05Z","code":"TDY01E","event":"db.session.dynamodb.request","db_service":"d1","status_code":0,"uid":"q3","user":"ana"}
      {"cluster_name":"c","time":"2026-01-02T03:04:05Z","code":"T3009I","event":"kube.request","response_code":403,"kubernetes_cluster":"k1","uid":"q4","user":"bot-ci"}
      {"cluster_name":"c","time":"2026-01-02T03:04:05Z","code":"T3009I","event":"kube.request","response_code":200,"kubernetes_cluster":"k1","uid":"q5","user":"bot-ci"}
      """#,
      ["muster.identity": "teleport:c/user/ana", "muster.action": "teleport:plugin.create", "status_id": "0"],
      ["muster.identity": "teleport:c/bot/bot-x"],
      ["status_id": "2", "muster.denied": "0", "resources": "d1"],
      ["muster.identity": "teleport:c/bot/bot-ci", "status_id": "2", "muster.denied": "1", "status_code": "403"],
      ["status_id": "1", "muster.denied": "0"]),
    // Those that join, and the certificate that the same bot gets.
    LogSample(
      "teleport",
      #"""
      {"code":"TJ001I","event":"bot.join","bot_name":"ci","cluster_name":"c","success":true,"time":"2026-01-02T03:04:05Z","uid":"q1"}
      {"code":"TJ001I","event":"bot.join","bot_name":"ci","user_name":"bot-ci","cluster_name":"c","success":true,"time":"2026-01-02T03:04:05Z","uid":"q2"}
      {"code":"TC000I","event":"cert.create","cert_type":"user","identity":{"user":"bot-ci","bot_name":"ci"},"cluster_name":"c","time":"2026-01-02T03:04:05Z","uid":"q3"}
      {"code":"TJ001E","event":"bot.join","bot_name":"the cook","cluster_name":"c","success":false,"error":"token expired","time":"2026-01-02T03:04:05Z","uid":"q4"}
      {"code":"TJ002I","event":"instance.join","host_id":"h1","node_name":"n","cluster_name":"c","success":true,"time":"2026-01-02T03:04:05Z","uid":"q5"}
      {"code":"T5001I","event":"access_request.update","updated_by":"sam","state":"APPROVED","time":"2026-01-02T03:04:05Z","uid":"q6"}
      """#,
      ["muster.identity": "teleport:c/bot/bot-ci", "actor.user.type": "Bot"],
      ["muster.identity": "teleport:c/bot/bot-ci"],
      ["muster.identity": "teleport:c/bot/bot-ci"],
      ["muster.identity": "teleport:c/bot/bot-the-cook", "status_id": "2", "status_code": "token expired"],
      ["muster.identity": "teleport:c/host/h1", "actor.user.type": "Host"],
      ["muster.identity": "teleport:user/sam", "actor.user.type": "User"]),
  ]

  static let microsoft = [
    // Tables, where `TenantId` is the workspace; the older Graph.
    LogSample(
      "azure",
      #"""
      {"TimeGenerated":"2026-01-02T03:04:05Z","RequestId":"R1","RequestMethod":"GET","ResponseStatusCode":200,"AppId":"A1","UserId":"","ServicePrincipalId":"SP1","IPAddress":"192.0.2.7","RequestUri":"https://graph.microsoft.com/v1.0/users","TenantId":"WS","AadTenantId":"T1","Type":"MicrosoftGraphActivityLogs"}
      {"category":"AzureADGraphActivityLogs","operationName":"AAD Graph Activity","properties":{"actorType":"User","appId":"A1","callerIpAddress":"192.0.2.7","httpMethod":"GET","httpStatusCode":403,"requestId":"R2","requestUri":"/v2/0f8fad5b-d9cb-469f-a165-70867728950e/users","responseSizeBytes":-1,"servicePrincipalId":"","signInActivityId":"u==","tenantId":"T1","timeGenerated":"2026-01-02T03:04:05.678Z","userId":"U1"},"tenantId":"T1"}
      {"TimeGenerated":"2026-01-02T03:04:06Z","Category":"kube-audit","AuditId":"a1","Stage":"ResponseComplete","RequestUri":"/api/v1/namespaces/shop/secrets","Verb":"list","User":{"username":"system:serviceaccount:shop:cart"},"SourceIps":["192.0.2.7"],"ObjectRef":{"resource":"secrets","namespace":"shop"},"ResponseStatus":{"code":403},"RequestReceivedTime":"2026-01-02T03:04:05Z","Type":"AKSAudit","_ResourceId":"/subscriptions/s1/resourcegroups/rg/providers/microsoft.containerservice/managedclusters/aks1"}
      {"TimeGenerated":"2026-01-02T03:04:06Z","AuditId":"a2","Stage":"ResponseComplete","Verb":"get","User":"{\"username\":\"eva\"}","SourceIps":"[\"192.0.2.8\"]","ObjectRef":"{\"resource\":\"pods\",\"namespace\":\"shop\",\"name\":\"p\"}","ResponseStatus":"{\"code\":200}","Type":"AKSAuditAdmin","_ResourceId":"/subscriptions/s1/x/managedclusters/aks1"}
      """#,
      ["muster.identity": "entra:t1/servicePrincipal/sp1", "cloud.account.uid": "t1"],
      [
        "muster.identity": "entra:t1/user/u1", "muster.action": "azure-ad-graph:GET /v2/{}/users", "muster.denied": "1",
        "actor.session.uid": "u", "src_endpoint.ip": "192.0.2.7", "time": "1767323045678",
      ],
      [
        "muster.identity": "k8s:aks1/shop/cart", "muster.action": "list:secrets", "muster.denied": "1",
        "src_endpoint.ip": "192.0.2.7", "time": "1767323045000",
      ],
      ["muster.identity": "k8s:aks1/user:eva", "resources": "shop/pods/p", "src_endpoint.ip": "192.0.2.8"]),
    // Names that were typed in are nobody; an application that has no principal in the tenant.
    LogSample(
      "azure",
      #"""
      {"time":"2026-01-02T03:04:05Z","category":"SignInLogs","operationName":"Sign-in activity","tenantId":"T1","resultType":"50034","properties":{"id":"S1","userPrincipalName":"nosuch@acme.example","userId":"00000000-0000-0000-0000-000000000000","appId":"A1","status":{"errorCode":50034}}}
      {"time":"2026-01-02T03:04:05Z","category":"ServicePrincipalSignInLogs","operationName":"Sign-in activity","tenantId":"T1","properties":{"id":"S2","servicePrincipalId":"","appId":"A2","status":{"errorCode":700016}}}
      """#,
      ["muster.identity": "", "actor.user.name": "nosuch@acme.example", "actor.user.type": "User", "status_id": "2"],
      ["muster.identity": "entra:t1/application/a2", "actor.user.type": "ServicePrincipal", "actor.invoked_by": ""]),
    LogSample(
      "azure",
      #"""
      {"time":"2026-01-02T03:04:05Z","operationName":"Update policy","category":"AuditLogs","tenantId":"T1","properties":{"id":"d1","result":"success","activityDisplayName":"Update policy","activityDateTime":"2026-01-02T03:04:05Z","initiatedBy":{"user":{"id":"U1"}},"targetResources":[{"id":"SP1","displayName":"app","type":"ServicePrincipal"},{"id":null,"displayName":"Default Policy","type":"Policy"}],"additionalDetails":[{"key":"x","value":"y"},{"key":"User-Agent","value":"python-requests/2.25"}]}}
      """#,
      ["resources": "SP1 Default Policy", "http_request.user_agent": "python-requests/2.25"]),
    LogSample(
      "m365-audit",
      #"""
      {"CreationTime":"2026-01-02T03:04:05","Id":"m1","Operation":"Add service principal credentials.","OrganizationId":"O1","RecordType":8,"ResultStatus":"Success","UserType":0,"Workload":"AzureActiveDirectory","ObjectId":"Not Available","UserId":"eva@acme.example","Target":[{"ID":"ServicePrincipal_T1","Type":2},{"ID":"T1","Type":2},{"ID":"an app","Type":1}]}
      {"TimeGenerated":"2026-01-02T03:04:05Z","RecordType":"SharePointFileOperation","Operation":"FileDownloaded","OrganizationId":"O1","UserType":"Regular","OfficeWorkload":"OneDrive","ResultStatus":"","OfficeObjectId":"https://x/y","UserId":"eva@acme.example","ClientIP":"192.0.2.7","OfficeId":"m3","Type":"OfficeActivity"}
      """#,
      ["resources": "T1", "status_id": "1"],
      [
        "muster.identity": "entra:o1/user/eva@acme.example", "muster.action": "onedrive:FileDownloaded",
        "resources": "https://x/y", "metadata.uid": "m3", "time": "1767323045000",
      ]),
  ]

  static let others = [
    LogSample(
      "gitlab",
      #"{"id":2,"author_id":-1,"entity_id":60,"entity_type":"Group","details":{"failed_login":"STANDARD","author_name":"typed","ip_address":"192.0.2.7"},"created_at":"2026-01-02T03:04:05Z"}"#,
      ["muster.identity": "", "muster.action": "gitlab:failed_login", "status_id": "2"]),
    LogSample(
      "gcp-audit",
      #"{"insertId":"g1","logName":"organizations/1/logs/cloudaudit.googleapis.com%2Fdata_access","protoPayload":{"@type":"type.googleapis.com/google.cloud.audit.AuditLog","serviceName":"login.googleapis.com","methodName":"google.login.LoginService.loginFailure","authenticationInfo":{"principalEmail":"eva@acme.example"}},"timestamp":"2026-01-02T03:04:05Z"}"#,
      ["status_id": "2", "muster.denied": "0"]),
    LogSample(
      "google-workspace",
      #"{"kind":"admin#reports#activity","id":{"time":"2026-01-02T03:04:05Z","uniqueQualifier":"5","applicationName":"admin","customerId":"C1"},"actor":{"callerType":"KEY","key":"SYSTEM"},"events":[{"type":"X","name":"AUTHORIZE_API_CLIENT_ACCESS"}]}"#,
      ["muster.identity": "", "actor.user.credential_uid": "", "actor.user.type": "KEY", "actor.user.name": "SYSTEM"]),
    LogSample(
      "okta",
      #"{"eventType":"com.okta.event_hook","eventId":"E","data":{"events":[{"actor":{"id":"00u1","type":"User"},"eventType":"user.session.start","outcome":{"result":"SUCCESS"},"published":"2026-01-02T03:04:05Z","uuid":"o1","target":null}]},"eventTime":"2026-01-02T03:04:05Z"}"#,
      ["muster.identity": "okta:user/00u1", "metadata.uid": "o1", "status_id": "1"]),
    LogSample(
      "snowflake",
      #"""
      {"QUERY_ID":"q1","QUERY_TYPE":"SELECT","USER_NAME":"LOADER","EXECUTION_STATUS":"SUCCESS","START_TIME":"2026-01-02 03:04:05.678 Z"}
      {"QUERY_ID":"q2","QUERY_TYPE":"SELECT","USER_NAME":"LOADER","EXECUTION_STATUS":"SUCCESS","START_TIME":"2026-01-02 03:04:05 Z"}
      """#,
      ["time": "1767323045678"], ["time": "1767323045000"]),
    LogSample(
      "aws-api-gateway",
      #"""
      {"requestId":"r1","ip":"192.0.2.7","requestTime":"02/Jan/2026:03:04:05 +0000","httpMethod":"GET","routeKey":"GET /pets","status":"200","protocol":"HTTP/1.1","domainName":"x.example","stage":"v1"}
      {"requestId":"r2","ip":"192.0.2.7","requestTime":"02/Jan/2026:03:04:05 +0000","httpMethod":"PUT","routeKey":"ANY /pets","status":"200","protocol":"HTTP/1.1"}
      {"requestId":"r3","ip":"192.0.2.7","requestTime":"02/Jan/2026:03:04:05 +0000","routeKey":"GET /pets","status":"200","protocol":"HTTP/1.1"}
      """#,
      ["muster.action": "execute-api:GET /pets", "resources": "x.example/v1/pets"],
      ["muster.action": "execute-api:PUT /pets", "resources": "/pets"],
      ["muster.action": "execute-api:GET /pets"]),
    // As CloudTrail tells the same calls.
    LogSample(
      "ocsf",
      #"""
      {"metadata":{"product":{"name":"CloudTrail"},"version":"1.1.0"},"time":1767323045678,"class_uid":6003,"category_uid":6,"api":{"operation":"HeadObject","service":{"name":"s3.amazonaws.com"}},"actor":{"user":{"uid":"arn:aws:iam::111122223333:user/ana"}},"cloud":{"provider":"AWS"}}
      {"metadata":{"product":{"name":"CloudTrail"},"version":"1.1.0"},"time":1767323045678,"class_uid":6003,"category_uid":6,"api":{"operation":"PutMetricData","service":{"name":"monitoring.amazonaws.com"}},"actor":{"user":{"uid":"arn:aws:iam::111122223333:user/ana"}},"cloud":{"provider":"AWS"}}
      """#,
      ["muster.action": "s3:HeadObject", "muster.permission": "s3:GetObject"],
      ["muster.action": "monitoring:PutMetricData", "muster.permission": "cloudwatch:PutMetricData"]),
  ]
}
