extension LogFormat {
  /// The common and combined formats of Apache and nginx, with a virtual host before them and further fields behind them.
  static let accessLog = LogFormat("access-log", lines: AccessLog.self)
}

/// Apache HTTP Server, "Log Files": `host ident user [time] "request" status bytes "referer" "agent"`; nginx's `combined` is the same.
///
/// Who called is the user, or the client certificate where a further quoted field holds its subject (nginx `$ssl_client_s_dn`).
/// A line without either is somebody's, but nobody knows whose.
private struct AccessLog: LineMapping {
  private var tokens = AccessTokens()
  private var clock = AccessClock()

  mutating func normalise(_ line: RawText, into event: inout LogEvent, _ kit: inout EventKit) -> Fate {
    guard tokens.read(line) else { return .unreadable("a quote or a bracket is not closed") }
    // A user's name may have blanks: the time in brackets is the landmark.
    guard let time = (3..<min(9, max(3, tokens.count))).first(where: { tokens.kind($0) == .bracketed }),
      tokens.kind(time + 1) == .quoted, tokens[time].count >= 20
    else { return .foreign }
    event.time = clock.time(tokens[time])
    if event.time == LogEvent.noTime { return .foreign }
    let hasHost = time >= 4 && !isLiteralAddress(tokens[0].withoutPort) && isLiteralAddress(tokens[1])
    let first = hasHost ? 1 : 0
    let host = hasHost ? tokens[0].withoutPort : .none
    event.locate(tokens[first])
    event.judge(http: tokens[time + 2])
    event.bytesOut = count(tokens[time + 3])
    event.agent = tokens.kind(time + 5) == .quoted ? tokens[time + 5] : .none
    kit.request(tokens[time + 1], host: host, &event)
    identify(user: user(from: first + 2, to: time, line), after: time + 6, host: host, &event, &kit)
    event.account = host
    event.place = kit.place("http", host)
    return .event
  }

  /// All that stands between ident and time.
  private func user(from: Int, to time: Int, _ line: RawText) -> RawText {
    if from >= time { return .none }
    if from + 1 == time { return tokens[from] }
    guard let start = tokens[from].start, let end = tokens[time - 1].start else { return tokens[from] }
    return RawText(start: start, count: end - start + tokens[time - 1].count)
  }

  private func identify(
    user: RawText, after: Int, host: RawText, _ event: inout LogEvent, _ kit: inout EventKit
  ) {
    var subject = RawText.none
    for number in after..<max(after, tokens.count) where tokens[number].contains("CN=") { subject = tokens[number] }
    let name = user.isEmpty ? subject : user
    if name.isEmpty { return }
    event.userName = name
    event.identityType = user.isEmpty ? "Certificate" : "User"
    if host.isEmpty {
      event.identity = kit.join(user.isEmpty ? "http:certificate:" : "http:user:", name)
    } else {
      event.identity = kit.join("http:", host, user.isEmpty ? "/certificate:" : "/user:", name)
    }
    event.credential = user.isEmpty ? subject : .none
  }
}

/// A number of bytes; `nil` for what is none.
func count(_ text: RawText) -> UInt64? {
  var value: UInt64 = 0
  for byte in text.bytes {
    guard byte &- 0x30 < 10, value < 1 << 58 else { return nil }
    value = value * 10 + UInt64(byte &- 0x30)
  }
  return text.isEmpty ? nil : value
}
