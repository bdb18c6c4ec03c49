package import Base
package import Model

extension Schedule {
  /// Whether any part of the hour that starts at the instant lies in the schedule: the logs' cells are whole hours, so only
  /// an hour that is wholly outside is known to be outside.
  package func includes(hourFrom start: Instant) -> Bool {
    stride(from: Int64(0), to: 60, by: 15).contains { minutes in
      includes(Instant(milliseconds: start.milliseconds + minutes * 60_000))
    }
  }

  /// Whether the local day and minute of the instant lie in the schedule.
  package func includes(_ instant: Instant) -> Bool {
    let local = instant.advanced(by: zone.offset(at: instant))
    let minute = Int((local.milliseconds - local.day.start.milliseconds) / 60_000)
    if from <= to { return days.contains(local.day.weekday) && minute >= from && minute < to }
    // Over midnight: the evening belongs to the day, the morning to the day before.
    if minute >= from { return days.contains(local.day.weekday) }
    return minute < to && days.contains(local.day.advanced(by: -1).weekday)
  }

  /// `mon-fri 06:00-20:00 Europe/Zurich`.
  package var words: String {
    let names = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
    let sorted = days.sorted()
    let isRun = sorted.count > 2 && sorted.last.map { $0 - sorted[0] == sorted.count - 1 } ?? false
    let list =
      isRun ? "\(names[sorted[0]])-\(names[sorted[sorted.count - 1]])" : sorted.map { names[$0] }.joined(separator: ",")
    func clock(_ minute: Int) -> String {
      let (hours, minutes) = (minute / 60, minute % 60)
      return "\(hours < 10 ? "0" : "")\(hours):\(minutes < 10 ? "0" : "")\(minutes)"
    }
    return "\(list) \(clock(from))-\(clock(to)) \(zone)"
  }
}
