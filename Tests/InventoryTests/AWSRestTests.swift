import Base
import Inventory
import Model
import Testing

private let covers = ["aws:111122223333"]

extension InventoryResult {
  fileprivate func identity(_ suffix: String) -> IdentityFact? {
    identities.first { $0.principal.description.hasSuffix(suffix) }
  }
}

@Suite struct AWSRestTests {
  private let role = """
    {"Role": {"RoleName": "app", "RoleId": "AROA", "Arn": "arn:aws:iam::111122223333:role/app",
      "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": []}}}
    """

  @Test func tellsWhichServicesWereNotUsed() throws {
    let answer = """
      {"JobStatus": "COMPLETED", "JobCompletionDate": "2026-10-01T00:00:00Z", "ServicesLastAccessed": [
        {"ServiceName": "Amazon S3", "ServiceNamespace": "s3", "LastAuthenticated": "2026-09-01T00:00:00Z",
          "LastAuthenticatedEntity": "arn:aws:iam::111122223333:role/app", "TotalAuthenticatedEntities": 1,
          "TrackedActionsLastAccessed": [{"ActionName": "PutObject"},
            {"ActionName": "GetObject", "LastAccessedTime": "2026-09-01T00:00:00Z"}]},
        {"ServiceName": "Amazon EC2", "ServiceNamespace": "ec2", "TotalAuthenticatedEntities": 0}]}
      """
    let result = read([("a.json", answer), ("r.json", role)])
    #expect(result.messages == [])
    let app = try #require(result.identity("role/app"))
    let used = Instant("2026-09-01T00:00:00Z")
    #expect(
      app.accessed == [
        AccessFact(action: "ec2:*", last: nil), AccessFact(action: "s3:*", last: used),
        AccessFact(action: "s3:GetObject", last: used), AccessFact(action: "s3:PutObject", last: nil),
      ])
    #expect(app.lastUsed == used)
    #expect(app.knows("lastUsed"))
    #expect(result.coverage.used == 3)
    // Without a use the answer names nobody: the file's name may.
    let silent = #"{"JobStatus": "COMPLETED", "ServicesLastAccessed": [{"ServiceNamespace": "ec2"}]}"#
    #expect(read([("x/app.json", silent), ("r.json", role)]).identity("role/app")?.accessed.count == 1)
    let unnamed = read([("x.json", silent), ("r.json", role)])
    #expect(unnamed.messages == ["the answer does not say whose use of services it shows"])
    #expect(read([("x.json", #"{"JobStatus": "IN_PROGRESS", "ServicesLastAccessed": []}"#)]).coverage.unreadable == 1)
  }

  @Test func takesFindingsOfUnusedAndOutsideAccess() throws {
    func finding(_ type: String, _ resource: String, _ details: String, _ status: String = "ACTIVE") -> String {
      """
      {"id": "f", "resource": "\(resource)", "resourceType": "AWS::IAM::Role", "resourceOwnerAccount": "111122223333",
       "status": "\(status)", "findingType": "\(type)", "findingDetails": [\(details)]}
      """
    }
    let app = "arn:aws:iam::111122223333:role/app"
    let user = "arn:aws:iam::111122223333:user/ana"
    let findings = [
      finding(
        "UnusedPermission", app,
        #"{"unusedPermissionDetails": {"serviceNamespace": "sqs", "actions": [{"action": "SendMessage"}]}}"#),
      finding("UnusedIAMRole", app, #"{"unusedIamRoleDetails": {"lastAccessed": "2025-01-01T00:00:00Z"}}"#),
      finding(
        "UnusedIAMUserAccessKey", user,
        #"{"unusedIamUserAccessKeyDetails": {"accessKeyId": "AKIAX", "lastAccessed": "2025-02-01T00:00:00Z"}}"#),
      finding("UnusedIAMUserPassword", user, #"{"unusedIamUserPasswordDetails": {}}"#),
      finding(
        "ExternalAccess", "arn:aws:iam::111122223333:role/web",
        #"{"externalAccessDetails": {"action": ["sts:AssumeRole"], "condition": {}, "principal": {"AWS": "444455556666"}}}"#
      ),
      finding("ExternalAccess", app, #"{"externalAccessDetails": {"action": ["x:Y"], "principal": {"AWS": "4"}}}"#),
      finding("ExternalAccess", "arn:aws:s3:::bucket", "{}"), finding("UnusedIAMRole", app, "{}", "ARCHIVED"),
    ]
    let result = read([("f.json", "[\(findings.joined(separator: ","))]"), ("r.json", role)], covers: covers)
    #expect(result.messages == [])
    let found = try #require(result.identity("role/app"))
    #expect(found.accessed == [AccessFact(action: "sqs:SendMessage", last: nil)])
    #expect(found.lastUsed == Instant("2025-01-01T00:00:00Z"))
    // Its own trust policy is known, and allows nobody.
    #expect(found.trusts.isEmpty)
    #expect(found.tags.map(\.value) == ["ExternalAccess", "UnusedIAMRole", "UnusedPermission"])
    #expect(result.identity("user/ana")?.credentials.map(\.id) == ["AKIAX", "password"])
    #expect(result.identity("role/web")?.trusts.map(\.principals) == [["AWS:444455556666"]])
    #expect((result.coverage.used, result.coverage.filtered) == (7, 2))
  }

  @Test func readsSecretsAndCertificatesByTheirMetadata() throws {
    let text = """
      {"SecretList": [{"ARN": "arn:aws:secretsmanager:eu-west-1:111122223333:secret:db-a1b2c3", "Name": "db",
        "CreatedDate": 1523477145.7, "LastChangedDate": 1523477145.7, "LastAccessedDate": 1523400000,
        "RotationEnabled": true, "RotationRules": {"AutomaticallyAfterDays": 30}, "LastRotatedDate": 1523470000,
        "OwningService": "rds", "Tags": [{"Key": "team", "Value": "data"}]},
       {"ARN": "arn:aws:secretsmanager:eu-west-1:111122223333:secret:old-a1b2c3", "Name": "old",
        "LastChangedDate": 1523477145.7, "DeletedDate": 1523479145.7, "RotationEnabled": false}]}
      """
    let value = """
      {"ARN": "arn:aws:secretsmanager:eu-west-1:111122223333:secret:db-a1b2c3", "Name": "db", "VersionStages": ["AWSCURRENT"],
        "SecretString": "hunter2", "CreatedDate": 1523471000}
      """
    let acm = """
      {"CertificateSummaryList": [{"CertificateArn": "arn:aws:acm:eu-west-1:111122223333:certificate/1", "DomainName": "a.example",
        "Status": "ISSUED", "InUse": false, "NotBefore": "2026-01-01T00:00:00Z", "NotAfter": "2027-01-01T00:00:00Z",
        "CreatedAt": "2025-12-31T00:00:00Z", "RenewalEligibility": "INELIGIBLE"}]}
      """
    let result = read([("s.json", text), ("v.json", value), ("c.json", acm)], covers: covers)
    let secret = try #require(result.identity("secret:db-a1b2c3"))
    #expect(secret.credentials[0].lastRotated == Instant("2018-04-11T18:23:20Z"))
    #expect(secret.lastUsed == Instant("2018-04-10T22:40:00Z"))
    #expect(
      secret.tags.map { "\($0.key)=\($0.value)" } == ["muster:owning-service=rds", "muster:rotation=30d", "team=data"])
    #expect(result.identity("secret:old-a1b2c3")?.isEnabled == false)
    #expect(result.identity("secret:old-a1b2c3")?.tags == [Tag(key: "muster:rotation", value: "off")])
    let certificate = try #require(result.identity("certificate/1"))
    #expect(certificate.credentials[0].expires == Instant("2027-01-01T00:00:00Z"))
    #expect(certificate.kind == .certificate)
    #expect(!"\(result)".contains("hunter2"))
    #expect(result.messages.contains("the export holds a secret in clear text; it is not read"))
  }

  @Test func readsProvidersRolesAnywhereAndAccounts() throws {
    let text = """
      [{"OpenIDConnectProviderList": [{"Arn": "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"}]},
       {"Url": "token.actions.githubusercontent.com", "ClientIDList": ["sts.amazonaws.com"], "ThumbprintList": ["ab"],
        "CreateDate": "2024-01-01T00:00:00Z", "Tags": []},
       {"SAMLProviderList": [{"Arn": "arn:aws:iam::111122223333:saml-provider/adfs", "ValidUntil": "2030-01-01T00:00:00Z",
        "CreateDate": "2020-01-01T00:00:00Z"}]},
       {"trustAnchors": [{"trustAnchorArn": "arn:aws:rolesanywhere:eu-west-1:111122223333:trust-anchor/1", "trustAnchorId": "1",
        "name": "ca", "enabled": true, "createdAt": "2024-01-01T00:00:00Z"}]},
       {"profiles": [{"profileArn": "arn:aws:rolesanywhere:eu-west-1:111122223333:profile/2", "name": "p", "enabled": true,
        "roleArns": ["arn:aws:iam::111122223333:role/app"]}]},
       {"subject": {"subjectArn": "arn:aws:rolesanywhere:eu-west-1:111122223333:subject/3", "x509Subject": "CN=host", "enabled": true,
        "lastSeenAt": "2026-01-01T00:00:00Z",
        "credentials": [{"serialNumber": "0a", "enabled": true, "seenAt": "2026-01-01T00:00:00Z"}]}},
       {"Accounts": [{"Id": "444455556666", "Arn": "arn:aws:organizations::111122223333:account/o-1/444455556666",
        "Email": "dev@acme.example", "Name": "dev", "Status": "SUSPENDED", "JoinedMethod": "CREATED"}]}]
      """
    let result = read([("x.json", text)], covers: covers)
    #expect(result.messages == [])
    let provider = try #require(result.identity("oidc-provider/token.actions.githubusercontent.com"))
    #expect(provider.credentials.map(\.id) == ["ab"])
    #expect(
      provider.trusts.map(\.principals) == [["Federated:token.actions.githubusercontent.com#aud=sts.amazonaws.com"]])
    #expect(result.identity("saml-provider/adfs")?.credentials.first?.expires == Instant("2030-01-01T00:00:00Z"))
    #expect(result.identity("profile/2")?.links.map(\.to) == ["arn:aws:iam::111122223333:role/app"])
    #expect(result.identity("subject/3")?.credentials.map(\.id) == ["0a"])
    let root = try #require(result.identity(":444455556666:root"))
    #expect(root.owners == ["dev@acme.example"])
    #expect(root.isEnabled == false)
    // The organisation names the account; the source does not show it.
    #expect(result.coverage.places.map(\.name) == ["aws:111122223333"])
    #expect(result.coverage.used == 7)
  }

  @Test func joinsPoliciesGroupsAndCredentialsByName() throws {
    let text = """
      [{"UserName": "ana", "PolicyName": "p", "PolicyDocument": {"Version": "2012-10-17",
        "Statement": {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}}},
       {"Group": {"GroupName": "g", "GroupId": "AGPA", "Arn": "arn:aws:iam::111122223333:group/g"},
        "Users": [{"UserName": "ana", "UserId": "AIDA", "Arn": "arn:aws:iam::111122223333:user/ana"}]},
       {"GroupName": "g", "PolicyName": "q", "PolicyDocument": {"Version": "2012-10-17",
        "Statement": {"Effect": "Deny", "Action": "s3:*", "Resource": "*"}}},
       {"LoginProfile": {"UserName": "ana", "CreateDate": "2024-01-01T00:00:00Z"}},
       {"SSHPublicKeys": [{"UserName": "ana", "SSHPublicKeyId": "APKA", "Status": "Inactive",
        "UploadDate": "2024-01-01T00:00:00Z"}]}]
      """
    let result = read([("x.json", text)])
    #expect(result.messages == [])
    let ana = try #require(result.identity("user/ana"))
    #expect(ana.grants.map(\.via) == ["group:g/inline:q", "inline:p"])
    #expect(ana.credentials.map(\.kind) == ["ssh-key", "password"])
    #expect(ana.credentials.map(\.status) == [.inactive, .active])
  }

  /// IAM User Guide, "Policy evaluation logic", "Permissions boundaries", "NotAction with Allow": by hand, from an export's documents.
  @Test(arguments: [
    // An identity policy and its boundary must both allow.
    ("user/zhang", "s3:GetObject", "arn:aws:s3:::a/b", Answer.yes), ("user/zhang", "ec2:RunInstances", "*", .no),
    ("user/zhang", "cloudwatch:PutMetricData", "*", .no),
    // An explicit deny wins over both, also one of a group.
    ("user/zhang", "s3:DeleteBucket", "arn:aws:s3:::a", .no),
    ("user/zhang", "s3:GetObject", "arn:aws:s3:::logs/x", .no),
    // Everything but what NotAction names; what it leaves out is not denied but merely not allowed.
    ("role/dev", "s3:GetObject", "arn:aws:s3:::a/b", .yes), ("role/dev", "iam:CreateUser", "*", .no),
    ("role/dev", "iam:ListUsers", "*", .yes),
    // A condition decides at the call.
    ("role/dev", "iam:GetUser", "arn:aws:iam::111122223333:user/x", .unknown), ("role/empty", "s3:GetObject", "x", .no),
  ])
  func evaluatesAsTheDocumentationSays(name: String, action: String, resource: String, expected: Answer) throws {
    func policy(_ name: String, _ statements: String...) -> String {
      #"{"PolicyName": "\#(name)", "PolicyDocument": {"Version": "2012-10-17", "Statement": [\#(statements.joined(separator: ","))]}}"#
    }
    let text = """
      {"UserDetailList": [{"UserName": "zhang", "UserId": "AIDA", "Arn": "arn:aws:iam::111122223333:user/zhang", "GroupList": ["g"],
        "PermissionsBoundary": {"PermissionsBoundaryType": "Policy", "PermissionsBoundaryArn": "arn:aws:iam::111122223333:policy/edge"},
        "UserPolicyList": [\(policy("a", #"{"Effect": "Allow", "Action": ["s3:*", "ec2:*"], "Resource": "*"}"#))]}],
       "GroupDetailList": [{"GroupName": "g", "GroupId": "AGPA", "Arn": "arn:aws:iam::111122223333:group/g",
        "GroupPolicyList": [\(policy(
          "d", #"{"Effect": "Deny", "Action": "s3:Delete*", "Resource": "*"}"#,
          #"{"Effect": "Deny", "Action": "s3:*", "Resource": "arn:aws:s3:::logs/*"}"#))]}],
       "RoleDetailList": [{"RoleName": "dev", "RoleId": "AROA", "Arn": "arn:aws:iam::111122223333:role/dev",
        "RolePolicyList": [\(policy(
          "n", #"{"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}"#,
          #"{"Effect": "Allow", "Action": "iam:List*", "Resource": "*"}"#,
          #"{"Effect": "Allow", "Action": "iam:GetUser", "Resource": "*", "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}}}"#))]},
        {"RoleName": "empty", "RoleId": "AROB", "Arn": "arn:aws:iam::111122223333:role/empty"}],
       "Policies": [{"Arn": "arn:aws:iam::111122223333:policy/edge", "DefaultVersionId": "v1", "PolicyVersionList": [{"VersionId": "v1",
        "Document": {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": ["s3:*", "cloudwatch:*"], "Resource": "*"}}}]}]}
      """
    let identity = try #require(read([("a.json", text)]).identity(name))
    #expect(EffectiveAccess(of: identity).allows(action: action, resource: resource) == expected)
  }
}
