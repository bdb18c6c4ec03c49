import Base
import Inventory
import Model
import Testing

@Suite struct RecognitionTests {
  @Test(arguments: [
    ("", "the file is empty"), (" \n ", "the file is empty"),
    ("{}", "this is no inventory export that is known here: an empty object"),
    (#"{"a": 1, "b": 2}"#, "this is no inventory export that is known here: its keys are `a`, `b`"),
    ("[1]", "this is no inventory export that is known here: a number"),
    (
      #"{"Error": {"Code": "AccessDenied", "Message": "no\\u001b[31m"}}"#,
      "the export is the error of a failed call: AccessDenied: no"
    ),
    (#"{"__type": "ExpiredToken", "message": "x"}"#, "the export is the error of a failed call: ExpiredToken: x"),
    (
      "\nAn error occurred (AccessDenied) when calling",
      "the export is an error message: An error occurred (AccessDenied) when calling"
    ),
    ("a,b\n1,2\n", "neither JSON nor YAML nor a text that is known here"),
    (#"{"message": "401 Unauthorized"}"#, "the export is the error of a failed call: 401 Unauthorized"),
    (#"{"error_code": "DENIED", "message": "no"}"#, "the export is the error of a failed call: DENIED: no"),
    ("gh: Not Found (HTTP 404)\n", "the export is an error message: gh: Not Found (HTTP 404)"),
    ("<!DOCTYPE html><html><p>502</p></html>", "this is a page for a browser"),
    ("NAMESPACE   NAME   AGE\npay   app   1d\n", "this is a table for people"),
    ("-----BEGIN PRIVATE KEY-----\nMIIB\n", "this is a private key, which is not read"),
    ("\u{1B}[33m[\u{1B}[39m]", "this is coloured for a terminal"),
    (#"{"RoleDetailList": ["#, "the text ends inside the array opened at line 1, column 20"),
  ])
  func saysWhatAFileIs(text: String, message: String) {
    let result = read([("x.json", text)])
    #expect(result.messages.contains { $0.hasPrefix(message) }, "\(result.messages)")
    #expect(result.diagnostics.allSatisfy { $0.kind == .unreadable && $0.location.path == "x.json" })
    #expect(result.coverage.inputs.map(\.status) == [message == "the file is empty" ? "empty" : "unreadable"])
  }

  @Test(arguments: [
    (#"{"AccountAliases": ["x"]}"#, "`AccountAliases` of `aws iam list-account-aliases`"),
    (#"{"output": {"EvaluationResults": []}}"#, "`EvaluationResults` of `aws iam simulate-principal-policy`"),
    (#"{"Status": "SUCCEEDED"}"#, "`Status` of `aws iam get-service-linked-role-deletion-status`"),
  ])
  func setsAsideAnswersThatHoldNoIdentity(text: String, command: String) {
    let result = read([("x.json", text)])
    #expect(result.messages == ["this says nothing of an identity by itself: \(command)"])
    #expect(result.diagnostics.map(\.kind) == [.warning])
    #expect((result.coverage.filtered, result.coverage.records) == (1, 1))
  }

  @Test(arguments: ["[]", #"{"items": []}"#, #"{"value": [], "x": 1}"#, #"{"total_count": 0, "secrets": []}"#])
  func takesAnEmptyListForNothing(text: String) {
    let result = read([("x.json", text)])
    #expect(result.diagnostics.allSatisfy { $0.kind == .warning })
    #expect(result.coverage.records == 0)
    #expect(result.coverage.inputs.map(\.status) == ["ok"])
  }

  /// Windows PowerShell writes what a program prints as UTF-16.
  @Test(arguments: [true, false])
  func readsUTF16(isLittle: Bool) {
    let text = #"{"User": {"UserName": "ü", "UserId": "AIDA", "Arn": "arn:aws:iam::111122223333:user/ü"}}"#
    let units = [0xFEFF] + Array(text.utf16)
    let bytes = units.flatMap { unit -> [UInt8] in
      let (high, low) = (UInt8(unit >> 8), UInt8(unit & 255))
      return isLittle ? [low, high] : [high, low]
    }
    let result = readInventory(
      InventorySource(name: "t", covers: []), files: [InventoryFile(path: "x.json", bytes: bytes)])
    #expect(result.messages == [])
    #expect(result.identities.map(\.name) == ["ü"])
  }

  @Test func namesPackedFilesForWhatTheyAre() {
    let result = readInventory(
      InventorySource(name: "t", covers: []),
      files: [InventoryFile(path: "x.json.gz", bytes: [0x1F, 0x8B, 8, 0, 1, 2, 3])])
    #expect(result.messages == ["this is a gzip file"])
    #expect(result.coverage.unreadable == 1)
  }

  /// Parts of a record that nobody knows are no answers of the AWS CLI: the record must be told.
  @Test(arguments: [
    #"[{"Thing": "x", "Document": {"Version": "2012-10-17", "Statement": []}}]"#,
    #"[{"UserName": "a", "UserId": "AIDA"}]"#,
  ])
  func refusesUnknownRecordsWhosePartsLookKnown(text: String) {
    let result = read([("x.json", text)])
    #expect(result.messages.first?.hasPrefix("this is no inventory export that is known here") == true)
    #expect(result.coverage.unreadable == 1 && result.coverage.filtered == 0)
  }

  @Test func readsAStreamOfYAMLDocuments() {
    let user = "User:\n  UserName: u\n  UserId: AIDA\n  Arn: arn:aws:iam::111122223333:user/u\n"
    let other = user.replacing("UserName: u", with: "UserName: v").replacing("user/u", with: "user/v")
    let result = read([("x.yaml", "# made by a tool\n---\n\(user)---\n\(other)---\na: [\n---\n")])
    #expect(result.identities.map(\.name) == ["u", "v"])
    #expect(result.diagnostics.map(\.location.line) == [14])
  }

  @Test func readsPagesBehindOneAnother() {
    func user(_ name: String) -> String {
      #"{"User": {"UserName": "\#(name)", "UserId": "AIDA", "Arn": "arn:aws:iam::111122223333:user/\#(name)", "Path": "}]\""}}"#
    }
    for text in ["[\(user("u"))][\(user("v"))]", "\(user("u"))\(user("v"))", "[[\(user("u"))],[\(user("v"))]]"] {
      let result = read([("x.json", text)])
      #expect(result.messages == [], "\(text)")
      #expect(result.identities.map(\.name) == ["u", "v"])
    }
    let many = read([("x.json", (0..<200).map { "[\(user("u\($0)"))]" }.joined())])
    #expect(many.messages == [])
    #expect(many.identities.count == 200 && many.coverage.used == 200)
    let broken = read([("x.json", "[\(user("u"))]\n[{\"User\": nope}]")])
    #expect(broken.identities.map(\.name) == ["u"])
    #expect(broken.diagnostics.map(\.location.line) == [2])
    #expect(broken.coverage.unreadable == 1)
  }

  @Test func countsWhatItDoesNotKnowInAList() {
    let user = #"{"User": {"UserName": "u", "UserId": "AIDA", "Arn": "arn:aws:iam::111122223333:user/u"}}"#
    let result = read([("x.json", #"[{"what": 1}, \#(user), {"what": 2}]"#)])
    #expect(result.coverage.used == 1)
    #expect(result.coverage.unreadable == 2)
    #expect(result.messages.contains { $0.hasSuffix("(and 1 more in the list)") })
  }

  @Test func readsWrappedValuesListsAndLines() {
    let user = #"{"User": {"UserName": "u", "UserId": "AIDA", "Arn": "arn:aws:iam::111122223333:user/u"}}"#
    let other = user.replacing("\"u\"", with: "\"v\"").replacing("user/u", with: "user/v")
    for text in [#"{"output": \#(user)}"#, "[\(user), \(other)]", "\(user)\n\(other)\n", #"{"a": {"b": \#(user)}}"#] {
      let result = read([("x.json", text)])
      #expect(result.messages == [])
      #expect(result.identities.first?.name == "u")
    }
  }

  @Test func keepsGoodFilesBesideBadOnes() {
    let role = #"{"Role": {"RoleName": "r", "RoleId": "A", "Arn": "arn:aws:iam::111122223333:role/r"}}"#
    let result = read([("a.json", "{"), ("b.json", role), ("c.json", "")])
    #expect(result.identities.map(\.name) == ["r"])
    #expect(result.coverage.inputs.map(\.status) == ["unreadable", "ok", "empty"])
    #expect(result.coverage.inputs.allSatisfy { $0.sha256.count == 64 })
    #expect(result.diagnostics.map(\.location.path) == ["a.json", "c.json"])
  }

  @Test func holdsTheSourceToItsFormat() {
    let role = #"{"Role": {"RoleName": "r", "RoleId": "A", "Arn": "arn:aws:iam::111122223333:role/r"}}"#
    let result = read([("b.json", role)], format: "aws-credential-report")
    #expect(result.messages == ["this is aws-users-and-roles, the source is said to be aws-credential-report"])
    let unknown = read([("b.json", role)], format: "aws-access-key")
    #expect(unknown.diagnostics.contains { $0.kind == .invalid && $0.hint == "did you mean `aws-access-keys`?" })
  }

  @Test func saysThatASourceHasNoFiles() {
    #expect(read([]).messages == ["the source `aws` has no files"])
  }

  @Test func warnsOfKeysThatStandTwice() {
    let role =
      #"{"Role": {"RoleName": "r", "RoleName": "s", "RoleId": "A", "Arn": "arn:aws:iam::111122223333:role/s"}}"#
    let result = read([("b.json", role)])
    #expect(result.identities.map(\.name) == ["s"])
    #expect(result.diagnostics.map(\.kind) == [.warning])
  }

  @Test(arguments: [
    ("a/2026-11-20/x.json", "2026-11-20T00:00:00Z"), ("x-2026-11-20T060730Z.json", "2026-11-20T06:07:30Z"),
    ("x-2026-11-20T06:07Z.json", "2026-11-20T06:07:00Z"),
    ("2025-01-01/2026-11-20T06-07-30Z.json", "2026-11-20T06:07:30Z"),
    ("12026-11-20.json", nil), ("2026-13-20.json", nil), ("2026-11-201.json", nil), ("x.json", nil),
  ])
  func takesTheTimeFromThePath(path: String, expected: String?) {
    let role = #"{"Role": {"RoleName": "r", "RoleId": "A", "Arn": "arn:aws:iam::111122223333:role/r"}}"#
    #expect(read([(path, role)]).coverage.collected?.description == expected)
  }

  @Test(arguments: [
    ("Jul 10, 2023 12:23:05 PM", "2023-07-10T12:23:05Z"), ("Jul 10, 2023 12:23:05\u{202F}AM", "2023-07-10T00:23:05Z"),
    ("2019-12-18 19:10:08+00:00", "2019-12-18T19:10:08Z"), ("1410000000.5", "2014-09-06T10:40:00.500Z"),
    ("2015-06-17T19:23;32Z", nil), ("Jul 32, 2023 12:23:05 PM", nil), ("Jul 10, 2023 13:23:05 PM", nil), ("-1", nil),
  ])
  func readsTimesAsExportsWriteThem(text: String, expected: String?) {
    let role =
      #"{"Role": {"RoleName": "r", "RoleId": "A", "Arn": "arn:aws:iam::111122223333:role/r", "CreateDate": "\#(text)"}}"#
    let result = read([("r.json", role)])
    #expect(result.identities.first?.created?.description == expected)
    #expect(result.messages == (expected == nil ? ["`\(text)` is not a time"] : []))
  }

  /// Lists that count all their elements, and pages of them.
  @Test(arguments: [
    ([2], 2, 0), ([1], 2, 1), ([1, 1], 2, 0), ([30, 15], 45, 0), ([30, 10], 45, 2),
  ])
  func noticesThatACountIsNotMet(pages: [Int], total: Int, missing: Int) {
    var number = 0
    let texts = pages.enumerated().map { index, count in
      let keys = (0..<count).map { _ in
        number += 1
        return #"{"name": "S\#(number)", "created_at": "2026-01-01T00:00:00Z", "updated_at": "2026-01-01T00:00:00Z"}"#
      }
      let path = "repos/acme/web/actions/\(index).json"
      return (path, #"{"total_count": \#(total), "secrets": [\#(keys.joined(separator: ", "))]}"#)
    }
    let result = read(texts)
    let told = result.diagnostics.filter { $0.message.hasPrefix("this is a page of a longer list") }
    #expect(told.count == missing)
    #expect(told.allSatisfy { $0.hint.contains("gh api --paginate") })
    #expect(result.coverage.unreadable == UInt64(missing))
    #expect(result.identities.first?.credentials.count == pages.reduce(0, +))
  }

  /// What a projection left of lists is no answer of a single command.
  @Test(arguments: [
    #"[{"Id": "111122223333", "Name": "prod", "Status": "ACTIVE"}]"#,
    #"[{"ARN": "arn:aws:secretsmanager:eu-west-1:111122223333:secret:db", "Name": "db"}]"#,
  ])
  func refusesElementsThatLookLikeAnswers(text: String) {
    #expect(read([("x.json", text)]).coverage.unreadable == 1)
  }

  /// Two days' lists are two snapshots, also where nothing in them differs; parts of one day are not.
  @Test(arguments: [
    ("2026-11-01.json", "2026-11-20.json", true), ("2026-11-20/a.json", "2026-11-20/b.json", false),
    ("a.json", "b.json", false),
  ])
  func tellsSnapshotsOfDifferentDays(first: String, second: String, isTold: Bool) {
    func users(_ names: String...) -> String {
      let list = names.map {
        #"{"UserName": "\#($0)", "UserId": "AIDA\#($0)", "Arn": "arn:aws:iam::111122223333:user/\#($0)"}"#
      }
      return #"{"Users": [\#(list.joined(separator: ", "))]}"#
    }
    let result = read([(first, users("a", "b", "gone")), (second, users("a", "b", "new"))])
    #expect(result.identities.count == 4)
    #expect(result.messages.map { $0.hasPrefix("this is a snapshot of 2026-11-20, and ") } == (isTold ? [true] : []))
    #expect(result.diagnostics.allSatisfy { $0.kind == .unreadable && $0.location.path == second })
  }
}
