import Base
import Model
import TestSupport
import Testing

@testable import Usage

/// What a source shows of each account, while it shows others.
struct PlaceTests {
  private static let start = Int64(1_767_225_600_000)
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private static func at(_ hour: Int64) -> Instant { Instant(milliseconds: start + hour * 3_600_000) }

  /// An account that speaks each hour of those.
  private func records(_ account: String, _ hours: some Sequence<Int64>) -> [String] {
    hours.map { TrailText(time: Self.at($0).description, id: "\(account)-\($0)", account: account).json }
  }

  private func coverage(_ records: [String]) throws -> SourceCoverage {
    readUsage(UsageSource(name: "trail", covers: ["aws:*"]), files: [try folder.records("a.json", records)]).coverage
  }

  @Test func tellsWhichAccountWentDark() throws {
    // 40 days; nothing at all for two of them; one account ends, one begins, one is silent for three days.
    let day = Int64(24)
    let all = (0..<40 * day).filter { !(14 * day..<16 * day).contains($0) }
    let coverage = try coverage(
      records("111111111111", all) + records("222222222222", all.filter { $0 < 25 * day })
        + records("333333333333", all.filter { $0 >= 10 * day })
        + records("444444444444", all.filter { !(30 * day..<33 * day).contains($0) })
        + records("555555555555", [5 * day, 6 * day]))
    #expect(coverage.gaps == [Gap(from: Self.at(14 * day - 1), to: Self.at(16 * day))])
    #expect(coverage.places.map(\.name) == (1...5).map { "aws:" + String(repeating: "\($0)", count: 12) })
    #expect(coverage.places.map(\.first) == [0, 0, 10 * day, 0, 5 * day].map(Self.at))
    let ends = [40 * day - 1, 25 * day - 1, 40 * day - 1, 40 * day - 1, 6 * day]
    #expect(coverage.places.map(\.last) == ends.map(Self.at))
    let dark = Gap(from: Self.at(25 * day), to: Self.at(40 * day - 1))
    let silent = Gap(from: Self.at(30 * day), to: Self.at(33 * day))
    #expect(coverage.places.map(\.gaps) == [[], [dark], [], [silent], []])
    #expect(coverage.places.map(\.dark) == [nil, dark, nil, nil, nil])
    #expect(coverage.dark.map(\.name) == ["aws:222222222222"])
    #expect(coverage.place("aws:333333333333") == coverage.places[2])
    #expect(coverage.place("aws:333") == nil && coverage.place("aws:999999999999") == nil)
  }

  @Test func isTheSameHoweverTheLogsAreCut() throws {
    let all = records("111111111111", 0..<200) + records("222222222222", stride(from: 3, to: 180, by: 2))
    let whole = usage(of: [try folder.records("whole.json", all)])
    let halves = [all.enumerated().filter { $0.offset % 3 == 0 }, all.enumerated().filter { $0.offset % 3 != 0 }]
    let files = try halves.enumerated().map { try folder.records("h\($0.offset).json", $0.element.map(\.element)) }
    #expect(usage(of: files, threads: 2).coverage.places == whole.coverage.places)
  }

  @Test func isNotMisledByAnEventOfTheFuture() throws {
    let coverage = try coverage(records("111111111111", Array(0..<400) + [90_000]) + records("222222222222", 0..<300))
    #expect(coverage.dark.map(\.name) == ["aws:222222222222"])
    let seen = coverage.seen(at: Self.at(402))
    #expect(seen.dark.map(\.name) == ["aws:222222222222"])
    #expect(seen.places[0].gaps.isEmpty)
    let own = try self.coverage(records("111111111111", 0..<400) + records("222222222222", Array(0..<300) + [90_000]))
    #expect(own.seen(at: Self.at(402)).dark.map(\.name) == ["aws:222222222222"])
  }

  @Test func keepsBurstsAndHolidaysApartFromDarkness() throws {
    let day = Int64(24)
    let all = Array(0..<120 * day)
    let monthEnds = all.filter { $0 / day % 30 == 29 && (8..<20).contains($0 % day) }
    let office = all.filter { ($0 / day + 3) % 7 < 5 && (9..<17).contains($0 % day) && $0 / day != 116 }
    let stopped = office.filter { $0 < 100 * day }
    let coverage = try coverage(
      records("111111111111", all) + records("222222222222", monthEnds.filter { $0 < 119 * day })
        + records("333333333333", office) + records("444444444444", stopped))
    #expect(coverage.dark.map(\.name) == ["aws:444444444444"])
    #expect(coverage.place("aws:222222222222")?.gaps == [])
    #expect(coverage.place("aws:333333333333")?.gaps == [])
  }

  @Test func waitsForWhatComesLate() throws {
    let all = records("111111111111", 0..<400) + records("222222222222", 0..<376)
    let file = try folder.records("a.json", all)
    func dark(_ lateness: Milliseconds?) -> [String] {
      readUsage(UsageSource(name: "t", lateness: lateness), files: [file]).coverage.dark.map(\.name)
    }
    #expect(dark(nil) == ["aws:222222222222"])
    #expect(dark(Milliseconds(86_400_000)) == [])
  }

  @Test(arguments: [[0, 0], [2, 0, 1], [4, 1, 0, 1], [2, 0x80, 0x80, 0x80, 8]]) func refusesDaysThatAreNone(
    _ bytes: [UInt8]
  ) {
    #expect(throws: PartError.self) {
      try bytes.withUnsafeBufferPointer { bytes throws(PartError) in
        var reader = PartReader(bytes, path: "p")
        _ = try PlaceHours(from: &reader)
      }
    }
  }
}
