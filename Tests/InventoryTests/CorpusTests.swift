import Base
import Inventory
import Model
import TestSupport
import Testing

private let covers = ["aws:123456789012"]

@Suite(.enabled(if: Corpus.isPresent, "\(Corpus.absence)")) struct CorpusTests {
  /// How many records the documented outputs hold, where it is not one; a page of a longer list counts its rest as one.
  static let records: [String: String] = [
    "get-account-authorization-details":
      "[.UserDetailList, .GroupDetailList, .RoleDetailList, .Policies] | map(length) | add + 1",
    "get-group": ".Users | length + 1", "list-groups": ".Groups | length", "list-groups-for-user": ".Groups | length",
    "list-access-keys": ".AccessKeyMetadata | length", "list-roles": ".Roles | length", "list-users": ".Users | length",
    "list-mfa-devices": ".MFADevices | length", "list-ssh-public-keys": ".SSHPublicKeys | length",
    "list-service-specific-credentials": ".ServiceSpecificCredentials | length",
    "list-server-certificates": ".ServerCertificateMetadataList | length",
    "list-instance-profiles": "[.InstanceProfiles[].Roles | [length, 1] | max] | add",
    "get-service-last-accessed-details-with-entities": ".EntityDetailsList | length",
    "list-policies": "2", "list-findings": ".findings | length", "list-findings-v2": ".findings | length",
    "validate-policy": ".findings | length", "list-secrets": ".SecretList | length",
    "batch-get-secret-value": ".SecretValues | length",
  ]
  /// Outputs that are flawed themselves: placeholders for documents and texts, a page without its last one, a report without content.
  static let flawed: Set<String> = [
    "get-account-authorization-details.1", "get-credential-report.1", "create-role.1", "get-role.1",
    "get-access-key-last-used.1", "get-instance-profile.1", "list-policies.1", "list-instance-profiles-for-role.1",
  ]

  @Test func accountsForEveryDocumentedOutput() throws {
    var count = 0
    for file in try Corpus.files("inventories/awscli-examples/*/*.json") {
      count += 1
      let name = String(file.path.split(separator: "/").last?.dropLast(5) ?? "")
      let result = readInventory(InventorySource(name: "aws", covers: covers), files: [file])
      let refused = result.diagnostics.filter { $0.kind != .warning && !$0.message.contains("is not what the source") }
      #expect(refused.isEmpty != Self.flawed.contains(name), "\(name): \(result.messages)")
      #expect(!result.identities.isEmpty || result.coverage.filtered > 0 || !refused.isEmpty, "\(name) says nothing")
      if Corpus.hasJQ {
        let filter = Self.records[name.split(separator: ".").first.map(String.init) ?? ""] ?? "1"
        let expected = UInt64(try Corpus.count(".output | \(filter)", file.path))
        #expect(result.coverage.records == expected, "\(name): \(result.messages)")
      }
    }
    #expect(count == 193)
  }

  @Test(
    .enabled(if: Corpus.hasJQ, "jq is not installed"),
    arguments: [
      ("inventories/cloudsplaining/example-authz-details.json", "."),
      ("inventories/cloudsplaining/example_authz_v2.json", "."),
      ("inventories/awscli-examples/iam/get-account-authorization-details.1.json", ".output"),
    ])
  func countsWhatJQCounts(path: String, inside: String) throws {
    let file = try #require(try Corpus.files(path).first)
    let result = readInventory(InventorySource(name: "aws"), files: [file])
    func count(_ filter: String) throws -> Int { try Corpus.count("\(inside) | \(filter)", file.path) }
    func number(_ kind: IdentityKind) -> Int { result.identities.count { $0.kind == kind } }
    #expect(number(.user) == (try count(".UserDetailList | length")))
    #expect(number(.group) == (try count(".GroupDetailList | length")))
    #expect(number(.role) + number(.service) == (try count(".RoleDetailList | length")))
    let list = "def list: if type == \"array\" then .[] elif . == null then empty else . end;"
    let own = result.identities.flatMap(\.grants).filter { $0.via.hasPrefix("inline:") }
    let inline = try count(
      "\(list) [(.UserDetailList[].UserPolicyList, .GroupDetailList[].GroupPolicyList, .RoleDetailList[].RolePolicyList) "
        + "| list | .PolicyDocument.Statement | list] | length")
    #expect(own.count == inline)
    #expect(
      own.reduce(0) { $0 + $1.actions.count + $1.notActions.count }
        == (try count(
          "\(list) [(.UserDetailList[].UserPolicyList, .GroupDetailList[].GroupPolicyList, .RoleDetailList[].RolePolicyList) "
            + "| list | .PolicyDocument.Statement | list | [(.Action, .NotAction) | list] | unique | .[]] | length")))
    // Attached policies by identity: their default version's statements, or one opaque grant where no document is exported.
    let attached = result.identities.flatMap(\.grants).filter { $0.via.hasPrefix("managed:") }
    #expect(
      attached.count
        == (try count(
          "\(list) . as $all | [(.UserDetailList, .GroupDetailList, .RoleDetailList)[].AttachedManagedPolicies | list "
            + "| .PolicyArn as $arn | first($all.Policies[] | select(.Arn == $arn)) // null "
            + "| if . == null then 1 else (. as $p | [$p.PolicyVersionList[] | select(.VersionId == $p.DefaultVersionId) "
            + "| .Document.Statement | list] | unique | length) end] | add // 0")))
    #expect(
      result.identities.flatMap(\.trusts).count
        == (try count("\(list) [.RoleDetailList[].AssumeRolePolicyDocument.Statement | list] | length")))
    #expect(
      result.coverage.records
        == UInt64(
          // The rest of a cut list counts as one.
          try count(
            "([.UserDetailList, .GroupDetailList, .RoleDetailList, .Policies] | map(length) | add) "
              + "+ (if .IsTruncated then 1 else 0 end)")))
  }

  @Test func readsCartographysLists() throws {
    let files = try Corpus.files("inventories/cartography/aws-*.json")
    let keys = readInventory(InventorySource(name: "aws", covers: ["aws:1234"]), files: files)
    #expect(keys.messages == [])
    #expect(keys.identities.count { $0.kind == .role } == 3)
    #expect(keys.identities.flatMap(\.credentials).count == 4)
    #expect(keys.identities.flatMap(\.credentials).compactMap(\.lastUsed).count == 3)
  }

  @Test func readsTheInventoryThatWasDerivedFromALog() throws {
    let file = try #require(try Corpus.files("logs/invictus-aws/derived_inventory.json").first)
    let result = readInventory(InventorySource(name: "aws", covers: ["aws:123837392027"]), files: [file])
    #expect(result.messages == [])
    #expect(result.coverage.formats == ["aws-snapshot"])
    #expect(result.identities.count { $0.kind == .user } == 4)
    #expect(result.identities.count { $0.kind == .role } == 13)
    #expect(result.identities.allSatisfy { $0.deleted != nil && $0.isEnabled == false && $0.created != nil })
    let keys = result.identities.flatMap(\.credentials).filter { $0.kind == "access-key" }
    #expect(keys.map(\.status) == [.deleted, .deleted])
    #expect(keys.allSatisfy { $0.deleted == Instant("2023-07-10T12:28:24Z") })
    #expect(result.identities.flatMap(\.credentials).count { $0.id == "password" } == 2)
    #expect(result.identities.flatMap(\.grants).count { $0.isOpaque } == 4)
    #expect(result.identities.flatMap(\.trusts).count == 13)
  }
}
