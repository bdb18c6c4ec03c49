import Base
import Inventory
import Model
import Testing

private func read(vault files: [(String, String)], covers: [String] = []) -> InventoryResult {
  readInventory(
    InventorySource(name: "vault", covers: covers),
    files: files.map { InventoryFile(path: $0.0, bytes: Array($0.1.utf8)) })
}

private func answer(_ data: String) -> String {
  #"{"request_id": "r", "lease_id": "", "renewable": false, "lease_duration": 0, "auth": null, "data": \#(data)}"#
}

extension InventoryResult {
  fileprivate func identity(_ key: String) -> IdentityFact? { identities.first { $0.principal.description == key } }
}

@Suite struct VaultTests {
  private let role = answer(
    #"{"bind_secret_id": true, "secret_id_ttl": 0, "token_policies": ["app", "ops"], "token_ttl": 1200}"#)
  private let app = """
    # what the application needs
    path "secret/data/*" { capabilities = ["read", "list"] }
    path "secret/data/super" {
      capabilities = ["deny"] // nobody
    }
    path "secret/+/teams/*" { capabilities = ["create"], allowed_parameters = { "a" = ["b"] } }
    path "sys/health" { policy = "read" }
    """
  private let ops = answer(
    #"{"name": "ops", "policy": "path \"secret/data/ops\" {\n capabilities = [\"update\"] }\n/* end */"}"#)

  @Test(arguments: [
    ("vault:read kv", "secret/data/a", Answer.yes), ("vault:read kv", "secret/metadata/a", .no),
    // The narrower path decides alone, whether it denies or gives something else.
    ("vault:read kv", "secret/data/super", .no), ("vault:read kv", "secret/data/super/x", .yes),
    ("vault:read kv", "secret/data/ops", .no), ("vault:update kv", "secret/data/ops", .yes),
    ("vault:delete kv", "secret/data/a", .no), ("vault:list system", "sys/health", .yes),
    // Parameters decide.
    ("vault:create kv", "secret/data/teams/x", .unknown),
  ])
  func grantsWhatPoliciesGiveTogether(action: String, path: String, expected: Answer) throws {
    let result = read(vault: [
      ("auth/approle/role/web.json", role), ("policies/app.hcl", app), ("sys/policies/acl/ops.json", ops),
    ])
    #expect(result.messages == [])
    let web = try #require(result.identity("vault:approle/web"))
    #expect(EffectiveAccess(of: web).allows(action: action, resource: path) == expected)
    #expect(Set(web.grants.map(\.via)) == ["policy:app", "policy:ops"])
    #expect(web.knows("grants"))
    #expect(result.coverage.places.isEmpty)
  }

  @Test func takesSecretIdsAndTokensForCredentials() throws {
    let secretID = answer(
      """
      {"secret_id_accessor": "acc1", "creation_time": "2023-02-10T18:17:27.089757383Z", "secret_id_ttl": 0,
       "expiration_time": "0001-01-01T00:00:00Z"}
      """)
    let token = answer(
      """
      {"accessor": "tok1", "creation_ttl": 60, "creation_time": 1700000000, "display_name": "approle", "id": "",
       "expire_time": "2026-01-01T00:00:00Z", "meta": {"role_name": "web"}, "policies": ["app", "default"], "ttl": 5}
      """)
    let root = answer(
      #"{"accessor": "tok2", "creation_ttl": 0, "display_name": "root", "expire_time": null, "policies": ["root"], "ttl": 0}"#
    )
    let result = read(
      vault: [
        ("auth/approle/role/web.json", role), ("auth/approle/role/web/secret-id/acc1.json", secretID),
        ("auth/approle/role/web/secret-id.json", answer(#"{"keys": ["acc1", "acc2"]}"#)), ("tokens/tok1.json", token),
        ("tokens/tok2.json", root),
      ], covers: ["vault:ns=team"])
    #expect(result.messages == [])
    let web = try #require(result.identity("vault:ns=team/approle/web"))
    #expect(web.credentials.map(\.id) == ["acc1", "acc2", "tok1"])
    #expect(web.credentials.map(\.neverExpires) == [true, false, false])
    #expect(web.credentials.map(\.status) == [.active, .unknown, .active])
    #expect(web.credentials[2].expires == Instant("2026-01-01T00:00:00Z"))
    let all = try #require(result.identity("vault:ns=team/root"))
    #expect(EffectiveAccess(of: all).allows(action: "vault:delete kv", resource: "x") == .yes)
    #expect(result.coverage.used == 6)
  }

  @Test func givesGroupsPoliciesToTheirEntities() throws {
    let entity = answer(
      """
      {"id": "e1", "name": "svc", "disabled": true, "policies": [], "direct_group_ids": ["g1"], "creation_time": "2024-01-01T00:00:00Z",
       "aliases": [{"name": "ns/sa", "mount_path": "auth/kubernetes/", "mount_type": "kubernetes"}]}
      """)
    func group(_ id: String, _ entities: String, _ groups: String, _ policies: String) -> String {
      answer(
        #"{"id": "\#(id)", "name": "\#(id)n", "policies": [\#(policies)], "member_entity_ids": [\#(entities)], "member_group_ids": [\#(groups)]}"#
      )
    }
    let result = read(vault: [
      ("e.json", entity), ("g1.json", group("g1", #""e1""#, "", "")), ("g2.json", group("g2", "", #""g1""#, #""app""#)),
      ("app.hcl", app),
    ])
    let found = try #require(result.identity("vault:entity/e1"))
    #expect(Set(found.grants.map(\.via)) == ["group:g2n/policy:app"])
    #expect(found.isEnabled == false)
    #expect(found.trusts.map(\.principals) == [["Federated:auth/kubernetes/#ns/sa"]])
    #expect(result.identity("vault:group/g2")?.kind == .group)
  }

  @Test func neverTakesAnUnknownPolicyForNone() throws {
    let result = read(vault: [("auth/approle/role/web.json", role), ("app.hcl", app)])
    let web = try #require(result.identity("vault:approle/web"))
    #expect(EffectiveAccess(of: web).allows(action: "vault:delete kv", resource: "x") == .unknown)
    #expect(!web.knows("grants"))
    let broken = read(vault: [("app.hcl", "path \"a\" { capabilities = [\"read\" ")])
    #expect(broken.messages == ["the policy `app` is neither HCL nor JSON that Vault would take"])
    #expect(broken.coverage.unreadable == 1)
  }
}

@Suite struct CertificateTests {
  @Test func readsCertificatesByTheirMetadata() throws {
    let key = "-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----\n"
    let result = read([
      ("b.pem", key + leaf + "\n" + authority + "\n-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----")
    ])
    let found = try #require(result.identities.first)
    #expect(found.principal.description == "spiffe://acme.example/api")
    #expect(found.credentials.map(\.id) == ["ab12"])
    #expect(found.credentials[0].created == Instant("2026-11-21T16:03:10Z"))
    #expect(found.credentials[0].expires == Instant("2036-11-18T16:03:10Z"))
    #expect(found.tags.map(\.value) == ["CN=Acme CA,O=Acme", "CN=api,O=Acme"])
    #expect((result.coverage.used, result.coverage.filtered, result.coverage.unreadable) == (1, 1, 1))
    #expect(
      Set(result.messages) == [
        "the file holds a private key in clear text; it is not read", "this is no X.509 certificate",
      ])
    #expect(read([("ca.pem", authority)]).identities.map(\.principal.description) == ["x509:CN=Acme CA,O=Acme"])
  }

  @Test func readsACertificateInDER() throws {
    let base64 = leaf.split(separator: "\n").filter { !$0.hasPrefix("-----") }.joined()
    let der = try #require(Base64.decode(base64))
    func read(_ bytes: [UInt8]) -> InventoryResult {
      readInventory(InventorySource(name: "c", covers: []), files: [InventoryFile(path: "c.der", bytes: bytes)])
    }
    #expect(read(der).identities.map(\.principal.description) == ["spiffe://acme.example/api"])
    #expect(read(der).identities == read(Array(leaf.utf8)).identities)
    #expect(read(Array(der.dropLast(40))).coverage.unreadable == 1)
  }

  private let leaf = """
    -----BEGIN CERTIFICATE-----
    MIIBtTCCAVygAwIBAgIDAKsSMAoGCCqGSM49BAMCMCExDTALBgNVBAoMBEFjbWUx
    EDAOBgNVBAMMB0FjbWUgQ0EwHhcNMjYxMTIxMTYwMzEwWhcNMzYxMTE4MTYwMzEw
    WjAdMQ0wCwYDVQQKDARBY21lMQwwCgYDVQQDDANhcGkwWTATBgcqhkjOPQIBBggq
    hkjOPQMBBwNCAARx60hAFxQcTl9wwohNzdOGNgI2cRONOFQRLSc9bNox0L4v2e8Q
    asuxkvnHgdd3iv9Sm+kxWJAfxOK1no+upCq1o4GGMIGDMDYGA1UdEQQvMC2CEGFw
    aS5hY21lLmV4YW1wbGWGGXNwaWZmZTovL2FjbWUuZXhhbXBsZS9hcGkwCQYDVR0T
    BAIwADAdBgNVHQ4EFgQUKKtx8NbDFnUiXujb6dxt1b1eLSQwHwYDVR0jBBgwFoAU
    7jSdr+wrJIIGjjxbK/Hy769Q/IAwCgYIKoZIzj0EAwIDRwAwRAIgEal3WEFFJuVg
    0DVcE/lW5a9xkwD6nnoC+Y8mX9P2poUCIEMt3zD1zMPRdW8ehZkp8+ycU9UYaohT
    rwwEfZeR4PbN
    -----END CERTIFICATE-----
    """
  private let authority = """
    -----BEGIN CERTIFICATE-----
    MIIBlzCCAT2gAwIBAgIUEnnr4V86qalArGblXh23Yk9jMlUwCgYIKoZIzj0EAwIw
    ITENMAsGA1UECgwEQWNtZTEQMA4GA1UEAwwHQWNtZSBDQTAeFw0yNjExMjExNjAz
    MTBaFw0zNjExMTgxNjAzMTBaMCExDTALBgNVBAoMBEFjbWUxEDAOBgNVBAMMB0Fj
    bWUgQ0EwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAAS7XFqPjSQWxyj0wftvqRwB
    XjiHmbGOV7L8DTz36e8JBN5DYJggKXqATFEXdE4heLRjfUTiPzwEHET0PiR0Y2Ls
    o1MwUTAdBgNVHQ4EFgQU7jSdr+wrJIIGjjxbK/Hy769Q/IAwHwYDVR0jBBgwFoAU
    7jSdr+wrJIIGjjxbK/Hy769Q/IAwDwYDVR0TAQH/BAUwAwEB/zAKBggqhkjOPQQD
    AgNIADBFAiArNGiimV6KfuDUxFDofpLaYTkc3KMpbfvYXebA/IZ2kQIhAOBwnycU
    /F6zaT+q61cwfmSAE/XNcuU3ZTI2a5s5PMvt
    -----END CERTIFICATE-----
    """
}

@Suite(.enabled(if: Corpus.isPresent, "\(Corpus.absence)")) struct VendorDocsTests {
  @Test func readsVaultsDocumentedAnswers() throws {
    func result(_ name: String) throws -> InventoryResult {
      readInventory(InventorySource(name: "v"), files: try Corpus.files("inventories/vendor-docs/\(name).json"))
    }
    let roles = try result("vault-approle-list")
    #expect(roles.identities.map(\.name) == ["dev", "prod", "test"])
    #expect(roles.messages == [])
    let role = try result("vault-approle-read")
    #expect(role.identities.map(\.principal.description) == ["vault:approle/vault-approle-read"])
    #expect(role.messages.count == 1)
    #expect(role.identities[0].grants.map(\.via) == ["policy:default"])
    #expect(try result("vault-approle-secret-id-list").identities.flatMap(\.credentials).count == 5)
    let secretID = try #require(
      try result("vault-approle-secret-id-accessor-lookup").identities.first?.credentials.first)
    #expect(secretID.neverExpires)
    #expect(secretID.expires == nil)
    #expect(secretID.created == Instant("2023-02-10T18:17:27.089Z"))
  }

  @Test(arguments: ["json", "txt", "*"])
  func readsSPIREsEntries(ending: String) throws {
    let files = try Corpus.files("inventories/vendor-docs/spire-entry-show.\(ending)")
    let result = readInventory(InventorySource(name: "s"), files: files)
    #expect(result.messages == [])
    #expect(result.identities.map(\.name) == ["spiffe://example.org/daughter", "spiffe://example.org/son"])
    #expect(result.identities.flatMap(\.credentials).count == 4)
    #expect(result.identities.flatMap(\.trusts).count == 4)
    #expect(result.identities.flatMap(\.credentials).compactMap(\.expires) == [Instant("2019-03-12T17:04:26Z")])
    #expect(result.identities[0].tags == [Tag(key: "muster:federates-with", value: "spiffe://domain.test")])
    #expect(result.coverage.used == UInt64(4 * files.count))
  }

  /// The documentation's sample of an entity leaves the lease out.
  @Test func readsAnswersOfVaultWithoutTheirLease() {
    let text = """
      {"data": {"bucket_key_hash": "17", "creation_time": "2017-07-25T20:29:22.614756844Z", "id": "8d6a", "aliases": [], "name": "e",
        "metadata": {}, "policies": ["eng-dev"]}}
      """
    let result = readInventory(
      InventorySource(name: "v", covers: []), files: [InventoryFile(path: "e.json", bytes: Array(text.utf8))])
    #expect(result.identities.map(\.principal.description) == ["vault:entity/8d6a"])
  }
}
