import Base
import Model
import Synchronization
import TestSupport
import Testing
import Usage

@testable import Catalog

/// The catalog against what reading everything gives.
@Suite struct CatalogTests {
  private let folder: TemporaryFolder
  private let path: String

  init() throws {
    folder = try TemporaryFolder()
    path = folder.path("muster/catalog.sqlite")
  }

  /// A CloudTrail record on one line.
  private func record(
    _ number: Int, who: String = "ana", key: String = "AKIA1", second: Int? = nil, name: String = "GetObject",
    more: String = ",\"requestParameters\":{\"bucketName\":\"ledger\",\"key\":\"k\"}"
  ) -> String {
    let second = second ?? number
    let (hour, minute) = (second / 3600 % 24, second / 60 % 60)
    let clock = [hour, minute, second % 60].map { $0 < 10 ? "0\($0)" : "\($0)" }.joined(separator: ":")
    return """
      {"eventVersion":"1.10","userIdentity":{"type":"IAMUser","arn":"arn:aws:iam::111122223333:user/\(who)",\
      "accountId":"111122223333","accessKeyId":"\(key)"},"eventTime":"2026-03-0\(1 + second / 86_400)T\(clock)Z",\
      "eventSource":"\(name == "AssumeRole" ? "sts" : "s3").amazonaws.com","eventName":"\(name)","awsRegion":"eu-west-1",\
      "sourceIPAddress":"192.0.2.7","eventID":"e-\(number)","recipientAccountId":"111122223333"\(more)}
      """
  }

  @discardableResult
  private func fill(_ files: [String], source: String = "trail") throws -> UsagePart {
    let writer = try CatalogWriter(path, root: folder.path)
    let stamps = Dictionary(files.map { (ExactText($0), FileStamp(of: $0)) }, uniquingKeysWith: { $1 }).compactMapValues
    { $0 }
    let (part, accounts, _) = rollUpIndexed(files, threads: 2, index: writer.indexing(of: source))
    try writer.withCatalog { (catalog) throws(CatalogError) in
      try catalog.record(accounts, stamps: stamps, source: source)
    }
    return part
  }

  private func events(_ query: CatalogQuery, _ filter: EventFilter) throws -> [String] {
    let answer = try LogCatalog(reading: path, root: folder.path).find(query)
    let found = Mutex<[String]>([])
    let reading = readSlices(answer.slices, filter, threads: 2) { event in
      found.withLock { $0.append("\(event.id) \(event.file):\(event.record)@\(event.offset ?? 0)") }
    }
    #expect(reading.diagnostics.isEmpty && answer.diagnostics.isEmpty)
    return found.withLock { $0.sorted() }
  }

