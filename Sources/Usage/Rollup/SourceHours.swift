import Base
import Model

/// When a source spoke: by hour, the first and the last event.
struct SourceHours: Sendable {
  private struct Hour { var first, last: Int64 }

  private var byHour: [Int64: Hour] = [:]
  private var current: (number: Int64, hour: Hour)?

  @inline(__always)
  mutating func add(_ time: Int64) {
    let number = time.flooredDivision(by: 3_600_000)
    if let known = current, known.number == number {
      if time < known.hour.first { current?.hour.first = time }
      if time > known.hour.last { current?.hour.last = time }
    } else {
      change(to: number, time)
    }
  }

  private mutating func change(to number: Int64, _ time: Int64) {
    settle()
    current = (number, Hour(first: time, last: time))
  }

  private mutating func settle() {
    guard let (number, hour) = current else { return }
    let known = byHour[number]
    byHour[number] = Hour(
      first: min(hour.first, known?.first ?? .max), last: max(hour.last, known?.last ?? .min))
    current = nil
  }

  mutating func merge(_ other: SourceHours) {
    settle()
    var other = other
    other.settle()
    byHour.merge(other.byHour) { Hour(first: min($0.first, $1.first), last: max($0.last, $1.last)) }
  }

  /// First and last event.
  var period: (first: Instant, last: Instant)? {
    var copy = self
    copy.settle()
    guard let first = copy.byHour.values.map(\.first).min(), let last = copy.byHour.values.map(\.last).max() else {
      return nil
    }
    return (Instant(milliseconds: first), Instant(milliseconds: last))
  }

  /// Silence that does not fit the source's own rhythm: longer than 6 hours, and than 3 times all but the longest twentieth of
  /// its pauses between active hours. A source with fewer than 20 pauses has no rhythm yet, and so no gaps.
  var gaps: [Gap] {
    var copy = self
    copy.settle()
    let hours = copy.byHour.keys.sorted()
    let pauses = zip(hours, hours.dropFirst()).map { $1 - $0 }
    if pauses.count < 20 { return [] }
    let usual = pauses.sorted()[pauses.count * 19 / 20]
    let limit = max(6, 3 * usual)
    return zip(hours, hours.dropFirst()).filter { $1 - $0 > limit }.compactMap { before, after in
      guard let from = copy.byHour[before]?.last, let to = copy.byHour[after]?.first else { return nil }
      return Gap(from: Instant(milliseconds: from), to: Instant(milliseconds: to))
    }
  }
}
