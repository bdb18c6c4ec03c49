import Base
import Model
import TestSupport
import Testing

@testable import Usage

/// One bad record never costs another.
struct RecoveryTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func record(_ number: Int) -> String {
    TrailText(id: "e-\(number)", name: "Call\(number)").json
  }

  @Test(arguments: [
    #"{"eventVersion":"1.10","userIdentity":{"type":"IAMUser"#,
    #"{"a":{"b":1}"#,
    #"{"a":1 "b":2}"#,
    #"{"a":"unclosed}"#,
    #"{"a":[1,2}"#,
    #"{"eventName":"x","eventName":"y"}"#,
    "}}}}",
    "]",
    "not json at all",
    "\"text\"",
    "null",
    "{\"a\":\"\u{1}\"",
    "<html>",
    "{\"a\":tru\\}",
    ",",
  ])
  func readsTheLinesAroundABrokenOne(_ broken: String) throws {
    let file = try folder.lines("a.jsonl", [record(1), record(2), broken, record(3), record(4)])
    for size in [300, 1 << 18] {
      let (actions, account) = read(file, windowSize: size)
      #expect(actions == ["s3:Call1", "s3:Call2", "s3:Call3", "s3:Call4"])
      #expect(account.input.status == "partial")
      #expect(account.unreadable >= 1)
      #expect(account.records == account.used + account.unreadable)
      #expect(account.diagnostics(tried: []).first?.message.hasPrefix("record 3 is unreadable at byte ") == true)
    }
  }

  @Test(arguments: [
    #"{"eventVersion":"1.10","userIdentity":{"type":"IAMUser","#,
    #"{"eventVersion":"1","a":1 "b":2}"#,
    #"{"eventVersion":"1","a":"unclosed}"#,
    #"{"eventVersion":"1","a":{"b":1}"#,
    "7",
    "\"text\"",
    "[1,{}]",
    "",
    "nonsense",
  ])
  func readsTheRecordsAroundABrokenOne(_ broken: String) throws {
    let file = try folder.records("a.json", [record(1), record(2), broken, record(3), record(4)])
    for size in [300, 1 << 18] {
      let (actions, account) = read(file, windowSize: size)
      #expect(actions == ["s3:Call1", "s3:Call2", "s3:Call3", "s3:Call4"])
      #expect(account.input.status == "partial")
    }
  }

  @Test(
    arguments: [
      ("{\"Records\":[", ",", "]}"), ("{\"Records\": [", ", ", "]}"), ("[", ", ", "]"),
      ("{\n \"Records\": [\n  ", ",\n  ", "\n ]\n}\n"), ("[\r\n\t", "\r\n\t,\r\n\t", "\r\n]"),
    ], [false, true])
  func losesOneRecordWhateverSpaceStandsBetween(
    _ layout: (start: String, between: String, end: String), _ isSpread: Bool
  ) throws {
    let records = (1...5).map { number in
      isSpread ? record(number).replacing("{\"", with: "{\n    \"").replacing(",\"", with: ",\n    \"") : record(number)
    }
    let text = layout.start + records.joined(separator: layout.between) + layout.end
    func expect(_ damaged: String, _ calls: [Int], _ what: Comment) throws {
      let file = try folder.write("a.json", damaged)
      for size in [300, 1 << 18] {
        let (actions, account) = read(file, windowSize: size)
        #expect(actions == calls.map { "s3:Call\($0)" }, what)
        #expect(account.unreadable >= 1, what)
      }
    }
    try expect(String(text[..<text.ranges(of: "Call4")[0].lowerBound]), [1, 2, 3], "cut")
    try expect(text.replacing("Call3\"", with: "Call3"), [1, 2, 4, 5], "a quote is lost")
    let key = text.ranges(of: "eventVersion")[3]
    try expect(String(text[..<text.index(key.lowerBound, offsetBy: 5)]), [1, 2, 3], "cut in the first key")
    try expect(text.replacingCharacters(at: text.index(before: key.lowerBound)), [1, 2, 3, 5], "its quote is lost")
    let brace = records[2].dropLast()
    try expect(text.replacing(records[2], with: brace), [1, 2, 4, 5], "a brace is lost")
  }

  /// Between two lost quotes everything looks like one text; records that begin in many ways are not found by their first key.
  @Test(arguments: [",", ", "], [false, true])
  func losesTwoRecordsWithALostQuoteEach(_ between: String, _ isVaried: Bool) throws {
    let records = (1...400).map { number in
      let text = isVaried ? "{\"k\(number)\":1," + record(number).dropFirst() : record(number)
      return number % 50 == 25 ? text.replacing("Call\(number)\"", with: "Call\(number)") : text
    }
    let file = try folder.write("a.json", "{\"Records\":[" + records.joined(separator: between) + "]}")
    for size in [300, 4000, 1 << 18] {
      let (actions, account) = read(file, windowSize: size)
      #expect(actions == (1...400).filter { $0 % 50 != 25 }.map { "s3:Call\($0)" }, "\(size)")
      #expect(account.unreadable == 8, "\(size)")
    }
  }

  /// An object within a record may look like the next record where a window ends: only more of the log tells.
  @Test(arguments: [["id"], ["id", "at", "name"], (1...40).map { "k\($0)" }], [40, 4000])
  func takesNoInnerObjectForARecord(_ firstKeys: [String], _ inner: Int) throws {
    let keys = (1...inner).map { "{\"\(firstKeys[$0 % firstKeys.count])\":\($0)}" }.joined(separator: ",")
    let records = (1...120).map { number in
      let first = firstKeys[number * 7 % firstKeys.count]
      return "{\"\(first)\":1,\"more\":[\(keys)]," + record(number).dropFirst()
    }
    for (start, between, end) in [("{\"Records\":[", ",", "]}"), ("[\n", ",\n", "\n]"), ("", "\n", "\n")] {
      let text = start + records.joined(separator: between) + end
      let whole = try folder.write("a.json", text)
      let damaged = try folder.write("b.json", text.replacing("Call60", with: "Call\u{1}60"))
      for size in [300, 4000, 1 << 16, 1 << 18] {
        let (actions, account) = read(whole, windowSize: size)
        #expect(actions == (1...120).map { "s3:Call\($0)" }, "\(size)")
        #expect(account.unreadable == 0, "\(size)")
        let (others, besides) = read(damaged, windowSize: size)
        #expect(others.filter { $0.hasPrefix("s3:Call") }.count >= 119, "\(size)")
        #expect(besides.unreadable <= 1, "\(size)")
      }
    }
  }

  @Test func givesUpARecordThatIsTooLongAndGoesOn() throws {
    let long = TrailText(id: "long", more: ",\"x\":\"" + String(repeating: "x", count: 65 << 20) + "\"").json
    let file = try folder.lines("a.jsonl", [record(1), long, record(2), record(3)])
    let (actions, account) = read(file, windowSize: 1 << 18)
    #expect(actions == ["s3:Call1", "s3:Call2", "s3:Call3"])
    #expect(account.unreadable == 1)
    let start = record(1).utf8.count + 1
    #expect(
      account.diagnostics(tried: []).map(\.message) == [
        "record 2 is unreadable at byte \(start): the record is longer than 64 MiB"
      ])
  }

  /// What a person chose to have in a record is no record of its own, however the line around it was damaged.
  @Test func countsNoInnerObjectOfALine() throws {
    let damages: [(String) -> String] = [
      { $0 }, { String($0.dropFirst(400)) }, { "," + $0 }, { "}" + $0 },
      { $0.replacing("\"x\":[", with: "\"x\":[\u{1}") }, { $0.replacing("\"x\":", with: "\"x:") },
    ]
    let forged = (1...3).map { TrailText(id: "f-\($0)", name: "Forged").json }.joined(separator: ",")
    let hostile = TrailText(
      id: "h", name: "Hostile", more: ",\"requestParameters\":{\"x\":[\(forged)],\"y\":[\(forged)]}"
    ).json
    for (number, damage) in damages.enumerated() {
      for place in 0...2 {
        var lines = [record(1), record(2)]
        lines.insert(damage(hostile), at: place)
        let file = try folder.lines("a.jsonl", lines)
        for size in [300, 1 << 18] {
          let (actions, _) = read(file, windowSize: size)
          #expect(
            actions.filter { $0 != "s3:Hostile" } == ["s3:Call1", "s3:Call2"], "damage \(number), line \(place + 1)")
        }
      }
    }
  }

  /// Kinds of log that share a stream all see a record that was mended, and where it stood.
  @Test(arguments: ["{", "{ "]) func mendsRecordsOfAzure(_ start: String) throws {
    func record(_ number: Int, agent: String) -> String {
      """
      \(start)"time":"2026-01-02T03:05:05Z","category":"MicrosoftGraphActivityLogs","tenantId":"t1","properties":{\
      "requestId":"r\(number)","requestMethod":"GET","requestUri":"https://graph.microsoft.com/v1.0/users",\
      "responseStatusCode":200,"appId":"a","servicePrincipalId":"p","userAgent":"\(agent)"}}
      """
    }
    let records =
      (1...9).map { record($0, agent: $0 == 5 ? "sdk\u{1B}[0m" : "sdk") } + [
        record(10, agent: "\u{1B}").replacing("Microsoft", with: "Micro")
      ]
    let file = try folder.lines("a.jsonl", records)
    for size in [700, 1 << 18] {
      let (actions, account) = read(file, windowSize: size)
      #expect(actions.count == 9 && account.unreadable == 1)
      let begin = records[..<9].reduce(0) { $0 + $1.utf8.count + 1 }
      let message = try #require(account.diagnostics(tried: []).first?.message)
      #expect(message.hasPrefix("record 10 is unreadable at byte \(begin)"), "\(message)")
    }
  }

  @Test func goesOnWhereABracketLooksLikeTheNextList() throws {
    let broken =
      record(2).replacing("\"eventTime\":", with: "\"eventTime\":\u{FF}") + "}[\n  {\"event,{\"eventVersion\"}}["
    let text = "[" + [record(1), broken + "\n  " + record(3), record(4)].joined(separator: ",\n  ") + "]"
    // U+00FF in Latin-1: no UTF-8.
    let file = try folder.write("a.json", bytes: Array(text.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) }))
    for size in [220, 1 << 18] {
      let (actions, account) = read(file, windowSize: size)
      #expect(Set(["s3:Call1", "s3:Call4"]).isSubset(of: actions))
      #expect(account.unreadable > 0)
    }
  }

  @Test func isNotMisledByALongFirstLine() throws {
    let long = TrailText(id: "long", more: ",\"x\":\"" + String(repeating: "x", count: 130 << 20) + "\"").json
    let file = try folder.lines("a.jsonl", [long, record(2), record(3)])
    let (actions, account) = read(file, windowSize: 1 << 18)
    #expect(actions == ["s3:Call2", "s3:Call3"])
    #expect(account.format == "cloudtrail")
    #expect(
      account.diagnostics(tried: []).map(\.message) == [
        "record 1 is unreadable at byte 0: the record is longer than 64 MiB"
      ])
  }

  @Test func readsRecordsLongerThanAWindow() throws {
    let long = TrailText(id: "long", name: "Long", more: ",\"x\":\"" + String(repeating: "x", count: 1 << 20) + "\"")
      .json
    let file = try folder.records("a.json", [record(1), long, record(2)])
    let (actions, account) = read(file, windowSize: 1 << 18)
    #expect(actions == ["s3:Call1", "s3:Long", "s3:Call2"])
    #expect(account.input.status == "ok")
  }

  @Test(arguments: [1, 7, 64, 500])
  func readsEveryShape(_ count: Int) throws {
    let records = (1...count).map(record)
    let wanted = (1...count).map { "s3:Call\($0)" }
    let envelopes = records.map {
      #"{"version":"0","id":"x","detail-type":"AWS API Call via CloudTrail","detail":"# + $0 + "}"
    }
    let lake = records.map { #"{"eventVersion":"1","eventCategory":"ActivityAuditLog","eventData":"# + $0 + "}" }
    let pretty = "{\n  \"Records\": [\n    " + records.joined(separator: ",\n    ") + "\n  ]\n}\n"
    let files = [
      try folder.records("records.json", records), try folder.lines("lines.jsonl", records),
      try folder.write("array.json", "[" + records.joined(separator: ",") + "]"),
      try folder.lines("events.jsonl", envelopes), try folder.lines("lake.jsonl", lake),
      try folder.write("pretty.json", pretty), try folder.write("joined.json", records.joined()),
      try folder.write(
        "late.json", #"{"note":[{}],"Records":["# + records.joined(separator: " , ") + #"],"n":{"a":[]}}"#),
    ]
    for file in files {
      for size in [64, 700, 1 << 18] {
        let (actions, account) = read(file, windowSize: size)
        #expect(actions == wanted, "\(file)")
        #expect(account.diagnostics(tried: []) == [], "\(file)")
      }
    }
  }

  @Test func readsRecordsWithLongFirstKeys() throws {
    let key = String(repeating: "k", count: 300)
    let records = (1...3).map { "{\"\(key)\":1," + record($0).dropFirst() }
    for file in [try folder.records("a.json", records), try folder.lines("a.jsonl", records + ["\"", "{"])] {
      #expect(read(file, windowSize: 1 << 18).actions == ["s3:Call1", "s3:Call2", "s3:Call3"])
    }
  }

  @Test func saysWhatAnotherLogIs() throws {
    let line = #"{"reading":21.5,"unit":"C","sensor":"hall"}"#
    let file = try folder.lines("weather.jsonl", [line, line, line])
    let result = usage(of: [file])
    #expect(result.coverage.unreadable == 3)
    let tried = usageFormats.count
    #expect(result.diagnostics.count == 1)
    #expect(
      result.diagnostics.first?.message.hasPrefix("not a log that is known: none of 3 records is one of cloudtrail")
        == true)
    #expect(result.diagnostics.first?.message.split(separator: ",").count == tried)
    #expect(result.coverage.inputs.map(\.status) == ["unreadable"])
  }

  @Test func namesFilesThatCannotBeOpened() throws {
    let good = try folder.lines("good.jsonl", [record(1)])
    let result = usage(of: [good, folder.path("absent.json"), folder.path])
    #expect(result.coverage.used == 1)
    #expect(result.coverage.unreadable == 2)
    #expect(result.coverage.inputs.map(\.status).sorted() == ["ok", "unreadable", "unreadable"])
    #expect(result.diagnostics.filter { $0.kind == .unreadable }.count == 2)
  }

  @Test func refusesAnUnknownFormat() {
    let result = readUsage(UsageSource(name: "x", format: "cloudtrial"), files: [])
    #expect(result.diagnostics.map(\.kind) == [.invalid])
    #expect(result.diagnostics.first?.hint == "did you mean `cloudtrail`?")
  }

  private func read(_ file: String, windowSize: Int) -> (actions: [String], account: FileAccount) {
    var reading = FileReading(formats: LogFormat.all, windowSize: windowSize)
    var names = Names()
    let account = reading.read(.whole(file), into: &names) { _ in }
    return (names.actions, account)
  }
}

/// Keeps the names of the calls.
struct Names: EventConsumer {
  var actions: [String] = []

  mutating func begin(format: String) {}
  mutating func endWindow() {}

  mutating func consume(_ event: borrowing LogEvent, record: UInt64) -> Receipt {
    actions.append(event.call.action.string)
    return .used
  }
}

extension String {
  /// Without the character.
  fileprivate func replacingCharacters(at place: Index) -> String {
    String(self[..<place] + self[index(after: place)...])
  }
}
