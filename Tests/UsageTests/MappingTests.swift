import Base
import Model
import TestSupport
import Testing

@testable import Usage

/// Logs that a file describes.
struct MappingTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func read(_ log: String, _ mapping: String) throws -> (rows: [EventRow], listing: EventListing) {
    let path = try folder.write("mapping.yaml", bytes: Array(mapping.utf8))
    let file = try folder.write("log", bytes: Array(log.utf8))
    let printed = Printed()
    let listing = writeEvents(of: [file], format: path) {
      printed.add($0)
      return true
    }
    return (try rows(printed.all), listing)
  }

  static let billing = """
    mapping: acme-billing
    lists: [events]
    when: { ts: "*", key_id: "*" }
    skip: { method: ping }
    time: "{ts}"
    id: "{rid}"
    identity: "apikey:billing/{key_id}"
    credential: "{key_id}"
    action: "billing:{method}"
    resources: ["tenant/{tenant}", "item/{items/*/id}"]
    outcome: { from: code, success: ["2*"], denied: ["403"] }
    address: "{client/ip|ip}"
    bytes-out: "{out}"
    """

  @Test func fillsTemplatesFromJSON() throws {
    let log = #"""
      {"events":[{"ts":1700000000,"rid":"a1","key_id":"k1","method":"charge","tenant":"t9","items":[{"id":1},{"id":"x2"}],
      "code":200,"client":{"ip":"10.0.0.9:443"},"out":77},{"ts":1700000001,"key_id":"k1","method":"ping"},
      {"ts":"2024-01-02T03:04:05Z","rid":"a2","key_id":"k1","method":"refund","code":"403","ip":"gw"},{"other":1}]}
      """#
    let (rows, listing) = try read(log, Self.billing)
    #expect(rows.map(\.identity) == ["apikey:billing/k1", "apikey:billing/k1"])
    #expect(rows.map(\.action) == ["billing:charge", "billing:refund"])
    #expect(rows.map(\.resources) == [["tenant/t9", "item/1", "item/x2"], nil])
    #expect(rows.map(\.status) == [1, 2])
    #expect(rows.map(\.denied) == [false, true])
    #expect(rows.map(\.address) == ["10.0.0.9", nil])
    #expect(rows.map(\.host) == [nil, "gw"])
    #expect(rows[0].bytesOut == 77)
    #expect(listing.diagnostics.map(\.kind) == [.unreadable], "the record of another log")
  }

  @Test func readsTables() throws {
    let mapping = """
      mapping: partner
      records: csv
      separator: ";"
      when: { at: "*" }
      time: "{at}"
      identity: "apikey:partner/{key}"
      action: "partner:{op}"
      """
    let log =
      "at;key;op;note\r\n2024-01-02T03:04:05Z;k1;read;\"a \"\"b\"\"; c\nd\"\r\n\r\n2024-01-02T03:04:06Z;\"k\"\"2\";write;\r\nbad;row\r\n"
      + "2024-01-02T03:04:07Z;k3;read;\"open"
    let (rows, listing) = try read(log, mapping)
    #expect(rows.map(\.identity) == ["apikey:partner/k1", "apikey:partner/k\"2"])
    #expect(listing.diagnostics.count == 2, "a short row, and a quote that never ends")
    #expect(listing.inputs.map(\.records) == [4])
  }

  /// Lists inside of objects, times without a zone, rows of nothing.
  @Test func readsListsInObjectsAndTimesOfAZone() throws {
    let mapping = """
      mapping: partner
      lists: [hits/hits]
      zone: "+02:00"
      time: "{_source/at}"
      identity: "user:{_source/who}"
      action: "partner:go"
      """
    let log =
      #"{"took":1,"hits":{"total":2,"hits":[{"_source":{"at":"2024-01-02 03:04:05","who":"a"}},{"_source":{"at":"2024-01-02T03:04:05Z","who":"b"}}]}}"#
    let (rows, listing) = try read(log, mapping)
    #expect(listing.diagnostics == [])
    #expect(rows.map(\.identity) == ["user:a", "user:b"])
    #expect(rows.map(\.time) == [1_704_157_445_000, 1_704_164_645_000])
  }

  @Test func passesOverRowsOfNothing() throws {
    let mapping = "mapping: partner\nrecords: csv\ntime: \"{at}\"\nidentity: \"user:{who}\"\naction: \"partner:go\""
    let (rows, listing) = try read("at,who\n2024-01-02T03:04:05Z,a\n,\n,,,\r\n2024-01-02T03:04:06Z,b\n,", mapping)
    #expect(listing.diagnostics == [])
    #expect(rows.map(\.identity) == ["user:a", "user:b"])
  }

  @Test(arguments: [
    ("mapping: a\ntime: t\naction: x\nzone: Berlin", "an offset from UTC"),
    ("mapping: cloudtrail\ntime: \"{t}\"\naction: x", "not one of the built-in formats"),
    ("mapping: a\ntime: \"{t\"\naction: x", "a `{` without a place"),
    ("mapping: a\naction: x", "missing key `time`"), ("mapping: a\ntime: t\nactoin: x", "did you mean `action`"),
    ("mapping: a\ntime: t\naction: x\nrecords: xml", "expected one of"),
    ("mapping: a\ntime: t\naction: x\nrecords: csv\nseparator: ab", "one character"),
  ])
  func saysWhatIsWrongWithAMapping(_ mapping: String, _ words: String) throws {
    let (rows, listing) = try read("{}", mapping)
    #expect(rows.isEmpty)
    #expect(listing.diagnostics.contains { $0.kind == .invalid && "\($0.message) \($0.hint)".contains(words) })
    #expect(listing.diagnostics.allSatisfy { $0.location.line > 0 })
  }

  @Test(arguments: 1...40)
  func readsTablesAlikeInAnyWindow(_ size: Int) throws {
    var scan = [String]()
    let text = Array("a,b\n1,\"x\ny\"\n2,\"\"\"\"\n3,z\n".utf8)
    let table = CSVScan(columns: ["b"], separator: UInt8(ascii: ","))
    let window = UnsafeMutablePointer<UInt8>.allocate(capacity: 4096)
    defer { window.deallocate() }
    var (held, next) = (0, 0)
    while true {
      let count = min(size, text.count - next)
      for index in 0..<count { window[held + index] = text[next + index] }
      (held, next) = (held + count, next + count)
      let consumed = table.scan(window, count: held, isLast: next == text.count)
      for record in 0..<table.recordCount {
        _ = table.load(record)
        scan.append(table.values[0].string)
      }
      if next == text.count { break }
      for index in consumed..<held { window[index - consumed] = window[index] }
      held -= consumed
    }
    #expect(scan == ["x\ny", "\"", "z"])
    #expect(table.faults.isEmpty)
  }

  /// A row whose quote was lost is given up, not those behind it; line feeds in quotes are read.
  @Test(arguments: [
    "3,\"x,y", "3,x\",y", "3,\"x\",\"y", "\"3,\"x\",\"y\"", "3,\"x\"\",y",
  ])
  func losesOneRowWithALostQuote(_ damaged: String) throws {
    let mapping = "mapping: partner\nrecords: csv\ntime: \"{at}\"\nidentity: \"user:{who}\"\naction: \"partner:{what}\""
    func row(_ number: Int) -> String {
      let what = number % 3 == 0 ? "\"go\n\"\"\(number)\"\"\"" : number % 3 == 1 ? "\"go\"" : "go"
      return "2024-01-02T03:04:0\(number)Z,\"u\(number)\",\(what)"
    }
    for damages in [[3], [3, 7], [9], [3, 4], [3, 5, 7]] {
      let rows = (1...9).map { damages.contains($0) ? damaged : row($0) }
      for end in ["", "\n", "\r\n"] {
        let text = (["at,who,what"] + rows).joined(separator: end == "\r\n" ? end : "\n") + end
        let (read, listing) = try read(text, mapping)
        let wanted = (1...9).filter { !damages.contains($0) }.map { "user:u\($0)" }
        #expect(read.map(\.identity) == wanted, "\(damaged) in \(damages)")
        #expect(listing.diagnostics.count == damages.count, "\(damaged) in \(damages)")
      }
    }
  }
}
