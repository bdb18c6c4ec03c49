import Base
import TestSupport
import Testing

@testable import Usage

/// The keys of records are foretold from the records before: what comes of that must not depend on them.
struct KeyOrderTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private static let members = [
    #""kind":"Event""#, #""apiVersion":"audit.k8s.io/v1""#, #""stage":"ResponseComplete""#, #""verb":"get""#,
    #""auditID":"a1""#, #""requestReceivedTimestamp":"2026-01-02T03:04:05.678901Z""#,
    #""user":{"username":"system:serviceaccount:shop:api","extra":{"authentication.kubernetes.io/credential-id":["JTI=1"]}}"#,
    #""sourceIPs":["192.0.2.7"]"#, #""objectRef":{"resource":"pods","namespace":"shop","name":"web-1"}"#,
    #""responseStatus":{"metadata":{},"code":200}"#,
  ]

  /// The members in any order, between others that nobody asks for, some with an escape in their key.
  private static func record(_ dice: inout Dice) -> String {
    var members = members
    for _ in 0..<Int.random(in: 0...6, using: &dice) {
      let name = String(repeating: "k", count: Int.random(in: 1...70, using: &dice))
      members.append(#""\#(name)\#(Int.random(in: 0..<1000, using: &dice))":{"verb":["list",{}]}"#)
    }
    // Near misses of keys that are known: of the same length, the same beginning or end.
    members.append(#""requestReceivedTimestamq":"x","requestReceivedXimestamp":1,"verbs":2,"ver":null,"erb":{}"#)
    if Bool.random(using: &dice) { members[3] = #""v\u0065rb":"get""# }
    if Bool.random(using: &dice) { members[4] = #""auditID" : "a1""# }
    return "{" + members.shuffled(using: &dice).joined(separator: ",") + "}"
  }

  @Test(arguments: 1...4)
  func readsTheSameInAnyOrder(_ seed: UInt64) throws {
    var dice = Dice(seed: seed)
    let file = try folder.lines("a.jsonl", (0..<400).map { _ in Self.record(&dice) })
    let printed = Printed()
    let listing = writeEvents(of: [file]) {
      printed.add($0)
      return true
    }
    #expect(listing.diagnostics == [])
    let rows = printed.all.split(separator: 0x0A).map { row in
      String(decoding: row, as: UTF8.self).split(separator: #""muster.line""#).first.map(String.init) ?? ""
    }
    #expect(rows.count == 400)
    #expect(Set(rows).count == 1)
    #expect(rows[0].contains(#""muster.action":"get:pods""#) && rows[0].contains(#""k8s:shop/api""#))
    #expect(rows[0].contains("1767323045678") && rows[0].contains("JTI=1") && rows[0].contains("shop/pods/web-1"))
  }

  @Test func readsTimesAsTheirGrammarSays() {
    var (clock, dice) = (EventClock(), Dice(seed: 9))
    for _ in 0..<20_000 {
      let fraction = (0..<Int.random(in: 0...9, using: &dice)).map { _ in "\(Int.random(in: 0...9, using: &dice))" }
      var text = Array("2026-0\(Int.random(in: 1...9, using: &dice))-02T03:04:05".utf8)
      if !fraction.isEmpty { text += Array(".\(fraction.joined())".utf8) }
      text.append(UInt8(ascii: "Z"))
      if Bool.random(using: &dice) {
        text[Int.random(in: 0..<text.count, using: &dice)] =
          [0x30, 0x36, 0x39, 0x2E, 0x3A, 0x2F, 0x5A, 0x2B].randomElement(
            using: &dice) ?? 0
      }
      text.withUnsafeBytes { bytes in
        let raw = RawText(start: bytes.baseAddress, count: bytes.count)
        // Without a zone it is UTC.
        let zoned = text + [UInt8(ascii: "Z")]
        let wanted =
          Instant.parse(raw.bytes) ?? zoned.withUnsafeBufferPointer { raw.count < 19 ? nil : Instant.parse($0) }
        #expect(clock.time(of: raw) == wanted?.milliseconds ?? LogEvent.noTime, "\(raw.string)")
      }
    }
  }

  @Test(arguments: [
    ("192.0.2.7", true), ("0.0.0.0", true), ("255.255.255.255", true), ("256.0.0.1", false), ("1.2.3", false),
    ("1.2.3.4.5", false), ("01.2.3.4", false), ("1..2.3", false), (".1.2.3", false), ("1.2.3.", false), ("", false),
    ("1.2.3.4 ", false), ("::1", true), ("::ffff:192.0.2.7", true), ("::ffff:192.0.2.07", false), ("abcd", false),
  ])
  func knowsAddresses(_ text: String, _ isAddress: Bool) {
    var text = text
    text.withUTF8 { bytes in
      #expect(isLiteralAddress(RawText(start: UnsafeRawPointer(bytes.baseAddress), count: bytes.count)) == isAddress)
    }
  }
}
