import Base
private import CSimdjson

/// The tokens of a line of an access log: separated by blanks, with `"…"` (in which `\` protects the next byte) and `[…]` as one.
struct AccessTokens {
  enum Kind { case plain, quoted, bracketed }

  private(set) var count = 0
  private var line = RawText.none
  /// Only the first `count` are the line's.
  private var tokens = [muster_token](repeating: muster_token(), count: 32)

  /// A token without its quotes or brackets; empty beyond the last one and for `-`, which stands for nothing.
  @inline(__always)
  subscript(number: Int) -> RawText {
    guard number < count else { return .none }
    let token = tokens[number]
    let text = RawText(start: line.start?.advanced(by: Int(token.start)), count: Int(token.length))
    return text.count == 1 && text[0] == UInt8(ascii: "-") ? .none : text
  }

  @inline(__always)
  func kind(_ number: Int) -> Kind? {
    guard number < count else { return nil }
    let kind = tokens[number].kind
    return kind == muster_token_plain.rawValue ? .plain : kind == muster_token_quoted.rawValue ? .quoted : .bracketed
  }

  /// Reads the line, which stands in a window; whether all quotes and brackets are closed.
  mutating func read(_ line: RawText) -> Bool {
    self.line = line
    count = found(in: line)
    if count > tokens.count {
      tokens = Array(repeating: muster_token(), count: count)
      count = found(in: line)
    }
    return count >= 0
  }

  private mutating func found(in line: RawText) -> Int {
    tokens.withUnsafeMutableBufferPointer {
      Int(muster_line_tokens(line.bytes.baseAddress, line.count, $0.baseAddress, $0.count))
    }
  }
}

/// Reads times of access logs: `10/Oct/2000:13:55:36 -0700`. The last minute and zone are remembered.
struct AccessClock {
  private var minute = Minute()
  private var start: Int64 = 0

  /// The bytes of all but the seconds.
  private struct Minute: Equatable {
    var head: UInt64 = 0
    var middle: UInt64 = 0
    var last: UInt8 = 0
    var zone: UInt64?
  }

  /// Milliseconds since the epoch; `LogEvent.noTime` for anything else.
  mutating func time(_ text: RawText) -> Int64 {
    guard text.count == 26 || text.count == 20, let base = text.start, text[11] == UInt8(ascii: ":") else {
      return LogEvent.noTime
    }
    let minute = Minute(
      head: base.loadUnaligned(as: UInt64.self), middle: base.loadUnaligned(fromByteOffset: 8, as: UInt64.self),
      last: text[16], zone: text.count == 26 ? base.loadUnaligned(fromByteOffset: 18, as: UInt64.self) >> 16 : nil)
    if minute != self.minute {
      guard let start = Self.start(text) else { return LogEvent.noTime }
      (self.minute, self.start) = (minute, start)
    }
    let second = Self.number(text, 18)
    return second < 61 ? start + Int64(second * 1000) : LogEvent.noTime
  }

  /// When the minute began.
  private static func start(_ text: RawText) -> Int64? {
    let (hour, minute) = (number(text, 12), number(text, 15))
    guard hour < 24, minute < 60, let day = day(text), let offset = text.count == 26 ? offset(text) : 0 else {
      return nil
    }
    return day + Int64(hour * 3600 + minute * 60 - offset) * 1000
  }

  private static func day(_ text: RawText) -> Int64? {
    let months: [StaticString] = [
      "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
    let name = text.dropFirst(3).prefix(3)
    guard let month = months.firstIndex(where: { name.equals($0) }) else { return nil }
    let (century, year, day) = (number(text, 7), number(text, 9), number(text, 0))
    guard century < 100, year < 100 else { return nil }
    return Day(year: century * 100 + year, month: month + 1, day: day).map { Int64($0.number) * 86_400_000 }
  }

  /// Seconds east of Greenwich.
  private static func offset(_ text: RawText) -> Int? {
    let (hours, minutes) = (number(text, 22), number(text, 24))
    guard text[20] == UInt8(ascii: " "), hours < 24, minutes < 60 else { return nil }
    switch text[21] {
    case UInt8(ascii: "+"): return hours * 3600 + minutes * 60
    case UInt8(ascii: "-"): return -(hours * 3600 + minutes * 60)
    default: return nil
    }
  }

  /// Two digits; 255 for what is none.
  @inline(__always)
  private static func number(_ text: RawText, _ at: Int) -> Int {
    let (tens, ones) = (text[at] &- 0x30, text[at + 1] &- 0x30)
    return tens < 10 && ones < 10 ? Int(tens) * 10 + Int(ones) : 255
  }
}
