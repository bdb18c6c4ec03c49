import Expressions
import Testing

/// ARNs and SPIFFE IDs.
struct NameTests {
  private func literal(_ text: String) throws -> String {
    let value = try evaluate(text)
    return value.isFailure ? value.displayText : value.literalText
  }

  /// The forms that AWS documents: partition, service, region, account, resource, type, id.
  @Test(arguments: [
    ("arn:aws:iam::123456789012:user/johndoe", ["aws", "iam", "", "123456789012", "user/johndoe", "user", "johndoe"]),
    (
      "arn:aws:sns:us-east-1:123456789012:example-sns-topic-name",
      ["aws", "sns", "us-east-1", "123456789012", "example-sns-topic-name", "", "example-sns-topic-name"]
    ),
    (
      "arn:aws:ec2:us-east-1:123456789012:vpc/vpc-0e9801d129EXAMPLE",
      ["aws", "ec2", "us-east-1", "123456789012", "vpc/vpc-0e9801d129EXAMPLE", "vpc", "vpc-0e9801d129EXAMPLE"]
    ),
    ("arn:aws:iam::123456789012:root", ["aws", "iam", "", "123456789012", "root", "", "root"]),
    (
      "arn:aws:iam::aws:policy/job-function/Billing",
      ["aws", "iam", "", "aws", "policy/job-function/Billing", "policy", "job-function/Billing"]
    ),
    (
      "arn:aws-cn:lambda:cn-north-1:123456789012:function:report:prod",
      ["aws-cn", "lambda", "cn-north-1", "123456789012", "function:report:prod", "function", "report:prod"]
    ),
    ("arn:aws:s3:::amzn-s3-demo-bucket", ["aws", "s3", "", "", "amzn-s3-demo-bucket", "", "amzn-s3-demo-bucket"]),
    ("arn:aws:s3:::bucket/a:b/c", ["aws", "s3", "", "", "bucket/a:b/c", "", "bucket/a:b/c"]),
    (
      "arn:aws:s3:us-west-2:123456789012:accesspoint/test",
      ["aws", "s3", "us-west-2", "123456789012", "accesspoint/test", "accesspoint", "test"]
    ),
    (
      "arn:aws:apigateway:us-east-1::/restapis/abc/stages",
      ["aws", "apigateway", "us-east-1", "", "/restapis/abc/stages", "restapis", "abc/stages"]
    ),
    (
      "arn:aws:logs:us-east-1:123456789012:log-group:/aws/lambda/x:*",
      [
        "aws", "logs", "us-east-1", "123456789012", "log-group:/aws/lambda/x:*", "log-group", "/aws/lambda/x:*",
      ]
    ),
  ])
  func takesARNApart(text: String, parts: [String]) throws {
    let list = try evaluate(
      """
      cel.bind(a, arn('\(text)'), [a.partition(), a.service(), a.region(), a.account(), a.resource(), a.resourceType(),
        a.resourceId()])
      """)
    #expect(list.literalText == "[" + parts.map { "\"\($0)\"" }.joined(separator: ", ") + "]")
    #expect(try literal("isARN('\(text)') && string(arn('\(text)')) == '\(text)'") == "true")
  }

  @Test(arguments: [
    "", "arn", "arn:aws:iam::123456789012", "arn:aws:iam::123456789012:", "arn::iam::123456789012:root",
    "arn:aws:::123456789012:root", "ARN:aws:iam::123456789012:root", " arn:aws:iam::123456789012:root",
    "arn:aws:iam:us east:123456789012:root", "arn:aws:iam::a/b:root", "arn:aws:iam::1:role/a\\nb", "aws:s3:::bucket",
  ])
  func refusesWhatIsNoARN(text: String) throws {
    #expect(try literal("isARN('\(text)')") == "false")
    #expect(try literal("arn('\(text)').service()").contains("is not an ARN such as"))
  }

  @Test func refusesEndlessNames() throws {
    #expect(try literal("isARN('arn:aws:s3:::\(String(repeating: "a", count: 2035))')") == "true")
    #expect(try literal("isARN('arn:aws:s3:::\(String(repeating: "a", count: 2036))')") == "false")
  }

