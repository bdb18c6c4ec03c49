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

  /// Silence that does not fit the source's own rhythm.
  var gaps: [Gap] {
    var copy = self
    copy.settle()
    return silences.compactMap { before, after in
      guard let from = copy.byHour[before]?.last, let to = copy.byHour[after]?.first else { return nil }
      return Gap(from: Instant(milliseconds: from), to: Instant(milliseconds: to))
    }
  }

  /// Few hours of events behind a silence may be a wrong clock's: the source is taken to end where it began.
  private static let mostStray = 20

  /// The last hour up to which the source speaks.
  func end(silences: [SourceRhythm.Silence]) -> Int64 {
    let numbers = numbers
    var end = numbers.last ?? 0
    for silence in silences.reversed()
    where numbers.count(where: { $0 > silence.before && $0 <= end }) <= Self.mostStray {
      end = silence.before
    }
    return end
  }

  /// The same, by the hours before and after.
  var silences: [SourceRhythm.Silence] { SourceRhythm(numbers).gaps }
}

extension SourceHours {
  /// The hours with events, counted from the epoch; sorted.
  var numbers: [Int64] {
    var copy = self
    copy.settle()
    return copy.byHour.keys.sorted()
  }

  func write(to out: inout PartWriter) {
    var copy = self
    copy.settle()
    let numbers = copy.byHour.keys.sorted()
    out.number(numbers.count)
    var last = Int64(0)
    for number in numbers {
      guard let hour = copy.byHour[number] else { continue }
      out.signed(number - last)
      out.number(UInt64(hour.first - number * 3_600_000))
      out.number(UInt64(hour.last - hour.first))
      last = number
    }
  }

  init(from part: inout PartReader) throws(PartError) {
    let count = try part.length(ofEach: 3)
    var last = Int64(0)
    for index in 0..<count {
      let (number, over) = last.addingReportingOverflow(try part.signed())
      if over || number.magnitude >= 1 << 38 || (index > 0 && number <= last) {
        throw part.broken("hours are not in their order")
      }
      let first = number * 3_600_000 + Int64(try part.number(below: 3_600_000, "a time in an hour"))
      let end = first + Int64(try part.number(below: 3_600_000, "a time in an hour"))
      if end.flooredDivision(by: 3_600_000) != number { throw part.broken("a time is not in its hour") }
      byHour[number] = Hour(first: first, last: end)
      last = number
    }
  }
}
