/// An instant: milliseconds since 1970-01-01T00:00:00Z, leap seconds ignored (POSIX time).
package struct Instant: Hashable, Sendable, Comparable, CustomStringConvertible {
  /// Milliseconds since the epoch; negative before it.
  package var milliseconds: Int64

  @inlinable
  package init(milliseconds: Int64) { self.milliseconds = milliseconds }

  @inlinable
  package static func < (a: Instant, b: Instant) -> Bool { a.milliseconds < b.milliseconds }

  /// The UTC day that holds the instant.
  package var day: Day { Day(number: Int32(clamping: milliseconds.flooredQuotient(by: 86_400_000))) }

  /// RFC 3339 in UTC: `2026-11-21T09:12:44Z`, with `.mmm` where there are milliseconds.
  package var description: String {
    let inDay = Int(milliseconds - Int64(day.number) * 86_400_000)
    let (second, millis) = (inDay / 1000, inDay % 1000)
    let date = day.description
    if date.utf8.count != 10 {
      return "\(date)T\(two(second / 3600)):\(two(second / 60 % 60)):\(two(second % 60))Z"
    }
    return String(unsafeUninitializedCapacity: 24) { out in
      func put(_ value: Int, _ digits: Int, _ mark: UInt8, _ at: Int) {
        var value = value
        for place in stride(from: at + digits - 1, through: at, by: -1) {
          out[place] = UInt8(0x30 + value % 10)
          value /= 10
        }
        out[at + digits] = mark
      }
      _ = out.initialize(from: date.utf8)
      out[10] = UInt8(ascii: "T")
      put(second / 3600, 2, UInt8(ascii: ":"), 11)
      put(second / 60 % 60, 2, UInt8(ascii: ":"), 14)
      put(second % 60, 2, millis == 0 ? UInt8(ascii: "Z") : UInt8(ascii: "."), 17)
      if millis == 0 { return 20 }
      put(millis, 3, UInt8(ascii: "Z"), 20)
      return 24
    }
  }

  /// Reads RFC 3339 (`2026-11-21T09:12:44.5+01:00`, any number of fraction digits, cut to milliseconds); also a space for the
  /// `T`, and a bare date as its first instant in UTC. `nil` for anything else.
  package init?(_ text: some StringProtocol) {
    var text = String(text)
    let value = text.withUTF8 { Instant.parse($0) }
    guard let value else { return nil }
    self = value
  }

  /// As `init?(_:)`, over the bytes of the text.
  package static func parse(_ bytes: UnsafeBufferPointer<UInt8>) -> Instant? {
    guard let day = Day.parse(UnsafeBufferPointer(rebasing: bytes.prefix(10))) else { return nil }
    let base = Int64(day.number) * 86_400_000
    if bytes.count == 10 { return Instant(milliseconds: base) }
    guard bytes.count >= 20, bytes[10] == UInt8(ascii: "T") || bytes[10] == UInt8(ascii: "t") || bytes[10] == 0x20,
      bytes[13] == UInt8(ascii: ":"), bytes[16] == UInt8(ascii: ":"),
      let hour = twoDigits(bytes, 11), let minute = twoDigits(bytes, 14), let second = twoDigits(bytes, 17),
      hour < 24, minute < 60, second < 61
    else { return nil }
    var milliseconds = base + Int64(hour * 3600 + minute * 60 + second) * 1000
    var at = 19
    if bytes[at] == UInt8(ascii: ".") {
      at += 1
      var (scale, digits): (Int64, Int) = (100, 0)
      while at < bytes.count, bytes[at] &- 0x30 < 10 {
        milliseconds += Int64(bytes[at] &- 0x30) * scale
        scale /= 10
        digits += 1
        at += 1
      }
      if digits == 0 { return nil }
    }
    guard let offset = zoneOffset(bytes, at) else { return nil }
    return Instant(milliseconds: milliseconds - offset)
  }

  private static func zoneOffset(_ bytes: UnsafeBufferPointer<UInt8>, _ at: Int) -> Int64? {
    guard at < bytes.count else { return nil }
    let sign = bytes[at]
    if sign == UInt8(ascii: "Z") || sign == UInt8(ascii: "z") { return at + 1 == bytes.count ? 0 : nil }
    guard sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-"), bytes.count == at + 6,
      bytes[at + 3] == UInt8(ascii: ":"), let hours = twoDigits(bytes, at + 1), let minutes = twoDigits(bytes, at + 4),
      hours < 24, minutes < 60
    else { return nil }
    let offset = Int64(hours * 60 + minutes) * 60_000
    return sign == UInt8(ascii: "-") ? -offset : offset
  }

  /// The instant moved by so many milliseconds, saturating at the ends of `Int64`.
  package func advanced(by duration: Milliseconds) -> Instant {
    let (sum, overflow) = milliseconds.addingReportingOverflow(duration.count)
    return Instant(milliseconds: overflow ? (duration.count > 0 ? .max : .min) : sum)
  }
}

/// A span of time in milliseconds.
package struct Milliseconds: Hashable, Sendable, Comparable, CustomStringConvertible {
  package var count: Int64

  package init(_ count: Int64) { self.count = count }

  package static func < (a: Milliseconds, b: Milliseconds) -> Bool { a.count < b.count }

  /// Reads `90d`, `24h`, `15m`, `30s`, `2w`; `nil` for anything else, negative or too large.
  package init?(_ text: some StringProtocol) {
    let units: [Character: Int64] = ["s": 1000, "m": 60_000, "h": 3_600_000, "d": 86_400_000, "w": 604_800_000]
    guard let unit = text.last.flatMap({ units[$0] }), let number = UInt32(text.dropLast()),
      text.first != "+"
    else { return nil }
    count = Int64(number) * unit
  }

  /// The largest whole unit that says it exactly: `90d`, `36h`, `1500ms`.
  package var description: String {
    for (size, name) in [(86_400_000, "d"), (3_600_000, "h"), (60_000, "m"), (1000, "s")] as [(Int64, String)]
    where count != 0 && count % size == 0 { return "\(count / size)\(name)" }
    return count == 0 ? "0d" : "\(count)ms"
  }
}

func two(_ value: Int) -> String { value < 10 ? "0\(value)" : String(value) }

func twoDigits(_ bytes: UnsafeBufferPointer<UInt8>, _ at: Int) -> Int? {
  let (high, low) = (bytes[at] &- 0x30, bytes[at + 1] &- 0x30)
  return high < 10 && low < 10 ? Int(high) * 10 + Int(low) : nil
}

extension Int64 {
  func flooredQuotient(by divisor: Int64) -> Int64 {
    let quotient = self / divisor
    return self % divisor < 0 ? quotient - 1 : quotient
  }
}