  @Test(arguments: ["lines", "records", "gzip", "hits", "texts"])
  func findsWhatReadingEverythingFinds(_ form: String) throws {
    let people = ["ana", "bo", "chi", "dé\\\"x"]
    let records = (0..<6000).map { number in
      record(
        number, who: people[number % 7 % 4], second: number * 37 % 500_000,
        more: ",\"requestParameters\":{\"bucketName\":\"b\(number % 5)\",\"key\":\"k\(number)\"}")
    }
    var files: [String] = []
    for part in 0..<3 {
      let own = records.enumerated().filter { $0.offset % 3 == part }.map(\.element)
      let text =
        switch form {
        case "lines": own.joined(separator: "\n") + "\n"
        case "hits": #"{"hits":{"hits":["# + own.map { #"{"_source":\#($0)}"# }.joined(separator: ",") + "]}}"
        case "texts": own.map { #"{"message":"\#(Self.escaped($0))"}"# + "\n" }.joined()
        default: "{\"Records\":[\(own.joined(separator: ","))]}"
        }
      let file = try folder.write("log\(part).json", text)
      if form == "gzip" { try runProgram("gzip", [file]) }
      files.append(form == "gzip" ? file + ".gz" : file)
    }
    try fill(files)
    for who in ["ana", "bo", "dé\"x"] {
      var query = CatalogQuery()
      var filter = EventFilter()
      let key = "arn:aws:iam::111122223333:user/\(who)"
      query.identities = [(key, .min ... .max)]
      filter.identities = [ExactText(key)]
      let indexed = try events(query, filter)
      #expect(indexed.count > 500)
      #expect(indexed == (try events(CatalogQuery(), filter)), "\(who)")
      query.period = 1_772_330_000_000...1_772_400_000_000
      (filter.since, filter.until) = (
        Instant(milliseconds: 1_772_330_000_000), Instant(milliseconds: 1_772_400_000_001)
      )
      let narrowed = try events(query, filter)
      #expect(!narrowed.isEmpty && narrowed.count < indexed.count)
      #expect(narrowed == (try events(CatalogQuery(), filter)))
    }
    for pattern in ["arn:aws:s3:::b3/*", "arn:aws:s3:::b?/k17", "arn:aws:s3:::b2/k1*7", "*k99*", "arn:aws:s3*"] {
      var query = CatalogQuery()
      var filter = EventFilter()
      query.resource = Glob(pattern)
      filter.resource = query.resource
      let indexed = try events(query, filter)
      #expect(!indexed.isEmpty, "\(pattern)")
      #expect(indexed == (try events(CatalogQuery(), filter)), "\(pattern)")
    }
  }

  private static func escaped(_ text: String) -> String {
    text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
  }

  @Test func findsCallsByTheirNames() throws {
    let names = ["GetObject", "PutObject", "ListBuckets", "AssumeRole"]
    let lines = (0..<2000).map { record($0, name: names[$0 * 37 % 7 % 4]) }
    let web = (0..<500).map { number in
      let request = "\(number % 9 == 0 ? "PUT" : "GET") /a/\(number % 60)/x HTTP/1.1"
      return "203.0.113.9 - ana [01/Mar/2026:13:55:36 +0000] \"\(request)\" 200 \(number)"
    }
    try fill([
      try folder.write("a.jsonl", lines.joined(separator: "\n")),
      try folder.write("web.log", web.joined(separator: "\n") + "\n"),
    ])
    for pattern in ["s3:Get*", "S3:PUTOBJECT", "ListBuckets", "sts:*", "*Object", "PUT /a/*", "GET /a/*", "no", "*"] {
      var query = CatalogQuery()
      var filter = EventFilter()
      query.action = Glob(pattern, ignoringCase: true)
      filter.action = query.action
      let indexed = try events(query, filter)
      #expect(indexed == (try events(CatalogQuery(), filter)), "\(pattern)")
      #expect(indexed.isEmpty == (pattern == "no"), "\(pattern)")
    }
    var query = CatalogQuery()
    query.action = Glob("sts:*")
    #expect(try LogCatalog(reading: path, root: folder.path).find(query).events < 1200)
  }

  @Test func dropsWhatAnOlderVersionWrote() throws {
    let file = try folder.write("a.jsonl", record(1))
    try fill([file])
    let script = "d=sqlite3.connect(sys.argv[1]); d.execute('PRAGMA user_version=2'); d.commit()"
    try runProgram("python3", ["-c", "import sqlite3,sys; \(script)", path])
    #expect(try LogCatalog(reading: path, root: folder.path).isEmpty())
    try fill([file])
    #expect(try LogCatalog(reading: path, root: folder.path).find(CatalogQuery()).events == 1)
  }

  @Test func forgetsSomeOfManyFiles() throws {
    let files = try (0..<60).map { number in
      let issue = ",\"responseElements\":{\"credentials\":{\"accessKeyId\":\"ASIA\(number)\"}}"
      let lines = [
        record(2 * number, who: "w\(number % 3)", name: "AssumeRole", more: issue),
        record(2 * number + 1, who: "w\(number % 3)"),
      ]
      return try folder.write("f\(number).json", lines.joined(separator: "\n"))
    }
    try fill(files)
    let gone = files.enumerated().filter { $0.offset % 5 != 2 }.map(\.element)
    try CatalogWriter(path, root: folder.path).withCatalog { (catalog) throws(CatalogError) in
      try catalog.forget(gone, source: "trail")
    }
    var query = CatalogQuery()
    query.identities = [("arn:aws:iam::111122223333:user/w1", .min ... .max)]
    var filter = EventFilter()
    filter.identities = ["arn:aws:iam::111122223333:user/w1"]
    // Of files 2, 7, 12…, those with 1 when divided by 3.
    let left = try events(query, filter)
    #expect(left.count == 8)
    #expect(left == (try events(CatalogQuery(), filter)))
    let catalog = try LogCatalog(reading: path, root: folder.path)
    #expect(try catalog.find(query).events == 8)
    #expect(try catalog.marks(credential: catalogHash("ASIA7")).count == 1)
    #expect(try catalog.marks(credential: catalogHash("ASIA8")).isEmpty)
    // With the last file goes all that pointed to the segment.
    try CatalogWriter(path, root: folder.path).withCatalog { (catalog) throws(CatalogError) in
      try catalog.forget(files, source: "trail")
    }
    let rows = "(SELECT count(*) FROM segment), (SELECT count(*) FROM piece), (SELECT count(*) FROM call_events)"
    let script = "print(sqlite3.connect(sys.argv[1]).execute('SELECT \(rows)').fetchone())"
    #expect(try runProgram("python3", ["-c", "import sqlite3,sys; \(script)", path]).output.hasPrefix("(0, 0, 0)"))
  }

  @Test(arguments: [[0, 1, 2], [2, 1, 0], [1, 0, 2]])
  func keepsTheSessionThatBeganFirst(_ order: [Int]) throws {
    let files = try (0..<3).map { number in
      let user = "\"arn\":\"arn:aws:iam::111122223333:user/ana\",\"accountId\":\"111122223333\""
      let context =
        number == 2
        ? "" : ",\"sessionContext\":{\"attributes\":{\"creationDate\":\"2026-03-01T0\(3 - number):00:00Z\"}}"
      let who = "\"type\":\"IAMUser\",\"principalId\":\"AIDA1\",\(user),\"accessKeyId\":\"AKIA1\"\(context)"
      return try folder.write(
        "f\(number).json", record(number).replacing(/"userIdentity":\{[^}]*\}/, with: "\"userIdentity\":{\(who)}"))
    }
    for number in order { try fill([files[number]]) }
    let actors = try LogCatalog(reading: path, root: folder.path).actors(of: "arn:aws:iam::111122223333:user/ana")
    #expect(actors.map(\.credential) == ["AKIA1"])
    #expect(actors.first?.started == Instant("2026-03-01T02:00:00Z"))
  }

