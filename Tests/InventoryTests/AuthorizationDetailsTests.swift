import Base
import Inventory
import Model
import Testing

private let account = "arn:aws:iam::111122223333"

/// An export with the given lists.
private func details(
  users: String = "", groups: String = "", roles: String = "", policies: String = "", more: String = ""
)
  -> String
{
  """
  {"UserDetailList": [\(users)], "GroupDetailList": [\(groups)],
   "RoleDetailList": [\(roles)], "Policies": [\(policies)]\(more)}
  """
}

private func role(_ name: String, _ more: String = "", path: String = "/") -> String {
  """
  {"Path": "\(path)", "RoleName": "\(name)", "RoleId": "AROA\(name)", "Arn": "\(account):role\(path)\(name)",
   "CreateDate": "2024-01-02T03:04:05+00:00", "RoleLastUsed": {}, "AssumeRolePolicyDocument": {"Statement": []}\(more)}
  """
}

private func user(_ name: String, _ more: String = "") -> String {
  """
  {"UserName": "\(name)", "UserId": "AIDA\(name)", "Arn": "\(account):user/\(name)", "CreateDate": "2024-01-02T03:04:05Z"\(more)}
  """
}

private func policy(_ arn: String, _ statement: String, version: String = "v2") -> String {
  """
  {"Arn": "\(arn)", "DefaultVersionId": "\(version)", "PolicyVersionList": [
    {"VersionId": "v1", "Document": {"Statement": {"Effect": "Allow", "Action": "old:*", "Resource": "*"}}},
    {"VersionId": "v2", "Document": {"Version": "2012-10-17", "Statement": \(statement)}}]}
  """
}

