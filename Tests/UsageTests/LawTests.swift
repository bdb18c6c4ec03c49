import Base
import Model
import TestSupport
import Testing

@testable import Usage

/// Same events, same bytes: for any order, split, duplication and number of threads.
struct LawTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func records(_ count: Int, _ dice: inout Dice) -> [String] { SampleRecords.make(count, &dice) }

  /// Spreads records over files, each also a second time somewhere.
  private func spread(_ records: [String], over count: Int, _ name: String, _ dice: inout Dice) throws -> [String] {
    var parts = [[String]](repeating: [], count: count)
    for record in records.shuffled(using: &dice) { parts[Int.random(in: 0..<count, using: &dice)].append(record) }
    for record in records where UInt64.random(in: 0..<4, using: &dice) == 0 {
      parts[Int.random(in: 0..<count, using: &dice)].append(record)
    }
    return try parts.enumerated().map { index, part in
      index % 2 == 0
        ? try folder.records("\(name)-\(index).json", part) : try folder.lines("\(name)-\(index).jsonl", part)
    }
  }

  @Test(arguments: 1...6)
  func givesTheSameBytesForAnySplitOrderAndThreads(_ seed: Int) throws {
    var dice = Dice(seed: UInt64(seed))
    let records = records(3000, &dice)
    let whole = usage(of: [try folder.records("whole.json", records)])
    #expect(whole.coverage.used == 3000)
    #expect(Set(whole.facts.flatMap(\.saturated)).count >= 4, "the limits are passed")
    for count in [1, 3, 8] {
      let files = try spread(records, over: count, "s\(count)", &dice)
      for threads in [1, 3] {
        let result = usage(of: files.shuffled(using: &dice), threads: threads)
        #expect(result.canonicalBytes == whole.canonicalBytes)
        #expect(result.coverage.used == 3000)
        #expect(result.coverage.duplicate > 0)
        #expect(result.coverage.records == result.coverage.inputs.reduce(0) { $0 + $1.records })
      }
    }
  }

  @Test(arguments: 1...6)
  func mergesPartsInAnyGrouping(_ seed: Int) throws {
    var dice = Dice(seed: UInt64(seed) &* 77)
    let records = records(2400, &dice)
    let whole = usage(of: [try folder.records("whole.json", records)])
    let parts = try (0..<3).map { part in
      usage(of: [
        try folder.records("part\(part).json", records.enumerated().filter { $0.offset % 3 == part }.map(\.element))
      ])
    }
    let (a, b, c) = (parts[0].facts, parts[1].facts, parts[2].facts)
    #expect(mergeUsage(mergeUsage(a, b), c) == whole.facts)
    #expect(mergeUsage(a, mergeUsage(b, c)) == whole.facts)
    #expect(mergeUsage(c, mergeUsage(b, a)) == whole.facts)
    #expect(mergeUsage(whole.facts, []) == whole.facts)
    #expect(mergeUsage([], whole.facts) == whole.facts)
  }

  @Test func emptiesItsTablesWithoutATrace() throws {
    // Two rollups emptied one after another are one rollup.
    var dice = Dice(seed: 5)
    let file = try folder.records("whole.json", records(2000, &dice))
    let whole = usage(of: [file]).facts
    var halves = Halves()
    var reading = FileReading(formats: LogFormat.all)
    _ = reading.read(.whole(file), into: &halves) { _ in }
    #expect(try halves.finish() == whole)
  }

  @Test(arguments: 1...3)
  func emptiesItsTablesAtAnyTime(_ seed: Int) throws {
    // What one emptying learns of an action's resources shapes what is counted after it.
    var dice = Dice(seed: UInt64(seed) &* 31)
    let many = (0..<3000).map { number in
      var record = TrailText(id: "e-\(number)", identity: TrailText.user("u\(number % 2)"))
      // Many objects of few buckets, and objects of many buckets.
      let bucket = number % 3 == 0 ? "a\(number % 2)" : "b\(Int.random(in: 0..<900, using: &dice))"
      record.name = number % 3 == 0 ? "GetObject" : "PutObject"
      record.more = ",\"requestParameters\":{\"bucketName\":\"\(bucket)\",\"key\":\"k\(number)\"}"
      return record.json
    }
    let file = try folder.records("whole.json", records(600, &dice) + many.shuffled(using: &dice))
    func part(budget: Int, windowSize: Int) throws -> UsagePart {
      var counting = Counting(IndexTape(), budget: budget)
      var reading = FileReading(formats: LogFormat.all, windowSize: windowSize)
      _ = reading.read(.whole(file), into: &counting) { _ in }
      return try UsagePart.joined(counting.finish().get())
    }
    let whole = try part(budget: .max, windowSize: 256 << 10)
    #expect(Set(whole.records.flatMap { $0.reductions.map(\.level) }) == [1, 2], "resources are reduced")
    let bytes = try whole.encode()
    for windowSize in [64 << 10, 256 << 10, 512 << 10] {
      #expect(try part(budget: 0, windowSize: windowSize).encode() == bytes)
    }
  }

  /// Of all readers, that of a column puts the texts of its records in one place.
  @Test func countsRecordsOfAColumnAsThoseOfLines() throws {
    let records = (0..<200).map { number in
      """
      {"CreationTime":"2026-01-02T03:0\(number % 7):05","Id":"i\(number)","Operation":"FileAccessed","OrganizationId":"t1",\
      "RecordType":6,"UserType":0,"UserId":"user\(number % 9)@acme.example","Workload":"SharePoint",\
      "ClientIP":"192.0.2.\(number % 40)","ObjectId":"https://acme.example/\(number * number)","UserAgent":"agent\(number % 3)"}
      """
    }
    let rows = records.map { "1,\"\($0.replacing("\"", with: "\"\""))\"" }
    let table = try folder.write("table.csv", "RecordType,AuditData\n" + rows.joined(separator: "\n") + "\n")
    let lines = try folder.write("lines.jsonl", records.joined(separator: "\n"))
    let (some, all) = (rollUp([table]).part, rollUp([lines]).part)
    #expect(some.used == 200 && some.facts == all.facts)
  }

  /// More resources than are kept in nearly as many containers: none of the names that come before that is known may count as a container.
  @Test func reducesResourcesNoFurtherThanIsNeeded() throws {
    let records = (0..<1500).map { number in
      var record = TrailText(id: "e-\(number)")
      record.name = "PutObject"
      record.more = ",\"requestParameters\":{\"bucketName\":\"b\(number % 256)\",\"key\":\"k\(number)\"}"
      return record.json
    }
    let fact = try #require(usage(of: [try folder.records("a.json", records)]).facts.first)
    #expect(fact.saturated == ["resources of s3:PutObject"])
    #expect(Set(fact.actions.map(\.resource)) == Set((0..<256).map { "arn:aws:s3:::b\($0)/*" }))
  }

  @Test func countsEqualIdsWithOtherContentBoth() throws {
    var other = TrailText(id: "same")
    other.name = "PutObject"
    let records = [TrailText(id: "same").json, other.json, TrailText(id: "same").json]
    let result = usage(of: [try folder.records("a.json", records)])
    #expect(result.coverage.used == 2)
    #expect(result.coverage.duplicate == 1)
    #expect(result.diagnostics.map(\.kind) == [.warning])
  }

  @Test func tellsEventsWithoutIdApartByTheirText() throws {
    let record = TrailText(id: nil).json
    let other = TrailText(id: nil, region: "eu-west-2").json
    let result = usage(of: [try folder.records("a.json", [record, other, record])])
    #expect(result.coverage.used == 2)
    #expect(result.coverage.duplicate == 1)
  }

  @Test func mergesLifecyclesInAnyOrder() {
    var dice = Dice(seed: 9)
    let changes = (0..<8).map { number in
      var life = CredentialLifecycle(id: "AKIA1")
      let at = Instant(milliseconds: Int64(number % 5) * 1000)
      switch number % 4 {
      case 0: (life.created, life.createdBy) = (at, PrincipalKey("arn:\(number)"))
      case 1: life.disabled = at
      case 2: life.enabled = at
      default: (life.deleted, life.deletedBy) = (at, PrincipalKey("arn:\(number)"))
      }
      return life
    }
    let first = changes.dropFirst().reduce(changes[0]) { $0.merged(with: $1) }
    for _ in 0..<50 {
      let order = changes.shuffled(using: &dice)
      #expect(order.dropFirst().reduce(order[0]) { $0.merged(with: $1) } == first)
      let (left, right) = (order[..<4], order[4...])
      let both = left.dropFirst().reduce(order[0]) { $0.merged(with: $1) }
        .merged(with: right.dropFirst().reduce(order[4]) { $0.merged(with: $1) })
      #expect(both == first)
    }
  }
}

/// Counts every second event in another rollup.
private struct Halves: EventConsumer, ~Copyable {
  private var even = Rollup()
  private var odd = Rollup()

  mutating func begin(format: String) {}

  mutating func endWindow() {
    even.settle()
    odd.settle()
  }

  mutating func consume(_ event: borrowing LogEvent, record: UInt64) -> Receipt {
    if record % 2 == 0 { even.add(event) } else { odd.add(event) }
    return .used
  }

  consuming func finish() throws -> [UsageFact] {
    let (even, odd) = (try even.drain(), try odd.drain())
    return mergeUsage(even.facts, odd.facts)
  }
}