  /// What the SPIFFE-ID standard, §2, shows and allows.
  @Test(arguments: [
    ("spiffe://staging.example.com/payments/mysql", "staging.example.com", "/payments/mysql"),
    ("spiffe://k8s-west.example.com/ns/staging/sa/default", "k8s-west.example.com", "/ns/staging/sa/default"),
    (
      "spiffe://example.com/9eebccd2-12bf-40a6-b262-65fe0487d453", "example.com",
      "/9eebccd2-12bf-40a6-b262-65fe0487d453"
    ),
    ("spiffe://example.com", "example.com", ""), ("spiffe://1.2.3.4/a_b", "1.2.3.4", "/a_b"),
    ("spiffe://a_b-c/.../A.b", "a_b-c", "/.../A.b"),
  ])
  func takesSPIFFEApart(text: String, domain: String, path: String) throws {
    #expect(
      try literal("[spiffe('\(text)').trustDomain(), spiffe('\(text)').path()]") == "[\"\(domain)\", \"\(path)\"]")
    #expect(try literal("isSPIFFE('\(text)') && string(spiffe('\(text)')) == '\(text)'") == "true")
  }

  @Test(arguments: [
    ("", "does not begin"), ("http://example.com", "does not begin"), ("SPIFFE://example.com", "does not begin"),
    ("spiffe:/example.com", "does not begin"), ("spiffe://", "no trust domain"), ("spiffe:///path", "no trust domain"),
    ("spiffe://Example.com/a", "lower-case"), ("spiffe://example.com:80/a", "lower-case"),
    ("spiffe://user@example.com/a", "lower-case"), ("spiffe://ex%61mple.com", "lower-case"),
    ("spiffe://exämple.com", "lower-case"), ("spiffe://example.com?q", "lower-case"),
    ("spiffe://example.com/", "ends with a slash"), ("spiffe://example.com/a/", "ends with a slash"),
    ("spiffe://example.com//a", "is empty"), ("spiffe://example.com/a//b", "is empty"),
    ("spiffe://example.com/./a", "cannot be parts"), ("spiffe://example.com/a/..", "cannot be parts"),
    ("spiffe://example.com/a?b", "only letters"), ("spiffe://example.com/a#b", "only letters"),
    ("spiffe://example.com/a%20b", "only letters"), ("spiffe://example.com/a b", "only letters"),
    ("spiffe://example.com/é", "only letters"),
  ])
  func refusesWhatIsNoSPIFFE(text: String, reason: String) throws {
    #expect(try literal("isSPIFFE('\(text)')") == "false")
    #expect(try literal("spiffe('\(text)').path()").contains(reason))
  }

  @Test func holdsSPIFFELengths() throws {
    let domain = String(repeating: "d", count: 255)
    #expect(try literal("isSPIFFE('spiffe://\(domain)')") == "true")
    #expect(try literal("isSPIFFE('spiffe://\(domain)d')") == "false")
    let path = String(repeating: "p", count: 2048 - "spiffe://x/".count)
    #expect(try literal("isSPIFFE('spiffe://x/\(path)')") == "true")
    #expect(try literal("isSPIFFE('spiffe://x/\(path)p')") == "false")
  }

  @Test(arguments: [
    ("arn('arn:aws:s3:::b') == arn('arn:aws:s3:::b')", "true"),
    ("arn('arn:aws:s3:::b') != arn('arn:aws:s3:::B')", "true"),
    ("arn(arn('arn:aws:s3:::b')).service()", "\"s3\""), ("type(arn('arn:aws:s3:::b')) == aws.ARN", "true"),
    ("type(spiffe('spiffe://a')) == spiffe.ID", "true"), ("spiffe(spiffe('spiffe://a')).trustDomain()", "\"a\""),
    ("arn(identity.handle).service() == 's3' || true", "true"),
  ])
  func behavesAsOtherTypesOfLibraries(text: String, expected: String) throws {
    #expect(try literal(text) == expected)
  }

  @Test(arguments: [
    ("arn(1)", "`arn` does not take (int)"), ("'x'.service()", "`service` does not take () on a string"),
    ("isArn('x')", "did you mean `isARN`"), ("isSpiffe('x')", "did you mean `isSPIFFE`"),
    ("arn('x') == spiffe('y')", "never equals"),
  ])
  func isCheckedWhenLoaded(text: String, message: String) {
    let error = #expect(throws: ExpressionError.self) { try testEnvironment.compile(text) }
    #expect(error?.description.contains(message) == true, "\(error?.description ?? "")")
  }
}
