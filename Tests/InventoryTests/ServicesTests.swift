import Base
import Inventory
import Model
import Testing

@Suite struct OktaTests {
  @Test func joinsAppsSecretsAndGrants() throws {
    let apps = #"""
      [{"id": "0oa1", "name": "oidc_client", "label": "Reporter", "status": "ACTIVE", "created": "2024-01-01T00:00:00.000Z",
        "signOnMode": "OPENID_CONNECT", "credentials": {"oauthClient": {"client_id": "0oa1", "token_endpoint_auth_method": "private_key_jwt"}},
        "settings": {"oauthClient": {"application_type": "service", "grant_types": ["client_credentials"],
          "jwks": {"keys": [{"kid": "k1", "kty": "RSA", "n": "x"}]}}}},
       {"id": "0oa2", "name": "salesforce", "label": "Salesforce", "status": "ACTIVE", "signOnMode": "SAML_2_0", "settings": {"app": {}}}]
      """#
    let grants = #"""
      [{"id": "oag1", "status": "ACTIVE", "created": "2024-02-01T00:00:00Z", "issuer": "https://acme.okta.com", "clientId": "0oa1",
        "scopeId": "okta.users.read", "source": "ADMIN", "_links": {"app": {"title": "Reporter"}}}]
      """#
    let secrets = #"""
      [{"id": "ocs1", "created": "2024-03-01T00:00:00Z", "lastUpdated": "2024-03-01T00:00:00Z", "client_secret": "DRUFXGF9XbLnS9",
        "secret_hash": "yk4SVx4sUWVJVbHt6M-UPA", "status": "ACTIVE",
        "_links": {"deactivate": {"href": "https://acme.okta.com/api/v1/apps/0oa1/credentials/secrets/ocs1/lifecycle/deactivate"}}}]
      """#
    let tokens = #"""
      [{"id": "00T1", "name": "terraform", "userId": "00u1", "clientName": "Okta API", "created": "2024-01-01T00:00:00Z",
        "lastUpdated": "2026-10-01T00:00:00Z", "expiresAt": "2026-10-31T00:00:00Z", "tokenWindow": "P30D"}]
      """#
    let result = readServices([("a.json", apps), ("g.json", grants), ("s.json", secrets), ("t.json", tokens)])
    #expect(result.messages == [])
    let app = try #require(result.shown("okta:app/0oa1"))
    #expect((app.kind, app.name, app.isEnabled) == (.oauthApp, "Reporter", true))
    #expect(app.credentials.map(\.id) == ["k1", "ocs1"])
    #expect(app.grants.map(\.actions) == [["okta.users.read"]])
    #expect(result.shown("okta:user/00u1")?.credentials[0].lastUsed == Instant("2026-10-01T00:00:00Z"))
    #expect((result.coverage.used, result.coverage.filtered) == (4, 1) && result.isBalanced)
    #expect(!"\(result.identities)".contains("DRUFX"))
  }
}

@Suite struct SnowflakeTests {
  /// Snowflake documentation, "Overview of Access Control: Role hierarchy": a role has what was granted to the roles granted to it.
  @Test(arguments: [true, false])
  func resolvesRolesDownTheHierarchy(isCSV: Bool) throws {
    let users =
      isCSV
      ? "name,created_on,login_name,disabled,default_role,last_success_login,has_password,has_rsa_public_key,type\n"
        + "ETL,2024-05-01 10:00:00.000 -0700,ETL,false,LOADER,null,false,true,SERVICE\n"
      : #"[{"name": "ETL", "created_on": "2024-05-01 10:00:00.000 -0700", "login_name": "ETL", "disabled": "false", "default_role": "LOADER", "last_success_login": null, "has_password": "false", "has_rsa_public_key": "true", "type": "SERVICE"}]"#
    let ofUser =
      #"[{"created_on": "x", "role": "LOADER", "granted_to": "USER", "grantee_name": "ETL", "granted_by": "SECURITYADMIN"}]"#
    let ofRoles = """
      CREATED_ON,PRIVILEGE,GRANTED_ON,NAME,TABLE_CATALOG,TABLE_SCHEMA,GRANTED_TO,GRANTEE_NAME,DELETED_ON
      x,USAGE,ROLE,READER,,,ROLE,LOADER,
      x,INSERT,TABLE,ORDERS,SALES,PUBLIC,ROLE,LOADER,
      x,SELECT,TABLE,ORDERS,SALES,PUBLIC,ROLE,READER,
      x,DELETE,TABLE,ORDERS,SALES,PUBLIC,ROLE,READER,2026-01-01

      """
    let result = readServices([("u", users), ("g.json", ofUser), ("r.csv", ofRoles)])
    #expect(result.messages == [])
    let user = try #require(result.shown("snowflake:user/ETL"))
    #expect(user.kind == .serviceAccount && user.created == Instant("2024-05-01T17:00:00Z") && user.isEnabled == true)
    #expect(user.credentials.map(\.kind) == ["key"])
    #expect(user.grants.map(\.via) == ["role:LOADER", "role:LOADER/role:READER"])
    let access = EffectiveAccess(of: user)
    #expect(access.allows(action: "snowflake:SELECT", resource: "SALES.PUBLIC.ORDERS") == .yes)
    #expect(access.allows(action: "snowflake:DELETE", resource: "SALES.PUBLIC.ORDERS") == .no)
    #expect(user.knows("grants"))
    #expect(result.identities.count { $0.kind == .role } == 2)
    #expect((result.coverage.used, result.coverage.filtered) == (5, 1) && result.isBalanced)
  }

  @Test func doesNotTakeARoleThatNobodyExportedForNothing() throws {
    let grant = #"{"role": "SYSADMIN", "granted_to": "USER", "grantee_name": "BOB", "granted_by": "x"}"#
    let bob = try #require(readServices([("g.json", grant)]).shown("snowflake:user/BOB"))
    #expect(bob.grants.map(\.isOpaque) == [true] && bob.grants[0].via == "role:SYSADMIN")
    #expect(EffectiveAccess(of: bob).allows(action: "snowflake:SELECT", resource: "A.B.C") == .unknown)
  }
}

@Suite struct DatabricksTests {
  @Test func joinsPrincipalsTokensAndSecrets() throws {
    let principals = #"""
      {"Resources": [{"id": "5823", "applicationId": "AAAA-1", "displayName": "etl", "active": true,
        "groups": [{"display": "admins", "value": "1"}], "entitlements": [{"value": "workspace-access"}]}], "totalResults": 1}
      """#
    let tokens = #"""
      {"token_infos": [{"token_id": "t1", "creation_time": 1700000000000, "expiry_time": -1, "comment": "x", "created_by_username": "aaaa-1"},
        {"token_id": "t2", "creation_time": 1700000000000, "expiry_time": 1900000000000, "created_by_username": "ana@acme.example"}]}
      """#
    let secrets =
      #"{"secrets": [{"id": "s1", "secret_hash": "ab", "status": "ACTIVE", "create_time": "2026-01-01T00:00:00Z"}]}"#
    let result = readServices(
      [("p.json", principals), ("t.json", tokens), ("secrets-5823.json", secrets)], covers: ["databricks:acc"])
    #expect(result.messages == [])
    let etl = try #require(result.shown("databricks:acc/servicePrincipal/aaaa-1"))
    #expect(etl.credentials.map(\.id) == ["s1", "t1"] && etl.credentials[1].neverExpires)
    #expect(etl.credentials[1].created == Instant("2023-11-14T22:13:20Z"))
    #expect(etl.grants.map(\.via) == ["entitlements", "group:admins"] && !etl.knows("grants"))
    #expect(result.shown("databricks:acc/user/ana@acme.example")?.credentials.count == 1)
    #expect(result.coverage.used == 4 && result.isBalanced)
  }

  @Test func saysWhoseSecretNobodyShows() {
    let secrets =
      #"{"secrets": [{"id": "s1", "secret_hash": "ab", "status": "ACTIVE", "create_time": "2026-01-01T00:00:00Z"}]}"#
    let result = readServices([("secrets-5823.json", secrets)], covers: ["databricks:acc"])
    #expect(result.messages == ["no file shows the service principal `5823` of this secret"])
    #expect(result.coverage.unreadable == 1)
  }
}

@Suite struct ModelProviderTests {
  @Test func readsKeysByTheirHolders() throws {
    let openAI = #"""
      {"object": "list", "data": [
        {"object": "organization.project.api_key", "redacted_value": "sk-abc...def", "name": "ci", "created_at": 1711471533,
         "last_used_at": 1711471534, "id": "key_1",
         "owner": {"type": "service_account", "service_account": {"object": "organization.project.service_account", "id": "svc_1", "name": "ci", "role": "member", "created_at": 1711471533}}},
        {"object": "organization.project.api_key", "redacted_value": "sk-abc...xyz", "name": "mine", "created_at": 1711471533, "id": "key_2",
         "owner": {"type": "user", "user": {"object": "organization.project.user", "id": "user_1", "email": "ana@acme.example", "role": "owner", "added_at": 1711471533}}},
        {"object": "organization.admin_api_key", "id": "key_3", "name": "admin", "redacted_value": "sk-admin...def", "created_at": 1711471533,
         "owner": {"type": "user", "object": "organization.user", "id": "user_1", "name": "Ana", "created_at": 1711471533, "role": "owner"}},
        {"object": "organization.project", "id": "proj_1", "name": "p", "created_at": 1711471533, "status": "active"}],
       "has_more": false}
      """#
    let anthropic = #"""
      {"data": [{"id": "apikey_1", "type": "api_key", "name": "dev", "workspace_id": "wrkspc_1", "created_at": "2024-10-30T23:58:27Z",
        "created_by": {"id": "user_2", "type": "user"}, "partial_key_hint": "sk-ant-api03-R2D...igAA", "status": "inactive"}],
       "has_more": false, "first_id": "apikey_1", "last_id": "apikey_1"}
      """#
    let result = readServices([("o.json", openAI), ("a.json", anthropic)])
    #expect(result.messages == [])
    let service = try #require(result.shown("openai:service-account/svc_1"))
    #expect(service.credentials.map(\.id) == ["key_1"] && service.lastUsed == Instant("2024-03-26T16:45:34Z"))
    let ana = try #require(result.shown("openai:user/user_1"))
    #expect(ana.credentials.map(\.id) == ["key_2", "key_3"])
    let key = try #require(result.shown("apikey:anthropic/apikey_1"))
    #expect(key.isEnabled == false && key.credentials[0].status == .inactive && key.owners == ["user_2"])
    #expect((result.coverage.used, result.coverage.filtered) == (4, 1) && result.isBalanced)
    #expect(!"\(result.identities)".contains("sk-"))
  }

  @Test func doesNotTakeHoldersOfSeveralKindsForSeveralAccounts() {
    let keys = ["a", "b"].map {
      #"{"object": "organization.project.api_key", "id": "\#($0)", "created_at": 1711471533}"#
    }
    let apps = ["c", "d"].map { #"{"mcpServers": {"\#($0)": {"command": "x"}}}"# }
    let text = "[\((keys + apps).joined(separator: ", "))]"
    let result = readServices([("all.json", text)], covers: ["openai:acme"])
    #expect(result.messages == [])
    #expect(result.identities.count == 4)
  }

  @Test func noticesThatTheListGoesOn() {
    let text = #"{"data": [{"id": "apikey_1", "type": "api_key", "name": "n", "status": "active"}], "has_more": true}"#
    #expect(readServices([("a.json", text)]).messages.contains { $0.hasPrefix("this is a page of a longer list") })
  }
}

@Suite struct AgentTests {
  @Test func readsServersWithoutTheirSecrets() throws {
    let desktop = #"""
      {"mcpServers": {
        "github": {"command": "/usr/bin/docker", "args": ["run", "-e", "GITHUB_TOKEN=ghp_secretsecret"], "env": {"GITHUB_TOKEN": "ghp_secretsecret", "LOG_PATH": "/tmp"},
          "autoApprove": ["get_issue"], "disabledTools": ["delete_repository"]},
        "search": {"type": "http", "url": "https://user:pw@mcp.acme.example:8443/x?key=s3cret", "headers": {"Authorization": "Bearer s3cret"}, "disabled": true},
        "odd": 3}}
      """#
    let tools =
      #"{"jsonrpc": "2.0", "id": 1, "result": {"tools": [{"name": "web_search", "inputSchema": {}}, {"name": "fetch", "inputSchema": {}}]}}"#
    let result = readServices([("claude_desktop_config.json", desktop), ("search.json", tools)])
    #expect(result.messages == ["expected a server with `command` or `url`, found a number"])
    let github = try #require(result.shown("mcp:github"))
    #expect(github.kind == .agent && github.credentials.map(\.id) == ["github/GITHUB_TOKEN"])
    #expect(github.grants.map(\.effect) == [.allow, .allow, .deny] && !github.knows("grants"))
    #expect(EffectiveAccess(of: github).allows(action: "delete_repository", resource: "*") == .no)
    #expect(EffectiveAccess(of: github).allows(action: "get_issue", resource: "*") == .yes)
    #expect(EffectiveAccess(of: github).allows(action: "create_issue", resource: "*") == .unknown)
    let search = try #require(result.shown("mcp:search"))
    #expect(search.isEnabled == false && search.tags.map(\.value) == ["mcp.acme.example", "http"])
    #expect(search.grants.contains { $0.actions == ["fetch", "web_search"] } && search.knows("grants"))
    let text = "\(result.identities)"
    #expect(!text.contains("ghp_") && !text.contains("s3cret") && !text.contains("pw@"))
    #expect(result.coverage.used == 3 && result.coverage.unreadable == 1 && result.isBalanced)
  }

  @Test func readsEditorsBundlesAndCards() throws {
    let editor =
      #"{"inputs": [{"type": "promptString", "id": "pg-password", "password": true}], "servers": {"pg": {"command": "npx", "args": ["-y", "pg", "${input:pg-password}"]}}}"#
    let bundle =
      #"{"manifest_version": "0.3", "name": "files", "version": "1.0.0", "author": {"name": "Acme"}, "server": {"type": "node", "entry_point": "x.js", "mcp_config": {"command": "node", "args": [], "env": {"API_KEY": "${user_config.api_key}"}}}, "tools": [{"name": "read_file"}]}"#
    let card =
      #"{"protocolVersion": "0.3.0", "name": "Route Planner", "url": "https://maps.acme.example/a2a/v1", "version": "1.2.0", "capabilities": {}, "provider": {"organization": "Acme", "url": "https://acme.example"}, "skills": [{"id": "route", "name": "Route", "tags": []}], "securitySchemes": {"google": {}}}"#
    let result = readServices([("mcp.json", editor), ("manifest.json", bundle), ("agent-card.json", card)])
    #expect(result.messages == [])
    #expect(result.shown("mcp:pg")?.credentials.map(\.id) == ["pg/pg-password"])
    #expect(result.shown("mcp:files")?.grants.map(\.actions) == [["read_file"]])
    let agent = try #require(result.shown("agent:maps.acme.example/Route Planner"))
    #expect(agent.grants.map(\.actions) == [["route"]] && agent.owners == ["Acme"])
  }
}
