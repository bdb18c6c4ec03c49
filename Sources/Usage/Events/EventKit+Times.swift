extension EventKit {
  /// Milliseconds since the epoch of whatever a log writes for an instant: RFC 3339 text, also with a blank before the offset or
  /// without the colon inside it (`2024-10-10 12:56:35.822 -0700`), or a number since the epoch in seconds, milliseconds,
  /// microseconds or nanoseconds. `LogEvent.noTime` for anything else.
  mutating func instant(_ text: RawText) -> Int64 {
    if text.isEmpty { return LogEvent.noTime }
    // A number has no `-` where a date has its first.
    if text.count < 5 || text[4] != UInt8(ascii: "-") { return sinceEpoch(text) }
    let known = time(text)
    return known == LogEvent.noTime ? offsetTime(text) : known
  }

  /// By its size: seconds up to the year 5138, milliseconds up to 33658, microseconds from 1973 on.
  private mutating func sinceEpoch(_ text: RawText) -> Int64 {
    guard text.count <= 30, let value = Double(text.string), value.isFinite else { return LogEvent.noTime }
    let size = abs(value)
    if size >= 1e20 { return LogEvent.noTime }
    let milliseconds = size < 1e11 ? value * 1000 : size < 1e14 ? value : size < 1e17 ? value / 1000 : value / 1_000_000
    return Int64(milliseconds.rounded(.down))
  }

  /// `-0700`, with or without a blank before it, as `-07:00`; `Z` with one.
  private mutating func offsetTime(_ text: RawText) -> Int64 {
    if text.hasSuffix(" Z") { return time(text.prefix(text.count - 2)) }
    guard text.count > 24 else { return LogEvent.noTime }
    let offset = text.dropFirst(text.count - 5)
    let isOffset = offset[0] == UInt8(ascii: "+") || offset[0] == UInt8(ascii: "-")
    guard isOffset, offset.dropFirst(1).bytes.allSatisfy({ $0 &- 0x30 < 10 }) else { return LogEvent.noTime }
    var clock = text.prefix(text.count - 5)
    if clock.hasSuffix(" ") { clock = clock.prefix(clock.count - 1) }
    return time(join(clock, offset.prefix(3), ":", offset.dropFirst(3)))
  }
}

extension EventKit {
  /// The number in decimal digits.
  mutating func decimal(_ number: Int) -> RawText {
    let digits: [RawText] = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"]
    return String(number).utf8.reduce(.none) { join($0, digits[Int($1 &- 0x30) % 10]) }
  }
}
