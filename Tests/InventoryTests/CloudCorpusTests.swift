import Base
import Inventory
import Model
import Testing

/// Files of Google Cloud and Entra among the shared corpora, counted by jq.
@Suite(.enabled(if: Corpus.isPresent, "\(Corpus.absence)"), .enabled(if: Corpus.hasJQ, "jq is not installed"))
struct CloudCorpusTests {
  private func source(_ name: String) -> InventorySource {
    InventorySource(name: name, covers: [name == "gcp" ? "gcp:*" : "entra:11111111-aaaa-bbbb-cccc-222222222222"])
  }

  private func single(_ path: String) throws -> InventoryFile {
    try #require(try Corpus.files("inventories/\(path)").first)
  }

  @Test(arguments: [
    ("cartography/gcp-service-accounts-list.json", "gcp-service-accounts", "length"),
    ("cartography/gcp-service-account-keys-list.json", "gcp-service-account-keys", "length"),
    ("cartography/gcp-policy-bindings-cai.json", "gcp-effective-iam-policies", ".policy_results | length"),
    ("cartography/gcp-workload-identity-pools.json", "gcp-workload-identity-pools", "length"),
    (
      "cartography/gcp-workload-identity-providers.json", "gcp-workload-identity-providers",
      "[.[].workloadIdentityPoolProviders[]] | length"
    ),
    ("cartography/entra-applications.json", "entra-applications", ".value | length"),
    ("cartography/entra-servicePrincipals.json", "entra-service-principals", ".value | length"),
    ("cartography/entra-appRoleAssignments.json", "entra-app-role-assignments", ".value | length"),
    ("vendor-docs/entra-graph-servicePrincipals.list.json", "entra-service-principals", ".value | length"),
    ("vendor-docs/entra-graph-passwordCredential.json", "entra-credentials", "1"),
  ])
  func accountsForEveryRecord(path: String, format: String, filter: String) throws {
    let file = try single(path)
    let result = readInventory(source(path.contains("gcp") ? "gcp" : "entra"), files: [file])
    #expect(result.coverage.formats == [format])
    #expect(result.coverage.records == UInt64(try Corpus.count(filter, file.path)))
    #expect(result.coverage.unreadable == 0)
    #expect(result.diagnostics.allSatisfy { $0.kind == .warning }, "\(result.messages)")
  }

  @Test func countsGoogleAccountsAndKeys() throws {
    let files = try Corpus.files("inventories/cartography/gcp-service-account*.json")
    let result = readInventory(source("gcp"), files: files)
    let list = try single("cartography/gcp-service-accounts-list.json").path
    let keys = try single("cartography/gcp-service-account-keys-list.json").path
    #expect(result.identities.count == (try Corpus.count("length", list)))
    #expect(
      result.identities.count { $0.isEnabled == false } == (try Corpus.count("map(select(.disabled)) | length", list)))
    let own = try Corpus.count("map(select(.keyType == \"USER_MANAGED\")) | length", keys)
    #expect(result.identities.flatMap(\.credentials).count == own)
    #expect(
      result.coverage.filtered == UInt64(try Corpus.count("map(select(.keyType == \"SYSTEM_MANAGED\")) | length", keys))
    )
  }

  @Test func countsBindingsAsGrants() throws {
    let file = try single("cartography/gcp-policy-bindings-cai.json")
    let result = readInventory(source("gcp"), files: [file])
    let policies = "[.policy_results[].policies[].policy.bindings[]"
    let grants = result.identities.flatMap(\.grants)
    #expect(grants.count == (try Corpus.count("\(policies) | .members[]] | length", file.path)))
    #expect(result.identities.count == (try Corpus.count("\(policies) | .members[]] | unique | length", file.path)))
    #expect(
      grants.count { $0.condition != nil }
        == (try Corpus.count("\(policies) | select(.condition) | .members[]] | length", file.path)))
    #expect(Set(grants.map(\.via)).count == (try Corpus.count("\(policies)] | length", file.path)))
    #expect(result.identities.first { $0.principal.description == "gcp:allUsers" }?.tags.first?.value == "public")
  }

  @Test func joinsPoolsWithTheirProviders() throws {
    let files = try Corpus.files("inventories/cartography/gcp-workload-identity-*.json")
    let result = readInventory(source("gcp"), files: files)
    let trusts = Dictionary(uniqueKeysWithValues: result.identities.map { ($0.name, $0.trusts) })
    #expect(trusts["github-pool"]?.first?.principals == ["Federated:https://token.actions.githubusercontent.com#*"])
    #expect(trusts["github-pool"]?.first?.condition == #""assertion.repository_owner == 'subimagesec'""#)
    #expect(trusts["aws-pool"]?.first?.principals == ["Federated:aws:111122223333#*"])
  }

  @Test func joinsEntrasObjects() throws {
    let files = try Corpus.files("inventories/cartography/entra-*.json")
    let result = readInventory(source("entra"), files: files)
    func count(_ kind: IdentityKind) -> Int { result.identities.count { $0.kind == kind } }
    let assignments = try single("cartography/entra-appRoleAssignments.json").path
    #expect(
      count(.oauthApp) == (try Corpus.count(".value | length", try single("cartography/entra-applications.json").path)))
    #expect(
      count(.serviceAccount)
        == (try Corpus.count(".value | length", try single("cartography/entra-servicePrincipals.json").path)))
    for (kind, type) in [(IdentityKind.user, "User"), (.group, "Group")] {
      #expect(
        count(kind)
          == (try Corpus.count(
            ".value | map(select(.principalType == \"\(type)\").principalId) | unique | length", assignments)))
    }
    #expect(result.identities.flatMap(\.grants).count == (try Corpus.count(".value | length", assignments)))
    #expect(result.identities.allSatisfy { $0.principal.account == "11111111-aaaa-bbbb-cccc-222222222222" })
  }

  @Test func warnsOfASecretAndKeepsNone() throws {
    let result = readInventory(source("entra"), files: [try single("vendor-docs/entra-graph-passwordCredential.json")])
    #expect(result.messages == ["the export holds the secret of the credential `f0b0b335-1d71-4883-8f98-567911bfdca6`"])
    #expect(result.identities.map(\.principal.description) == ["apikey:entra/f0b0b335-1d71-4883-8f98-567911bfdca6"])
    #expect(result.identities[0].credentials[0].expires == Instant("2021-09-09T19:50:29.3086381Z"))
    #expect(!"\(result)".contains("[6gyXA5S20@MN"))
  }
}