  @Test func knowsActorsOfManyFilesOnce() throws {
    let files = try (0..<60).map { number in
      let second = number * 7919 % 60
      return try folder.write("f\(number).json", record(second, key: "AKIA\(number % 2)", second: second))
    }
    // The second run widens what the first one wrote.
    try fill(Array(files[..<30]))
    try fill(Array(files[30...]))
    let catalog = try LogCatalog(reading: path, root: folder.path)
    let actors = try catalog.actors(of: "arn:aws:iam::111122223333:user/ana").sorted { $0.credential < $1.credential }
    #expect(actors.map(\.credential) == ["AKIA0", "AKIA1"])
    for (number, actor) in actors.enumerated() {
      let seconds = (0..<60).filter { $0 % 2 == number }.map { Int64($0 * 7919 % 60) }
      let first = Instant("2026-03-01T00:00:00Z")?.milliseconds ?? 0
      #expect((actor.first.milliseconds - first) / 1000 == seconds.min())
      #expect((actor.last.milliseconds - first) / 1000 == seconds.max())
    }
  }

  @Test(arguments: [true, false]) func tellsHowFarReadingHasCome(_ narrows: Bool) throws {
    let text = (0..<4000).map { record($0, who: $0 % 2 == 0 ? "ana" : "bo") }.joined(separator: "\n")
    try fill([try folder.write("a.jsonl", text)])
    var query = CatalogQuery()
    if narrows { query.identities = [("arn:aws:iam::111122223333:user/ana", .min ... .max)] }
    let answer = try LogCatalog(reading: path, root: folder.path).find(query)
    let told = Mutex<[UsageProgress]>([])
    let reading = readSlices(
      answer.slices, EventFilter(), progress: { progress in told.withLock { $0.append(progress) } }
    ) { _ in }
    let all = told.withLock { $0 }
    #expect(reading.events == (narrows ? 2000 : 4000))
    #expect(all.last?.files == 1 && all.last?.totalFiles == 1)
    #expect(all.last.map { $0.bytes == $0.totalBytes } == true)
    #expect(zip(all, all.dropFirst()).allSatisfy { $0.bytes <= $1.bytes })
    #expect(narrows == (all.last.map { $0.totalBytes < UInt64(text.utf8.count) * 6 / 10 } ?? true))
  }

