import TestSupport
import Testing

@testable import Usage

/// Numbers count by their value, however a record spells them.
struct NumberTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// A record of each kind with `NUMBER` where the number stands, and the number as most write it.
  static let records: [(record: String, plain: String)] = [
    (
      #"{"kind":"Event","apiVersion":"audit.k8s.io/v1","auditID":"a","verb":"get","requestURI":"/x","user":{"username":"eva"},"requestReceivedTimestamp":"2026-01-02T03:04:05Z","responseStatus":{"code":NUMBER}}"#,
      "403"
    ),
    (
      #"{"log":"{\"kind\":\"Event\",\"apiVersion\":\"audit.k8s.io/v1\",\"auditID\":\"a\",\"verb\":\"get\",\"requestURI\":\"/x\",\"user\":{\"username\":\"eva\"},\"requestReceivedTimestamp\":\"2026-01-02T03:04:05Z\",\"responseStatus\":{\"code\":NUMBER}}"}"#,
      "403"
    ),
    (
      #"{"insertId":"g1","logName":"projects/p/logs/cloudaudit.googleapis.com%2Factivity","timestamp":"2026-01-02T03:04:05Z","protoPayload":{"@type":"type.googleapis.com/google.cloud.audit.AuditLog","serviceName":"storage.googleapis.com","methodName":"storage.objects.get","authenticationInfo":{"principalEmail":"eva@acme.example"},"status":{"code":NUMBER}}}"#,
      "7"
    ),
    (
      #"{"time":"2026-01-02T03:04:05Z","category":"SignInLogs","tenantId":"t1","operationName":"Sign-in activity","properties":{"id":"i1","userId":"u1","userPrincipalName":"eva@acme.example","appId":"a1","status":{"errorCode":NUMBER}}}"#,
      "0"
    ),
    (
      #"{"time":"2026-01-02T03:04:05Z","category":"MicrosoftGraphActivityLogs","tenantId":"t1","properties":{"requestId":"r1","servicePrincipalId":"p1","appId":"a1","requestMethod":"GET","requestUri":"https://graph.microsoft.com/v1.0/users","responseStatusCode":NUMBER,"responseSizeBytes":NUMBER}}"#,
      "200"
    ),
    (
      #"{"bucketowner":"o","bucket":"b","requestdatetime":"2026-01-02T03:04:05Z","remoteip":"192.0.2.7","requester":"arn:aws:iam::111122223333:user/ana","requestid":"r1","operation":"REST.GET.OBJECT","key":"k","httpstatus":NUMBER,"bytessent":NUMBER}"#,
      "403"
    ),
    (
      #"{"metadata":{"version":"1.1.0"},"time":1767323045678,"class_uid":6003,"category_uid":6,"status_id":NUMBER,"api":{"operation":"Get","service":{"name":"x"}},"actor":{"user":{"uid":"u1"}}}"#,
      "2"
    ),
    (
      TrailText(more: #","additionalEventData":{"bytesTransferredIn":NUMBER,"bytesTransferredOut":NUMBER}"#).json, "249"
    ),
    (TrailText(more: #","errorCode":NUMBER"#).json, "404"),
  ]

  @Test(arguments: records.indices)
  func readsEachSpelling(_ number: Int) throws {
    let (record, plain) = Self.records[number]
    let wanted = try printed(record.replacing("NUMBER", with: plain))
    #expect(!wanted.isEmpty)
    let fraction = plain.dropFirst(1)
    let spellings = [
      "\(plain).0", "\(plain).000000000000000000000", "\(plain)E0", "\(plain)e+00", "\(plain)0e-1", "\(plain).0e0",
      "\(plain.prefix(1)).\(fraction)0E\(fraction.count)", "0.\(plain)e\(plain.count)",
    ]
    for spelling in spellings {
      #expect(try printed(record.replacing("NUMBER", with: spelling)) == wanted, "\(spelling)")
    }
  }

  /// What is no whole number, too large for one, or no number at all stays as the record has it.
  @Test(arguments: ["404.5", "4.04e1", "1e19", "1e999999999999", "404e-1", "-1e30", "true", "-404", "404.", "4e"])
  func leavesOtherNumbersAsTheyAre(_ text: String) throws {
    let file = try folder.write("a.json", TrailText(more: ",\"errorCode\":\(text)").json)
    #expect(try events(of: [file]).rows.map(\.statusCode) == [text])
  }

  @Test(arguments: [("-0", "0"), ("-0.0", "0"), ("0e5", "0"), ("-4.0e2", "-400"), ("1e18", "1000000000000000000")])
  func spellsNumbersInDigits(_ text: String, _ wanted: String) throws {
    let file = try folder.write("a.json", TrailText(more: ",\"errorCode\":\(text)").json)
    #expect(try events(of: [file]).rows.map(\.statusCode) == [wanted])
  }

  /// What is told of the one event of the log, but where it stands.
  private func printed(_ log: String) throws -> String {
    let printed = Printed()
    let listing = writeEvents(of: [try folder.write("a.json", log)]) {
      printed.add($0)
      return true
    }
    #expect(listing.diagnostics == [], "\(log)")
    return String(decoding: printed.all, as: UTF8.self)
  }
}
