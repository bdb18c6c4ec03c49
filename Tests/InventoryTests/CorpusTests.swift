import Base
import Inventory
import Model
import TestSupport
import Testing

private let covers = ["aws:123456789012"]

@Suite(.enabled(if: Corpus.isPresent, "\(Corpus.absence)")) struct CorpusTests {
  /// Which documented outputs of `aws iam` are read, and how many records each holds; the first is a page, whose rest counts as one.
  static let read: [String: String] = [
    "get-account-authorization-details.1":
      "[.UserDetailList, .GroupDetailList, .RoleDetailList, .Policies] | map(length) | add + 1",
    "get-access-key-last-used.1": "1", "get-credential-report.1": "1", "get-role.1": "1", "get-user.1": "1",
    "list-access-keys.1": ".AccessKeyMetadata | length", "list-roles.1": ".Roles | length",
    "list-users.1": ".Users | length",
    "create-role.1": "1", "create-role.2": "1", "create-role.3": "1", "create-service-linked-role.1": "1",
    "create-user.1": "1", "create-user.2": "1", "create-user.3": "1", "create-user.4": "1",
    "update-role-description.1": "1",
  ]

  @Test func accountsForEveryDocumentedOutput() throws {
    for file in try Corpus.files("inventories/awscli-examples/*/*.json") {
      let name = String(file.path.split(separator: "/").last?.dropLast(5) ?? "")
      let result = readInventory(InventorySource(name: "aws", covers: covers), files: [file])
      let isIAM = file.path.contains("/iam/")
      guard isIAM, let filter = Self.read[name] else {
        #expect(result.identities.isEmpty, "\(file.path)")
        #expect(result.diagnostics.contains { $0.kind == .unreadable }, "\(file.path) is passed over in silence")
        if isIAM {
          let isNamed = result.messages.contains { $0.hasPrefix("this is another kind of list: ") }
          #expect(isNamed, "\(file.path): \(result.messages)")
        }
        continue
      }
      #expect(result.coverage.inputs[0].status != "unreadable", "\(file.path): \(result.messages)")
      if Corpus.hasJQ {
        #expect(result.coverage.records == UInt64(try Corpus.count(".output | \(filter)", file.path)), "\(file.path)")
      }
    }
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
