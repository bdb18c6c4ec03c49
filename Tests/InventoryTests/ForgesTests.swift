import Base
import Inventory
import Model
import Testing

/// Reads texts as the files of a source called `x`.
func readServices(_ files: [(String, String)], covers: [String] = []) -> InventoryResult {
  readInventory(
    InventorySource(name: "x", covers: covers),
    files: files.map { InventoryFile(path: $0.0, bytes: Array($0.1.utf8)) })
}

extension InventoryResult {
  func shown(_ principal: String) -> IdentityFact? { identities.first { $0.principal.description == principal } }

  /// Every record has one fate.
  var isBalanced: Bool {
    coverage.records == coverage.used + coverage.duplicate + coverage.filtered + coverage.unreadable
  }
}

@Suite struct GitHubTests {
  @Test func readsInstallationsWithTheirPermissions() throws {
    let text = #"""
      {"total_count": 2, "installations": [
        {"id": 25381, "account": {"login": "acme", "id": 1, "type": "Organization"}, "app_id": 7, "app_slug": "deployer",
         "repository_selection": "selected", "permissions": {"contents": "write", "members": "read", "metadata": "read"},
         "created_at": "2024-01-02T03:04:05Z", "suspended_at": null},
        {"id": 25382, "account": {"login": "acme"}, "app_id": 8, "app_slug": "scanner", "repository_selection": "all",
         "permissions": {"contents": "read"}, "created_at": "2024-01-02T03:04:05Z", "suspended_at": "2025-01-01T00:00:00Z"}]}
      """#
    let result = readServices([("i.json", text)])
    #expect(result.messages == [])
    let deployer = try #require(result.shown("github:acme/app/deployer"))
    #expect((deployer.kind, deployer.uniqueID, deployer.isEnabled) == (.bot, "25381", true))
    #expect(deployer.grants.map(\.actions) == [["contents:write", "metadata:read"], ["members:read"]])
    #expect(deployer.grants.map(\.resources) == [["acme/*"], ["acme"]])
    // Which repositories are selected is not in the list: what it may do to one of them is unknown, not yes.
    #expect(deployer.grants[0].allows(action: "contents:write", resource: "acme/web") == .unknown)
    let scanner = try #require(result.shown("github:acme/app/scanner"))
    #expect(scanner.isEnabled == false)
    #expect(scanner.grants[0].allows(action: "contents:read", resource: "acme/web") == .yes)
    #expect(scanner.grants[0].allows(action: "contents:read", resource: "other/web") == .no)
    #expect(result.coverage.used == 2 && result.isBalanced)
  }

  @Test func readsDeployKeysByTheRepositoryInTheirAddress() throws {
    let text = #"""
      [{"id": 1, "key": "ssh-rsa AAA", "url": "https://api.github.com/repos/acme/web/keys/1", "title": "ci", "verified": true,
        "created_at": "2020-12-10T15:53:42Z", "read_only": false, "added_by": "ana", "last_used": "2026-01-10T15:53:42Z", "enabled": true}]
      """#
    let result = readServices([("k.json", text)])
    #expect(result.messages == [])
    let key = try #require(result.shown("github:acme/web/deploy-key/1"))
    #expect(key.grants.map(\.actions) == [["contents:write"]] && key.grants[0].resources == ["acme/web"])
    #expect(key.credentials.map(\.id) == ["1"] && key.credentials[0].neverExpires)
    #expect(key.lastUsed == Instant("2026-01-10T15:53:42Z") && key.owners == ["ana"])
  }

  @Test(arguments: [
    ("repos/acme/web/secrets.json", [String](), "github:acme/web/actions"),
    ("x/repos/acme/web/environments/prod/secrets.json", [], "github:acme/web/environment/prod"),
    ("s.json", ["github:acme/web"], "github:acme/web/actions"),
    ("exports/acme/web/s.json", ["github:acme"], "github:acme/web/actions"),
    ("s.json", [], "github:actions"),
  ])
  func namesThePipelineThatHoldsSecrets(path: String, covers: [String], principal: String) throws {
    let text = #"""
      {"total_count": 2, "secrets": [
        {"name": "NPM_TOKEN", "created_at": "2024-01-01T00:00:00Z", "updated_at": "2026-01-01T00:00:00Z"},
        {"name": "AWS_KEY", "created_at": "2024-01-01T00:00:00Z", "updated_at": "2024-01-01T00:00:00Z"}]}
      """#
    let result = readServices([(path, text)], covers: covers)
    #expect(result.messages.count == (principal == "github:actions" ? 1 : 0))
    #expect(result.diagnostics.allSatisfy { $0.kind == .warning })
    let pipeline = try #require(result.shown(principal))
    #expect(pipeline.kind == .pipeline && pipeline.credentials.map(\.id) == ["AWS_KEY", "NPM_TOKEN"])
    #expect(pipeline.credentials[1].lastRotated == Instant("2026-01-01T00:00:00Z"))
    #expect(result.coverage.used == 2 && result.isBalanced)
  }

  @Test func completesAPipelineByItsSettings() throws {
    let result = readServices([
      ("repos/acme/web/oidc.json", #"{"use_default": false, "include_claim_keys": ["repo", "environment"]}"#),
      (
        "repos/acme/web/workflow.json",
        #"{"default_workflow_permissions": "write", "can_approve_pull_request_reviews": true}"#
      ),
      (
        "orgs/acme/runners.json",
        #"{"total_count": 1, "runners": [{"id": 9, "name": "r", "os": "linux", "status": "online", "busy": false, "labels": [{"id": 1, "name": "gpu"}]}]}"#
      ),
    ])
    #expect(result.messages == [])
    let pipeline = try #require(result.shown("github:acme/web/actions"))
    #expect(pipeline.tags.map(\.value) == ["true", "repo,environment"])
    #expect(pipeline.grants[0].allows(action: "contents:write", resource: "acme/web") == .yes)
    #expect(result.shown("github:acme/runner/9")?.tags.map(\.value) == ["gpu", "linux"])
    #expect(result.coverage.used == 3)
  }

  @Test(.enabled(if: Corpus.isPresent && Corpus.hasJQ, "\(Corpus.absence)"))
  func countsWhatJQCounts() throws {
    for (name, id) in [("fine-grained-pats", "token_id"), ("saml-credential-authorizations", "credential_id")] {
      let file = try #require(try Corpus.files("inventories/cartography/github-\(name).json").first)
      let result = readInventory(InventorySource(name: "x", covers: ["github:acme"]), files: [file])
      #expect(result.messages == [])
      #expect(result.coverage.used == UInt64(try Corpus.count("length", file.path)) && result.isBalanced)
      let login = name == "fine-grained-pats" ? ".owner.login" : ".login"
      #expect(result.identities.count == (try Corpus.count("[.[] | \(login)] | unique | length", file.path)))
      let credentials = result.identities.flatMap(\.credentials)
      #expect(credentials.count == (try Corpus.count("[.[].\(id)] | unique | length", file.path)))
      let actions = result.identities.flatMap(\.grants).flatMap(\.actions).count
      let permissions =
        name == "fine-grained-pats"
        ? "[.[].permissions[] | length] | add" : "[.[].scopes | length] | add"
      #expect(actions == (try Corpus.count(permissions, file.path)))
    }
  }

  @Test func readsSeveralTokensOfOnePerson() throws {
    func token(_ id: Int, expired: Bool) -> String {
      #"{"id": \#(id), "owner": {"login": "ana", "id": 1, "type": "User"}, "repository_selection": "all", "permissions": {"repository": {"contents": "read"}}, "access_granted_at": "2025-01-16T08:47:09.000-07:00", "token_expired": \#(expired), "token_expires_at": null, "token_id": \#(id + 100), "token_name": "t"}"#
    }
    let request = token(3, expired: false).replacing("\"access_granted_at\"", with: "\"reason\": \"x\", \"created_at\"")
    let text = "[\(token(1, expired: false)), \(token(2, expired: true)), \(token(1, expired: false)), \(request)]"
    let result = readServices([("t.json", text)], covers: ["github:acme"])
    #expect(result.messages == [])
    let ana = try #require(result.shown("github:user/ana"))
    #expect(ana.credentials.map(\.id) == ["101", "102"])
    #expect(ana.credentials.map(\.status) == [.active, .expired] && ana.credentials.allSatisfy(\.neverExpires))
    #expect(ana.tags == [Tag(key: "muster:class", value: "human")])
    #expect((result.coverage.used, result.coverage.duplicate, result.coverage.filtered) == (2, 1, 1))
  }
}

@Suite struct GitLabTests {
  @Test func readsTokensKeysAndRunners() throws {
    let project = #"""
      [{"user_id": 141, "scopes": ["api", "read_repository"], "name": "ci", "expires_at": "2027-01-31", "id": 42, "active": true,
        "created_at": "2026-01-20T22:11:48.151Z", "revoked": false, "access_level": 40, "last_used_at": null}]
      """#
    let personal = #"""
      [{"id": 4, "name": "mine", "revoked": false, "created_at": "2026-07-23T14:31:47.729Z", "scopes": ["api"], "user_id": 3,
        "last_used_at": "2026-10-06T17:58:37.550Z", "active": true, "expires_at": null}]
      """#
    let deploy = #"""
      [{"id": 1, "name": "puller", "username": "gitlab+deploy-token-1", "expires_at": "2026-02-14T00:00:00.000Z",
        "revoked": false, "expired": true, "scopes": ["read_registry"]}]
      """#
    let keys = #"""
      [{"id": 7, "title": "host", "key": "ssh-rsa AAAA", "fingerprint": "4a:9d", "created_at": "2024-10-02T10:12:29Z",
        "projects_with_write_access": [{"id": 73, "path_with_namespace": "acme/web"}],
        "projects_with_readonly_access": [{"id": 74, "path_with_namespace": "acme/api"}]}]
      """#
    let runners = #"""
      [{"active": true, "paused": false, "description": "shared-1", "id": 8, "ip_address": "", "is_shared": true,
        "runner_type": "instance_type", "name": null, "online": true, "status": "online", "created_at": "2025-05-03T00:00:00Z"}]
      """#
    let users =
      #"[{"id": 3, "username": "ana", "state": "active", "bot": false, "created_at": "2020-01-01T00:00:00Z"}]"#
    let result = readServices([
      ("projects/acme/web/access_tokens.json", project), ("pat.json", personal),
      ("projects/acme/web/deploy_tokens.json", deploy), ("keys.json", keys), ("runners.json", runners),
      ("users.json", users),
    ])
    #expect(result.messages == [])
    let bot = try #require(result.shown("gitlab:user/141"))
    #expect(bot.kind == .bot && bot.grants[0].via == "token:42/access-level:maintainer")
    #expect(bot.grants[0].resources == ["acme/web"] && bot.credentials[0].expires == Instant("2027-01-31T00:00:00Z"))
    let ana = try #require(result.shown("gitlab:user/3"))
    #expect((ana.name, ana.kind) == ("ana", .user) && ana.tags.map(\.value) == ["human"])
    #expect(ana.credentials[0].neverExpires && ana.lastUsed == Instant("2026-10-06T17:58:37.550Z"))
    let puller = try #require(result.shown("gitlab:acme/web/deploy-token/puller"))
    #expect(puller.credentials[0].status == .expired && puller.isEnabled == false)
    #expect(result.shown("gitlab:acme/web/deploy-key/host")?.grants[0].actions.contains("write_repository") == true)
    #expect(result.shown("gitlab:acme/api/deploy-key/host")?.grants[0].actions == ["read_repository"])
    #expect(result.shown("gitlab:runner/8")?.isEnabled == true)
    #expect(result.coverage.used == 6 && result.isBalanced)
  }
}

@Suite struct OctoSTSTests {
  @Test func readsWhoMayBecomeWhat() throws {
    let exact = """
      issuer: https://token.actions.githubusercontent.com
      subject: repo:acme/web:ref:refs/heads/main
      permissions:
        contents: write
        pull_requests: write
      """
    let pattern = """
      issuer: https://accounts.google.com
      subject_pattern: '[0-9]+'
      claim_pattern:
        email: '.*@acme.example'
      permissions: {issues: read}
      repositories: [web, api]
      """
    let result = readServices([
      ("repos/acme/web/.github/chainguard/release.sts.yaml", exact),
      ("repos/acme/.github/.github/chainguard/triage.sts.yaml", pattern),
    ])
    #expect(result.messages == [])
    let release = try #require(result.shown("github:acme/web/sts/release"))
    #expect(
      release.trusts.map(\.principals) == [
        ["Federated:https://token.actions.githubusercontent.com#repo:acme/web:ref:refs/heads/main"]
      ])
    #expect(release.trusts[0].condition == nil)
    #expect(release.grants.map(\.actions) == [["contents:write", "pull_requests:write"]])
    #expect(release.grants[0].resources == ["acme/web"])
    #expect(release.links.map(\.to) == ["github:acme/app/octo-sts"])
    let triage = try #require(result.shown("github:acme/.github/sts/triage"))
    #expect(triage.grants[0].resources == ["acme/api", "acme/web"])
    #expect(triage.trusts[0].condition == #"{"claim_pattern":{"email":".*@acme.example"},"subject_pattern":"[0-9]+"}"#)
  }

  /// GitLab's variables: hidden ones and files are secrets, others are settings; values are never read.
  @Test func readsNamesOfVariablesOnly() {
    let text = """
      [{"key": "TOKEN", "variable_type": "env_var", "value": "hunter2hunter2", "protected": true, "masked": true, "environment_scope": "prod/*"},
       {"key": "REGION", "variable_type": "env_var", "value": "eu", "protected": false, "masked": false, "environment_scope": "*"}]
      """
    let result = readInventory(
      InventorySource(name: "gl", covers: ["gitlab:acme/web"]),
      files: [InventoryFile(path: "v.json", bytes: Array(text.utf8))])
    #expect(result.diagnostics.map(\.kind) == [.warning])
    #expect((result.coverage.used, result.coverage.filtered) == (1, 1))
    #expect(result.identities.map(\.principal.description) == ["gitlab:acme/web/ci"])
    #expect(result.identities.first?.credentials.map(\.id) == ["TOKEN (prod/*)"])
    #expect(!"\(result)".contains("hunter2"))
  }
}
