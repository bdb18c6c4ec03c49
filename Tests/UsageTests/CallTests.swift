import Base
import Model
import TestSupport
import Testing

@testable import Usage

/// What was called, on what, and how it ended.
struct CallTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func row(_ trail: TrailText) throws -> EventRow {
    try #require(try events(of: [folder.lines("a.jsonl", [trail.json])]).rows.first)
  }

  @Test(arguments: [
    ("s3", "ListBuckets", "s3:ListAllMyBuckets"), ("s3", "HeadObject", "s3:GetObject"),
    ("s3", "GetObject", "s3:GetObject"),
    ("s3", "DeleteBucketCors", "s3:PutBucketCORS"), ("s3", "ListObjects", "s3:ListBucket"),
    ("lambda", "UpdateFunctionCode20150331v2", "lambda:UpdateFunctionCode"),
    ("lambda", "ListFunctions20150331", "lambda:ListFunctions"), ("lambda", "Invoke", "lambda:InvokeFunction"),
    ("cloudfront", "UpdateDistribution2016_11_25", "cloudfront:UpdateDistribution"),
    ("monitoring", "PutMetricAlarm", "cloudwatch:PutMetricAlarm"), ("apigateway", "CreateRestApi", "apigateway:POST"),
    ("sts", "GetCallerIdentity", "sts:GetCallerIdentity"), ("ec2", "RunInstances", "ec2:RunInstances"),
    ("iam", "CreateUser", "iam:CreateUser"), ("x", "V2", "x:V2"), ("x", "20150331", "x:20150331"),
    ("x", "A99999999", "x:A99999999"),
  ])
  func namesThePermission(_ service: String, _ operation: String, _ permission: String) throws {
    let trail = TrailText(source: "\(service).amazonaws.com", name: operation)
    #expect(try row(trail).permission == permission)
    #expect(try row(trail).action == "\(service):\(operation)")
    #expect(usage(of: [try folder.lines("b.jsonl", [trail.json])]).facts.first?.actions.map(\.action) == [permission])
  }

  private struct Mapping: Decodable {
    var eventSource: String
    var eventName: String
    var iam: String?
  }

  @Test(.enabled(if: Corpora.arePresent, "the shared corpora are not here; set MUSTER_SHARED"))
  func agreesWithTrailscraper() throws {
    let file = try Corpora.path("logs/trailscraper/expected/action_map.jsonl")
    for mapping in try rows(FileSystem.read(file), of: Mapping.self) {
      let service = mapping.eventSource.replacing(".amazonaws.com", with: "")
      let found = TrailPermission.permission(service: service, operation: mapping.eventName)
      #expect(found == mapping.iam ?? "\(service):\(mapping.eventName)")
    }
  }

  private static let mentions: [(service: String, more: String, resources: [String]?)] = [
    ("s3", #""requestParameters":{"bucketName":"b","key":"a/b.txt"}"#, ["arn:aws:s3:::b/a/b.txt"]),
    ("s3", #""requestParameters":{"bucketName":"b"}"#, ["arn:aws:s3:::b"]),
    (
      "s3",
      #""resources":[{"type":"AWS::S3::Object","ARN":"arn:aws:s3:::b/k"},{"type":"AWS::S3::Bucket","ARN":"arn:aws:s3:::b"}]"#,
      ["arn:aws:s3:::b/k"]
    ),
    ("s3", #""resources":[{"ARNPrefix":"arn:aws:s3:::b/"},{"ARN":"arn:aws:s3:::b"}]"#, ["arn:aws:s3:::b"]),
    ("iam", #""requestParameters":{"userName":"ana"}"#, ["arn:aws:iam::111122223333:user/ana"]),
    (
      "iam", #""requestParameters":{"policyArn":"arn:aws:iam::aws:policy/P","roleName":"r"}"#,
      ["arn:aws:iam::111122223333:role/r"]
    ),
    ("sts", #""requestParameters":{"roleArn":"arn:aws:iam::9:role/x"}"#, ["arn:aws:iam::9:role/x"]),
    (
      "secretsmanager", #""requestParameters":{"secretId":"db"}"#,
      ["arn:aws:secretsmanager:eu-west-1:111122223333:secret:db"]
    ),
    ("kms", #""requestParameters":{"keyId":"alias/a"}"#, ["arn:aws:kms:eu-west-1:111122223333:alias/a"]),
    ("kms", #""requestParameters":{"keyId":"1234"}"#, ["arn:aws:kms:eu-west-1:111122223333:key/1234"]),
    ("dynamodb", #""requestParameters":{"tableName":"t"}"#, ["arn:aws:dynamodb:eu-west-1:111122223333:table/t"]),
    (
      "sqs", #""requestParameters":{"queueUrl":"https://sqs.eu-west-1.amazonaws.com/111122223333/q"}"#,
      ["arn:aws:sqs:eu-west-1:111122223333:q"]
    ),
    ("ssm", #""requestParameters":{"name":"/app/key"}"#, ["arn:aws:ssm:eu-west-1:111122223333:parameter/app/key"]),
    (
      "ec2", #""requestParameters":{"instancesSet":{"items":[{"instanceId":"i-1"},{"x":[1]},2]}}"#,
      ["arn:aws:ec2:eu-west-1:111122223333:instance/i-1"]
    ),
    (
      "ec2",
      #""requestParameters":{"instancesSet":{"items":[{"imageId":"ami-1"}]}},"responseElements":{"instancesSet":{"items":[{"instanceId":"i-1"},{"instanceId":"i-2"}]}}"#,
      ["arn:aws:ec2:eu-west-1:111122223333:instance/i-1", "arn:aws:ec2:eu-west-1:111122223333:instance/i-2"]
    ),
    (
      "ec2", #""requestParameters":{"instancesSet":{"items":[{"imageId":"ami-1"}]}}"#,
      ["arn:aws:ec2:eu-west-1::image/ami-1"]
    ),
    (
      "ssm", #""requestParameters":{"names":["/a/b","c",7]}"#,
      ["arn:aws:ssm:eu-west-1:111122223333:parameter/a/b", "arn:aws:ssm:eu-west-1:111122223333:parameter/c"]
    ),
    ("ssm", #""requestParameters":{"target":"i-5"}"#, ["arn:aws:ec2:eu-west-1:111122223333:instance/i-5"]),
    (
      "ssm", #""requestParameters":{"instanceIds":["i-5","mi-6"]}"#,
      ["arn:aws:ec2:eu-west-1:111122223333:instance/i-5", "arn:aws:ssm:eu-west-1:111122223333:managed-instance/mi-6"]
    ),
    ("ssm", #""requestParameters":{"target":"ecs:shop_1_2"}"#, ["ecs:shop_1_2"]),
    (
      "secretsmanager", #""requestParameters":{"secretIdList":["db","arn:aws:secretsmanager:eu-west-1:9:secret:x"]}"#,
      ["arn:aws:secretsmanager:eu-west-1:111122223333:secret:db", "arn:aws:secretsmanager:eu-west-1:9:secret:x"]
    ),
    (
      "iam", #""requestParameters":null,"responseElements":{"accessKey":{"accessKeyId":"AKIA2","userName":"bo"}}"#,
      ["arn:aws:iam::111122223333:user/bo"]
    ),
    (
      "eks-auth", #""requestParameters":{"clusterName":"prod","token":"x"}"#,
      ["arn:aws:eks:eu-west-1:111122223333:cluster/prod"]
    ),
    (
      "ec2", #""requestParameters":{"name":"a\"b\u00e9","instanceId":"i-\u0031"}"#,
      ["arn:aws:ec2:eu-west-1:111122223333:instance/i-1"]
    ),
    ("kms", #""requestParameters":null,"resources":null"#, nil),
  ]

  @Test(arguments: mentions)
  func namesTheResource(_ service: String, _ more: String, _ resources: [String]?) throws {
    let trail = TrailText(source: "\(service).amazonaws.com", name: "Any", more: "," + more)
    #expect(try row(trail).resources == resources)
  }

  /// A certificate gets a session of a role: who asked, what was given, and what it was about.
  @Test func joinsCertificatesToRoles() throws {
    var trail = TrailText(id: "e-1", source: "rolesanywhere.amazonaws.com", name: "CreateSession")
    trail.identity =
      #""type":"Unknown","principalId":"","arn":"","accountId":"111122223333","accessKeyId":"","userName":"""#
    let anywhere = "arn:aws:rolesanywhere:eu-west-1:111122223333:"
    trail.more =
      #","requestParameters":{"cert":"MII","profileArn":"\#(anywhere)profile/p","roleArn":"arn:aws:iam::111122223333:role/ra","trustAnchorArn":"\#(anywhere)trust-anchor/t"},"responseElements":{"credentialSet":[{"assumedRoleUser":{"arn":"arn:aws:sts::111122223333:assumed-role/ra/0a","assumedRoleId":"AROA1:0a"},"credentials":{"accessKeyId":"ASIA9","expiration":"x"}},{"credentials":{"accessKeyId":"ASIA8"}}],"subjectArn":"\#(anywhere)subject/s"}"#
    let use = TrailText(id: "e-2", identity: TrailText.role("ra", session: "0a", key: "ASIA9"))
    let (rows, listing) = try events(of: [folder.lines("a.jsonl", [trail.json, use.json])])
    #expect(listing.diagnostics == [])
    #expect(rows.map(\.identity) == [anywhere + "subject/s", "arn:aws:iam::111122223333:role/ra"])
    #expect(rows[0].issued == "ASIA9")
    #expect(
      rows[0].resources == ["arn:aws:iam::111122223333:role/ra", anywhere + "profile/p", anywhere + "trust-anchor/t"])
    #expect(rows[1].parent == anywhere + "subject/s")
  }

  @Test(arguments: [
    (nil, 1, false), ("AccessDenied", 2, true), ("Client.UnauthorizedOperation", 2, true), ("NoSuchKey", 2, false),
    ("AccessDeniedException", 2, true), ("UnauthorizedException", 2, true), ("ThrottlingException", 2, false),
    ("", 1, false),
  ])
  func tellsDenialFromFailure(_ error: String?, _ status: Int, _ isDenied: Bool) throws {
    let row = try row(TrailText(error: error))
    #expect(row.status == status)
    #expect(row.denied == isDenied)
    #expect(row.statusCode == (status == 2 ? error : nil))
  }

  @Test func seesFailedSignIns() throws {
    let more = ",\"responseElements\":{\"ConsoleLogin\":\"Failure\"}"
    #expect(try row(TrailText(source: "signin.amazonaws.com", name: "ConsoleLogin", more: more)).status == 2)
  }

  @Test(arguments: [
    ("33.0", 33), ("0", 0), ("12345", 12345), ("1e3", 1000), ("-5", 0), ("99999999999999999999999", Int64.max),
    ("\"17\"", 17), ("2.49E2", 249), ("33.5", 33), ("9.9e30", Int64.max), ("99999999999999999999999.0", Int64.max),
  ])
  func countsBytes(_ text: String, _ count: Int64) throws {
    let row = try row(
      TrailText(more: ",\"additionalEventData\":{\"bytesTransferredIn\":\(text),\"bytesTransferredOut\":2}"))
    #expect(row.bytesIn == count)
    #expect(row.bytesOut == 2)
  }

  @Test func countsGlobalServicesAsOneRegion() throws {
    let records = [
      TrailText(id: "1", source: "iam.amazonaws.com", name: "GetUser", region: "us-east-1").json,
      TrailText(id: "2", source: "ec2.amazonaws.com", name: "RunInstances", region: "us-east-1").json,
    ]
    let file = try folder.lines("a.jsonl", records)
    #expect(usage(of: [file]).facts.first?.regions.map(\.term) == ["aws-global", "us-east-1"])
    #expect(try events(of: [file]).rows.map(\.region) == ["us-east-1", "us-east-1"])
  }

  @Test func followsAKeyThroughItsLife() throws {
    func call(_ id: String, _ name: String, _ minute: Int, _ more: String, error: String? = nil) -> String {
      TrailText(
        time: "2026-03-01T00:0\(minute):00Z", id: id, source: "iam.amazonaws.com", name: name, error: error, more: more
      ).json
    }
    let file = try folder.lines(
      "a.jsonl",
      [
        call(
          "1", "CreateAccessKey", 1,
          #","requestParameters":{"userName":"bo"},"responseElements":{"accessKey":{"accessKeyId":"AKIANEW","userName":"bo"}}"#
        ),
        call(
          "2", "UpdateAccessKey", 2,
          #","requestParameters":{"userName":"bo","accessKeyId":"AKIANEW","status":"Inactive"}"#),
        call(
          "3", "DeleteAccessKey", 3, #","requestParameters":{"userName":"bo","accessKeyId":"AKIANEW"}"#,
          error: "AccessDenied"),
        call("4", "DeleteAccessKey", 4, #","requestParameters":{"userName":"bo","accessKeyId":"AKIANEW"}"#),
        call(
          "5", "CreateAccessKey", 5,
          #","requestParameters":null,"responseElements":{"accessKey":{"accessKeyId":"AKIAOWN","userName":"ana"}}"#),
      ])
    let lives = usage(of: [file]).lifecycles
    #expect(lives.map(\.id) == ["AKIANEW", "AKIAOWN"])
    #expect(lives[0].owner == PrincipalKey("arn:aws:iam::111122223333:user/bo"))
    #expect(lives[0].created == Instant("2026-03-01T00:01:00Z"))
    #expect(lives[0].createdBy == PrincipalKey("arn:aws:iam::111122223333:user/ana"))
    #expect(lives[0].disabled == Instant("2026-03-01T00:02:00Z"))
    #expect(lives[0].deleted == Instant("2026-03-01T00:04:00Z"))
    #expect(lives[1].owner == PrincipalKey("arn:aws:iam::111122223333:user/ana"))
  }
}
