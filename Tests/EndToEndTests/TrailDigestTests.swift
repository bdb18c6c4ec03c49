import Base
import TestSupport
import Testing

/// CloudTrail's own digest files: a chain of hours, each naming its logs' hashes and signing the one before.
@Suite(.enabled(if: Muster.path != nil, Muster.missing)) struct TrailDigestTests {
  private static let folder = "AWSLogs/111122223333/CloudTrail-Digest/eu-west-1/2026/03/01"
  private static let logs = "AWSLogs/111122223333/CloudTrail/eu-west-1/2026/03/01"

  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    try runProgram("git", ["init", "--quiet", folder.path])
    try folder.write("muster.yaml", "muster: 1\nsources:\n  usage:\n    - {name: trail, path: AWSLogs}\n")
    try runProgram("openssl", ["genrsa", "-out", folder.path("key.pem"), "2048"])
    try runProgram("openssl", ["rsa", "-in", folder.path("key.pem"), "-pubout", "-out", folder.path("pub.pem")])
    var before: (object: String, hash: String, signature: String)?
    for hour in 1...5 {
      let log = "\(Self.logs)/111122223333_CloudTrail_eu-west-1_20260301T0\(hour)30Z_abcdefghijklmn\(hour).json"
      let text = """
        {"Records":[{"eventVersion":"1.10","userIdentity":{"type":"IAMUser","arn":"arn:aws:iam::111122223333:user/ana",\
        "accountId":"111122223333"},"eventTime":"2026-03-01T0\(hour):10:00Z","eventSource":"s3.amazonaws.com",\
        "eventName":"ListBuckets","awsRegion":"eu-west-1","eventID":"e-\(hour)"}]}
        """
      try folder.write(log, text)
      let object = Self.digest(hour)
      let digest = """
        {"awsAccountId":"111122223333","digestEndTime":"2026-03-01T0\(hour + 1):00:00Z","digestS3Bucket":"b",\
        "digestS3Object":"\(object)","previousDigestS3Object":\(before.map { "\"\($0.object)\"" } ?? "null"),\
        "previousDigestHashValue":\(before.map { "\"\($0.hash)\"" } ?? "null"),\
        "previousDigestSignature":\(before.map { "\"\($0.signature)\"" } ?? "null"),"logFiles":[{"s3Bucket":"b",\
        "s3Object":"\(log)","hashValue":"\(SHA256Digest(of: Array(text.utf8)).hex)","hashAlgorithm":"SHA-256"}]}
        """
      try folder.write(object, digest)
      let hash = SHA256Digest(of: Array(digest.utf8)).hex
      try folder.write(
        "signed", "2026-03-01T0\(hour + 1):00:00Z\nb/\(object)\n\(hash)\n\(before?.signature ?? "null")")
      let signature = try runProgram(
        "openssl", ["dgst", "-sha256", "-sign", folder.path("key.pem"), folder.path("signed")])
      before = (object, hash, signature.outputBytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined())
    }
  }

  private static func digest(_ hour: Int) -> String {
    "\(folder)/111122223333_CloudTrail-Digest_eu-west-1_trail_eu-west-1_20260301T0\(hour)0000Z.json"
  }

  /// The states of `logs verify` and their number, and the exit code, after the command.
  private func verify(_ damage: String = "true", key: Bool = true) throws -> (states: String, status: Int32) {
    let done = try runProgram("sh", ["-ec", damage], in: folder.path)
    #expect(done.status == 0, "\(done.error)")
    let environment = try Muster.environment(home: folder.path)
    let program = try #require(Muster.path)
    _ = try runProgram(program, ["sync"], environment: environment, in: folder.path)
    let words = ["logs", "verify", "-o", "json"] + (key ? ["--public-key", "pub.pem"] : [])
    let result = try runProgram(program, words, environment: environment, in: folder.path)
    let count =
      #"[.files[].state | select(startswith("digest"))] | group_by(.) | map("\(length) \(.[0])") | join(", ")"#
    return (try jq(count, result.outputBytes)[0], result.status)
  }

  @Test func provesTheChain() throws {
    // The newest one's signature would be in the next.
    #expect(try verify() == ("4 digest-ok, 1 digest-unsigned", 0))
    #expect(try verify(key: false) == ("5 digest-unsigned", 0))
  }

  @Test func looksAtEachFileOfAName() throws {
    // Wherever the twin stands in the order.
    for folder in ["0", "z"] {
      let twin = "AWSLogs/\(folder)"
      let found = try verify(
        "rm -rf AWSLogs/0 AWSLogs/z; mkdir \(twin); cp \(Self.logs)/*T0330Z* \(twin); sed -i s/ListBuckets/ListRoles/ \(twin)/*"
      )
      #expect(found.states.contains("1 digest-mismatch"))
      #expect(found.status == 1)
    }
  }

  @Test func provesWhatIsLeftOfAnOldChain() throws {
    #expect(try verify("rm \(Self.digest(1)) \(Self.logs)/*T0130Z*") == ("3 digest-ok, 1 digest-unsigned", 0))
  }

  @Test(arguments: [
    ("rm \(digest(3)) \(logs)/*T0330Z*", "2 digest-ok, 2 digest-unsigned, 1 digest-missing"),
    ("rm \(logs)/*T0330Z*", "1 digest-mismatch, 4 digest-ok, 1 digest-unsigned"),
    ("sed -i s/ListBuckets/ListRoles/ \(logs)/*T0330Z*", "1 digest-mismatch, 4 digest-ok, 1 digest-unsigned"),
    ("sed -i 's/\"logFiles\".*/\"logFiles\":[]}/' \(digest(3))", "2 digest-broken, 3 digest-ok, 1 digest-unsigned"),
  ])
  func tells(_ damage: String, _ states: String) throws {
    let found = try verify(damage)
    let sorted = { (text: String) in text.split(separator: ", ").sorted() }
    #expect(sorted(found.states) == sorted(states))
    #expect(found.status == 1)
  }
}
