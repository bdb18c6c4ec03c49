import Base
import Model
import Testing

/// What a platform's own record of accesses says of a pattern.
struct AccessFactTests {
  private static let facts = [
    AccessFact(action: "iam:*", last: nil), AccessFact(action: "s3:*", last: Instant("2026-11-01T00:00:00Z")),
    AccessFact(action: "s3:PutObject", last: nil),
    AccessFact(action: "s3:GetObject", last: Instant("2026-06-01T00:00:00Z")),
  ].sorted()

  /// Pattern; whether the platform tells of it; after when it was not used; whether it was used just then.
  static let cases: [(String, Bool, String?, Bool)] = [
    ("iam:*", true, nil, true), ("iam:CreateUser", true, nil, false), ("IAM:createuser", true, nil, false),
    ("s3:*", true, "2026-11-01T00:00:00Z", true), ("s3:ListBucket", true, "2026-11-01T00:00:00Z", false),
    ("s3:GetObject", true, "2026-06-01T00:00:00Z", true), ("s3:PutObject", true, nil, true),
    ("sqs:*", false, nil, false), ("*", false, nil, false),
  ]

  @Test(arguments: cases)
  func tellsHowLateAUseCanBe(pattern: String, isTold: Bool, notAfter: String?, isExact: Bool) {
    let evidence = Self.facts.evidence(of: pattern)
    #expect((evidence != nil) == isTold)
    #expect(evidence?.notAfter == notAfter.flatMap { Instant($0) })
    #expect((evidence?.isExact ?? false) == isExact)
  }
}
