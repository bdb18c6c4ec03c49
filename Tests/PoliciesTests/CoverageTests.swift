import Base
import Model
import Testing

/// What a source of logs shows at an instant.
@Suite struct CoverageTests {
  private static let now = day(20)

  private static func day(_ day: Int64, month: Int64 = 0) -> Instant {
    Instant(milliseconds: 1_760_000_000_000 + (month * 30 + day) * 86_400_000)
  }

  private func source(last: Instant, gaps: [Gap]) -> SourceCoverage {
    var source = SourceCoverage(name: "logs", kind: .usage)
    (source.first, source.last, source.collected) = (Self.day(0), last, last)
    source.gaps = gaps
    return source
  }

  @Test func isLeftAsItIsUpToNow() {
    let source = source(last: Self.day(19), gaps: [Gap(from: Self.day(3), to: Self.day(5))])
    #expect(source.seen(at: Self.now) == source)
  }

  @Test func endsWhereTheSilenceBeforeAnEventOfTheFutureBegan() {
    let earlier = Gap(from: Self.day(3), to: Self.day(5))
    let source = source(
      last: Self.day(9, month: 12), gaps: [earlier, Gap(from: Self.day(7), to: Self.day(9, month: 12))])
    let seen = source.seen(at: Self.now)
    #expect(seen.last == Self.day(7) && seen.collected == Self.day(7))
    #expect(seen.gaps == [earlier])
    #expect(seen.ahead == Self.day(9, month: 12))
  }

  @Test func endsNowWhereItsClockIsALittleAhead() {
    let seen = source(last: Self.now.advanced(by: Milliseconds(3_600_000)), gaps: []).seen(at: Self.now)
    #expect(seen.last == Self.now && seen.ahead != nil)
  }

  @Test func endsNowhereWhereNoRhythmTells() {
    let seen = source(last: Self.day(0, month: 12), gaps: []).seen(at: Self.now)
    #expect(seen.last == nil && seen.first == nil && seen.collected == nil && seen.ahead == Self.day(0, month: 12))
  }
}
