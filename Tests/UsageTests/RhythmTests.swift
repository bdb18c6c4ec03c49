import Testing

@testable import Usage

/// Which silence a source's own rhythm explains. Hours are counted from the epoch, a Thursday.
struct RhythmTests {
  /// The hours of so many weeks, of those of the week that are wanted.
  private static func weeks(_ count: Int64, _ wanted: (_ day: Int64, _ hour: Int64) -> Bool) -> [Int64] {
    (0..<count * 168).filter { wanted(($0 / 24 + 3) % 7, $0 % 24) }
  }

  private static func gaps(_ hours: [Int64], without silence: Range<Int64> = 0..<0) -> [Range<Int64>] {
    SourceRhythm(hours.filter { !silence.contains($0) }).gaps.map { $0.before + 1..<$0.after }
  }

  private static let office = weeks(8) { day, hour in day < 5 && (9..<17).contains(hour) }
  private static let nightly = weeks(8) { _, hour in hour == 3 }
  private static let always = weeks(8) { _, _ in true }

  @Test(arguments: [
    office, nightly, always, weeks(2) { day, hour in day < 5 && (9..<17).contains(hour) },
    weeks(30) { day, hour in day == 6 && hour == 3 }, weeks(8) { day, hour in (day * 24 + hour) % 7 == 0 },
  ])
  func explainsWhatComesEachWeek(_ hours: [Int64]) { #expect(Self.gaps(hours) == []) }

  @Test func tellsAnOutage() {
    // Of the fifth week, counted from a Thursday: an hour is none, a night is none to an office, three days are.
    let monday = Int64(4 * 168 + 4 * 24)
    #expect(Self.gaps(Self.always, without: monday..<monday + 5) == [])
    #expect(Self.gaps(Self.always, without: monday..<monday + 10) == [monday..<monday + 10])
    #expect(Self.gaps(Self.office, without: monday + 10..<monday + 12) == [])
    #expect(Self.gaps(Self.office, without: monday..<monday + 72) == [monday - 55..<monday + 81])
    #expect(Self.gaps(Self.nightly, without: monday..<monday + 48) == [])
    #expect(Self.gaps(Self.nightly, without: monday..<monday + 120) == [monday - 20..<monday + 123])
  }

  @Test(arguments: [-400_000, 100_000, 1 << 37]) func isNotConfusedByOneWrongClock(_ wrong: Int64) {
    let hours = (Self.always.filter { !(500..<540).contains($0) } + [wrong]).sorted()
    let gaps = Self.gaps(hours)
    #expect(gaps.count == 2 && gaps.contains(500..<540), "\(gaps)")
  }

  @Test func needsPauses() { #expect(Self.gaps([0, 1, 2, 3, 4, 5, 400]) == []) }
}
