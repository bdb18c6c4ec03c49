import Base

/// The tokens of a line of an access log: separated by blanks, with `"…"` (in which `\` protects the next byte) and `[…]` as one.
struct AccessTokens {
  enum Kind: UInt8 { case plain, quoted, bracketed }

  private var tokens: [(kind: Kind, text: RawText)] = []

  var count: Int { tokens.count }

  /// A token without its quotes or brackets; empty beyond the last one and for `-`, which stands for nothing.
  subscript(number: Int) -> RawText {
    guard number < tokens.count else { return .none }
    let text = tokens[number].text
    return text.count == 1 && text[0] == UInt8(ascii: "-") ? .none : text
  }

  func kind(_ number: Int) -> Kind? { number < tokens.count ? tokens[number].kind : nil }

  /// Reads the line; whether all quotes and brackets are closed.
  mutating func read(_ line: RawText) -> Bool {
    tokens.removeAll(keepingCapacity: true)
    var at = 0
    while at < line.count {
      switch line[at] {
      case UInt8(ascii: " "), UInt8(ascii: "\t"): at += 1
      case UInt8(ascii: "\""):
        guard let end = Self.quoteEnd(line, from: at + 1) else { return false }
        tokens.append((.quoted, line.dropFirst(at + 1).prefix(end - at - 1)))
        at = end + 1
      case UInt8(ascii: "["):
        guard let length = line.dropFirst(at).firstIndex(of: UInt8(ascii: "]")) else { return false }
        tokens.append((.bracketed, line.dropFirst(at + 1).prefix(length - 1)))
        at += length + 1
      default:
        let length = line.dropFirst(at).firstIndex(of: UInt8(ascii: " ")) ?? line.count - at
        tokens.append((.plain, line.dropFirst(at).prefix(length)))
        at += length
      }
    }
    return true
  }

  private static func quoteEnd(_ line: RawText, from start: Int) -> Int? {
    var at = start
    while let length = line.dropFirst(at).firstIndex(of: UInt8(ascii: "\"")) {
      let end = at + length
      var slashes = 0
      while end - slashes > start && line[end - slashes - 1] == UInt8(ascii: "\\") { slashes += 1 }
      if slashes % 2 == 0 { return end }
      at = end + 1
    }
    return nil
  }
}

/// Reads times of access logs: `10/Oct/2000:13:55:36 -0700`. The last day and zone are remembered.
struct AccessClock {
  private var head = RawDay()
  private var start: Int64 = 0

  private struct RawDay: Equatable {
    var bytes: (UInt64, UInt32) = (0, 0)
    static func == (a: RawDay, b: RawDay) -> Bool { a.bytes == b.bytes }
  }

  /// Milliseconds since the epoch; `LogEvent.noTime` for anything else.
  mutating func time(_ text: RawText) -> Int64 {
    guard text.count == 26 || text.count == 20, let base = text.start, text[11] == UInt8(ascii: ":") else {
      return LogEvent.noTime
    }
    let day = RawDay(
      bytes: (base.loadUnaligned(as: UInt64.self), base.loadUnaligned(fromByteOffset: 7, as: UInt32.self)))
    if day != head {
      guard let start = Self.day(text) else { return LogEvent.noTime }
      (head, self.start) = (day, start)
    }
    let (hour, minute, second) = (Self.number(text, 12), Self.number(text, 15), Self.number(text, 18))
    guard hour < 24, minute < 60, second < 61 else { return LogEvent.noTime }
    let offset = text.count == 26 ? Self.offset(text) : 0
    guard let offset else { return LogEvent.noTime }
    return start + Int64(hour * 3600 + minute * 60 + second - offset) * 1000
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
