import Base
import Inventory
import Model
import Testing

/// Elements of IAM's lists without the object that they stood in.
@Suite struct ListItemTests {
  private static let role = """
    {"Path": "/", "RoleName": "r", "RoleId": "AROA", "Arn": "arn:aws:iam::111122223333:role/r", "CreateDate": "2026-01-01T00:00:00Z",
     "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole",
       "Principal": {"Service": "ec2.amazonaws.com"}}]},
     "RolePolicyList": [{"PolicyName": "p", "PolicyDocument": {"Version": "2012-10-17", "Statement": [{"Effect": "Allow",
       "Action": "s3:GetObject", "Resource": "*"}]}}],
     "AttachedManagedPolicies": [{"PolicyName": "m", "PolicyArn": "arn:aws:iam::111122223333:policy/m"}], "Tags": []}
    """
  private static let policy = """
    {"PolicyName": "m", "Arn": "arn:aws:iam::111122223333:policy/m", "DefaultVersionId": "v1", "PolicyVersionList": [{"VersionId": "v1",
     "IsDefaultVersion": true, "Document": {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sqs:*", "Resource": "*"}]}}]}
    """

  /// `--query RoleDetailList`, and `jq -c '.RoleDetailList[], .Policies[]'`.
  @Test(arguments: ["[\(role),\(policy)]", "\(role)\n\(policy)"])
  func readsElementsOfAuthorizationDetails(text: String) {
    let result = read([("x.json", text)])
    #expect(result.messages == [])
    #expect((result.coverage.used, result.coverage.records) == (2, 2))
    let role = result.identities.first
    #expect(role?.grants.map(\.actions) == [["sqs:*"], ["s3:GetObject"]] || role?.grants.count == 2)
    #expect(role?.trusts.count == 1)
    #expect(role?.knows("grants") == true && role?.knows("uniqueID") == true)
  }

  /// What a projection leaves out is unknown, never no.
  @Test(arguments: [
    (#"[{"UserName": "u", "Arn": "arn:aws:iam::111122223333:user/u"}]"#, ["created", "grants", "tags", "uniqueID"]),
    (
      #"[{"RoleName": "r", "Arn": "arn:aws:iam::111122223333:role/r", "CreateDate": "2026-01-01T00:00:00Z", "RoleId": "AROA"}]"#,
      ["grants", "lastUsed", "tags", "trusts"]
    ),
    (
      #"[{"UserName": "u", "Arn": "arn:aws:iam::111122223333:user/u", "UserPolicyList": []}]"#,
      ["created", "credentials", "grants", "uniqueID"]
    ),
    (
      #"{"Roles": [{"RoleName": "r", "Arn": "arn:aws:iam::111122223333:role/r"}]}"#,
      ["created", "grants", "trusts", "uniqueID"]
    ),
  ])
  func leavesOpenWhatAProjectionTookAway(text: String, fields: [String]) {
    let result = read([("x.json", text)])
    #expect(result.messages == [])
    for field in fields { #expect(result.identities.first?.knows(field) == false, "\(field)") }
  }

  /// A projection beside the whole export takes nothing away.
  @Test func keepsWhatAnotherFileTells() {
    let whole =
      #"{"UserDetailList": [], "GroupDetailList": [], "RoleDetailList": [\#(Self.role)], "Policies": [\#(Self.policy)]}"#
    let result = read([
      ("a.json", whole), ("b.json", #"[{"RoleName": "r", "Arn": "arn:aws:iam::111122223333:role/r"}]"#),
    ])
    #expect(result.identities.count == 1)
    for field in ["created", "grants", "trusts", "uniqueID"] { #expect(result.identities[0].knows(field), "\(field)") }
  }
}
