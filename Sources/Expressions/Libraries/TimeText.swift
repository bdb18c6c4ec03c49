import Base

/// Reads timestamps, durations and zones.
enum TimeText {
  static let standardUnits: [(String, Int64)] = [
    ("ns", 1), ("us", 1000), ("µs", 1000), ("μs", 1000), ("ms", 1_000_000), ("s", 1_000_000_000),
    ("m", 60_000_000_000), ("h", 3_600_000_000_000),
  ]

  /// RFC 3339 with up to nine digits after the second.
  static func timestamp(_ text: String) -> Value {
    let bad = Value.failure("\(text.quoted) is not a timestamp such as 2026-11-21T09:12:44Z")
    // Base reads milliseconds: it gets the text without the fraction, which is read here.
    let bytes = Array(text.utf8)
    guard bytes.count >= 20, bytes.count <= 64, bytes[10] | 0x20 == UInt8(ascii: "t") else { return bad }
    var nanos: Int32 = 0
    var end = 19
    if bytes[19] == UInt8(ascii: ".") {
      let digits = bytes[20...].prefix { $0.isDigit }
      let padded = String(decoding: digits.prefix(9), as: UTF8.self).padded(to: 9)
      guard !digits.isEmpty, let fraction = Int32(padded) else { return bad }
      nanos = fraction
      end = 20 + digits.count
    }
    let plain = String(decoding: bytes[..<19] + bytes[end...], as: UTF8.self)
    guard let instant = Instant(plain) else { return bad }
    return Timestamp(seconds: instant.milliseconds.flooring(by: 1000), nanos: nanos).map { .timestamp($0) }
      ?? .timeRange
  }

  /// A signed sequence of numbers with units: `1h30m`, `-1.5s`, `0`.
  static func duration(_ text: String, units: [(String, Int64)]) -> Value {
    let known = units.map(\.0).filter { $0.utf8.allSatisfy { $0 < 0x80 } }.joined(separator: ", ")
    let bad = Value.failure("\(text.quoted) is not a duration: a number with a unit (\(known))")
    var rest = Array(text.utf8)[...]
    let isNegative = rest.first == UInt8(ascii: "-")
    if isNegative || rest.first == UInt8(ascii: "+") { rest.removeFirst() }
    if rest.elementsEqual([UInt8(ascii: "0")]) { return .duration(TimeSpan(nanoseconds: 0)) }
    if rest.isEmpty { return bad }
    var total: Int64 = 0
    while !rest.isEmpty {
      guard let (whole, fraction, scale) = number(&rest), let unit = unit(&rest, units) else { return bad }
      let (product, overflow) = whole.multipliedReportingOverflow(by: unit)
      let part = Int64(truncatingIfNeeded: Int128(fraction) * Int128(unit) / Int128(scale))
      let (sum, overflow2) = total.addingReportingOverflow(product)
      let (all, overflow3) = sum.addingReportingOverflow(part)
      if overflow || overflow2 || overflow3 { return .durationRange }
      total = all
    }
    return .duration(TimeSpan(nanoseconds: isNegative ? -total : total))
  }

  private static func number(_ rest: inout ArraySlice<UInt8>) -> (whole: Int64, fraction: Int64, scale: Int64)? {
    let digits = rest.prefix { $0.isDigit }
    rest = rest.dropFirst(digits.count)
    var part: ArraySlice<UInt8> = []
    if rest.first == UInt8(ascii: ".") {
      rest.removeFirst()
      part = rest.prefix { $0.isDigit }
      rest = rest.dropFirst(part.count)
    }
    if digits.isEmpty && part.isEmpty { return nil }
    var (fraction, scale): (Int64, Int64) = (0, 1)
    for digit in part.prefix(15) {
      fraction = fraction * 10 + Int64(digit &- 0x30)
      scale *= 10
    }
    guard digits.count <= 19, let whole = Int64("0" + String(decoding: digits, as: UTF8.self)) else { return nil }
    return (whole, fraction, scale)
  }

  private static func unit(_ rest: inout ArraySlice<UInt8>, _ units: [(String, Int64)]) -> Int64? {
    let name = rest.prefix { !$0.isDigit && $0 != UInt8(ascii: ".") }
    rest = rest.dropFirst(name.count)
    return units.first { $0.0.utf8.elementsEqual(name) }?.1
  }

  /// Local minus UTC in seconds: of an IANA name, or of `+01:00`, `-02:30`, `02:00`.
  static func offset(of name: String, at time: Timestamp) -> Int64? {
    var bytes = Array(name.utf8)[...]
    let isNegative = bytes.first == UInt8(ascii: "-")
    if isNegative || bytes.first == UInt8(ascii: "+") { bytes.removeFirst() }
    let parts = bytes.split(separator: UInt8(ascii: ":")).map { Int64(String(decoding: $0, as: UTF8.self)) }
    if parts.count == 2, let hours = parts[0], let minutes = parts[1], (0..<24).contains(hours),
      (0..<60).contains(minutes)
    {
      let seconds = hours * 3600 + minutes * 60
      return isNegative ? -seconds : seconds
    }
    return TimeZone(name).map { $0.offset(at: time.instant).count / 1000 }
  }
}

extension String {
  fileprivate func padded(to count: Int) -> String {
    self + String(repeating: "0", count: max(0, count - utf8.count))
  }
}
