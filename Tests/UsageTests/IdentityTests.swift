import Model
import TestSupport
import Testing

@testable import Usage

/// Who did it, and with what.
struct IdentityTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func row(_ trail: TrailText) throws -> EventRow {
    try #require(try events(of: [folder.lines("a.jsonl", [trail.json])]).rows.first)
  }

  @Test(arguments: [
    (TrailText.user("ana"), "arn:aws:iam::111122223333:user/ana"),
    (TrailText.role("builder", session: "i-1"), "arn:aws:iam::111122223333:role/builder"),
    (
      #""type":"Root","arn":"arn:aws:iam::111122223333:root","accountId":"111122223333""#,
      "arn:aws:iam::111122223333:root"
    ),
    (#""type":"Root","accountId":"111122223333","userName":"root""#, "arn:aws:iam::111122223333:root"),
    (#""type":"AWSService","invokedBy":"cloudtrail.amazonaws.com""#, "cloudtrail.amazonaws.com"),
    (#""type":"AWSService""#, "aws:service/192.0.2.7"),
    (#""accountId":"111122223333","invokedBy":"ec2.amazonaws.com""#, "ec2.amazonaws.com"),
    (#""type":"AWSAccount","principalId":"AROA1:x","accountId":"444455556666""#, "aws:account/444455556666"),
    (#""type":"AWSAccount","principalId":"","accountId":"ANONYMOUS_PRINCIPAL""#, nil),
    (#""type":"IAMUser","accountId":"111122223333","userName":"HIDDEN_DUE_TO_SECURITY_REASONS""#, nil),
    (
      #""type":"IAMUser","principalId":"AIDA1","accountId":"111122223333","userName":"HIDDEN_DUE_TO_SECURITY_REASONS""#,
      "aws:111122223333/user/AIDA1"
    ),
    (#""type":"IAMUser","accountId":"111122223333","userName":"eve""#, "aws:111122223333/user/eve"),
    (#""type":"IAMUser","userName":"eve","sessionContext":{"sessionIssuer":{}}"#, "aws:111122223333/user/eve"),
    (
      #""type":"WebIdentityUser","principalId":"accounts.google.com:app:1","userName":"1","identityProvider":"accounts.google.com""#,
      "aws:111122223333/web-identity/accounts.google.com:app:1"
    ),
    (
      #""type":"SAMLUser","principalId":"q=:ana@example.com","userName":"ana""#,
      "aws:111122223333/saml/q=:ana@example.com"
    ),
    (
      #""type":"IdentityCenterUser","accountId":"1","onBehalfOf":{"userId":"u-1","identityStoreArn":"arn:aws:identitystore::1:identitystore/d-9"}"#,
      "aws:identity-store/d-9/user/u-1"
    ),
    (#""type":"FederatedUser","arn":"arn:aws:sts::1:federated-user/bob""#, "arn:aws:sts::1:federated-user/bob"),
    (
      #""type":"FederatedUser","arn":"arn:aws:sts::1:federated-user/bob","sessionContext":{"sessionIssuer":{"arn":"arn:aws:iam::1:user/ana"}}"#,
      "arn:aws:iam::1:user/ana"
    ),
    (#""type":"AssumedRole","arn":"arn:aws:sts::1:assumed-role/r/s""#, "arn:aws:sts::1:assumed-role/r/s"),
    (#""type":"Sentient","principalId":"x""#, "aws:111122223333/Sentient/x"),
    (#""type":"Unknown","userName":"someone""#, "aws:111122223333/unknown/someone"),
  ])
  func namesTheDurableIdentity(_ identity: String, _ wanted: String?) throws {
    #expect(try row(TrailText(identity: identity)).identity == wanted)
  }

  @Test func keepsTheHiddenIdentityUnnamed() throws {
    var trail = TrailText()
    trail.identity = ""
    let text = trail.json.replacing("\"userIdentity\":{}", with: "\"userIdentity\":\"HIDDEN_DUE_TO_SECURITY_REASONS\"")
    let row = try #require(try events(of: [folder.lines("a.jsonl", [text])]).rows.first)
    #expect(row.identity == nil)
    #expect(row.action == "s3:GetObject")
  }

  @Test(arguments: [
    ("192.0.2.7", true), ("255.255.255.255", true), ("0.0.0.0", true), ("253.252.51.07", false), ("1.2.3", false),
    ("1.2.3.4.5", false), ("256.1.1.1", false), ("1.2.3.", false), (".1.2.3", false), ("AWS Internal", false),
    ("cloudtrail.amazonaws.com", false), ("2001:db8::1", true), ("::", true), ("::1", true), ("1::", true),
    ("1:2:3:4:5:6:7:8", true), ("1:2:3:4:5:6:7", false), ("1:2:3:4:5:6:7:8:9", false), ("1::2::3", false),
    ("::ffff:192.0.2.1", true), ("1:2:3:4:5:6:192.0.2.1", true), ("1:2:3:4:5:192.0.2.1", false), ("12345::", false),
    (":1:2:3:4:5:6:7", false), ("g::1", false), ("1:", false), ("fe80::1%eth0", false), ("", false),
  ])
  func knowsLiteralAddresses(_ text: String, _ isLiteral: Bool) throws {
    let row = try row(TrailText(address: text))
    #expect((row.address == text) == (isLiteral && !text.isEmpty))
    #expect((row.host == text) == (!isLiteral && !text.isEmpty))
  }

  @Test(arguments: [
    ("aws-cli/2.13.5 Python/3.11.4 Linux/5.10.184 exe/x86_64.amzn.2 prompt/off", "aws-cli Python Linux"),
    ("stratus-red-team_5c59eb79-6dac-405c-a4c4-e19aec03c666", "stratus-red-team"),
    ("[S3Console/0.4, aws-internal/3 aws-sdk-java/1.12.488 Linux/5.4]", "S3Console aws-internal aws-sdk-java Linux"),
    (
      "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_11_6) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/67",
      "Mozilla AppleWebKit Chrome"
    ),
    ("aws-sdk-go-v2/1.17 os/linux lang/go#1.19 md/GOOS#linux api/s3#1.27", "aws-sdk-go-v2 os/linux lang/go"),
    ("cloudformation.amazonaws.com", "cloudformation.amazonaws.com"),
    ("3f2a9c1b", "(no name)"), ("Boto3/1.26 Boto3/1.27", "Boto3"), ("AWS Internal", "AWS Internal"),
  ])
  func dropsVersionsAndIdsFromAgents(_ agent: String, _ family: String) throws {
    let result = usage(of: [try folder.lines("a.jsonl", [TrailText(agent: agent).json])])
    #expect(result.facts.first?.agents.map(\.term) == [family])
  }

  @Test func joinsSessionsToWhatIssuedThem() throws {
    var issue = TrailText(id: "1", source: "sts.amazonaws.com", name: "AssumeRole")
    issue.more = """
      ,"responseElements":{"credentials":{"accessKeyId":"ASIACHILD"},\
      "assumedRoleUser":{"assumedRoleId":"AROA1:s","arn":"arn:aws:sts::111122223333:assumed-role/r/s"}}
      """
    var byKey = TrailText(id: "2")
    byKey.identity = TrailText.role("r", session: "other", key: "ASIACHILD")
    var bySession = TrailText(id: "3")
    bySession.identity = TrailText.role("r", session: "s", key: "ASIAHIDDEN")
    issue.time = "2026-02-28T23:00:01Z"
    // The issuing call stands behind the calls made with what it issued.
    let rows = try events(of: [folder.lines("a.jsonl", [byKey.json, bySession.json, issue.json])]).rows
    #expect(rows.map(\.parent) == ["AKIAIOSFODNN7EXAMPLE", "AKIAIOSFODNN7EXAMPLE", nil])
    #expect(rows.map(\.issued) == [nil, nil, "ASIACHILD"])
    #expect(rows[0].session == "AROA1:other/2026-02-28T23:00:00Z")
  }
}
