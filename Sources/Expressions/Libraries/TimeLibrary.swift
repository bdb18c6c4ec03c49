import Base

/// Timestamps and durations (CEL specification, "Timestamps and Durations").
enum TimeLibrary {
  static let functions: [Function] =
    [
      Function(
        "timestamp", "An instant from RFC 3339 text or from seconds since 1970",
        [.timestamp, .string, .int].map { Overload([$0], .timestamp) }, .unary(timestamp)),
      Function(
        "duration", "A length of time from text such as `1h30m`",
        [.duration, .string].map { Overload([$0], .duration) }, .unary(duration)),
      part("getFullYear", "The year") { $0.year },
      part("getMonth", "The month, 0 for January") { $0.month - 1 },
      part("getDate", "The day of the month, from 1") { $0.dayOfMonth },
      part("getDayOfMonth", "The day of the month, from 0") { $0.dayOfMonth - 1 },
      part("getDayOfWeek", "The day of the week, 0 for Sunday") { $0.dayOfWeek },
      part("getDayOfYear", "The day of the year, from 0") { $0.dayOfYear },
      part("getHours", "The hour, or the whole hours of a duration", of: 3_600_000_000_000) { $0.hour },
      part("getMinutes", "The minute, or the whole minutes of a duration", of: 60_000_000_000) { $0.minute },
      part("getSeconds", "The second, or the whole seconds of a duration", of: 1_000_000_000) { $0.second },
      part("getMilliseconds", "The milliseconds within the second", of: 1_000_000, modulo: 1000) { $0.millisecond },
    ]

  @Sendable private static func timestamp(_ value: Value) -> Value? {
    switch value {
    case .timestamp: return value
    case .int(let seconds): return Timestamp(seconds: seconds).map { .timestamp($0) } ?? .timeRange
    case .string(let text): return TimeText.timestamp(text)
    default: return nil
    }
  }

  @Sendable private static func duration(_ value: Value) -> Value? {
    switch value {
    case .duration: value
    case .string(let text): TimeText.duration(text, units: TimeText.standardUnits)
    default: nil
    }
  }

  /// A part of a timestamp in UTC or in a zone; with a size, also of a duration.
  private static func part(
    _ name: String, _ summary: String, of size: Int64 = 0, modulo: Int64 = 0,
    _ body: @escaping @Sendable (CivilTime) -> Int
  ) -> Function {
    var overloads = [
      Overload(member: true, [.timestamp], .int), Overload(member: true, [.timestamp, .string], .int),
    ]
    if size > 0 { overloads.append(Overload(member: true, [.duration], .int)) }
    return Function(
      name, summary, cost: 20, overloads,
      .unary { value in
        switch value {
        case .timestamp(let time): return .int(Int64(body(CivilTime(time, offset: 0))))
        case .duration(let span) where size > 0:
          let whole = span.nanoseconds / size
          return .int(modulo > 0 ? whole % modulo : whole)
        default: return nil
        }
      },
      .binary { time, zone in
        guard case .timestamp(let time) = time, case .string(let name) = zone else { return nil }
        guard let offset = TimeText.offset(of: name, at: time) else {
          return .failure("there is no time zone \(name.quoted)")
        }
        return .int(Int64(body(CivilTime(time, offset: offset))))
      })
  }
}

/// A timestamp on the clock and calendar of a place.
struct CivilTime {
  let year, month, dayOfMonth, dayOfWeek, dayOfYear, hour, minute, second, millisecond: Int

  /// The offset is local minus UTC, in seconds.
  init(_ time: Timestamp, offset: Int64) {
    let local = time.seconds + offset
    let day = Day(number: Int32(local.flooring(by: 86_400)))
    let inDay = Int(local - Int64(day.number) * 86_400)
    (year, month, dayOfMonth) = day.components
    dayOfWeek = (day.weekday + 1) % 7
    dayOfYear = Int(day.number) - Int(Day(year: year, month: 1, day: 1)?.number ?? day.number)
    (hour, minute, second) = (inDay / 3600, inDay / 60 % 60, inDay % 60)
    millisecond = Int(time.nanos) / 1_000_000
  }
}
