import Base
import Documents

/// An instant as exports write it: RFC 3339, seconds since 1970 (the AWS CLI's `timestamp_format none`), or `Jul 10, 2023 12:23:05 PM`
/// (the Java form that CloudTrail keeps in IAM's answers, in UTC).
func readInstant(_ text: String) -> Instant? {
  if let instant = Instant(text) { return instant }
  if let seconds = Double(text), seconds.isFinite, (0..<253_402_300_800).contains(seconds) {
    return Instant(milliseconds: Int64((seconds * 1000).rounded()))
  }
  return readJavaInstant(text)
}

private func readJavaInstant(_ text: String) -> Instant? {
  // Newer Java puts a narrow no-break space before AM and PM.
  let words = text.split { $0 == " " || $0 == "," || $0 == "\u{202F}" }.map(String.init)
  let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
  guard words.count == 5, let month = months.firstIndex(of: words[0]), let number = Int(words[1]),
    let year = Int(words[2]), (0...9999).contains(year), let day = Day(year: year, month: month + 1, day: number)
  else { return nil }
  let clock = words[3].split(separator: ":").map { Int($0) ?? -1 }
  guard clock.count == 3, (1...12).contains(clock[0]), (0..<60).contains(clock[1]), (0..<61).contains(clock[2]),
    words[4] == "AM" || words[4] == "PM"
  else { return nil }
  let hour = clock[0] % 12 + (words[4] == "PM" ? 12 : 0)
  return day.start.advanced(by: Milliseconds(Int64((hour * 60 + clock[1]) * 60 + clock[2]) * 1000))
}

/// When an export was made, as its path says: the last `YYYY-MM-DD`, with the time after it where there is one
/// (`2026-11-20T06:00:00Z`, also with `-` or nothing for the colons).
func timeInPath(_ path: String) -> Instant? {
  let bytes = Array(path.utf8)
  guard bytes.count >= 10 else { return nil }
  for start in stride(from: bytes.count - 10, through: 0, by: -1) {
    guard start == 0 || !isDigit(bytes[start - 1]),
      let day = Day(String(decoding: bytes[start..<start + 10], as: UTF8.self))
    else { continue }
    let rest = bytes[(start + 10)...]
    if let next = rest.first, isDigit(next) { continue }
    guard rest.first == UInt8(ascii: "T") else { return day.start }
    let clock = rest.dropFirst().prefix { isDigit($0) || $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: "-") }
    let digits = clock.filter(isDigit).map { Int($0 - 0x30) }
    guard digits.count == 4 || digits.count == 6 else { return day.start }
    let pairs = stride(from: 0, to: digits.count, by: 2).map { digits[$0] * 10 + digits[$0 + 1] }
    let seconds = pairs[0] * 3600 + pairs[1] * 60 + (pairs.count > 2 ? pairs[2] : 0)
    return seconds < 86_400 ? day.start.advanced(by: Milliseconds(Int64(seconds) * 1000)) : day.start
  }
  return nil
}

private func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }
