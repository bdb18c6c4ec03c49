import Base
import Documents
import Model

extension Readings {
  /// Days, hours and zone. What is left out is every day, the whole day, UTC.
  static let schedule = Reading<Schedule>.mapping("schedule", keys: Keys.schedule) { reader in
    let place = reader.node.location
    var days: Set<Int> = []
    for entry in reader.optional("days", texts)?.value ?? [] {
      if let some = weekdays(entry.value) {
        days.formUnion(some)
      } else {
        reader.add("expected days like mon-fri or sat, found '\(entry.value)'", at: entry.location)
      }
    }
    let hours = reader.optional("hours", hours)?.value ?? Hours(from: 0, to: 1440)
    let name = reader.optional("zone", text) ?? Located("UTC", at: place)
    guard let zone = TimeZone(name.value) else {
      reader.add(
        "there is no time zone '\(name.value)'", at: name.location, hint: "use an IANA name such as Europe/Zurich")
      return nil
    }
    return Schedule(days: days.isEmpty ? Set(0..<7) : days, from: hours.from, to: hours.to, zone: zone, location: place)
  }

  private struct Hours: Sendable {
    var from: Int
    var to: Int
  }

  /// `06:00-20:00` in minutes of the day; `24:00` is the end of it.
  private static let hours = Reading<Hours>("hours like 06:00-20:00") { node in
    guard let ends = node.text?.split(separator: "-", omittingEmptySubsequences: false), ends.count == 2,
      let from = minute(ends[0]), let to = minute(ends[1]), from != to, from < 1440
    else { return nil }
    return Hours(from: from, to: to)
  }

  private static func minute(_ text: Substring) -> Int? {
    let digits = text.utf8.map { Int($0) - 0x30 }
    guard digits.count == 5, text.utf8.dropFirst(2).first == UInt8(ascii: ":"),
      [0, 1, 3, 4].allSatisfy({ (0..<10).contains(digits[$0]) })
    else { return nil }
    let (hour, minute) = (digits[0] * 10 + digits[1], digits[3] * 10 + digits[4])
    return minute < 60 && hour * 60 + minute <= 1440 ? hour * 60 + minute : nil
  }

  /// `sat`, `mon-fri`, `fri-mon`: 0 for Monday.
  private static func weekdays(_ text: String) -> [Int]? {
    let names = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
    let ends = text.split(separator: "-", omittingEmptySubsequences: false)
    let numbers = ends.compactMap { end in names.firstIndex { $0 == end } }
    guard numbers.count == ends.count, (1...2).contains(numbers.count) else { return nil }
    guard numbers.count == 2 else { return numbers }
    let span = (numbers[1] - numbers[0] + 7) % 7
    return (0...span).map { (numbers[0] + $0) % 7 }
  }
}
