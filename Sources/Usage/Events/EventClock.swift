import Base

/// Reads times of events; the day of the last one is remembered, for neighbours mostly share it.
struct EventClock {
  private var text: (UInt64, UInt16) = (0, 0)
  private var day: Int64 = 0

  /// Milliseconds since the epoch, from RFC 3339 text, also without a zone (UTC then, as exports to tables write it);
  /// `LogEvent.noTime` for anything else.
  @inline(__always)
  mutating func time(of raw: RawText) -> Int64 {
    // Whole seconds, or milliseconds, micro- and nanoseconds behind a point.
    let isPlain = raw.count == 20 || raw.count == 24 || raw.count == 27 || raw.count == 30
    guard isPlain, let start = raw.start, raw[10] == UInt8(ascii: "T"), raw[raw.count - 1] == UInt8(ascii: "Z") else {
      return Self.slowTime(of: raw)
    }
    let head = (start.loadUnaligned(as: UInt64.self), start.loadUnaligned(fromByteOffset: 8, as: UInt16.self))
    if head != text {
      guard let day = Day.parse(raw.prefix(10).bytes) else { return LogEvent.noTime }
      text = head
      self.day = Int64(day.number) * 86_400_000
    }
    let (clock, fraction) = (secondsOfDay(raw), raw.count == 20 ? 0 : milliseconds(raw))
    return clock < 0 || fraction < 0 ? LogEvent.noTime : day + clock * 1000 + fraction
  }

  /// Of the fraction between second and zone, rounded down.
  @inline(__always)
  private func milliseconds(_ raw: RawText) -> Int64 {
    if raw[19] != UInt8(ascii: ".") { return -1 }
    for at in 22..<(raw.count - 1) where raw[at] &- 0x30 > 9 { return -1 }
    let (first, rest) = (digits(raw, 20), Int(raw[22] &- 0x30))
    return first > 99 ? -1 : Int64(first * 10 + rest)
  }

  @inline(__always)
  private func secondsOfDay(_ raw: RawText) -> Int64 {
    let (hour, minute, second) = (digits(raw, 11), digits(raw, 14), digits(raw, 17))
    let isWhole =
      hour < 24 && minute < 60 && second < 61 && raw[13] == UInt8(ascii: ":") && raw[16] == UInt8(ascii: ":")
    return isWhole ? Int64(hour * 3600 + minute * 60 + second) : -1
  }

  /// 255 or more for what are no digits.
  @inline(__always)
  private func digits(_ raw: RawText, _ at: Int) -> Int {
    let (tens, ones) = (raw[at] &- 0x30, raw[at + 1] &- 0x30)
    return tens < 10 && ones < 10 ? Int(tens) * 10 + Int(ones) : 255
  }

  private static func slowTime(of raw: RawText) -> Int64 {
    if raw.count < 19 || raw.count > 40 { return LogEvent.noTime }
    if let instant = Instant.parse(raw.bytes) { return instant.milliseconds }
    let zoned = Array(raw.bytes) + [UInt8(ascii: "Z")]
    return zoned.withUnsafeBufferPointer { Instant.parse($0)?.milliseconds } ?? LogEvent.noTime
  }
}