@Suite struct AuthorizationDetailsTests {
  @Test func readsRoleWithEverything() throws {
    let inline = """
      ,"RolePolicyList": [{"PolicyName": "p", "PolicyDocument":
        "%7B%22Statement%22%3A%5B%7B%22Effect%22%3A%22Deny%22%2C%22NotAction%22%3A%22s3%3AGet%2A%22%2C%22NotResource%22%3A%5B%22b%22%2C%22a%22%5D%2C%22Condition%22%3A%7B%22Z%22%3A%7B%22b%22%3A1%7D%2C%22A%22%3A%7B%22a%22%3A%5B%22x%22%5D%7D%7D%7D%5D%7D"}],
       "AttachedManagedPolicies": [{"PolicyArn": "\(account):policy/own"}],
       "PermissionsBoundary": {"PermissionsBoundaryType": "Policy", "PermissionsBoundaryArn": "\(account):policy/limit"},
       "Tags": [{"Key": "team", "Value": "payments"}], "InstanceProfileList": [{"Arn": "\(account):instance-profile/x"}]
      """
    let trust = """
      {"Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Condition": {"Bool": {"x": "true"}},
        "Principal": {"AWS": ["111122223333", "*"], "Service": "ec2.amazonaws.com"}},
       {"Effect": "Deny", "NotPrincipal": {"AWS": "\(account):root"}, "Action": ["sts:TagSession", "sts:AssumeRole"]}]}
      """
    let text = details(
      roles: role("r", inline).replacing("{\"Statement\": []}", with: trust)
        .replacing("\"RoleLastUsed\": {}", with: "\"RoleLastUsed\": {\"LastUsedDate\": \"2024-05-06T00:00:00Z\"}"),
      policies: policy("\(account):policy/own", #"{"Effect": "Allow", "Action": ["b:y", "a:x"], "Resource": "*"}"#)
        + ","
        + policy("\(account):policy/limit", #"[{"Effect": "Allow", "Action": "*", "Resource": "*"}]"#))
    let result = read([("2026-11-20/a.json", text)])
    #expect(result.messages == [])
    let fact = try #require(result.identities.first)
    #expect(fact.principal == PrincipalKey("\(account):role/r"))
    #expect((fact.kind, fact.name, fact.uniqueID) == (.role, "r", "AROAr"))
    #expect(fact.created == Instant("2024-01-02T03:04:05Z"))
    #expect(fact.lastUsed == Instant("2024-05-06T00:00:00Z"))
    #expect(fact.isEnabled == true)
    #expect(fact.tags.map(\.key) == ["muster:instance-profile", "team"])
    #expect(fact.unknowable == [])
    #expect(fact.grants.map(\.via) == ["inline:p", "managed:\(account):policy/own"])
    #expect(fact.grants[0].effect == .deny)
    #expect(fact.grants[0].notActions == ["s3:Get*"])
    #expect(fact.grants[0].notResources == ["a", "b"])
    #expect(fact.grants[0].condition == #"{"A":{"a":["x"]},"Z":{"b":1}}"#)
    #expect(fact.grants[1].actions == ["a:x", "b:y"])
    #expect(fact.boundary?.map(\.actions) == [["*"]])
    #expect(fact.trusts.map(\.principals) == [["*", "AWS:111122223333", "Service:ec2.amazonaws.com"], []])
    #expect(fact.trusts[1].notPrincipals == ["AWS:\(account):root"])
    #expect(fact.trusts[0].condition == #"{"Bool":{"x":"true"}}"#)
    #expect(result.coverage.collected == Instant("2026-11-20T00:00:00Z"))
    #expect(result.coverage.places.map(\.name) == ["aws:111122223333"])
    #expect(result.coverage.formats == ["aws-authorization-details"])
    #expect((result.coverage.used, result.coverage.records) == (3, 3))
  }

  @Test func givesUsersTheGrantsOfTheirGroups() throws {
    let group = """
      {"GroupName": "g", "GroupId": "AGPA", "Arn": "\(account):group/g", "CreateDate": "2024-01-02T03:04:05Z",
       "GroupPolicyList": [{"PolicyName": "p", "PolicyDocument": {"Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}}}],
       "AttachedManagedPolicies": {"PolicyArn": "arn:aws:iam::aws:policy/ReadOnlyAccess"}}
      """
    let result = read([("a.json", details(users: user("u", #","GroupList": ["g"]"#), groups: group))])
    let fact = try #require(result.identities.first { $0.kind == .user })
    #expect(
      fact.grants.map(\.via) == ["group:g/inline:p", "group:g/managed:arn:aws:iam::aws:policy/ReadOnlyAccess"])
    #expect(fact.grants.map(\.isOpaque) == [false, true])
    #expect(fact.unknowable == ["credentials", "credentials.lastUsed", "grants", "lastUsed"])
    let missing = read([("a.json", details(users: user("u", #","GroupList": ["h"]"#)))])
    #expect(missing.messages == ["`\(account):user/u` is in the group `h`, which no file shows"])
    #expect(missing.identities[0].grants.map(\.via) == ["group:h"])
    #expect(!missing.identities[0].knows("grants"))
  }

  @Test func marksServiceLinkedAndSingleSignOnRoles() {
    let roles =
      role("AWSServiceRoleForECS", path: "/aws-service-role/ecs.amazonaws.com/") + ","
      + role("AWSReservedSSO_Admin_1", path: "/aws-reserved/sso.amazonaws.com/eu-west-1/")
    let result = read([("a.json", details(roles: roles))])
    #expect(result.identities.map(\.kind) == [.role, .service])
    #expect(result.identities[0].tags == [Tag(key: "muster:class", value: "human-sso")])
  }

  @Test func completesPagesAndFilesInAnyOrder() {
    let first = details(
      roles: role("r", #","AttachedManagedPolicies": [{"PolicyArn": "\#(account):policy/own"}]"#),
      more: #","IsTruncated": true, "Marker": "m""#)
    let own = policy("\(account):policy/own", #"{"Effect": "Allow", "Action": "a:x", "Resource": "*"}"#)
    let second = details(policies: own, more: #","IsTruncated": false"#)
    let (forward, backward) = (
      read([("1.json", first), ("2.json", second)]), read([("2.json", second), ("1.json", first)])
    )
    #expect(forward.messages == [])
    #expect(forward.identities.map { $0.grants.map(\.actions) } == [[["a:x"]]])
    #expect(forward.identities == backward.identities && forward.coverage == backward.coverage)
    #expect(read([("pages.json", "[\(first), \(second)]")]).identities == forward.identities)
    let alone = read([("1.json", first)])
    #expect(alone.messages == ["this is a page of a longer list, and its last page is not among the files"])
    #expect(alone.diagnostics[0].kind == .unreadable)
    #expect(alone.diagnostics[0].location.line > 1)
  }

  @Test(arguments: [
    (
      #"{"Effect": "Allow", "Action": 7, "Resource": "*"}"#,
      "expected a text or a list of texts in the statement, found a number"
    ),
    (
      #"{"Effect": "allow", "Action": "a:b", "Resource": "*"}"#,
      "expected a statement with `Effect` Allow or Deny, found `allow`"
    ),
    (#"{"Effect": "Allow", "Resource": "*"}"#, "the statement has neither `Action` nor `NotAction`"),
    ("7", "expected a statement with `Effect` Allow or Deny, found number"),
  ])
  func saysWhatIsWrongWithStatements(statement: String, message: String) {
    let good = #"{"Effect": "Allow", "Action": "a:b", "Resource": "*"}"#
    let inline =
      #","RolePolicyList": [{"PolicyName": "p", "PolicyDocument": {"Statement": [\#(statement), \#(good)]}}]"#
    let result = read([("a.json", details(roles: role("r", inline)))])
    #expect(result.messages.contains(message))
    #expect(result.diagnostics.allSatisfy { $0.kind == .unreadable && $0.location.line == 3 })
    #expect(result.identities[0].grants.map(\.actions).contains(["a:b"]))
    #expect(!result.identities[0].knows("grants"))
  }

  @Test(arguments: [
    (#""%7B%2""#, "bad URL-encoding `%2` at character 4 of the policy document"),
    (#""%zz""#, "bad URL-encoding `%zz` at character 1 of the policy document"),
    ("3", "expected a policy document, found a number"),
    (#""[1]""#, "bad URL-encoding"), (#""%5B1%5D""#, "expected a policy document, found a sequence"),
    (#""{\"Statement\": [}""#, "in the policy document: "), ("{}", "the policy document has no `Statement`"),
    (#"{"Version": "2008-10-18", "Statement": []}"#, "unknown policy version `2008-10-18`"),
  ])
  func saysWhatIsWrongWithDocuments(document: String, message: String) {
    let inline = #","RolePolicyList": [{"PolicyName": "p", "PolicyDocument": \#(document)}]"#
    let result = read([("a.json", details(roles: role("r", inline) + "," + role("s")))])
    #expect(result.messages.count == 1)
    #expect(result.messages[0].hasPrefix(message) || message.hasPrefix("bad URL"), "\(result.messages)")
    #expect(result.identities.count == 2)
    let isKnown = message.hasPrefix("unknown policy version")
    #expect(result.identities[0].knows("grants") == isKnown)
  }

  @Test func leavesTheGrantUnknownWhereTheDefaultVersionIsMissing() {
    let own = policy("\(account):policy/own", "[]", version: "v9")
    let attached = #","AttachedManagedPolicies": [{"PolicyArn": "\#(account):policy/own"}]"#
    let result = read([("a.json", details(roles: role("r", attached), policies: own))])
    #expect(result.messages == ["the default version `v9` of `\(account):policy/own` is not among its versions"])
    #expect(result.identities[0].grants.map(\.isOpaque) == [true])
  }

  @Test func namesDuplicatesAndContradictions() {
    let twice = read([("a.json", details(roles: role("r") + ",\n" + role("r")))])
    #expect(twice.diagnostics.map(\.kind) == [.warning])
    #expect((twice.coverage.used, twice.coverage.duplicate, twice.identities.count) == (1, 1, 1))
    let reborn = role("r").replacing("AROAr", with: "AROAnew")
    let result = read([("a.json", details(roles: role("r"))), ("b.json", details(roles: reborn))])
    #expect(
      result.messages == ["`\(account):role/r` has uniqueID `AROAnew` here and `AROAr` at a.json:2:21"])
    #expect(result.diagnostics[0].location.path == "b.json")
  }

  @Test func namesMixedAccountsAndWhatTheSourceDoesNotCover() {
    let other = role("s").replacing("111122223333", with: "999999999999")
    let mixed = read([("a.json", details(roles: role("r") + "," + other))])
    #expect(mixed.messages == ["the file mixes accounts: 999999999999 here, 111122223333 before"])
    #expect(mixed.identities.count == 2)
    let foreign = read([("a.json", details(roles: other))], covers: ["aws:1111*"])
    #expect(foreign.messages == ["`aws:999999999999` is not what the source `aws` covers"])
  }

  @Test(arguments: [
    (#"{"RoleName": "r"}"#, "`Arn` is missing"), (#"{"Arn": "\#(account):role/r"}"#, "`RoleName` is missing"),
    (#"{"Arn": "arn:aws:s3:::b", "RoleName": "r"}"#, "`arn:aws:s3:::b` is not the ARN of an IAM role"),
    ("[]", "expected an object with `Arn`"), ("null", "expected an object with `Arn`"),
  ])
  func countsRecordsThatAreNoIdentities(record: String, message: String) {
    let result = read([("a.json", details(roles: role("r") + "," + record))])
    #expect(result.messages.count == 1 && result.messages[0].hasPrefix(message), "\(result.messages)")
    #expect((result.coverage.used, result.coverage.unreadable) == (1, 1))
    #expect(result.coverage.inputs.map(\.status) == ["partial"])
  }
}
