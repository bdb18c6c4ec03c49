import Base
import Foundation
import TestSupport
import Testing

@testable import Usage

/// Logs inside of what collectors, queues and searches make of them.
struct EnvelopeTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private static let records = (0..<40).map { number in
    TrailText(
      id: "e-\(number)", name: "Call\(number)",
      identity: number % 2 == 0 ? TrailText.user("ana") : TrailText.role("app", session: "s\(number)"),
      more: ",\"requestParameters\":{\"bucketName\":\"é\\\"\\\\\\u00fc\"},\"responseElements\":null"
    ).json
  }

  /// A text as JSON has it.
  private static func text(_ text: String) -> String {
    let escaped = text.map { $0 == "\"" || $0 == "\\" ? "\\\($0)" : String($0) }.joined()
    return "\"\(escaped)\""
  }

  private static func base64(_ text: String) -> String { Data(text.utf8).base64EncodedString() }

  /// Each record in an object, as elements of a list or as lines.
  private static func list(_ head: String, _ tail: String, _ wrap: (String) -> String) -> String {
    head + records.map(wrap).joined(separator: ",") + tail
  }

  private static func lines(_ wrap: (String) -> String) -> String { records.map { wrap($0) + "\n" }.joined() }

  /// What makes the envelope, and a file of it.
  static let envelopes: [(maker: String, text: String)] = [
    (
      "lookup-events", list(#"{"Events":["#, "]}") { #"{"EventId":"e","Resources":[],"CloudTrailEvent":\#(text($0))}"# }
    ),
    (
      "subscription",
      #"{"messageType":"CONTROL_MESSAGE","owner":"CloudwatchLogs","logGroup":"","logEvents":[{"id":"","timestamp":1,"message":"CWL CONTROL MESSAGE: Checking health of destination Firehose."}]}"#
        + list(#"{"messageType":"DATA_MESSAGE","owner":"1","logGroup":"trail","logEvents":["#, "]}") {
          #"{"id":"1","timestamp":1767323045678,"message":\#(text($0))}"#
        }
    ),
    (
      "filter-log-events",
      list(#"{"events":["#, #"],"searchedLogStreams":[]}"#) {
        #"{"logStreamName":"x","timestamp":1767323045678,"message":\#(text($0)),"eventId":"3"}"#
      }
    ),
    (
      "search",
      list(#"{"took":1,"hits":{"total":{"value":2},"hits":["#, #"],"max_score":1},"n":{"hits":[1]}}"#) {
        #"{"_index":"x","_id":"1","_source":\#($0)}"#
      }
    ),
    ("documents", lines { #"{"_index":"x","_source":\#($0)}"# }),
    ("export", lines { #"{"preview":false,"offset":0,"result":{"_raw":\#(text($0)),"_time":"2026"}}"# }),
    ("results", list(#"{"results":["#, "]}") { #"{"_raw":\#(text($0))}"# }),
    ("result", lines { #"{"result":\#($0)}"# }),
    ("collector", lines { #"{"time":1767323045.0,"sourcetype":"aws:cloudtrail","event":\#($0)}"# }),
    ("text of a collector", lines { #"{"time":1767323045,"event":\#(text($0))}"# }),
    ("beat", lines { #"{"@timestamp":"2026-01-02T03:04:05Z","message":\#(text($0)),"log":{"file":{"path":"s3"}}}"# }),
    ("original", lines { #"{"@timestamp":"2026-01-02T03:04:05Z","event":{"original":\#(text($0))}}"# }),
    ("attributes", lines { #"{"id":"A","content":{"message":"GetObject","attributes":\#($0)}}"# }),
    ("lake", list(#"{"QueryStatus":"FINISHED","QueryResultRows":["#, "]}") { #"[{"eventJson":\#(text($0))}]"# }),
    ("notification", lines { #"{"Type":"Notification","Message":\#(text(#"{"version":"0","detail":\#($0)}"#))}"# }),
    (
      "queue",
      list(#"{"Messages":["#, "]}") {
        #"{"MessageId":"1","Body":\#(text(#"{"Type":"Notification","Message":\#(text($0))}"#))}"#
      }
    ),
    ("topic", lines { #"{"message":{"data":"\#(base64($0))","attributes":{}},"subscription":"s"}"# }),
    ("pull", list("[", "]") { #"{"ackId":"x","message":{"data":"\#(base64($0))"}}"# }),
    ("lower case", list(#"{"records":["#, "]}") { $0 }),
  ]

  /// Keeps the calls and where they stand.
  private struct Calls: EventConsumer {
    var calls: [String] = []
    var offsets: [UInt64?] = []

    mutating func begin(format: String) {}
    mutating func endWindow() {}

    mutating func consume(_ event: borrowing LogEvent, record: UInt64) -> Receipt {
      let resource = event.resourceCount > 0 ? event.resources[0].string : ""
      calls.append(
        "\(event.time) \(event.id.string) \(event.identity.string) \(event.session.string) \(event.call.action.string) \(resource)"
      )
      offsets.append(event.offset)
      return .used
    }
  }

  private func read(_ file: String, windowSize: Int = 1 << 18) -> (calls: Calls, account: FileAccount) {
    var reading = FileReading(formats: LogFormat.all, windowSize: windowSize)
    var calls = Calls()
    let account = reading.read(.whole(file), into: &calls) { _ in }
    return (calls, account)
  }

  @Test(arguments: envelopes.indices)
  func saysWhatThePlainRecordsSay(_ number: Int) throws {
    let (maker, text) = Self.envelopes[number]
    let plain = read(try folder.write("plain.jsonl", Self.records.joined(separator: "\n"))).calls
    let file = try folder.write("a.json", text)
    let bytes = Array(text.utf8)
    for size in [64, 700, 1 << 18] {
      let (found, account) = read(file, windowSize: size)
      #expect(account.diagnostics(tried: []) == [], "\(maker)")
      #expect(found.calls == plain.calls, "\(maker)")
      for offset in found.offsets { #expect(offset.map { bytes[Int($0)] } == UInt8(ascii: "{"), "\(maker)") }
      #expect(account.filtered == (maker == "subscription" ? 1 : 0))
    }
  }

  /// Any kind of log may be wrapped, lines too; what is none does not count as one.
  @Test func opensOtherLogs() throws {
    let okta =
      #"{"uuid":"u1","published":"2026-01-02T03:04:05Z","eventType":"user.session.start","actor":{"id":"00u1","type":"User"},"outcome":{"result":"SUCCESS"}}"#
    let line = #"10.0.0.1 - alice [10/Oct/2023:13:55:36 -0700] \"GET / HTTP/1.1\" 200 2326 \"-\" \"curl/8.0\""#
    let file = try folder.lines(
      "a.jsonl",
      [
        #"{"_index":"x","_source":\#(okta)}"#, #"{"@timestamp":"2026-01-02T03:04:05Z","message":"\#(line)"}"#,
        #"{"message":"hello"}"#, #"{"message":"{\"a\":1}"}"#, #"{"message":{"data":"eyJ"}}"#,
      ])
    let (calls, account) = read(file)
    #expect(account.format == "wrapped")
    #expect(calls.calls.map { $0.split(separator: " ")[1] } == ["u1", "http:user:alice"])
    #expect(account.foreign == 3)
  }

  /// An object may hold a list that is deeper, or none; what follows it is passed over.
  @Test func findsListsInObjects() throws {
    let records = Self.records.prefix(3).map { #"{"_source":\#($0)}"# }
    let text =
      #"{"hits":{"hits":[\#(records[0]),\#(records[1])],"x":{"y":[1]}},"aggs":{}}"# + "\n"
      + #"{"hits":{"total":0}}"# + "\n" + #"{"hits":{"hits":[]}}{"hits":{"hits":[\#(records[2])]}}"#
    for size in [64, 1 << 18] {
      let (calls, account) = read(try folder.write("a.json", text), windowSize: size)
      #expect(calls.calls.count == 3)
      #expect(account.unreadable == 1, "the object without a list")
    }
  }

  /// Those who ask whether a destination is there tell no kind of log.
  @Test func passesOverControlMessages() throws {
    let control =
      #"{"messageType":"CONTROL_MESSAGE","owner":"CloudwatchLogs","logGroup":"","logEvents":[{"id":"","timestamp":1,"message":"CWL CONTROL MESSAGE: Checking health of destination Firehose."}]}"#
    let event =
      #"{\"kind\":\"Event\",\"apiVersion\":\"audit.k8s.io/v1\",\"auditID\":\"a\",\"user\":{\"username\":\"eva\"}}"#
    let data =
      #"{"messageType":"DATA_MESSAGE","logGroup":"/aws/eks/prod/cluster","logEvents":[{"id":"1","timestamp":1,"message":"\#(event)"}]}"#
    let (none, alone) = read(try folder.write("a.json", control))
    #expect(none.calls.isEmpty && alone.filtered == 1 && alone.unreadable == 0)
    let (calls, account) = read(try folder.write("b.json", control + data))
    #expect(calls.calls.count == 1 && calls.calls[0].contains("k8s:prod/user:eva"))
    #expect(account.format == "kubernetes" && account.filtered == 1 && account.unreadable == 0)
  }

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

  /// Collectors put the time at which they got a record beside its own, before it and behind it; some move its own there.
  @Test(arguments: [#""2026-05-06T07:08:09Z""#, "1700000000123", "null", #""\ud800""#, "{}"])
  func believesTheTimeOfTheRecord(_ collected: String) throws {
    let record = TrailText(time: "2026-01-02T03:04:05Z").json
    let stamp = "\"@timestamp\":\(collected)"
    let lines = [
      "{\(stamp),\(record.dropFirst())", "\(record.dropLast()),\(stamp)}",
      "{\(stamp),\"detail\":\(record)}", "{\"detail\":{\(stamp),\(record.dropFirst()),\(stamp)}",
    ]
    for line in lines {
      let (rows, listing) = try events(of: [folder.write("a.json", line)])
      #expect(listing.diagnostics == [], "\(line)")
      #expect(rows.map(\.time) == [1_767_323_045_000], "\(line)")
      let moved = line.replacing(#""eventTime":"2026-01-02T03:04:05Z","#, with: "")
      let times = try events(of: [folder.write("b.json", moved)]).rows.map(\.time)
      #expect(times == [collected.contains("2026") ? 1_778_051_289_000 : nil], "\(moved)")
    }
    let twice = lines[0].replacing(#""eventSource""#, with: #""eventTime":"2026-01-02T03:04:05Z","eventSource""#)
    let diagnostics = try events(of: [folder.write("c.json", twice)]).listing.diagnostics
    #expect(diagnostics.first?.message.contains("a field stands twice") == true)
  }
}
