import Base
import TestSupport

@testable import Usage

/// CloudTrail records as text, for tests.
struct TrailText {
  var time = "2026-03-01T00:00:00Z"
  var id: String? = "e-1"
  var source = "s3.amazonaws.com"
  var name = "GetObject"
  var region = "eu-west-1"
  var address = "192.0.2.7"
  var agent = "aws-cli/2.13.5 Python/3.11.4"
  var account = "111122223333"
  /// The members of `userIdentity`.
  var identity = TrailText.user("ana")
  var error: String?
  /// Further members, each with a comma before it.
  var more = ""

  static func user(_ name: String, key: String = "AKIAIOSFODNN7EXAMPLE") -> String {
    """
    "type":"IAMUser","principalId":"AIDA1","arn":"arn:aws:iam::111122223333:user/\(name)","accountId":"111122223333",\
    "accessKeyId":"\(key)","userName":"\(name)"
    """
  }

  static func role(_ name: String, session: String = "s", key: String = "ASIAIOSFODNN7EXAMPLE") -> String {
    """
    "type":"AssumedRole","principalId":"AROA1:\(session)",\
    "arn":"arn:aws:sts::111122223333:assumed-role/\(name)/\(session)","accountId":"111122223333","accessKeyId":"\(key)",\
    "sessionContext":{"sessionIssuer":{"type":"Role","arn":"arn:aws:iam::111122223333:role/\(name)"},\
    "attributes":{"creationDate":"2026-02-28T23:00:00Z","mfaAuthenticated":"false"}}
    """
  }

  /// The record on one line.
  var json: String {
    let event = id.map { ",\"eventID\":\"\($0)\"" } ?? ""
    let failure = error.map { ",\"errorCode\":\"\($0)\"" } ?? ""
    return """
      {"eventVersion":"1.10","userIdentity":{\(identity)},"eventTime":"\(time)","eventSource":"\(source)",\
      "eventName":"\(name)","awsRegion":"\(region)","sourceIPAddress":"\(address)","userAgent":"\(agent)"\(failure)\(event),\
      "recipientAccountId":"\(account)"\(more)}
      """
  }
}

extension TemporaryFolder {
  /// Writes records as a delivered file; its path.
  func records(_ name: String, _ records: [String]) throws -> String {
    try write(name, "{\"Records\":[" + records.joined(separator: ",") + "]}")
  }

  /// Writes records as JSON Lines; its path.
  func lines(_ name: String, _ records: [String]) throws -> String {
    try write(name, records.joined(separator: "\n") + "\n")
  }
}

/// Reads files as the source `test`.
func usage(of files: [String], threads: Int = 1) -> UsageResult {
  readUsage(UsageSource(name: "test"), files: files, threads: threads)
}

/// A repeatable source of chance (SplitMix64).
struct Dice: RandomNumberGenerator {
  private var state: UInt64
  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
    return z ^ z >> 31
  }
}
