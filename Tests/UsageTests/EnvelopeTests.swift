import TestSupport
import Testing

@testable import Usage

/// Logs inside of what collectors, queues and searches make of them.
struct EnvelopeTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// What a customer sends to CloudTrail Lake may have names that Lake's own fields have, before it and behind it.
  @Test(arguments: [false, true])
  func believesTheInsideOfLakeEvents(_ isBefore: Bool) throws {
    let outer =
      #""eventVersion":"1.0","eventCategory":"ActivityAuditLog","eventID":"l1","eventTime":"2026-01-02T03:04:05","awsRegion":"us-east-1","recipientAccountId":"444455556666""#
    let inner =
      #"{"version":"1.0","userIdentity":{"type":"CustomUserIdentity","principalId":"P1"},"eventSource":"custom.example","eventName":"E","eventTime":"2026-01-02T03:04:06Z","UID":"u1","recipientAccountId":"111122223333"}"#
    let data = #""eventData":\#(inner)"#
    let text = "{\(isBefore ? data : outer),\(isBefore ? outer : data)}"
    let (rows, listing) = try events(of: [folder.write("a.json", text)])
    #expect(listing.diagnostics == [])
    let row = try #require(rows.first)
    #expect(row.identity == "aws:111122223333/CustomUserIdentity/P1")
    #expect(row.id == "u1")
    #expect(row.region == "us-east-1")
    #expect(row.time == 1_767_323_046_000)
    let twice = try folder.write("b.json", text.replacing(#""UID":"#, with: #""eventName":"F","UID":"#))
    #expect(try events(of: [twice]).listing.diagnostics.first?.message.contains("a field stands twice") == true)
  }
}
