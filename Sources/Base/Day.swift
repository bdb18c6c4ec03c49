/// A calendar day in UTC, the proleptic Gregorian calendar.
package struct Day: Hashable, Sendable, Comparable, CustomStringConvertible {
  /// Days since 1970-01-01.
  package var number: Int32

  @inlinable
  package init(number: Int32) { self.number = number }

  @inlinable
  package static func < (a: Day, b: Day) -> Bool { a.number < b.number }

  /// The first instant of the day.
  package var start: Instant { Instant(milliseconds: Int64(number) * 86_400_000) }

  /// The first instant after the day.
  package var end: Instant { Instant(milliseconds: (Int64(number) + 1) * 86_400_000) }

  package func advanced(by days: Int) -> Day { Day(number: Int32(clamping: Int(number) + days)) }

  /// Reads `YYYY-MM-DD`; `nil` for anything else and for days that no calendar has.
  package init?(_ text: some StringProtocol) {
    var text = String(text)
    guard let day = text.withUTF8({ Day.parse($0) }) else { return nil }
    self = day
  }

  /// As `init?(_:)`, over the bytes of the text.
  package static func parse(_ bytes: UnsafeBufferPointer<UInt8>) -> Day? {
    guard bytes.count == 10, bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-"),
      let century = twoDigits(bytes, 0), let year = twoDigits(bytes, 2), let month = twoDigits(bytes, 5),
      let day = twoDigits(bytes, 8)
    else { return nil }
    return Day(year: century * 100 + year, month: month, day: day)
  }

  /// The day of a date; `nil` where the calendar has none.
  package init?(year: Int, month: Int, day: Int) {
    guard (1...12).contains(month), day >= 1, day <= Day.length(month: month, year: year) else { return nil }
    // Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms": days_from_civil.
    let shifted = month <= 2 ? year - 1 : year
    let era = (shifted >= 0 ? shifted : shifted - 399) / 400
    let ofEra = shifted - era * 400
    let ofYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    number = Int32(clamping: era * 146_097 + ofEra * 365 + ofEra / 4 - ofEra / 100 + ofYear - 719_468)
  }

  /// Year, month (1–12) and day of the month (1–31).
  package var components: (year: Int, month: Int, day: Int) {
    // The same paper: civil_from_days.
    let shifted = Int(number) + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let ofEra = shifted - era * 146_097
    let yearOfEra = (ofEra - ofEra / 1460 + ofEra / 36_524 - ofEra / 146_096) / 365
    let ofYear = ofEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let part = (5 * ofYear + 2) / 153
    let month = part < 10 ? part + 3 : part - 9
    return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, ofYear - (153 * part + 2) / 5 + 1)
  }

  /// 0 for Monday to 6 for Sunday.
  package var weekday: Int { (Int(number) % 7 + 10) % 7 }

  /// `YYYY-MM-DD`.
  package var description: String {
    let (year, month, day) = components
    return "\(two(year / 100))\(two(year % 100))-\(two(month))-\(two(day))"
  }

  private static func length(month: Int, year: Int) -> Int {
    if month == 2 { return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28 }
    return [4, 6, 9, 11].contains(month) ? 30 : 31
  }
}
