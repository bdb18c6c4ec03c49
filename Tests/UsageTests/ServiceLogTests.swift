import TestSupport
import Testing

@testable import Usage

/// Audit logs of services, in the shapes that their vendors document; the values are invented.
struct ServiceLogTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  static let all = code + identityProviders + collaboration + models + data

  @Test(arguments: all)
  func tellsWhatTheVendorDocuments(_ sample: LogSample) throws { try sample.check(in: folder) }

  static let code = [
    // A stream: a request with a token of an app's installation.
    LogSample(
      "github",
      #"{"@timestamp":1700000000123,"_document_id":"d1","action":"api.request","actor":"deployer[bot]","actor_id":9,"actor_is_bot":true,"actor_ip":"192.0.2.7","business":"acme-corp","org":"acme","repo":"acme/shop","hashed_token":"aGFzaA==","programmatic_access_type":"GitHub App server-to-server token","request_method":"GET","route":"/repositories/:id","status_code":404,"token_id":7,"user_agent":"octokit","actor_location":{"country_code":"CH"}}"#,
      [
        "muster.identity": "github:acme/app/deployer", "actor.user.name": "deployer[bot]", "actor.user.type": "App",
        "actor.user.credential_uid": "aGFzaA==", "muster.action": "github:api.request", "status_id": "2",
        "status_code": "404", "src_endpoint.ip": "192.0.2.7", "cloud.region": "CH", "time": "1700000000123",
        "resources": "acme/shop", "cloud.account.uid": "acme",
      ]),
    // The API's list: a personal token, an OAuth app in somebody's name, a deploy key with and without its id.
    LogSample(
      "github",
      #"""
      [{"@timestamp":1700000000000,"action":"repo.create","actor":"ana","org":"acme","repo":"acme/a","created_at":1700000000000,
        "programmatic_access_type":"Fine-grained personal access token","hashed_token":"cGF0"},
       {"@timestamp":1700000001000,"action":"git.clone","actor":"ana","org":"acme","repository":"acme/a","programmatic_access_type":
        "OAuth access token","oauth_application_id":77,"user":"","transport_protocol_name":"http"},
       {"@timestamp":1700000002000,"action":"git.push","actor":"","org":"acme","repository":"acme/a","deploy_key_id":5,
        "programmatic_access_type":"Deploy key","hashed_token":"a2V5"},
       {"@timestamp":1700000003000,"action":"git.fetch","org":"acme","repo":"acme/a","programmatic_access_type":"Deploy key",
        "hashed_token":"a2V5"},
       {"@timestamp":1700000004000,"action":"public_key.create","actor":"bo","org":"acme","repo":"acme/a","fingerprint":"aa:bb"}]
      """#,
      ["muster.identity": "github:user/ana", "actor.user.credential_uid": "cGF0", "status_id": "0"],
      ["muster.identity": "github:user/ana", "actor.invoked_by": "77"],
      ["muster.identity": "github:acme/a/deploy-key/5", "actor.user.type": "DeployKey"],
      ["muster.identity": "github:acme/a/deploy-key/sha256:a2V5"],
      ["muster.identity": "github:user/bo", "resources": "acme/a"]),
    // Events of nothing but a person, and of a branch that was protected.
    LogSample(
      "github",
      #"""
      {"actor":"ana","created_at":1623284928961,"action":"pull_request.create_review_request","actor_location":{"country_code":"US"}}
      {"actor":"ana","org":"acme","repo":"acme/a","created_at":1623284928962,"action":"protected_branch.rejected_ref_update"}
      """#,
      ["muster.identity": "github:user/ana", "cloud.region": "US"], ["muster.denied": "1", "status_id": "2"]),
    LogSample(
      "gitlab",
      #"""
      [{"id":1,"author_id":42,"entity_id":6,"entity_type":"Project","details":{"author_name":"Ana","author_email":"ana@acme.example",
        "target_id":7,"target_type":"PersonalAccessToken","target_details":"ci","custom_message":"Created token","ip_address":"192.0.2.1",
        "entity_path":"acme/shop"},"created_at":"2026-01-02T03:04:05.678Z","event_name":"personal_access_token_created"},
       {"id":2,"author_id":-2,"author_name":"reader","entity_id":6,"entity_type":"Project","entity_path":"acme/shop",
        "details":{"custom_message":{"protocol":"http","action":"git-upload-pack"},"author_class":"DeployToken"},
        "ip_address":"192.0.2.2","event_type":"repository_git_operation","created_at":"2026-01-02T03:04:06Z"},
       {"id":3,"author_id":-1,"author_name":"An unauthenticated user","entity_id":1,"entity_type":"User","details":{"failed_login":
        "STANDARD"},"ip_address":null,"created_at":"2026-01-02T03:04:07Z","event_type":"login_failed_with_standard_authentication"}]
      """#,
      [
        "muster.identity": "gitlab:user/42", "actor.user.name": "Ana", "api.operation": "personal_access_token_created",
        "src_endpoint.ip": "192.0.2.1", "resources": "ci acme/shop", "metadata.uid": "1", "status_id": "0",
        "cloud.account.uid": "acme",
      ],
      ["muster.identity": "gitlab:acme/shop/deploy-token/reader", "muster.action": "gitlab:git-upload-pack"],
      ["muster.identity": "", "status_id": "2"]),
    // audit_json.log
    LogSample(
      "gitlab",
      #"{"severity":"INFO","time":"2026-01-02T03:04:05.678Z","correlation_id":"c","author_id":1,"entity_id":8,"entity_type":"User","change":"email","from":"a","to":"b","author_name":"Root","target_id":8,"target_type":"User","target_details":"Bo"}"#,
      ["muster.identity": "gitlab:user/1", "muster.action": "gitlab:change email", "time": "1767323045678"]),
    LogSample(
      "gitlab",
      #"{"severity":"INFO","time":"2026-01-02T03:04:05.678Z","meta.remote_ip":"192.0.2.7","meta.user":"root","author_id":1,"author_name":"Root","entity_id":1,"entity_type":"User","created_at":"2026-01-02T03:04:05.600+00:00","with":"standard","target_details":"Root"}"#,
      ["muster.action": "gitlab:sign in with standard", "src_endpoint.ip": "192.0.2.7", "time": "1767323045600"]),
  ]

  static let identityProviders = [
    // An OAuth client of its own, in EventBridge's envelope.
    LogSample(
      "okta",
      #"{"version":"0","source":"aws.partner/okta.com/acme/logs","detail-type":"SystemLog","detail":{"uuid":"u1","published":"2026-01-02T03:04:05.678Z","eventType":"app.oauth2.as.token.grant.access_token","severity":"INFO","actor":{"id":"0oa1","type":"PublicClientApp","alternateId":"0oa1","displayName":"ci"},"client":{"ipAddress":"192.0.2.7","id":"0oa1","userAgent":{"rawUserAgent":"curl"}},"outcome":{"result":"SUCCESS"},"target":[{"id":"AT.1","type":"access_token","alternateId":null,"displayName":"Access Token"}],"authenticationContext":{"externalSessionId":"unknown"}}}"#,
      [
        "muster.identity": "okta:app/0oa1", "actor.session.uid": "", "muster.issued_credential_uid": "AT.1",
        "status_id": "1", "resources": "AT.1", "actor.invoked_by": "",
      ]),
    LogSample(
      "okta",
      #"""
      {"uuid":"u2","published":"2026-01-02T03:04:05.678Z","eventType":"user.session.start","actor":{"id":"unknown","type":"User","alternateId":"typed@acme.example"},"client":{"ipAddress":"2001:db8::1","id":null},"outcome":{"result":"FAILURE","reason":"VERIFICATION_ERROR"},"target":null}
      {"uuid":"u3","published":"2026-01-02T03:04:06Z","eventType":"policy.evaluate_sign_on","actor":{"id":"00u1","type":"User","alternateId":"ana@acme.example"},"outcome":{"result":"DENY","reason":"Sign-on policy"},"transaction":{"detail":{"requestApiTokenId":"00T1"}}}
      {"uuid":"u4","published":"2026-01-02T03:04:07Z","eventType":"system.api_token.create","actor":{"id":"00u1","type":"User","alternateId":"ana@acme.example"},"outcome":{"result":"UNANSWERED"},"target":[{"id":"00T2","type":"Token","alternateId":"unknown"}]}
      """#,
      [
        "muster.identity": "", "actor.user.name": "typed@acme.example", "status_id": "2", "muster.denied": "0",
        "status_code": "VERIFICATION_ERROR", "src_endpoint.ip": "2001:db8::1",
      ],
      [
        "muster.identity": "okta:user/00u1", "muster.denied": "1", "actor.user.credential_uid": "00T1",
      ],
      ["status_id": "0", "resources": "00T2"]),
    LogSample(
      "auth0",
      #"""
      {"log_id":"9001","data":{"date":"2026-01-02T03:04:05.678Z","type":"seccft","description":"","client_id":"c1","client_name":"Batch","ip":"192.0.2.7","user_agent":"axios","hostname":"acme.eu.auth0.com","user_id":"","user_name":"","audience":"https://api","scope":"read","log_id":"9001","tenant_name":"acme","_id":"9001"}}
      {"log_id":"9002","data":{"date":"2026-01-02T03:04:06.678Z","type":"fp","description":"Wrong password.","client_id":"c2","ip":"192.0.2.8","user_agent":"Chrome","user_id":"","user_name":"ana@acme.example","connection":"db","log_id":"9002","tenant_name":"acme"}}
      {"log_id":"9003","data":{"date":"2026-01-02T03:04:07Z","type":"sapi","description":"Update a client","client_id":"c3","user_id":"auth0|7","log_id":"9003","tenant_name":"acme","details":{"request":{"method":"patch","path":"/api/v2/clients/12345678abcdef","auth":{"user":{"user_id":"auth0|7","email":"bo@acme.example"},"credentials":{"jti":"j1","scopes":["update:clients"]}}},"response":{"statusCode":403}}}}
      """#,
      [
        "muster.identity": "auth0:acme/client/c1", "muster.action": "auth0:seccft", "status_id": "1",
        "metadata.uid": "9001", "cloud.account.uid": "acme",
      ],
      ["muster.identity": "", "actor.user.name": "ana@acme.example", "status_id": "2"],
      [
        "muster.identity": "auth0:acme/user/auth0|7", "muster.action": "auth0-management:patch /api/v2/clients/{}",
        "muster.denied": "1", "actor.user.credential_uid": "j1", "actor.user.name": "bo@acme.example",
      ]),
    // The Management API's list, which names no tenant.
    LogSample(
      "auth0",
      #"{"start":0,"limit":1,"length":1,"total":1,"logs":[{"date":"2026-01-02T03:04:05.678Z","type":"s","connection":"db","client_id":"c1","ip":"192.0.2.7","user_id":"auth0|1","user_name":"ana@acme.example","log_id":"9004","hostname":"login.acme.example"}]}"#,
      ["muster.identity": "auth0:user/auth0|1", "actor.invoked_by": "c1", "status_id": "1"]),
  ]

  static let collaboration = [
    // One activity, three events: each with its own name and parameters.
    LogSample(
      "google-workspace",
      #"""
      {"kind":"admin#reports#activities","items":[{"kind":"admin#reports#activity","id":{"time":"2026-01-02T03:04:05.678Z",
        "uniqueQualifier":"-9","applicationName":"drive","customerId":"C1"},"actor":{"callerType":"USER","email":"Ana@acme.example","profileId":"1"},
        "ipAddress":"192.0.2.7","events":[
          {"type":"access","name":"edit","parameters":[{"name":"primary_event","boolValue":true},{"name":"doc_id","value":"D1"}]},
          {"type":"acl_change","name":"change_user_access","parameters":[{"name":"doc_id","value":"D1"},{"name":"target_user","value":"x@other.example"}]},
          {"parameters":[{"name":"target_user","value":"y@other.example"},{"name":"doc_id","value":"D1"}],"type":"acl_change","name":"change_user_access"}]},
       {"kind":"admin#reports#activity","id":{"time":"2026-01-02T03:04:06Z","uniqueQualifier":"3","applicationName":"token","customerId":"C1"},
        "actor":{"email":"robot@p.iam.gserviceaccount.com"},"events":[{"type":"auth","name":"authorize","parameters":[
          {"name":"client_id","value":"77.apps"},{"name":"scope","multiValue":["a","b"]}]}]},
       {"kind":"admin#reports#activity","id":{"time":"2026-01-02T03:04:07Z","uniqueQualifier":"4","applicationName":"login","customerId":"C1"},
        "actor":{"profileId":"105250506097979753968"},"events":[{"type":"login","name":"login_failure"}]}]}
      """#,
      [
        "muster.identity": "gcp:user:ana@acme.example", "muster.action": "drive:edit", "resources": "D1",
        "metadata.uid": "-9", "muster.line": "1",
      ],
      ["muster.action": "drive:change_user_access", "resources": "D1 x@other.example", "metadata.uid": "-9/1"],
      ["muster.action": "drive:change_user_access", "resources": "D1 y@other.example", "muster.line": "3"],
      [
        "muster.identity": "gcp:serviceAccount:robot@p.iam.gserviceaccount.com", "actor.invoked_by": "77.apps",
        "muster.line": "4",
      ],
      ["muster.identity": "", "status_id": "2"]),
    // As filebeat splits activities.
    LogSample(
      "google-workspace",
      #"{"actor":{"callerType":"USER","email":"ana@acme.example","profileId":1},"events":{"name":"change_document_visibility","parameters":[{"name":"primary_event","boolValue":true},{"name":"doc_id","value":"D7"}],"type":"acl_change"},"id":{"applicationName":"drive","customerId":"C1","time":"2026-01-02T03:04:05.678Z","uniqueQualifier":"-6"},"ipAddress":"192.0.2.7","kind":"admin#reports#activity"}"#,
      ["muster.action": "drive:change_document_visibility", "resources": "D7", "metadata.uid": "-6"]),
    LogSample(
      "slack",
      #"""
      {"entries":[{"id":"e1","date_create":1700000000,"action":"user_login","actor":{"type":"user","user":{"id":"W1","name":"Ana","email":"ana@acme.example","team":"E1"}},
        "entity":{"type":"user","user":{"id":"W1"}},"context":{"location":{"type":"enterprise","id":"E1","name":"Acme"},"ua":"Firefox","ip_address":"192.0.2.7","session_id":41}},
       {"id":"e2","date_create":1700000001,"action":"file_downloaded","actor":{"type":"app","app":{"id":"A1","name":"exporter","team":"T1"}},
        "entity":{"type":"file","file":{"id":"F1","name":"a.csv"}},"context":{"location":{"type":"workspace","id":"T1"},"ua":"","ip_address":"192.0.2.8"}}],
       "response_metadata":{"next_cursor":"x"}}
      """#,
      [
        "muster.identity": "slack:user/W1", "actor.user.name": "ana@acme.example", "actor.session.uid": "41",
        "time": "1700000000000", "status_id": "1",
      ],
      ["muster.identity": "slack:app/A1", "actor.user.name": "exporter", "resources": "F1", "status_id": "0"]),
  ]

  static let models = [
    // The API's list, with dots in the names of details.
    LogSample(
      "openai",
      #"""
      {"object":"list","data":[{"id":"audit_log-1","type":"project.archived","effective_at":1722461446,"actor":{"type":"api_key","api_key":
        {"id":"key_1","type":"service_account","service_account":{"id":"sa-1"}}},"project.archived":{"id":"proj_1"}},
       {"id":"audit_log-2","type":"api_key.created","effective_at":1722461447,"project":{"id":"proj_1","name":"x"},"actor":{"type":"session","session":
        {"user":{"id":"user-1","email":"ana@acme.example"},"ip_address":"192.0.2.7","user_agent":"Firefox"}},"api_key.created":{"id":"key_2"}},
       {"id":"audit_log-3","type":"login.failed","effective_at":1722461448,"actor":{"type":"api_key","api_key":{"id":"key_9"}},"login.failed":{"error_code":"e"}}],
       "has_more":false}
      """#,
      [
        "muster.identity": "openai:service-account/sa-1", "actor.user.credential_uid": "key_1",
        "muster.action": "openai:project.archived", "resources": "proj_1", "time": "1722461446000",
      ],
      ["muster.identity": "openai:user/user-1", "cloud.account.uid": "proj_1", "resources": "key_2"],
      ["muster.identity": "apikey:openai/key_9", "status_id": "2", "status_code": "e"]),
    LogSample(
      "anthropic",
      #"""
      {"data":[{"id":"activity_1","created_at":"2026-01-02T03:04:05Z","organization_id":"org_1","type":"compliance_api_accessed","actor":{"type":"api_actor","api_key_id":"apikey_1","ip_address":"192.0.2.7"}},
       {"id":"activity_2","created_at":"2026-01-02T03:04:06Z","organization_id":null,"type":"sso_login_failed","actor":{"type":"unauthenticated_user_actor","unauthenticated_email_address":"typed@acme.example"}},
       {"id":"activity_4","created_at":"2026-01-02T03:04:06Z","type":"user_added","actor":{"type":"scim_directory_sync_actor","workos_event_id":"e1","directory_id":"dir_1"}},
       {"id":"activity_3","created_at":"2026-01-02T03:04:07Z","type":"claude_chat_created","claude_chat_id":"c1","actor":{"type":"user_actor","user_id":"user_1","email_address":"ana@acme.example"}}],"has_more":true}
      """#,
      ["muster.identity": "apikey:anthropic/apikey_1", "actor.user.credential_uid": "apikey_1"],
      ["muster.identity": "", "status_id": "2", "actor.user.name": "typed@acme.example"],
      ["muster.identity": "anthropic:scim_directory_sync/dir_1"],
      ["muster.identity": "anthropic:user/user_1", "resources": "c1", "actor.user.name": "ana@acme.example"]),
  ]

  static let data = [
    LogSample(
      "mongodb-atlas",
      #"""
      {"links":[],"totalCount":2,"results":[{"id":"a1","created":"2026-01-02T03:04:05Z","eventTypeName":"CLUSTER_CREATED","groupId":"g1","orgId":"o1","apiKeyId":"k1","publicKey":"abcd","remoteAddress":"192.0.2.7","clusterName":"c0","isGlobalAdmin":false},
       {"id":"a2","created":"2026-01-02T03:04:06Z","eventTypeName":"API_KEY_CREATED","orgId":"o1","userId":"u1","username":"ana@acme.example","targetPublicKey":"efgh"}]}
      """#,
      [
        "muster.identity": "apikey:mongodb-atlas/abcd", "actor.user.type": "ApiKey", "resources": "c0 g1",
        "cloud.account.uid": "g1", "status_id": "0",
      ],
      ["muster.identity": "mongodb-atlas:user/u1", "actor.user.name": "ana@acme.example", "resources": "efgh o1"]),
    LogSample(
      "snowflake",
      #"""
      {"QUERY_ID":"q1","QUERY_TEXT":"select 1","QUERY_TYPE":"SELECT","USER_NAME":"LOADER","ROLE_NAME":"ETL","SESSION_ID":17,"DATABASE_NAME":"DB","SCHEMA_NAME":"PUBLIC","WAREHOUSE_NAME":"WH","EXECUTION_STATUS":"FAIL","ERROR_CODE":"3001","START_TIME":"2026-01-02 03:04:05.678 -0700","OUTBOUND_DATA_TRANSFER_BYTES":5}
      {"query_id":"q2","query_start_time":"2026-01-02T03:04:05.678+01:00","user_name":"LOADER","direct_objects_accessed":"[{\"objectDomain\":\"Table\",\"objectName\":\"DB.PUBLIC.T\"}]","base_objects_accessed":[{"objectName":"DB.PUBLIC.T"},{"objectName":"DB.PUBLIC.B"}],"objects_modified":[]}
      {"EVENT_ID":5,"EVENT_TIMESTAMP":"1767323045.678","EVENT_TYPE":"LOGIN","USER_NAME":"LOADER","CLIENT_IP":"192.0.2.7","REPORTED_CLIENT_TYPE":"PYTHON_DRIVER","FIRST_AUTHENTICATION_FACTOR":"RSA_KEYPAIR","IS_SUCCESS":"NO","ERROR_MESSAGE":"JWT_TOKEN_INVALID","ACCOUNT_NAME":"ACME"}
      {"CREATED_ON":"2026-01-02T03:04:05Z","ROLE":"ADMIN","GRANTED_TO":"USER","GRANTEE_NAME":"ANA","GRANTED_BY":"SECURITYADMIN","DELETED_ON":null}
      """#,
      [
        "muster.identity": "snowflake:user/LOADER", "muster.action": "snowflake:SELECT", "muster.denied": "1",
        "actor.session.uid": "17", "resources": "DB.PUBLIC WH", "time": "1767348245678", "muster.bytes_out": "5",
      ],
      [
        "muster.action": "snowflake:ACCESS", "resources": "DB.PUBLIC.T DB.PUBLIC.B", "metadata.uid": "q2",
        "time": "1767319445678",
      ],
      [
        "muster.identity": "snowflake:ACME/user/LOADER", "status_id": "2", "status_code": "JWT_TOKEN_INVALID",
        "http_request.user_agent": "PYTHON_DRIVER", "time": "1767323045678",
      ],
      [
        "muster.identity": "snowflake:role/SECURITYADMIN", "muster.action": "snowflake:GRANT ROLE",
        "resources": "ADMIN ANA",
      ]),
    LogSample(
      "snowflake-csv",
      """
      QUERY_ID,QUERY_TEXT,QUERY_TYPE,USER_NAME,EXECUTION_STATUS,START_TIME,SESSION_ID
      q1,"select ""a""
      , 2",SELECT,LOADER,SUCCESS,2026-01-02 03:04:05.678 +0000,7
      q2,drop table t,DROP,LOADER,FAIL,2026-01-02 03:04:06.000 -0100,
      """,
      ["muster.identity": "snowflake:user/LOADER", "muster.action": "snowflake:SELECT", "time": "1767323045678"],
      ["muster.action": "snowflake:DROP", "status_id": "2", "time": "1767326646000"]),
    // A delivered file, a row of the system table, Azure's diagnostic log.
    LogSample(
      "databricks",
      #"""
      {"version":"2.0","auditLevel":"WORKSPACE_LEVEL","timestamp":1767323045678,"orgId":"0","workspaceId":"77","accountId":"acc","sourceIPAddress":"192.0.2.7","userAgent":"sdk","sessionId":null,"userIdentity":{"email":"0f8fad5b-d9cb-469f-a165-70867728950e","subjectName":null},"serviceName":"unityCatalog","actionName":"getTable","requestId":"r1","requestParams":{"full_name_arg":"main.s.t"},"response":{"statusCode":403,"errorMessage":"no","result":null}}
      {"version":"2.0","event_time":"2026-01-02T03:04:05.678+00:00","workspace_id":"0","account_id":"acc","source_ip_address":"10.2.3.4","user_agent":"x","user_identity":{"email":"ana@acme.example","subject_name":null},"service_name":"accounts","action_name":"tokenLogin","request_id":"r2","event_id":"e2","request_params":{"tokenId":"t1"},"response":{"status_code":200},"identity_metadata":{"run_by":"bo@acme.example","run_as":"ana@acme.example"}}
      {"time":"2026-01-02T03:04:05.678Z","category":"jobs","operationName":"Microsoft.Databricks/jobs/runNow","identity":"{\"email\":\"ana@acme.example\"}","properties":{"serviceName":"jobs","actionName":"runNow","requestId":"r3","sessionId":"s","sourceIPAddress":"192.0.2.9","requestParams":"{\"job_id\":\"5\"}","response":"{\"statusCode\":200}"}}
      """#,
      [
        "muster.identity": "databricks:acc/servicePrincipal/0f8fad5b-d9cb-469f-a165-70867728950e",
        "muster.action": "unityCatalog:getTable", "muster.denied": "1", "resources": "main.s.t",
        "cloud.account.uid": "77",
      ],
      [
        "muster.identity": "databricks:acc/user/ana@acme.example", "actor.invoked_by": "bo@acme.example",
        "actor.user.credential_uid": "t1", "time": "1767323045678", "cloud.account.uid": "acc",
      ],
      [
        "muster.identity": "databricks:user/ana@acme.example", "muster.action": "jobs:runNow", "resources": "5",
        "status_id": "1", "time": "1767323045678",
      ]),
  ]
}