  @Test func readsOnlyTheRecordsThatMatter() throws {
    let lines = (0..<4000).map { record($0, who: $0 == 3210 ? "rare" : "ana") }
    try fill([try folder.write("a.jsonl", lines.joined(separator: "\n"))])
    var query = CatalogQuery()
    query.identities = [("arn:aws:iam::111122223333:user/rare", .min ... .max)]
    let answer = try LogCatalog(reading: path, root: folder.path).find(query)
    #expect(answer.events == 1)
    let reading = readSlices(answer.slices, EventFilter()) { #expect($0.id == "e-3210" && $0.record == 3211) }
    #expect(reading.events == 1)
    #expect(reading.bytes < 20_000_000)
  }

  @Test func tellsForeignAndDamagedFilesFromCatalogs() throws {
    try folder.write("muster/catalog.sqlite", String(repeating: "this is no database. ", count: 400))
    #expect { _ = try LogCatalog(reading: path, root: folder.path) } throws: { ($0 as? CatalogError)?.code == .foreign }
    folder.remove("muster/catalog.sqlite")
    try runProgram(
      "python3", ["-c", "import sqlite3,sys; sqlite3.connect(sys.argv[1]).execute('CREATE TABLE x(y)')", path])
    #expect { _ = try CatalogWriter(path, root: folder.path) } throws: { ($0 as? CatalogError)?.code == .foreign }
    #expect { _ = try LogCatalog(reading: path, root: folder.path) } throws: { ($0 as? CatalogError)?.code == .foreign }
    folder.remove("muster")
    #expect { _ = try LogCatalog(reading: path, root: folder.path) } throws: { ($0 as? CatalogError)?.code == .missing }
    try fill([try folder.write("a.jsonl", (0..<5000).map { record($0) }.joined(separator: "\n"))])
    try runProgram(
      "python3", ["-c", "import sys; f=open(sys.argv[1],'r+b'); f.seek(100); f.write(b'\\xff'*90000)", path])
    #expect { _ = try LogCatalog(reading: path, root: folder.path).files() } throws: { error in
      (error as? CatalogError).map { [.corrupt, .foreign].contains($0.code) && $0.hint.contains("muster sync") }
        ?? false
    }
  }

  @Test func showsTheFirstDeliveryOfAnEvent() throws {
    // Most of the second file stands before the delivery that counts: it is read last.
    let padding = (1000..<4000).map { record($0) }
    let events = [record(1, who: "bo", key: "AKIA2"), record(2, who: "bo", key: "AKIA2")]
    try fill([
      try folder.write("b.jsonl", events.joined(separator: "\n")),
      try folder.write("a.jsonl", (padding + events).joined(separator: "\n")),
    ])
    let catalog = try LogCatalog(reading: path, root: folder.path)
    for threads in [1, 2, 2, 2] {
      let trail = try catalog.trail(
        of: ["arn:aws:iam::111122223333:user/bo"], period: .min ... .max, limit: 9, threads: threads)
      let use = try #require(trail.nodes.first?.uses.first)
      #expect(use.count == 2)
      #expect(use.first.file.hasSuffix("/a.jsonl") && use.first.id == "e-1")
      #expect(use.last.file.hasSuffix("/a.jsonl") && use.last.id == "e-2")
    }
  }

  @Test func tellsWhatBecameOfFiles() throws {
    let lines = (0..<200).map { record($0) }.joined(separator: "\n") + "\n"
    var files: [String] = []
    for name in ["same", "grown", "changed", "gone"] {
      files.append(try folder.write("\(name).jsonl", lines.replacing("\"e-", with: "\"\(name)-")))
    }
    try fill(files)
    let known = try LogCatalog(reading: path, root: folder.path).files()
    #expect(known.count == 4)
    try folder.write("grown.jsonl", lines.replacing("\"e-", with: "\"grown-") + record(7) + "\n")
    try folder.write("changed.jsonl", lines.replacing("\"e-1\"", with: "\"e-9\""))
    folder.remove("gone.jsonl")
    files.append(try folder.write("new.jsonl", "{}"))
    files.append(try folder.write("copy.jsonl", lines.replacing("\"e-", with: "\"same-")))
    let survey = LogSurvey(of: files.filter { !$0.contains("gone") }, known: known, verifying: false)
    let states = survey.rows.map { row in
      let word: String =
        switch row.state {
        case .same: "same"
        case .touched: "touched"
        case .new: "new"
        case .copy: "copy"
        case .grown: "grown"
        case .changed: "changed"
        case .vanished: "vanished"
        case .unreadable: "unreadable"
        }
      return "\(row.path.split(separator: "/").last ?? "") \(word)"
    }
    #expect(
      states == [
        "changed.jsonl changed", "copy.jsonl copy", "gone.jsonl vanished", "grown.jsonl grown", "new.jsonl new",
        "same.jsonl same",
      ])
  }
}
